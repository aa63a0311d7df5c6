package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit lock FILE}. */
@Command(
        name = "lock",
        description = "pin a script to the files and models that are there now",
        customSynopsis = "circuit lock FILE [-D NAME=VALUE…] [--json] [--quiet]",
        sortOptions = false)
final class LockCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "the script; NAME.lock.json is written beside it")
    private String file;

    LockCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "lock", () -> new LockRun(invocation.environment(), invocation.flags()).run(file));
    }
}
