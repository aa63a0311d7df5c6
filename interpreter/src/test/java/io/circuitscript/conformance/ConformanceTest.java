package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.circuitscript.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Scripts beside what they print: {@code conformance/<area>/<case>.circuit} with {@code .out} for standard output and {@code .err} for standard
 * error, which ends with the exit code where that is not 0. A file that is missing stands for an empty one. Each case runs in a copy of its
 * area's folder. A first line {@code # circuit run --json} gives the case other arguments than {@code run <case>.circuit}.
 *
 * <p>{@code -Dconformance.cluster='threads[3]'} runs what they analyse on workers that see nothing but bytes, as those of a cluster do.
 *
 * <p>{@code -Dconformance.only='language/sort.*'} runs the cases of matching names alone. {@code mvn test -Dconformance.update=true} writes what the scripts print now; look at the difference before you commit it.
 */
final class ConformanceTest {
    private static final Path CASES = Path.of("src/test/resources/conformance");
    private static final String ONLY = System.getProperty("conformance.only", ".*");
    private static final String CLUSTER = System.getProperty("conformance.cluster", "");
    private static final boolean UPDATE = Boolean.getBoolean("conformance.update");

    @TestFactory
    Stream<DynamicTest> conformance() throws IOException {
        assertFalse(UPDATE && System.getenv("CI") != null, "goldens are not updated in continuous integration");
        try (Stream<Path> files = Files.walk(CASES)) {
            List<Path> scripts = files.filter(f -> f.toString().endsWith(".circuit"))
                    .filter(f -> CASES.relativize(f).toString().matches(ONLY))
                    .sorted()
                    .toList();
            assertFalse(scripts.isEmpty(), "no cases in " + CASES.toAbsolutePath());
            return scripts.stream()
                    .map(s -> DynamicTest.dynamicTest(CASES.relativize(s).toString(), s.toUri(), () -> check(s)));
        }
    }

    private static void check(Path script) throws IOException {
        Path folder = Files.createTempDirectory("conformance");
        try {
            copyInputs(script.getParent(), folder);
            Map<String, String> noNetwork = Map.of(
                    "HF_HUB_OFFLINE", "1", "HF_HOME", folder.resolve("hf").toString());
            CommandRun run = CommandRun.of(folder, "", noNetwork, arguments(script));
            String err = run.err() + (run.exitCode() == 0 ? "" : "exit " + run.exitCode() + "\n");
            compare(sibling(script, ".err"), err.replace(folder.toString(), "{folder}"));
            compare(sibling(script, ".out"), run.out().replace(folder.toString(), "{folder}"));
        } finally {
            delete(folder);
        }
    }

    private static String[] arguments(Path script) throws IOException {
        String name = script.getFileName().toString();
        String prefix = "# circuit run ";
        try (Stream<String> lines = Files.lines(script)) {
            String options = lines.findFirst()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .orElse("");
            return Stream.of(
                            Stream.of("run"),
                            CLUSTER.isEmpty() ? Stream.<String>empty() : Stream.of("--cluster", CLUSTER),
                            options.isBlank() ? Stream.<String>empty() : Stream.of(options.split(" ")),
                            Stream.of(name))
                    .flatMap(part -> part)
                    .toArray(String[]::new);
        }
    }

    private static void compare(Path golden, String actual) throws IOException {
        if (UPDATE) {
            if (actual.isEmpty()) Files.deleteIfExists(golden);
            else Files.writeString(golden, actual);
            return;
        }
        String expected = Files.exists(golden) ? Files.readString(golden) : "";
        assertEquals(expected, actual, golden.toString());
    }

    private static Path sibling(Path script, String ending) {
        return script.resolveSibling(script.getFileName().toString().replace(".circuit", ending));
    }

    private static void copyInputs(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!file.equals(from) && !name.endsWith(".out") && !name.endsWith(".err"))
                    Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
