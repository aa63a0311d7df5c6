package io.circuitscript.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code circuit help [WORD]}: help on the language; of the command itself, {@code --help} tells. */
@Command(
        name = "help",
        description = "explain the language, or one word of it",
        customSynopsis = "circuit help [WORD]",
        sortOptions = false)
final class HelpCommand implements WithoutScript {
    private final Invocation invocation;

    @Parameters(
            paramLabel = "WORD",
            arity = "0..1",
            description = "a statement (attribute), a part of the language (sets), or an error (E0201)",
            completionCandidates = HelpRun.Words.class)
    private String word;

    HelpCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return invocation.withoutCode(
                "help", () -> new HelpRun(invocation.environment(), invocation.flags()).run(word));
    }
}
