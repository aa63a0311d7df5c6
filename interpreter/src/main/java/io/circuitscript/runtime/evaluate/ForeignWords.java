package io.circuitscript.runtime.evaluate;

import java.util.Map;
import java.util.Optional;

/** Suggestions for values and functions of other languages that this one lacks. */
final class ForeignWords {
    private static final String LEAVE = "a script ends with its last line; at the prompt, Ctrl-D leaves";

    private static final Map<String, String> MEANT = Map.of(
            "True", "write `true`",
            "False", "write `false`",
            "None", "write `none`",
            "null", "write `none`",
            "range", "a range includes both ends: 0..2 is 0, 1, 2",
            "str", "text takes a value in braces: \"{x}\"",
            "exit", LEAVE,
            "quit", LEAVE);

    private ForeignWords() {}

    static Optional<String> help(String word) {
        return Optional.ofNullable(MEANT.get(word));
    }
}
