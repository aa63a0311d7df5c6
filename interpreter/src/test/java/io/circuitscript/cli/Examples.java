package io.circuitscript.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The repository's examples whose model is at hand, cut down to what a test can run many times. */
final class Examples {
    static final Path FOLDER = Path.of("../examples");

    /** GPT-2 itself is not here; tests of their own run what needs a real model, and what takes long. */
    private static final Set<String> LEFT_OUT =
            Set.of("gpt2.circuit", "gpt2-published.circuit", "real-models.circuit", "leaderboard.circuit");

    private Examples() {}

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.endsWith(".circuit") && !LEFT_OUT.contains(it))
                    .sorted()
                    .toList();
        }
    }

    /**
     * An example with less of everything, and what holds of all rows left out.
     *
     * @param rows how many pairs
     * @param steps of integrated gradients
     */
    static String small(String name, int rows, int steps) throws IOException {
        return Files.readString(FOLDER.resolve(name))
                .replaceAll("(?m)^data (\"[^\"]*\")( limit=\\d+)?", "data $1 limit=" + rows)
                .replaceAll("(?m)^(\\s*task \\S+)$", "$1 limit=" + rows)
                .replaceAll("(?m)^(\\s*task \\S+) limit=\\d+ split=50%", "$1 limit=" + 2 * rows + " split=50%")
                .replaceAll("(?m)^(\\s*task \\S+ seed=\\S+ split=70%) limit=\\d+", "$1 limit=" + 4 * rows)
                .replaceAll("\\bcount=\\d+", "count=" + rows)
                .replace("test-circuit on=test", "test-circuit count=" + rows + " permutations=" + rows + " on=test")
                .replaceAll("\\big=\\d+", "ig=" + steps)
                .replaceAll("(?m)^(expect|report) .*\n", "")
                .replaceAll("(?m)^(render \"[^.]*)\\.(png|svg)\"(?! layout=grid)", "$1.dot\"");
    }

    /** Puts the data that examples read into a folder. */
    static void copyData(Path folder) throws IOException {
        for (String data : List.of("greater-than.csv", "ioi.csv"))
            Files.copy(FOLDER.resolve(data), folder.resolve(data));
    }
}
