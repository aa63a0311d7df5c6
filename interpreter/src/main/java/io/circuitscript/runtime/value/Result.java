package io.circuitscript.runtime.value;

import io.circuitscript.source.Span;

/**
 * The result of a statement: a value first, a printout second.
 *
 * @param statement its word, as {@code evaluate}
 * @param value its fields by the names of the language's reference, in that order; numbers unrounded
 * @param text the statement as it was written, with the values of its variables in their places: of a loop's rounds each its own
 * @param seconds how long it took; shown only where timings were asked for
 * @param view how it is shown to a person
 */
public record Result(String statement, Span span, String text, Value.Fields value, double seconds, ResultView view) {
    public Result(String statement, Span span, Value.Fields value, double seconds) {
        this(statement, span, value, seconds, ResultView.FIELDS);
    }

    public Result(String statement, Span span, Value.Fields value, double seconds, ResultView view) {
        this(statement, span, span.text(), value, seconds, view);
    }
}
