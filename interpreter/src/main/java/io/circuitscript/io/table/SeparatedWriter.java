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
            if (column > 0) line.append(separator);
            writeName(line, columns.get(column), separator);
        }
        out.append(line).append('\n');
        boolean[] mixed = new boolean[columns.size()];
        for (int column = 0; column < mixed.length; column++) mixed[column] = isMixed(table, column);
        boolean allQuoted = isAllQuoted(table, separator);
        for (List<Object> row : table.rows()) {
            line.setLength(0);
            for (int column = 0; column < mixed.length; column++) {
                if (column > 0) line.append(separator);
                SeparatedCells.write(line, row.get(column), separator, mixed[column], allQuoted);
            }
            if (line.isEmpty()) line.append(SeparatedCells.NONE_ALONE);
            out.append(line).append('\n');
        }
    }

    private static void writeName(StringBuilder out, String name, char separator) {
        SeparatedCells.quote(out, name, separator, name.charAt(0) == '\uFEFF');
    }

    /** That names and cells would all be in quotes, which {@link SeparatedReader} then takes for nothing. Mostly a name is not. */
    private static boolean isAllQuoted(TableData table, char separator) {
        StringBuilder written = new StringBuilder();
        for (String name : table.columns()) {
            written.setLength(0);
            writeName(written, name, separator);
            if (written.charAt(0) != '"') return false;
        }
        for (List<Object> row : table.rows()) {
            for (Object cell : row) {
                written.setLength(0);
                SeparatedCells.write(written, cell, separator, false, false);
                boolean nothing = written.isEmpty() && row.size() > 1;
                if (!nothing && (written.isEmpty() || written.charAt(0) != '"')) return false;
            }
        }
        return true;
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
