package io.circuitscript.runtime.metric;

import io.circuitscript.io.table.ListCell;
import io.circuitscript.runtime.evaluate.RowNames;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The columns of the data as values, by the names of {@link RowNames}. A column of numbers holds numbers, one of lists lists, one of {@code true} and {@code
 * false} truth values, and each of them none where a cell is empty. Any other holds texts, and so do the two texts of a pair. As in tables, a number has no
 * space around it: {@code " 5"} is a token.
 */
public final class ColumnValues {
    /** The columns of the two texts of a pair. */
    public static final List<String> TEXTS = List.of("clean", "corrupted");

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?");

    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");

    /** Python writes them with a capital letter. */
    private static final Set<String> TRUTHS = Set.of("true", "false", "True", "False");

    /** Up to this every whole number is a double of its own. */
    private static final long LARGEST_EXACT = 1L << 53;

    /** More characters are more than that number has, whatever they are. */
    private static final int MOST_DIGITS = 16;

    private enum Cells {
        TEXTS,
        NUMBERS,
        /** Texts, since they would not be the same as numbers. */
        LARGE_NUMBERS,
        TRUTHS,
        LISTS
    }

    private final SequencedMap<String, String> names;
    private final Map<String, Cells> kinds;

    private ColumnValues(SequencedMap<String, String> names, Map<String, Cells> kinds) {
        this.names = names;
        this.kinds = kinds;
    }

    public static ColumnValues of(Pairs pairs) {
        Map<String, Cells> kinds = new LinkedHashMap<>();
        for (String column : pairs.columns())
            kinds.put(column, TEXTS.contains(column) ? Cells.TEXTS : kind(pairs, column));
        return new ColumnValues(RowNames.ofColumns(pairs.columns()), kinds);
    }

    private static Cells kind(Pairs pairs, String column) {
        Optional<String> first = pairs.pairs().stream()
                .map(it -> cell(it, column))
                .filter(it -> !it.isEmpty())
                .findFirst();
        if (first.isEmpty()) return Cells.TEXTS;
        if (isNumber(first.get()) && all(pairs, column, ColumnValues::isNumber))
            return all(pairs, column, ColumnValues::isExact) ? Cells.NUMBERS : Cells.LARGE_NUMBERS;
        if (all(pairs, column, TRUTHS::contains)) return Cells.TRUTHS;
        return all(pairs, column, it -> ListCell.items(it).isPresent()) ? Cells.LISTS : Cells.TEXTS;
    }

    /** Whether it holds for all cells that are not empty. */
    private static boolean all(Pairs pairs, String column, Predicate<String> holds) {
        return pairs.pairs().stream().map(it -> cell(it, column)).allMatch(it -> it.isEmpty() || holds.test(it));
    }

    private static boolean isNumber(String text) {
        return NUMBER.matcher(text).matches() && Double.isFinite(Double.parseDouble(text));
    }

    private static boolean isExact(String text) {
        if (!WHOLE.matcher(text).matches()) return true;
        return text.length() <= MOST_DIGITS + 1 && Math.abs(Long.parseLong(text)) <= LARGEST_EXACT;
    }

    private static String cell(Pair pair, String column) {
        return pair.columns().getOrDefault(column, "");
    }

    /** The names of the columns of whole numbers that stay texts, because two of them may be the same double. */
    public List<String> inexact() {
        return names.entrySet().stream()
                .filter(it -> kinds.get(it.getValue()) == Cells.LARGE_NUMBERS)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether both take the same columns for numbers and for lists. */
    public boolean agrees(ColumnValues other) {
        return ofMetrics().equals(other.ofMetrics());
    }

    /** What a metric may read otherwise where a column is not all texts. */
    private Map<String, Cells> ofMetrics() {
        return kinds.entrySet().stream()
                .filter(it -> it.getValue() == Cells.NUMBERS || it.getValue() == Cells.LISTS)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** @param name of {@link RowNames#ofColumns} */
    public Value at(Pair pair, String name) {
        return value(pair, names.get(name));
    }

    private Value value(Pair pair, String column) {
        String text = cell(pair, column);
        Cells kind = kinds.get(column);
        if (kind == Cells.TEXTS || kind == Cells.LARGE_NUMBERS) return new Value.Text(text);
        if (text.isEmpty()) return new Value.None();
        return switch (kind) {
            case NUMBERS -> new Value.Number(Double.parseDouble(text));
            case TRUTHS -> new Value.Bool(text.equalsIgnoreCase("true"));
            case LISTS -> list(text);
            case TEXTS, LARGE_NUMBERS -> throw new IllegalStateException("a text");
        };
    }

    private static Value list(String cell) {
        return new Value.ListOf(ListCell.items(cell).orElseThrow().stream()
                .<Value>map(it -> it instanceof String text ? new Value.Text(text) : new Value.Number((Double) it))
                .toList());
    }

    /** All of a row, in the order of the columns. */
    public SequencedMap<String, Value> row(Pair pair) {
        SequencedMap<String, Value> row = new LinkedHashMap<>();
        names.forEach((name, column) -> row.put(name, value(pair, column)));
        return row;
    }

    /** The same by the names that the columns have in the file. */
    public SequencedMap<String, Value> ofFile(Pair pair) {
        SequencedMap<String, Value> row = new LinkedHashMap<>();
        names.values().forEach(column -> row.put(column, value(pair, column)));
        return row;
    }
}
