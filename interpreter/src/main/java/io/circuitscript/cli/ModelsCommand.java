package io.circuitscript.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit models [NAME…]}. */
@Command(
        name = "models",
        description = "list what can be loaded, and what is on this machine",
        customSynopsis = "circuit models [NAME…] [--json]",
        sortOptions = false)
final class ModelsCommand implements WithoutScript {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "a model's name, or a part of it; by default, all are listed")
    private List<String> names = new ArrayList<>();

    ModelsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "models", () -> new ModelsRun(invocation.environment(), invocation.flags()).run(names));
    }
}
