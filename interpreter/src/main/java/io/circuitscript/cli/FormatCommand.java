package io.circuitscript.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code circuit fmt FILE… [--check]}. */
@Command(
        name = "fmt",
        description = "format scripts; comments stay",
        customSynopsis = "circuit fmt FILE… [--check]",
        sortOptions = false)
final class FormatCommand implements WithoutScript {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "scripts to format in place; - formats standard input to standard output")
    private List<String> files;

    @Option(
            names = "--check",
            description = "write nothing: list the files that are not formatted, and exit with 1 if there are any")
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
