package io.circuitscript.task;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows that cannot be used, by their numbers in the file.
 *
 * @param rows in ascending order for each fault; a row is there once, with the first fault that was found
 */
public record RowFaults(Map<RowFault, List<Integer>> rows) implements Serializable {
    /** More row numbers than a message should list. */
    private static final int SHOWN = 10;

    public static final RowFaults NONE = new RowFaults(Map.of());

    public RowFaults {
        Map<RowFault, List<Integer>> sorted = new EnumMap<>(RowFault.class);
        rows.forEach((fault, numbers) -> {
            if (!numbers.isEmpty()) sorted.put(fault, numbers.stream().sorted().toList());
        });
        rows = Collections.unmodifiableMap(sorted);
    }

    public int count() {
        return rows.values().stream().mapToInt(List::size).sum();
    }

    /** These and others. */
    public RowFaults and(RowFaults others) {
        Map<RowFault, List<Integer>> all = new EnumMap<>(RowFault.class);
        all.putAll(rows);
        others.rows.forEach((fault, numbers) -> all.merge(fault, numbers, (a, b) -> {
            List<Integer> both = new ArrayList<>(a);
            both.addAll(b);
            return both;
        }));
        return new RowFaults(all);
    }

    /** Those before a row. */
    public RowFaults before(int row) {
        Map<RowFault, List<Integer>> some = new EnumMap<>(RowFault.class);
        rows.forEach((fault, numbers) ->
                some.put(fault, numbers.stream().filter(it -> it < row).toList()));
        return new RowFaults(some);
    }

    /** Without those of a fault. */
    RowFaults without(RowFault fault) {
        Map<RowFault, List<Integer>> others = new EnumMap<>(RowFault.class);
        others.putAll(rows);
        others.remove(fault);
        return new RowFaults(others);
    }

    /** A phrase for each fault, as {@code 2 with an empty cell (rows 3 and 7)}. */
    public List<String> phrases() {
        return rows.entrySet().stream()
                .map(it -> it.getValue().size() + " with " + it.getKey().phrase() + " (" + numbers(it.getValue()) + ")")
                .toList();
    }

    /** As {@code rows 2, 5 and 9}. @param rows in order, one at least */
    static String numbers(List<Integer> rows) {
        if (rows.size() == 1) return "row " + rows.getFirst();
        boolean all = rows.size() <= SHOWN;
        List<Integer> listed = all ? rows.subList(0, rows.size() - 1) : rows.subList(0, SHOWN);
        String last = all ? String.valueOf(rows.getLast()) : (rows.size() - SHOWN) + " more";
        return "rows " + listed.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " and " + last;
    }
}
