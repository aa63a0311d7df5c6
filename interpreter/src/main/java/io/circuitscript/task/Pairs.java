package io.circuitscript.task;

import java.util.List;

/**
 * The examples of a run.
 *
 * @param name the file they came from, as the script names it
 * @param columns the file's columns, in order; an unnamed first column (a pandas index) is left out
 */
public record Pairs(String name, List<String> columns, List<Pair> pairs) {
    public Pairs {
        columns = List.copyOf(columns);
        pairs = List.copyOf(pairs);
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
        return new Pairs(name, columns, rows);
    }

    public int tokensMin() {
        return pairs.stream().mapToInt(Pair::length).min().orElse(0);
    }

    public int tokensMax() {
        return pairs.stream().mapToInt(Pair::length).max().orElse(0);
    }
}
