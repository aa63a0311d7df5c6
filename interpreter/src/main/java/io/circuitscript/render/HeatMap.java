package io.circuitscript.render;

import java.util.List;

/**
 * A heat map: blue above 0, vermilion below, white at 0. Rows go upwards, as layers do.
 *
 * @param rowLabel, columnLabel what rows and columns are
 * @param rows, columns the name of each
 * @param values {@code [row][column]}
 * @param scale what the numbers are
 */
public record HeatMap(
        String title,
        String subtitle,
        String rowLabel,
        String columnLabel,
        List<String> rows,
        List<String> columns,
        double[][] values,
        String scale)
        implements Chart {
    private static final double BAR = 16;

    /** The width of the colour scale on the right. */
    private static final double KEY = 150;

    /** The width that a cell needs to hold a number. */
    private static final double ROOM = 38;

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
        ChartFrame.title(out, title, subtitle);
        double longest = columns.stream()
                .mapToDouble(name -> SvgText.width(name, SvgText.SMALL))
                .max()
                .orElse(0);
        double left = 58
                + rows.stream()
                        .mapToDouble(name -> SvgText.width(name, SvgText.SMALL))
                        .max()
                        .orElse(0);
        double texts = 40 + Math.max(SvgText.width(title, 18), SvgText.width(subtitle, SvgText.SMALL + 1));
        // Few columns are wider, so that they and what stands over them end together.
        double cell = Math.max(
                Math.clamp(600.0 / Math.max(1, columns.size()), 15, 44),
                Math.min((texts - left - KEY) / Math.max(1, columns.size()), 100));
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
        grid(out, left, bottom, cell, height);
        if (cell >= ROOM && height >= 22) numbers(out, left, bottom, cell, height, largest);
        outline(out, left, 72, right, bottom);
        out.turned(24, (72 + bottom) / 2, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, rowLabel);
        out.text(
                (left + right) / 2,
                bottom + 0.9 * longest + 32,
                SvgText.SMALL + 1,
                "#000000",
                SvgText.Anchor.MIDDLE,
                columnLabel);
        key(out, right + 28, 72, Math.max(bottom, 72 + 130), largest);
        double width = Math.max(right + KEY, texts);
        return out.document(width, Math.max(bottom + 0.9 * longest + 52, 240), title);
    }

    private void grid(SvgText out, double left, double bottom, double cell, double height) {
        double right = left + cell * columns.size();
        double top = bottom - height * rows.size();
        for (int column = 1; column < columns.size(); column++)
            out.line(left + column * cell, top, left + column * cell, bottom, SvgText.GRID, 0.6, "");
        for (int row = 1; row < rows.size(); row++)
            out.line(left, bottom - row * height, right, bottom - row * height, SvgText.GRID, 0.6, "");
    }

    /** Writes the numbers in cells that have room for them, except those that round to zero. */
    private void numbers(SvgText out, double left, double bottom, double cell, double height, double largest) {
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                double value = values[row][column];
                String text = Legend.number("%.2f", value);
                if (Double.isNaN(value) || text.equals("0.00")) continue;
                String ink = Math.abs(value) > 0.8 * largest ? "#FFFFFF" : SvgText.INK;
                out.text(
                        left + (column + 0.5) * cell,
                        bottom - (row + 0.5) * height + 4,
                        11,
                        ink,
                        SvgText.Anchor.MIDDLE,
                        text);
            }
        }
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

    /** The colour scale. */
    private void key(SvgText out, double left, double top, double bottom, double largest) {
        int steps = 60;
        double step = (bottom - top) / steps;
        for (int i = 0; i < steps; i++) {
            out.rectangle(left, top + i * step, BAR, step + 0.5, Palette.diverging(1 - 2 * (i + 0.5) / steps));
        }
        outline(out, left, top, left + BAR, bottom);
        AxisScale ends = new AxisScale(-largest, largest, false, bottom, top);
        for (double tick : ends.ticks()) {
            out.text(
                    left + BAR + 6,
                    ends.place(tick) + 4,
                    SvgText.SMALL,
                    SvgText.INK,
                    SvgText.Anchor.START,
                    ends.label(tick));
        }
        out.turned(left + BAR + 60, (top + bottom) / 2, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, scale);
    }
}
