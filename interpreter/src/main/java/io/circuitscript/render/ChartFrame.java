package io.circuitscript.render;

import java.util.function.DoubleFunction;

/**
 * The title, the axes and the grid of a chart.
 *
 * @param left, top, right, bottom of the field inside the axes
 */
record ChartFrame(double left, double top, double right, double bottom) {
    static final double WIDTH = 760;
    /** Room between two labels of an axis. */
    private static final double GAP = 10;

    static ChartFrame of(double height) {
        return new ChartFrame(78, 72, WIDTH - 24, 72 + height);
    }

    static void title(SvgText out, String title, String subtitle) {
        out.text(20, 30, 18, "#000000", SvgText.Anchor.START, title);
        out.text(20, 52, SvgText.SMALL + 1, SvgText.INK, SvgText.Anchor.START, subtitle);
    }

    void x(SvgText out, AxisScale scale, String label) {
        x(out, scale, label, scale::label);
    }

    void x(SvgText out, AxisScale scale, String label, DoubleFunction<String> text) {
        double free = Double.NEGATIVE_INFINITY;
        for (double tick : scale.ticks()) {
            double x = scale.place(tick);
            out.line(x, top, x, bottom, SvgText.GRID, 1, "");
            String shown = text.apply(tick);
            double half = SvgText.width(shown, SvgText.SMALL) / 2;
            if (x - half < free) continue;
            out.text(x, bottom + 18, SvgText.SMALL, SvgText.INK, SvgText.Anchor.MIDDLE, shown);
            free = x + half + GAP;
        }
        out.text((left + right) / 2, bottom + 42, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, label);
    }

    void y(SvgText out, AxisScale scale, String label) {
        y(out, scale, label, scale::label);
    }

    void y(SvgText out, AxisScale scale, String label, DoubleFunction<String> text) {
        for (double tick : scale.ticks()) {
            double y = scale.place(tick);
            out.line(left, y, right, y, SvgText.GRID, 1, "");
            out.text(left - 8, y + 4, SvgText.SMALL, SvgText.INK, SvgText.Anchor.END, text.apply(tick));
        }
        out.turned(22, (top + bottom) / 2, SvgText.SMALL + 1, "#000000", SvgText.Anchor.MIDDLE, label);
    }

    void axes(SvgText out) {
        out.line(left, bottom, right, bottom, SvgText.INK, 1, "");
        out.line(left, top, left, bottom, SvgText.INK, 1, "");
    }
}
