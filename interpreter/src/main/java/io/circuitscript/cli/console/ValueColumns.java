package io.circuitscript.cli.console;

import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lays out a table of a script's own: a column of numbers to the right, aligned at the decimal points, with its heading right above. What is wider than
 * the screen is shown in parts, one below the other, each beginning with the first column.
 */
final class ValueColumns {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+(e-?[0-9]+)?%?");
    private static final String NONE = "none";
    private static final String GAP = "  ";

    /** A column is not cut to less than this, however narrow the screen. */
    private static final int LEAST = 8;

    private final List<List<String>> columns = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private final int lines;

    private ValueColumns(ResultTable table, int width) {
        lines = table.rows().size() + 1;
        for (int column = 0; column < table.headings().size(); column++) {
            int room = column == 0 ? width / 2 : width - widths.getFirst() - GAP.length();
            List<String> cells = aligned(cells(table, column, Math.max(room, LEAST)));
            columns.add(cells);
            widths.add(length(cells.getFirst()));
        }
    }

    /** @param width of the screen */
    static List<String> lines(ResultTable table, int width) {
        return new ValueColumns(table, width).parts(width);
    }

    private static List<String> cells(ResultTable table, int column, int most) {
        List<String> cells = new ArrayList<>();
        cells.add(cut(Visible.line(table.headings().get(column)), most));
        for (List<String> row : table.rows()) cells.add(cut(Visible.line(row.get(column)), most));
        return cells;
    }

    private static String cut(String text, int most) {
        return length(text) <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** All as wide as the widest, the heading first. */
    private static List<String> aligned(List<String> cells) {
        List<String> below = cells.subList(1, cells.size());
        boolean numbers = below.stream().anyMatch(ValueColumns::isNumber)
                && below.stream().allMatch(it -> isNumber(it) || it.equals(NONE));
        List<String> shown = new ArrayList<>(cells);
        if (numbers) {
            int part = below.stream()
                    .filter(ValueColumns::isNumber)
                    .mapToInt(it -> it.length() - point(it))
                    .max()
                    .orElse(0);
            shown.replaceAll(it -> isNumber(it) ? it + " ".repeat(part - (it.length() - point(it))) : it);
            shown.set(0, cells.getFirst());
        }
        int width = shown.stream().mapToInt(ValueColumns::length).max().orElse(0);
        shown.replaceAll(it -> {
            String gap = " ".repeat(width - length(it));
            return numbers ? gap + it : it + gap;
        });
        return shown;
    }

    private List<String> parts(int width) {
        List<String> text = new ArrayList<>();
        int next = 0;
        while (next < columns.size()) {
            List<Integer> part = new ArrayList<>();
            if (next > 0) part.add(0);
            int used = next > 0 ? widths.getFirst() : 0;
            do {
                used += (part.isEmpty() ? 0 : GAP.length()) + widths.get(next);
                part.add(next++);
            } while (next < columns.size() && used + GAP.length() + widths.get(next) <= width);
            if (!text.isEmpty()) text.add("");
            text.addAll(part(part));
        }
        return text;
    }

    private List<String> part(List<Integer> shown) {
        List<String> text = new ArrayList<>();
        for (int line = 0; line < lines; line++) {
            StringBuilder whole = new StringBuilder();
            for (int column : shown)
                whole.append(whole.isEmpty() ? "" : GAP)
                        .append(columns.get(column).get(line));
            text.add(whole.toString().stripTrailing());
        }
        return text;
    }

    private static boolean isNumber(String cell) {
        return NUMBER.matcher(cell).matches();
    }

    /** Where the part after the point begins. */
    private static int point(String number) {
        int end = 0;
        while (end < number.length() && ".e%".indexOf(number.charAt(end)) < 0) end++;
        return end;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
