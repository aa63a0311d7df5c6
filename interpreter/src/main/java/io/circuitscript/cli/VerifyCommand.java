package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code circuit verify FILE}. */
@Command(
        name = "verify",
        description = "run a script again and compare with its record",
        customSynopsis = "circuit verify FILE [--anyway] [--out DIR] [--json] [--quiet]",
        sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "FILE",
            description = "the script or its record; a script's record is in DIR, in the working folder or beside it")
    private String file;

    @Option(names = "--anyway", description = "compare results even if an input has changed; the exit code is still 65")
    private boolean anyway;

    VerifyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode("verify", () -> {
            if (invocation.flags().parameters.isEmpty())
                return new VerifyRun(invocation.environment(), invocation.flags(), anyway).run(file);
            return invocation.messages().usage("verify takes the parameters of the record: leave -D out", "");
        });
    }
}
