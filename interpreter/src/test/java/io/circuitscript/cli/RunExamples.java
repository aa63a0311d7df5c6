package io.circuitscript.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that runs every example into a folder, and leaves there what each printed and wrote; {@link HashSeedsTest} starts several. */
final class RunExamples {
    /** What no example has: columns by other names than the metric's. */
    private static final String COLUMNS = """
            load demo
            data "answers.csv" limit=6 correct=right incorrect=wrong clean=text corrupted=other
            baseline
            circuit late { m3 -> logits }
            circuit early { m0 -> logits }
            """;

    private RunExamples() {}

    public static void main(String[] args) throws IOException {
        Path all = Path.of(args[0]);
        for (String name : Examples.names())
            run(all.resolve(name), name, "set threads=1\n" + Examples.small(name, 3, 1));
        Path columns = Files.createDirectories(all.resolve("columns"));
        String pairs = Files.readString(Examples.FOLDER.resolve("ioi.csv"));
        Files.writeString(
                columns.resolve("answers.csv"),
                pairs.replace("clean,corrupted,correct,incorrect", "text,other,right,wrong"));
        run(columns, "columns.circuit", COLUMNS);
    }

    private static void run(Path folder, String name, String script) throws IOException {
        Files.createDirectories(folder);
        Examples.copyData(folder);
        Files.writeString(folder.resolve(name), script);
        CommandRun run = CommandRun.of(folder, "run", name, "--record");
        Files.writeString(folder.resolve("printed"), run.exitCode() + "\n" + run.out() + run.err());
    }
}
