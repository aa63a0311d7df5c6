package io.circuitscript.render;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Lines through points, with whiskers where a point has an interval, and a legend below.
 *
 * @param y the axis upwards
 * @param lines in the legend's order
 */
public record LineChart(String title, String subtitle, Axis x, Axis y, List<Line> lines) implements Chart {
    private static final double HEIGHT = 360;
    private static final double ROW = 22;
    private static final double SAMPLE = 34;
    private static final double BEFORE_LABEL = 8;
    /** A line with more points has no markers. */
    private static final int MARKED = 40;

    public LineChart {
        lines = List.copyOf(lines);
    }

    /**
     * What is along an axis.
     *
     * @param logarithmic taken as a wish: numbers that are not above 0 have no place on such an axis and are left out
     * @param percent whether numbers are shown as percentages
     * @param marks numbers that are always within, with a stronger line through them
     */
    public record Axis(String label, boolean logarithmic, boolean percent, List<Double> marks) {
        public Axis {
            marks = List.copyOf(marks);
        }

        DoubleFunction<String> text(AxisScale scale) {
            return percent ? tick -> AxisScale.text(100 * tick) + "%" : scale::label;
        }
    }

    public record Point(double x, double y, OptionalDouble low, OptionalDouble high) {}

    /** @param hue lines of one hue belong together @param dashed tells two of them apart */
    public record Line(String label, int hue, boolean dashed, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    @Override
    public String svg() {
        SvgText out = new SvgText();
        ChartFrame frame = ChartFrame.of(HEIGHT);
        ChartFrame.title(out, title, subtitle);
        AxisScale across = across(frame);
        AxisScale up = up(frame);
        frame.x(out, across, x.label(), x.text(across));
        frame.y(out, up, y.label(), y.text(up));
        for (double mark : y.marks())
            out.line(frame.left(), up.place(mark), frame.right(), up.place(mark), "#888888", 1.2, "");
        for (Line line : lines) draw(out, line, across, up);
        frame.axes(out);
        double top = frame.bottom() + 70;
        double field = frame.right() - frame.left();
        double widest = lines.stream()
                .mapToDouble(line -> SAMPLE + 2 * BEFORE_LABEL + SvgText.width(line.label(), SvgText.SMALL))
                .max()
                .orElse(0);
        int columns = widest <= field / 2 ? 2 : 1;
        double column = field / columns;
        for (int i = 0; i < lines.size(); i++) {
            key(out, lines.get(i), frame.left() + i % columns * column, top + i / columns * ROW);
        }
        return out.document(ChartFrame.WIDTH, top + Math.ceilDiv(lines.size(), columns) * ROW, title);
    }

    private List<Point> shown(Line line) {
        return line.points().stream()
                .filter(point -> !x.logarithmic() || point.x() > 0)
                .toList();
    }

    private AxisScale across(ChartFrame frame) {
        double[] all = DoubleStream.concat(
                        lines.stream().flatMap(line -> shown(line).stream()).mapToDouble(Point::x),
                        x.marks().stream().mapToDouble(it -> it))
                .toArray();
        double least = DoubleStream.of(all).min().orElse(x.logarithmic() ? 0.001 : 0);
        double most = DoubleStream.of(all).max().orElse(1);
        return x.logarithmic()
                ? AxisScale.logarithmic(least, most, frame.left(), frame.right())
                : AxisScale.linear(least, most, frame.left(), frame.right());
    }

    private AxisScale up(ChartFrame frame) {
        double[] all = DoubleStream.concat(
                        lines.stream().flatMap(line -> shown(line).stream()).flatMapToDouble(LineChart::extent),
                        y.marks().stream().mapToDouble(it -> it))
                .toArray();
        return AxisScale.linear(
                DoubleStream.of(all).min().orElse(0),
                DoubleStream.of(all).max().orElse(1),
                frame.bottom(),
                frame.top());
    }

    private static DoubleStream extent(Point point) {
        return DoubleStream.of(
                point.y(), point.low().orElse(point.y()), point.high().orElse(point.y()));
    }

    private void draw(SvgText out, Line line, AxisScale across, AxisScale up) {
        String colour = Palette.line(line.hue());
        List<Point> points = shown(line);
        for (Point point : points) {
            if (point.low().isEmpty() || point.high().isEmpty()) continue;
            double at = across.place(point.x());
            out.line(
                    at,
                    up.place(point.low().getAsDouble()),
                    at,
                    up.place(point.high().getAsDouble()),
                    colour,
                    1,
                    "");
        }
        String way = points.stream()
                .map(p -> SvgText.point(across.place(p.x()), up.place(p.y())))
                .collect(Collectors.joining(" "));
        if (points.size() > 1) out.polyline(way, colour, 2 * stress(line), dash(line));
        if (points.size() > MARKED) return;
        for (Point point : points) mark(out, line, across.place(point.x()), up.place(point.y()));
    }

    /** How much thicker a line is than the next one. Where lines coincide, the earlier ones stay visible on both sides. */
    private double stress(Line line) {
        int last = lines.stream().mapToInt(Line::hue).max().orElse(0);
        return last == 0 ? 1 : 1 + 0.6 * (last - line.hue()) / last;
    }

    private static String dash(Line line) {
        return line.dashed() ? "7 4" : "";
    }

    private void mark(SvgText out, Line line, double x, double y) {
        Marker.draw(out, line.hue(), x, y, 4 * (1 + 0.6 * (stress(line) - 1)));
    }

    private void key(SvgText out, Line line, double x, double y) {
        out.line(x, y - 4, x + SAMPLE, y - 4, Palette.line(line.hue()), 2 * stress(line), dash(line));
        if (shown(line).size() <= MARKED) mark(out, line, x + SAMPLE / 2, y - 4);
        out.text(x + SAMPLE + BEFORE_LABEL, y, SvgText.SMALL, SvgText.INK, SvgText.Anchor.START, line.label());
    }
}
