package io.circuitscript.render;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * A histogram of a sample, with a line at one value that is compared with it.
 *
 * @param label, counts what the axes show
 * @param sample at least one number
 * @param value where the line is
 * @param valueLabel what it is, beside it
 */
public record SampleHistogram(
        String title, String subtitle, String label, String counts, double[] sample, double value, String valueLabel)
        implements Chart {
    private static final double HEIGHT = 330;
    private static final int MOST_BARS = 40;

    public SampleHistogram {
        sample = sample.clone();
    }

    @Override
    public String svg() {
        double least = DoubleStream.concat(Arrays.stream(sample), DoubleStream.of(value))
                .min()
                .orElseThrow();
        double most = DoubleStream.concat(Arrays.stream(sample), DoubleStream.of(value))
                .max()
                .orElseThrow();
        int bars = Math.clamp(2L * Math.round(Math.sqrt(sample.length)), 10, MOST_BARS);
        double width = Math.max((most - least) / bars, Math.max(1e-12, 1e-6 * Math.abs(most)));
        int[] heights = new int[bars];
        for (double number : sample) heights[Math.clamp((long) ((number - least) / width), 0, bars - 1)]++;

        SvgText out = new SvgText();
        ChartFrame frame = ChartFrame.of(HEIGHT);
        ChartFrame.title(out, title, subtitle);
        AxisScale across = AxisScale.linear(least, least + bars * width, frame.left(), frame.right());
        AxisScale up =
                new AxisScale(0, 1.08 * Arrays.stream(heights).max().orElse(1), false, frame.bottom(), frame.top());
        frame.x(out, across, label);
        frame.y(out, up, counts);
        for (int i = 0; i < bars; i++) {
            if (heights[i] == 0) continue;
            double left = across.place(least + (i + 0.04) * width);
            double right = across.place(least + (i + 0.96) * width);
            double top = up.place(heights[i]);
            out.rectangle(left, top, right - left, frame.bottom() - top, "#B0B0B0");
        }
        line(out, frame, across.place(value));
        frame.axes(out);
        return out.document(ChartFrame.WIDTH, frame.bottom() + 62, title);
    }

    /** The label goes to the side on which there is room. */
    private void line(SvgText out, ChartFrame frame, double x) {
        out.line(x, frame.top(), x, frame.bottom(), Palette.line(1), 2, "");
        boolean right = x < (frame.left() + frame.right()) / 2;
        SvgText.Anchor anchor = right ? SvgText.Anchor.START : SvgText.Anchor.END;
        out.text(right ? x + 7 : x - 7, frame.top() + 16, SvgText.SMALL, Palette.line(1), anchor, valueLabel);
    }
}
