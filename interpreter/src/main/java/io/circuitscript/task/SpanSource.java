package io.circuitscript.task;

import java.util.Locale;

/** Where the spans of data come from. */
public enum SpanSource {
    /** Their positions are not told apart. */
    NONE,
    /** Named parts of each row's clean text. */
    FIELDS,
    /** Each position is a span: all rows have equally many. */
    TOKENS;

    /** As a script writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
