package io.circuitscript.runtime.statements;

import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.QuotedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The grid of {@code patch} for a person: positions or heads down, layers across; of many layers only the largest numbers. */
final class PatchGrid {
    private static final int LAYERS_SHOWN = 16;
    private static final int LARGEST_SHOWN = 20;

    private record Entry(int layer, int row, double recovery) {}

    private PatchGrid() {}

    static List<String> lines(Value.Fields value, ResultText text) {
        List<List<Double>> grid =
                ResultText.list(value, "grid").stream().map(PatchGrid::numbers).toList();
        List<String> names = ResultText.list(value, "columns").stream()
                .map(it -> ((Value.Text) it).value())
                .toList();
        boolean heads = ((Value.Text) ResultText.field(value, "over")).value().equals("head");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) rows.add(heads ? names.get(i) : i + " " + QuotedText.of(names.get(i)));
        List<String> lines = new ArrayList<>();
        lines.add("recovery of the logit of " + ResultText.quoted(value, "correct") + " less that of "
                + ResultText.quoted(value, "incorrect") + ": 0 as corrupted (" + ResultText.text(value, "corrupted")
                + "), 1 as clean (" + ResultText.text(value, "clean") + ")");
        String what = heads ? "head" : "position";
        lines.addAll(
                grid.size() <= LAYERS_SHOWN ? text.table(whole(grid, rows, what)) : largest(grid, rows, what, text));
        return lines;
    }

    private static ResultTable whole(List<List<Double>> grid, List<String> rows, String what) {
        List<String> headings = new ArrayList<>(List.of(what));
        for (int layer = 0; layer < grid.size(); layer++) headings.add("layer " + layer);
        List<List<String>> cells = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<String> line = new ArrayList<>(List.of(rows.get(row)));
            for (List<Double> layer : grid) line.add(shown(layer.get(row)));
            cells.add(line);
        }
        return new ResultTable(headings, cells, cells.size());
    }

    private static List<String> largest(List<List<Double>> grid, List<String> rows, String what, ResultText text) {
        List<Entry> entries = new ArrayList<>();
        for (int layer = 0; layer < grid.size(); layer++) {
            for (int row = 0; row < rows.size(); row++)
                entries.add(new Entry(layer, row, grid.get(layer).get(row)));
        }
        entries.sort(Comparator.comparingDouble(entry -> -Math.abs(entry.recovery)));
        List<List<String>> cells = entries.stream()
                .limit(LARGEST_SHOWN)
                .map(it -> List.of(Integer.toString(it.layer), rows.get(it.row), shown(it.recovery)))
                .toList();
        List<String> lines =
                new ArrayList<>(text.table(new ResultTable(List.of("layer", what, "recovery"), cells, entries.size())));
        if (cells.size() < entries.size())
            lines.add("… and " + (entries.size() - cells.size()) + " smaller ones (`plot` shows them all)");
        return lines;
    }

    private static String shown(double recovery) {
        String text = String.format(Locale.ROOT, "%.2f", recovery);
        return text.equals("-0.00") ? "0.00" : text;
    }

    private static List<Double> numbers(Value row) {
        return ((Value.ListOf) row)
                .items().stream().map(it -> ((Value.Number) it).value()).toList();
    }
}
