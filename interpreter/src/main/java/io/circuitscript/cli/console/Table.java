package io.circuitscript.cli.console;

import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lays out rows of text in columns under headings: numbers aligned at their decimal points, everything else to the
 * left.
 */
public final class Table {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+(e-?[0-9]+)?");

    private final List<String[]> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(headings);
    }

    static Table of(ResultTable table) {
        Table shown = new Table(table.headings().stream().map(Visible::line).toArray(String[]::new));
        table.rows().forEach(row -> shown.row(row.toArray(String[]::new)));
        return shown;
    }

    public void row(String... cells) {
        if (cells.length != rows.getFirst().length) throw new IllegalArgumentException(cells.length + " cells");
        rows.add(Stream.of(cells).map(Visible::line).toArray(String[]::new)); // a cell has no line of its own
    }

    /** The lines, headings first. */
    public List<String> lines() {
        int columns = rows.getFirst().length;
        List<StringBuilder> lines = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) lines.add(new StringBuilder());
        for (int column = 0; column < columns; column++) append(lines, column);
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }

    private void append(List<StringBuilder> lines, int column) {
        int whole = 0;
        for (String[] row : rows.subList(1, rows.size()))
            whole = Math.max(whole, isNumber(row[column]) ? point(row[column]) : 0);
        List<String> cells = new ArrayList<>();
        int width = 0;
        for (String[] row : rows) {
            String cell = row[column];
            if (isNumber(cell)) cell = " ".repeat(whole - point(cell)) + cell;
            cells.add(cell);
            width = Math.max(width, cell.codePointCount(0, cell.length()));
        }
        for (int row = 0; row < cells.size(); row++) {
            String cell = cells.get(row);
            String gap = " ".repeat(width - cell.codePointCount(0, cell.length()));
            lines.get(row).append(column == 0 ? "" : "  ").append(cell).append(gap);
        }
    }

    private static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    /** Where the part after the point begins. */
    private static int point(String number) {
        int end = 0;
        while (end < number.length() && number.charAt(end) != '.' && number.charAt(end) != 'e') end++;
        return end;
    }
}
