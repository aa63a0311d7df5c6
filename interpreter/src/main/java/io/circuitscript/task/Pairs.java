package io.circuitscript.task;

import io.circuitscript.graph.Spans;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The examples of a run.
 *
 * @param name the file they came from, as the script names it
 * @param columns the file's columns, in order; an unnamed first column (a pandas index) is left out
 * @param named the columns that the script named, from a task's name for one to the file's
 * @param skipped the rows that were left out
 * @param source where their spans come from
 * @param spans that each pair's positions are in, once these were asked for
 */
public record Pairs(
        String name,
        List<String> columns,
        List<Pair> pairs,
        Map<String, String> named,
        RowFaults skipped,
        SpanSource source,
        Spans spans)
        implements Serializable {
    public Pairs {
        columns = List.copyOf(columns);
        pairs = List.copyOf(pairs);
        named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    /** The same where positions are not told apart. */
    public Pairs(String name, List<String> columns, List<Pair> pairs, Map<String, String> named, RowFaults skipped) {
        this(name, columns, pairs, named, skipped, SpanSource.NONE, Spans.NONE);
    }

    /** The same where no row was left out. */
    public Pairs(String name, List<String> columns, List<Pair> pairs, Map<String, String> named) {
        this(name, columns, pairs, named, RowFaults.NONE);
    }

    /** The same where the script named no columns. */
    public Pairs(String name, List<String> columns, List<Pair> pairs) {
        this(name, columns, pairs, Map.of());
    }

    public int size() {
        return pairs.size();
    }

    /** How many there are, rows of the same two texts counted once. */
    public int distinct() {
        return (int) pairs.stream().map(Pair::texts).distinct().count();
    }

    /** The same data with other rows. */
    public Pairs with(List<Pair> rows) {
        return new Pairs(name, columns, rows, named, skipped, source, spans);
    }

    /** The same data where other rows were left out. */
    public Pairs with(RowFaults others) {
        return new Pairs(name, columns, pairs, named, others, source, spans);
    }

    /** The same rows, whose spans come from there. */
    public Pairs from(SpanSource ofSpans) {
        return new Pairs(name, columns, pairs, named, skipped, ofSpans, spans);
    }

    /** The same rows, which have these spans. */
    public Pairs withSpans(Spans found) {
        return new Pairs(name, columns, pairs, named, skipped, source, found);
    }

    /** What the file calls a column, for messages. */
    public String fileColumn(String column) {
        return named.getOrDefault(column, column);
    }

    public int tokensMin() {
        return pairs.stream().mapToInt(Pair::length).min().orElse(0);
    }

    public int tokensMax() {
        return pairs.stream().mapToInt(Pair::length).max().orElse(0);
    }
}
