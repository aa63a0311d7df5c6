package io.circuitscript.render;

import java.util.Arrays;

/**
 * A histogram with a logarithmic count axis, so that a single value is visible beside thousands.
 *
 * @param all every number
 * @param chosen those of them that are marked
 * @param allLabel, chosenLabel what these are, for the legend
 */
public record Histogram(
        String title, String subtitle, String label, double[] all, double[] chosen, String allLabel, String chosenLabel)
        implements Chart {
    private static final double HEIGHT = 330;
    private static final int BARS = 61;
    /** Where a bar begins: below 1, so that a bar of one has a height. */
    private static final double GROUND = 0.7;

    public Histogram {
        all = all.clone();
        chosen = chosen.clone();
    }

    @Override
    public String svg() {
        SvgText out = new SvgText();
        ChartFrame frame = ChartFrame.of(HEIGHT);
        ChartFrame.title(out, title, subtitle);
        double least = Arrays.stream(all).min().orElse(0);
        double most = Arrays.stream(all).max().orElse(0);
        // Bars of equal width, one of them centred at 0.
        double width = Math.max(most - least, Math.max(1e-12, 1e-6 * Math.abs(most))) / (BARS - 1);
        long first = Math.round(least / width);
        int bars = (int) (Math.round(most / width) - first) + 1;
        int[] counts = counts(all, width, first, bars);
        AxisScale across =
                new AxisScale((first - 1) * width, (first + bars) * width, false, frame.left(), frame.right());
        AxisScale up =
                new AxisScale(GROUND, 1.3 * Arrays.stream(counts).max().orElse(1), true, frame.bottom(), frame.top());
        frame.x(out, across, label);
        frame.y(out, up, "number of edges (log scale)");
        bars(out, counts, across, up, width, first, "#B0B0B0");
        bars(out, counts(chosen, width, first, bars), across, up, width, first, Palette.line(0));
        frame.axes(out);
        double y = frame.bottom() + 70;
        out.rectangle(frame.left(), y - 11, 14, 14, "#B0B0B0");
        out.text(frame.left() + 22, y, SvgText.SMALL, SvgText.INK, SvgText.Anchor.START, allLabel);
        if (chosen.length > 0) {
            double x = frame.left() + 60 + SvgText.width(allLabel, SvgText.SMALL);
            out.rectangle(x, y - 11, 14, 14, Palette.line(0));
            out.text(x + 22, y, SvgText.SMALL, SvgText.INK, SvgText.Anchor.START, chosenLabel);
        }
        return out.document(ChartFrame.WIDTH, y + 22, title);
    }

    private static int[] counts(double[] numbers, double width, long first, int bars) {
        int[] counts = new int[bars];
        for (double number : numbers) counts[(int) Math.clamp(Math.round(number / width) - first, 0, bars - 1)]++;
        return counts;
    }

    private static void bars(
            SvgText out, int[] counts, AxisScale across, AxisScale up, double width, long first, String colour) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) continue;
            double left = across.place((first + i - 0.46) * width);
            double right = across.place((first + i + 0.46) * width);
            double top = up.place(counts[i]);
            out.rectangle(left, top, right - left, up.from() - top, colour);
        }
    }
}
