package io.circuitscript.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code circuit doctor}. */
@Command(
        name = "doctor",
        description = "say what works on this machine, and how to fix the rest",
        customSynopsis = "circuit doctor [--json]",
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    private final Invocation invocation;

    DoctorCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "doctor", () -> new DoctorRun(invocation.environment(), invocation.flags()).run());
    }
}
