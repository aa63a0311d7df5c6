package io.circuitscript.runtime.value;

import io.circuitscript.source.QuotedText;
import java.util.List;
import java.util.function.Function;

/**
 * The rows of a result under headings, as a terminal and a report show them. Tokens are quoted and numbers rounded.
 *
 * @param all how many rows there are, of which these are the first
 * @param ofValues whether it is a table of a script's own, of which nobody knows the columns: numbers stand to the right, and where it is too wide it is
 *     shown in parts
 */
public record ResultTable(List<String> headings, List<List<String>> rows, int all, boolean ofValues) {
    public ResultTable {
        headings = List.copyOf(headings);
        rows = rows.stream().map(List::copyOf).toList();
    }

    public ResultTable(List<String> headings, List<List<String>> rows, int all) {
        this(headings, rows, all, false);
    }

    /** @param most how many rows are wanted @param row the cells of an entry */
    public static ResultTable of(
            List<String> headings, List<Value.Fields> entries, int most, Function<Value.Fields, List<String>> row) {
        return new ResultTable(headings, entries.stream().limit(most).map(row).toList(), entries.size());
    }

    /** The entries of a result's list. */
    public static List<Value.Fields> entries(Value.Fields result, String field) {
        return result.field(field)
                .map(it -> ((Value.ListOf) it)
                        .items().stream().map(Value.Fields.class::cast).toList())
                .orElse(List.of());
    }

    public static String quoted(Value.Fields entry, String field) {
        return QuotedText.of(cell(entry, field));
    }

    public static String cell(Value.Fields entry, String field) {
        Value value = entry.field(field).orElseThrow(() -> new IllegalStateException("an entry without " + field));
        return value instanceof Value.Number number ? RoundedText.of(number.value()) : value.display();
    }

    /** A number with its interval, where there is one. */
    public static String sure(Value.Fields entry, String field) {
        return IntervalText.of(
                ((Value.Number) entry.field(field).orElseThrow()).value(),
                entry.field(field + "_interval").orElse(new Value.None()));
    }
}
