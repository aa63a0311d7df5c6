package io.circuitscript.io.table;

import io.circuitscript.source.UserError;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A table whose cells are texts, as they stand in a file without types. In a file with types, a whole number is its digits, a list or a record is its JSON,
 * and what is missing is an empty text.
 *
 * @param columns their names, none of them empty and all different
 * @param rows as many cells in each as there are columns
 * @param leftOut columns with a cell that no table can hold, as bytes or an infinite number, with what is wrong with the first such cell
 */
public record TextTable(List<String> columns, List<List<String>> rows, SequencedMap<String, UserError> leftOut) {
    /** The same where no column was left out. */
    public TextTable(List<String> columns, List<List<String>> rows) {
        this(columns, rows, new LinkedHashMap<>());
    }

    public TextTable {
        columns = List.copyOf(columns);
        rows = Collections.unmodifiableList(rows);
        leftOut = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(leftOut));
        Set<String> seen = new HashSet<>();
        for (String column : columns)
            if (column.isEmpty() || !seen.add(column)) throw new IllegalArgumentException("the column " + column);
        for (List<String> row : rows)
            if (row.size() != columns.size())
                throw new IllegalArgumentException(row.size() + " cells, " + columns.size() + " columns");
    }
}
