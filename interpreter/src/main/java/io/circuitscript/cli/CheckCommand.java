package io.circuitscript.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit check FILE…}. */
@Command(
        name = "check",
        description = "show every mistake in scripts; load nothing but configurations",
        customSynopsis = "circuit check FILE… [-D NAME=VALUE…] [--json]",
        sortOptions = false)
final class CheckCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "scripts; - reads one from standard input")
    private List<String> files;

    CheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "check", () -> new CheckRun(invocation.environment(), invocation.flags()).run(files));
    }
}
