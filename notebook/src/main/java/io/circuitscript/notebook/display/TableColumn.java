package io.circuitscript.notebook.display;

import io.circuitscript.source.Visible;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A column of a table: numbers stand to the right, their points below one another, and all else to the left. */
final class TableColumn {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9,]+(\\.[0-9]+)?(e-?[0-9]+)?%?");
    private static final String NONE = "none";

    /** Spaces as wide as a digit and as a point. */
    private static final String DIGIT = "\u2007";

    private static final String POINT = "\u2008";

    private final List<String> cells;
    private final boolean numbers;
    private final int decimals;

    private TableColumn(List<String> cells, boolean numbers, int decimals) {
        this.cells = cells;
        this.numbers = numbers;
        this.decimals = decimals;
    }

    static TableColumn of(List<String> cells) {
        boolean numbers = cells.stream().anyMatch(it -> NUMBER.matcher(it).matches())
                && cells.stream().allMatch(it -> NUMBER.matcher(it).matches() || it.equals(NONE));
        // An exponent's digits are no decimals: such a column only stands to the right.
        boolean plain = numbers
                && cells.stream().noneMatch(it -> it.endsWith("%") || it.contains("e-") || it.matches(".*e[0-9]+"));
        int most = plain ? cells.stream().mapToInt(TableColumn::decimals).max().orElse(0) : 0;
        return new TableColumn(cells, numbers, most);
    }

    /** The digits behind the point. */
    private static int decimals(String cell) {
        Matcher number = NUMBER.matcher(cell);
        return number.matches() && number.group(1) != null ? number.group(1).length() - 1 : 0;
    }

    String heading(String text) {
        return element("th", ";position:sticky;top:0;background:var(--jp-layout-color0,inherit)", Visible.line(text));
    }

    String cell(int row) {
        String text = cells.get(row);
        int own = decimals(text);
        String gap = own >= decimals ? "" : (own == 0 ? POINT : "") + DIGIT.repeat(decimals - own);
        return element("td", "", Visible.line(text) + gap);
    }

    private String element(String name, String style, String text) {
        return Html.styled(
                name, "text-align:" + (numbers ? "right" : "left") + ";white-space:pre" + style, Html.escaped(text));
    }
}
