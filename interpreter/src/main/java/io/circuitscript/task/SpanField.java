package io.circuitscript.task;

import java.io.Serializable;
import java.util.Optional;

/**
 * A part of a row's clean text that has a name: characters, or positions of tokens. A name may have several parts.
 *
 * @param from the first, from 0; positions count the beginning-of-sequence token
 * @param to one after the last
 * @param ofTokens whether these are positions, not {@code char}s of the text
 */
public record SpanField(String name, int from, int to, boolean ofTokens) implements Serializable {
    public SpanField {
        if (from < 0 || to <= from) throw new IllegalArgumentException(name + ": " + from + " to " + to);
    }

    /** Characters of the text, without space around them; nothing where that leaves none. */
    public static Optional<SpanField> stripped(String name, String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && Character.isWhitespace(text.charAt(start))) start++;
        while (start < end && Character.isWhitespace(text.charAt(end - 1))) end--;
        return start == end ? Optional.empty() : Optional.of(new SpanField(name, start, end, false));
    }

    /** The same with a name of its own. */
    public SpanField named(String other) {
        return new SpanField(other, from, to, ofTokens);
    }
}
