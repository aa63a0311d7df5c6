package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit run FILE}. */
@Command(
        name = "run",
        description = "run a script",
        customSynopsis =
                "circuit run FILE [-D NAME=VALUE…] [--out DIR] [--json] [--timings] [--quiet] [--record] [--resume]",
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "the script; - reads it from standard input")
    private String file;

    RunCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        if (invocation.code() != null)
            return invocation.messages().usage("-c runs a text and 'run' runs a file: give one of them", "");
        if (invocation.flags().record && file.equals("-")) return invocation.unrecorded();
        if (invocation.flags().resume && file.equals("-")) return invocation.unresumed();
        return new ScriptRun(invocation.environment(), invocation.flags()).file(file);
    }
}
