package io.circuitscript.runtime.metric;

import io.circuitscript.runtime.value.Value;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The columns of the data as values. A column of numbers holds numbers, and none where a cell is empty; any other holds texts. As in tables, a number has no
 * space around it: {@code " 5"} is a token.
 */
public final class ColumnValues {
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?");

    /** Up to so many characters every whole number is a double of its own. */
    private static final int EXACT = 15;

    private final List<String> columns;
    private final Set<String> numeric;

    private ColumnValues(List<String> columns, Set<String> numeric) {
        this.columns = columns;
        this.numeric = numeric;
    }

    public static ColumnValues of(Pairs pairs) {
        Set<String> numeric = new LinkedHashSet<>();
        for (String column : pairs.columns()) {
            if (pairs.pairs().stream().allMatch(it -> cell(it, column).isEmpty() || isNumber(cell(it, column)))
                    && pairs.pairs().stream().anyMatch(it -> !cell(it, column).isEmpty())) numeric.add(column);
        }
        return new ColumnValues(pairs.columns(), numeric);
    }

    private static boolean isNumber(String text) {
        boolean whole = text.chars().allMatch(it -> it >= '0' && it <= '9');
        return NUMBER.matcher(text).matches()
                && (!whole || text.length() <= EXACT)
                && Double.isFinite(Double.parseDouble(text));
    }

    private static String cell(Pair pair, String column) {
        return pair.columns().getOrDefault(column, "");
    }

    public List<String> columns() {
        return columns;
    }

    /** Whether both take the same columns for numbers. */
    public boolean agrees(ColumnValues other) {
        return numeric.equals(other.numeric);
    }

    public Value at(Pair pair, String column) {
        String text = cell(pair, column);
        if (!numeric.contains(column)) return new Value.Text(text);
        return text.isEmpty() ? new Value.None() : new Value.Number(Double.parseDouble(text));
    }

    /** All of a row, in the order of the columns. */
    public SequencedMap<String, Value> row(Pair pair) {
        SequencedMap<String, Value> row = new LinkedHashMap<>();
        for (String column : columns) row.put(column, at(pair, column));
        return row;
    }
}
