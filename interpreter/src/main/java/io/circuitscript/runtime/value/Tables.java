package io.circuitscript.runtime.value;

import java.util.List;
import java.util.Optional;
import java.util.SequencedCollection;

/** Tables: lists of records, or of results, that have the same fields. */
public final class Tables {
    private Tables() {}

    /** The names of the columns; empty where the list is no table, as an empty one is none. */
    public static Optional<SequencedCollection<String>> columns(List<Value> items) {
        if (items.isEmpty()
                || !(items.getFirst() instanceof Value.Fields first)
                || first.fields().isEmpty()) return Optional.empty();
        for (Value item : items) {
            boolean same = item instanceof Value.Fields it
                    && it.fields().keySet().equals(first.fields().keySet());
            if (!same) return Optional.empty();
        }
        return Optional.of(first.fields().sequencedKeySet());
    }

    public static boolean isTable(Value value) {
        return value instanceof Value.ListOf(List<Value> items)
                && columns(items).isPresent();
    }

    /** As a message names it: {@code a table of 15 rows}. */
    public static String phrase(Value.ListOf table) {
        int rows = table.items().size();
        return "a table of " + NumberText.count(rows) + (rows == 1 ? " row" : " rows");
    }

    /** The rows of a list that is a table. */
    public static List<Value.Fields> rows(Value.ListOf table) {
        return table.items().stream().map(Value.Fields.class::cast).toList();
    }
}
