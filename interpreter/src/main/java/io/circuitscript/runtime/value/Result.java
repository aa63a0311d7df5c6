package io.circuitscript.runtime.value;

import io.circuitscript.source.Span;

/**
 * The result of a statement: a value first, a printout second.
 *
 * @param statement its word, as {@code evaluate}
 * @param value its fields by the names of the language's reference, in that order; numbers unrounded
 * @param text the statement as it was written, with the values of its variables in their places: of a loop's rounds each its own
 * @param seconds how long it took; shown only where timings were asked for
 */
public record Result(String statement, Span span, String text, Value.Fields value, double seconds) {
    public Result(String statement, Span span, Value.Fields value, double seconds) {
        this(statement, span, span.text(), value, seconds);
    }
}
