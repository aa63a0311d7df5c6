package io.circuitscript.runtime.functions;

import java.util.Map;
import java.util.Optional;

/** Suggestions for values and functions of other languages that this one lacks. */
public final class ForeignWords {
    private static final String LEAVE = "a script ends with its last line; at the prompt, Ctrl-D leaves";

    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("True", "write `true`"),
            Map.entry("False", "write `false`"),
            Map.entry("None", "write `none`"),
            Map.entry("null", "write `none`"),
            Map.entry("range", "a range includes both ends: 0..2 is 0, 1, 2"),
            Map.entry("str", "text takes a value in braces: \"{x}\""),
            Map.entry("exit", LEAVE),
            Map.entry("quit", LEAVE),
            Map.entry("sorted", "sort(list) gives a sorted list"),
            Map.entry("percentile", "write quantile(list, 95%)"),
            Map.entry("strip", "trim(text) takes the space off both ends"),
            Map.entry("groupby", "write group(table, by=\"size\")"),
            Map.entry("append", "`+` joins lists: list + [x]"),
            Map.entry("enumerate", "zip(0..len(list) - 1, list) pairs items with their numbers"),
            Map.entry("map", "write [f(x) for x in list]"),
            Map.entry("keys", "name the fields: r.size; `print r` shows them"),
            Map.entry("average", "write mean(list)"));

    private ForeignWords() {}

    public static Optional<String> help(String word) {
        return Optional.ofNullable(MEANT.get(word));
    }
}
