package io.circuitscript.io.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A table in memory: named columns, and rows of cells.
 *
 * <p>A cell is a {@link String}, a finite {@link Double}, a {@link Boolean}, null for none, a list of cells, or a map from names to cells, whose order counts.
 *
 * @param columns their names, none of them empty and all different; if there are none, there are no rows either
 * @param rows as many cells in each as there are columns
 */
public record TableData(List<String> columns, List<List<Object>> rows) {
    /** @throws IllegalArgumentException where something else than such cells is in it */
    public TableData {
        columns = columns.stream().map(TableData::whole).toList();
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (column.isEmpty()) throw new IllegalArgumentException("a column without a name");
            if (!seen.add(column)) throw new IllegalArgumentException("two columns named " + column);
        }
        if (columns.isEmpty() && !rows.isEmpty()) throw new IllegalArgumentException("rows without columns");
        List<List<Object>> copies = new ArrayList<>(rows.size());
        for (List<Object> row : rows) {
            if (row.size() != columns.size())
                throw new IllegalArgumentException("a row of " + row.size() + " cells, " + columns.size() + " columns");
            copies.add(checkedList(row));
        }
        rows = Collections.unmodifiableList(copies);
    }

    private static List<Object> checkedList(List<?> cells) {
        Object[] copies = new Object[cells.size()];
        int i = 0;
        for (Object cell : cells) copies[i++] = checked(cell);
        return Collections.unmodifiableList(Arrays.asList(copies));
    }

    private static Object checked(Object cell) {
        return switch (cell) {
            case null -> null;
            case String text -> whole(text);
            case Boolean truth -> truth;
            case Double number -> {
                if (!Double.isFinite(number)) throw new IllegalArgumentException("a number that is " + number);
                yield number;
            }
            case List<?> list -> checkedList(list);
            case SequencedMap<?, ?> map -> checkedMap(map);
            default -> throw new IllegalArgumentException("a cell of class " + cell.getClass());
        };
    }

    private static SequencedMap<String, Object> checkedMap(SequencedMap<?, ?> map) {
        SequencedMap<String, Object> copy = new LinkedHashMap<>();
        map.forEach((name, cell) -> {
            if (!(name instanceof String field))
                throw new IllegalArgumentException("a record with a field named " + name);
            copy.put(whole(field), checked(cell));
        });
        return Collections.unmodifiableSequencedMap(copy);
    }

    /** Half a character (a surrogate alone), which no file can hold, becomes the character for what is unknown. */
    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            int character = text.codePointAt(i);
            if (character < Character.MIN_SUPPLEMENTARY_CODE_POINT) return replaced(text);
            i++;
        }
        return text;
    }

    private static String replaced(String text) {
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
