package io.circuitscript.cli.console;

import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.QuotedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The grid of {@code patch} for a person: positions or heads down, layers across; of many layers only the largest numbers. */
final class PatchTable {
    private static final int LAYERS_SHOWN = 16;
    private static final int LARGEST_SHOWN = 20;

    private record Entry(int layer, int row, double recovery) {}

    private PatchTable() {}

    static List<String> lines(Value.Fields value) {
        List<List<Double>> grid =
                items(value, "grid").stream().map(PatchTable::numbers).toList();
        List<String> names = items(value, "columns").stream()
                .map(it -> ((Value.Text) it).value())
                .toList();
        String over = ((Value.Text) value.field("over").orElseThrow()).value();
        boolean heads = over.equals("head");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) rows.add(heads ? names.get(i) : i + " " + QuotedText.of(names.get(i)));
        List<String> lines = new ArrayList<>();
        lines.add("recovery of the logit of " + quoted(value, "correct") + " less that of " + quoted(value, "incorrect")
                + ": 0 as corrupted (" + number(value, "corrupted") + "), 1 as clean (" + number(value, "clean") + ")");
        lines.addAll(
                grid.size() <= LAYERS_SHOWN
                        ? whole(grid, rows, heads ? "head" : "position")
                        : largest(grid, rows, heads ? "head" : "position"));
        return lines;
    }

    private static List<String> whole(List<List<Double>> grid, List<String> rows, String what) {
        List<String> headings = new ArrayList<>(List.of(what));
        for (int layer = 0; layer < grid.size(); layer++) headings.add("layer " + layer);
        Table table = new Table(headings.toArray(String[]::new));
        for (int row = 0; row < rows.size(); row++) {
            List<String> cells = new ArrayList<>(List.of(rows.get(row)));
            for (List<Double> layer : grid) cells.add(shown(layer.get(row)));
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }

    private static List<String> largest(List<List<Double>> grid, List<String> rows, String what) {
        List<Entry> entries = new ArrayList<>();
        for (int layer = 0; layer < grid.size(); layer++) {
            for (int row = 0; row < rows.size(); row++)
                entries.add(new Entry(layer, row, grid.get(layer).get(row)));
        }
        entries.sort(Comparator.comparingDouble(entry -> -Math.abs(entry.recovery)));
        Table table = new Table("layer", what, "recovery");
        int shown = Math.min(LARGEST_SHOWN, entries.size());
        for (Entry entry : entries.subList(0, shown))
            table.row(Integer.toString(entry.layer), rows.get(entry.row), shown(entry.recovery));
        List<String> lines = new ArrayList<>(table.lines());
        if (shown < entries.size())
            lines.add("… and " + (entries.size() - shown) + " smaller ones (`plot` shows them all)");
        return lines;
    }

    private static String shown(double recovery) {
        String text = String.format(Locale.ROOT, "%.2f", recovery);
        return text.equals("-0.00") ? "0.00" : text;
    }

    private static List<Value> items(Value.Fields value, String field) {
        return ((Value.ListOf) value.field(field).orElseThrow()).items();
    }

    private static List<Double> numbers(Value row) {
        return ((Value.ListOf) row)
                .items().stream().map(it -> ((Value.Number) it).value()).toList();
    }

    private static String number(Value.Fields value, String field) {
        return RoundedText.of(((Value.Number) value.field(field).orElseThrow()).value());
    }

    private static String quoted(Value.Fields value, String field) {
        return QuotedText.of(((Value.Text) value.field(field).orElseThrow()).value());
    }
}
