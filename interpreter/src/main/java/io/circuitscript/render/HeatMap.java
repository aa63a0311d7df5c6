package io.circuitscript.render;

import java.util.List;

/**
 * A grid of numbers as colours: blue above 0, vermilion below, white at 0. Its rows go upwards, as layers do.
 *
 * @param rowLabel, columnLabel what rows and columns are
 * @param rows, columns the name of each
 * @param values {@code [row][column]}
 * @param scale what the numbers are
 */
public record HeatMap(
        String title, String subtitle, String rowLabel, String columnLabel, List<String> rows, List<String> columns, double[][] values,
        String scale) implements Chart {
    private static final double BAR = 16;

    public HeatMap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        double[][] copy = new double[values.length][];
        for (int row = 0; row < copy.length; row++) copy[row] = values[row].clone();
        values = copy;
    }

    @Override
    public String svg() {
        SvgText out = new SvgText();
        Frame.title(out, title, subtitle);
        double longest = columns.stream().mapToDouble(name -> SvgText.width(name, SvgText.SMALL)).max().orElse(0);
        double left = 58 + rows.stream().mapToDouble(name -> SvgText.width(name, SvgText.SMALL)).max().orElse(0);
        double cell = Math.clamp(600.0 / Math.max(1, columns.size()), 15, 44);
        double height = Math.clamp(420.0 / Math.max(1, rows.size()), 15, 34);
        double right = left + cell * columns.size();
        double bottom = 72 + height * rows.size();
        double largest = largest();
        for (int row = 0; row < rows.size(); row++) {
            double y = bottom - (row + 1) * height;
            out.text(left - 8, y + height / 2 + 4, SvgText.SMALL, SvgText.INK, SvgText.Anchor.END, rows.get(row));
            for (int column = 0; column < columns.size(); column++) {
                out.rectangle(left + column * cell, y, cell, height, Palette.diverging(values[row][column] / largest));
            }
        }
        for (int column = 0; column < columns.size(); column++) {
            double x = left + (column + 0.5) * cell;
            out.turned(x + 4, bottom + 8, SvgText.SMALL, SvgText.INK, SvgText.Anchor.END, columns.get(column));
        }
        outline(out, left, 72, right, bottom);
        out.turned(24, (72 + bottom) / 2, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, rowLabel);
        out.text((left + right) / 2, bottom + longest + 34, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, columnLabel);
        key(out, right + 28, 72, Math.max(bottom, 72 + 130), largest);
        double width = Math.max(right + 150, 60 + Math.max(SvgText.width(title, 18), SvgText.width(subtitle, SvgText.SMALL + 1)));
        return out.document(width, Math.max(bottom + longest + 54, 240), title);
    }

    private double largest() {
        double largest = 0;
        for (double[] row : values) {
            for (double value : row) largest = Math.max(largest, Math.abs(value));
        }
        return largest > 0 ? largest : 1;
    }

    private static void outline(SvgText out, double left, double top, double right, double bottom) {
        out.line(left, top, right, top, SvgText.INK, 1, "");
        out.line(left, bottom, right, bottom, SvgText.INK, 1, "");
        out.line(left, top, left, bottom, SvgText.INK, 1, "");
        out.line(right, top, right, bottom, SvgText.INK, 1, "");
    }

    /** What the colours mean. */
    private void key(SvgText out, double left, double top, double bottom, double largest) {
        int steps = 60;
        double step = (bottom - top) / steps;
        for (int i = 0; i < steps; i++) {
            out.rectangle(left, top + i * step, BAR, step + 0.5, Palette.diverging(1 - 2 * (i + 0.5) / steps));
        }
        outline(out, left, top, left + BAR, bottom);
        Scale ends = new Scale(-largest, largest, false, bottom, top);
        for (double tick : ends.ticks()) {
            out.text(left + BAR + 6, ends.place(tick) + 4, SvgText.SMALL, SvgText.INK, SvgText.Anchor.START, Scale.text(tick));
        }
        out.turned(left + BAR + 72, (top + bottom) / 2, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, scale);
    }
}
