package io.circuitscript.io.table;

import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** Makes a table of what was read: column names are checked, and unsettled cells are settled. */
final class Columns {
    private Columns() {}

    /** A column without a name, as the index that pandas writes first, gets the name that pandas gives it. */
    static List<String> names(List<String> written, TableFault fault) {
        List<String> names = new ArrayList<>(written.size());
        Set<String> seen = new HashSet<>();
        for (String name : written) {
            String given = name.isEmpty() ? unnamed(names.size()) : name;
            if (!seen.add(given)) throw fault.duplicate(given);
            names.add(given);
        }
        return names;
    }

    /** What a column without a name is called, by its place. */
    static String unnamed(int place) {
        return "Unnamed: " + place;
    }

    /**
     * Makes something of what was read.
     *
     * @param <T> what is made
     */
    interface Maker<T> {
        T of(List<String> names, List<Object[]> rows, TableFault fault);
    }

    /**
     * The columns that a table can hold.
     *
     * @param leftOut the others, with what is wrong with the first cell that is
     */
    record Usable(TableData table, SequencedMap<String, UserError> leftOut) {}

    /** A column with a cell that cannot be used is left out. */
    static Usable usable(List<String> names, List<Object[]> rows, TableFault fault) {
        SequencedMap<String, UserError> leftOut = new LinkedHashMap<>();
        List<Integer> kept = new ArrayList<>();
        for (int column = 0; column < names.size(); column++) {
            try {
                settle(names.get(column), rows, column, fault);
                kept.add(column);
            } catch (UserError unusable) {
                leftOut.put(names.get(column), unusable);
            }
        }
        // Where all are so, the first one says why.
        if (kept.isEmpty() && !leftOut.isEmpty()) throw leftOut.firstEntry().getValue();
        if (!leftOut.isEmpty())
            rows.replaceAll(row -> kept.stream().map(column -> row[column]).toArray());
        return new Usable(unchanged(kept.stream().map(names::get).toList(), rows), leftOut);
    }

    static TableData table(List<String> names, List<Object[]> rows, TableFault fault) {
        for (int column = 0; column < names.size(); column++) settle(names.get(column), rows, column, fault);
        return unchanged(names, rows);
    }

    private static TableData unchanged(List<String> names, List<Object[]> rows) {
        List<List<Object>> lists = new ArrayList<>(rows.size());
        for (Object[] row : rows) lists.add(Arrays.asList(row));
        return new TableData(names, lists);
    }

    private static void settle(String name, List<Object[]> rows, int column, TableFault fault) {
        boolean wide = false;
        boolean fraction = false;
        for (int row = 0; row < rows.size(); row++) {
            Object cell = rows.get(row)[column];
            wide |= cell instanceof UnsettledCell.Wide;
            fraction |= cell instanceof Double number && !CellNumbers.isWhole(number);
            if (cell instanceof UnsettledCell.Unusable(String why, String help))
                throw fault.cell(row + 1, name, why, help);
            if (cell instanceof List<?> || cell instanceof SequencedMap<?, ?>)
                rows.get(row)[column] = inside(cell, row, name, fault);
        }
        if (!wide) return;
        for (int row = 0; row < rows.size(); row++) {
            Object cell = rows.get(row)[column];
            Object settled = fraction ? asNumber(cell) : asText(cell);
            if (settled instanceof UnsettledCell.Unusable(String why, String help))
                throw fault.cell(row + 1, name, why, help);
            rows.get(row)[column] = settled;
        }
    }

    private static Object asText(Object cell) {
        return switch (cell) {
            case UnsettledCell.Wide(String digits) -> digits;
            case Double number -> CellNumbers.text(number);
            case null, default -> cell;
        };
    }

    private static Object asNumber(Object cell) {
        return cell instanceof UnsettledCell.Wide(String digits) ? UnsettledCell.of(Double.parseDouble(digits)) : cell;
    }

    /** In a list or a record a whole number that is too large becomes a text by itself. */
    private static Object inside(Object cell, int row, String name, TableFault fault) {
        return switch (cell) {
            case UnsettledCell.Wide(String digits) -> digits;
            case UnsettledCell.Unusable(String why, String help) -> throw fault.cell(row + 1, name, why, help);
            case List<?> list -> {
                List<Object> settled = new ArrayList<>(list.size());
                for (Object item : list) settled.add(inside(item, row, name, fault));
                yield settled;
            }
            case SequencedMap<?, ?> map -> {
                SequencedMap<String, Object> settled = new LinkedHashMap<>();
                map.forEach((field, value) -> settled.put((String) field, inside(value, row, name, fault)));
                yield settled;
            }
            case null, default -> cell;
        };
    }
}
