package io.circuitscript.io.table;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Writes CSV and TSV as pandas writes it: no index, lines that end in a line feed, quotes where they are needed. */
final class SeparatedWriter {
    private SeparatedWriter() {}

    static void write(TableData table, char separator, Writer out) throws IOException {
        List<String> columns = table.columns();
        if (columns.isEmpty()) return;
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < columns.size(); column++) {
            String name = columns.get(column);
            if (column > 0) line.append(separator);
            SeparatedCells.quote(line, name, separator, name.charAt(0) == '\uFEFF');
        }
        out.append(line).append('\n');
        boolean[] mixed = new boolean[columns.size()];
        for (int column = 0; column < mixed.length; column++) mixed[column] = isMixed(table, column);
        for (List<Object> row : table.rows()) {
            line.setLength(0);
            for (int column = 0; column < mixed.length; column++) {
                if (column > 0) line.append(separator);
                SeparatedCells.write(line, row.get(column), separator, mixed[column]);
            }
            if (line.isEmpty()) line.append(SeparatedCells.NONE_ALONE);
            out.append(line).append('\n');
        }
    }

    /** That the column has texts and numbers or truth values. */
    private static boolean isMixed(TableData table, int column) {
        boolean texts = false;
        boolean others = false;
        for (List<Object> row : table.rows()) {
            Object cell = row.get(column);
            texts |= cell instanceof String;
            others |= cell instanceof Double || cell instanceof Boolean;
        }
        return texts && others;
    }
}
