package io.circuitscript.cli.prompt;

import io.circuitscript.source.Source;
import io.circuitscript.syntax.Parser;

/** What an input is, before it is run. */
public final class InputText {
    private InputText() {}

    /** Whether a text is for the prompt or the shell from its first character on. */
    public static boolean isLine(String text) {
        return MetaCommand.is(text)
                || ShellCommand.is(text)
                || text.stripLeading().startsWith("?");
    }

    /** Whether more has to follow, by the language's own parser. */
    public static boolean isUnfinished(String text) {
        return !isLine(text)
                && !Question.is(text)
                && Parser.parse(new Source("<repl>", text)).incomplete();
    }
}
