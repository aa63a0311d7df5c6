package io.circuitscript.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code circuit fmt FILE… [--check]}. */
@Command(
        name = "fmt",
        description = "lay scripts out in the one layout; comments stay",
        customSynopsis = "circuit fmt FILE… [--check]",
        sortOptions = false)
final class FormatCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "scripts, each written anew where its layout differs; - lays standard input out on standard output")
    private List<String> files;

    @Option(
            names = "--check",
            description = "write nothing: list the files that differ, and exit with 1 where there are any")
    private boolean check;

    FormatCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "fmt", () -> new FormatRun(invocation.environment(), invocation.flags(), check).run(files));
    }
}
