package io.circuitscript.cli.console;

import java.util.List;
import java.util.stream.Collectors;

/** Words as a POSIX shell takes them, so that a command that is printed can be pasted. */
public final class ShellWord {
    private ShellWord() {}

    /** As a shell takes it for one word, whatever is in it. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,+%@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** A whole command. */
    public static String joined(List<String> words) {
        return words.stream().map(ShellWord::quoted).collect(Collectors.joining(" "));
    }
}
