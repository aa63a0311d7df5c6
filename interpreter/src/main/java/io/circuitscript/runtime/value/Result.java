package io.circuitscript.runtime.value;

import io.circuitscript.source.Span;
import java.util.LinkedHashMap;

/**
 * The result of a statement: a value first, a printout second.
 *
 * @param statement its word, as {@code evaluate}
 * @param value its fields by the names of the language's reference, in that order; numbers unrounded
 * @param text the statement as it was written, with the values of its variables in their places: of a loop's rounds each its own
 * @param seconds how long it took; shown only where timings were asked for
 * @param view how it is shown to a person
 * @param vars the {@code param}s and the loop variables in force
 * @param context model, data, metric and the like, where they apply
 */
public record Result(
        String statement,
        Span span,
        String text,
        Value.Fields value,
        double seconds,
        ResultView view,
        Value.Fields vars,
        Value.Fields context) {
    private static final Value.Fields NOTHING = Value.Fields.record(new LinkedHashMap<>());

    public Result(String statement, Span span, String text, Value.Fields value, double seconds, ResultView view) {
        this(statement, span, text, value, seconds, view, NOTHING, NOTHING);
    }

    /** The same with what it comes from. */
    public Result within(Value.Fields variables, Value.Fields surroundings) {
        return new Result(statement, span, text, value, seconds, view, variables, surroundings);
    }

    public Result(String statement, Span span, Value.Fields value, double seconds) {
        this(statement, span, value, seconds, ResultView.FIELDS);
    }

    public Result(String statement, Span span, Value.Fields value, double seconds, ResultView view) {
        this(statement, span, span.text(), value, seconds, view);
    }
}
