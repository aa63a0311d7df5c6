package io.circuitscript.render;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * The rows of a table: lines, points or bars, one series for each group.
 *
 * @param categories the texts along the axis, in their order; empty where numbers are along it
 * @param by what the groups are; empty where there is one
 */
public record TableChart(
        String title,
        String subtitle,
        Kind kind,
        Axis x,
        List<String> categories,
        Axis y,
        String by,
        List<Series> series)
        implements Chart {
    /** More groups than colours and dashes can tell apart. */
    public static final int MOST_SERIES = 2 * Palette.size();

    private static final double HEIGHT = 360;
    private static final double ROW = 22;
    private static final double SAMPLE = 34;
    private static final double BEFORE_LABEL = 8;
    private static final double BAND = 0.18;
    /** A line with more places has no markers. */
    private static final int MARKED = 40;
    /** A longer label is cut. */
    private static final int LONGEST_LABEL = 80;

    private static final int LONGEST_CATEGORY = 24;
    /** The share of its room that the bars of a category take. */
    private static final double BARS = 0.8;

    private static final double WIDEST_BAR = 90;
    /** How far apart the groups of a category stand, where each row is a point. */
    private static final double APART = 7;

    public TableChart {
        categories = List.copyOf(categories);
        series = List.copyOf(series);
    }

    /** How the rows are drawn. */
    public enum Kind {
        LINE,
        POINTS,
        BARS
    }

    /** @param percent whether its numbers are shown as percentages */
    public record Axis(String label, boolean percent) {
        private DoubleFunction<String> text(AxisScale scale) {
            return percent ? tick -> AxisScale.text(100 * tick) + "%" : scale::label;
        }
    }

    /**
     * The rows that share a place along the axis.
     *
     * @param x the number there, or the category's from 0
     * @param deviation of the rows from their mean; none where there is one row
     * @param values of the rows
     */
    public record Place(double x, double mean, OptionalDouble deviation, List<Double> values) {
        public Place {
            values = List.copyOf(values);
        }

        private double low() {
            return mean - deviation.orElse(0);
        }

        private double high() {
            return mean + deviation.orElse(0);
        }
    }

    /** @param places from left to right */
    public record Series(String label, List<Place> places) {
        public Series {
            places = List.copyOf(places);
        }
    }

    @Override
    public String svg() {
        SvgText out = new SvgText();
        ChartFrame frame = ChartFrame.of(HEIGHT);
        ChartFrame.title(out, cut(title, 64), cut(subtitle, 100));
        AxisScale up = up(frame);
        AxisScale across = across(frame);
        double below = 0;
        if (categories.isEmpty()) frame.x(out, across, cut(x.label(), LONGEST_LABEL), x.text(across));
        frame.y(out, up, cut(y.label(), 50), y.text(up));
        if (!categories.isEmpty()) below = categories(out, frame, across);
        if (up.low() < 0 && up.high() > 0)
            out.line(frame.left(), up.place(0), frame.right(), up.place(0), "#888888", 1.2, "");
        for (int i = 0; i < series.size(); i++) draw(out, i, across, up);
        frame.axes(out);
        return out.document(ChartFrame.WIDTH, legend(out, frame, below), title);
    }

    private AxisScale across(ChartFrame frame) {
        if (!categories.isEmpty())
            return new AxisScale(-0.5, categories.size() - 0.5, false, frame.left(), frame.right());
        return scale(places().mapToDouble(Place::x), frame.left(), frame.right());
    }

    private AxisScale up(ChartFrame frame) {
        DoubleStream extent = places().flatMapToDouble(it -> {
            DoubleStream ends = DoubleStream.of(it.low(), it.high());
            return kind == Kind.POINTS
                    ? DoubleStream.concat(ends, it.values().stream().mapToDouble(value -> value))
                    : ends;
        });
        if (kind != Kind.BARS) return scale(extent, frame.bottom(), frame.top());
        double[] all = DoubleStream.concat(extent, DoubleStream.of(0)).toArray();
        double least = DoubleStream.of(all).min().orElse(0);
        double most = DoubleStream.of(all).max().orElse(0);
        if (least == most) most = 1;
        double margin = 0.05 * (most - least); // a bar begins at the axis
        return new AxisScale(
                least < 0 ? least - margin : 0, most > 0 ? most + margin : 0, false, frame.bottom(), frame.top());
    }

    private static AxisScale scale(DoubleStream numbers, double from, double to) {
        double[] all = numbers.toArray();
        double least = DoubleStream.of(all).min().orElse(0);
        double most = DoubleStream.of(all).max().orElse(1);
        boolean one = most - least <= 1e-12 * Math.max(Math.abs(least), Math.abs(most));
        double room = !one ? 0 : most == 0 ? 1 : 0.1 * Math.abs(most);
        return AxisScale.linear(least - room, most + room, from, to);
    }

    private Stream<Place> places() {
        return series.stream().flatMap(it -> it.places().stream());
    }

    /** The labels of the categories: turned where they are too wide for their room, and some of them where there are many. @return the room that they need more */
    private double categories(SvgText out, ChartFrame frame, AxisScale across) {
        double room = (frame.right() - frame.left()) / categories.size();
        List<String> labels = categories.stream().map(TableChart::shortened).toList();
        double widest = labels.stream()
                .mapToDouble(it -> SvgText.width(it, SvgText.SMALL))
                .max()
                .orElse(0);
        boolean turned = widest > room - 6;
        int every = turned ? Math.max(1, (int) Math.ceil((SvgText.SMALL + 3) / room)) : 1;
        for (int i = 0; i < labels.size(); i += every) {
            double at = across.place(i);
            if (turned)
                out.turned(at + 4, frame.bottom() + 8, SvgText.SMALL, SvgText.INK, SvgText.Anchor.END, labels.get(i));
            else out.text(at, frame.bottom() + 18, SvgText.SMALL, SvgText.INK, SvgText.Anchor.MIDDLE, labels.get(i));
        }
        double below = turned ? 0.9 * widest - 4 : 0;
        out.text(
                (frame.left() + frame.right()) / 2,
                frame.bottom() + 42 + below,
                SvgText.SMALL + 1,
                "#000000",
                SvgText.Anchor.MIDDLE,
                cut(x.label(), LONGEST_LABEL));
        return below;
    }

    private void draw(SvgText out, int hue, AxisScale across, AxisScale up) {
        List<Place> places = series.get(hue).places();
        switch (kind) {
            case LINE -> line(out, hue, places, across, up);
            case POINTS -> points(out, hue, places, across, up);
            case BARS -> bars(out, hue, places, across, up);
        }
    }

    private void line(SvgText out, int hue, List<Place> places, AxisScale across, AxisScale up) {
        for (List<Place> run : runs(places)) band(out, hue, run, across, up);
        String way = places.stream()
                .map(it -> SvgText.point(across.place(it.x()), up.place(it.mean())))
                .collect(Collectors.joining(" "));
        if (places.size() > 1) out.polyline(way, Palette.line(hue), 2, dash(hue));
        if (places.size() > MARKED) return;
        for (Place place : places) Marker.draw(out, hue, across.place(place.x()), up.place(place.mean()), 3.5);
    }

    /** The places beside one another of which each has a deviation. */
    private static List<List<Place>> runs(List<Place> places) {
        List<List<Place>> runs = new ArrayList<>();
        List<Place> run = new ArrayList<>();
        for (Place place : places) {
            if (place.deviation().isPresent()) run.add(place);
            else if (!run.isEmpty()) {
                runs.add(run);
                run = new ArrayList<>();
            }
        }
        if (!run.isEmpty()) runs.add(run);
        return runs;
    }

    private void band(SvgText out, int hue, List<Place> run, AxisScale across, AxisScale up) {
        if (run.size() == 1) {
            whisker(out, across.place(run.getFirst().x()), run.getFirst(), up, Palette.line(hue));
            return;
        }
        Stream<String> above = run.stream().map(it -> SvgText.point(across.place(it.x()), up.place(it.high())));
        Stream<String> below =
                run.reversed().stream().map(it -> SvgText.point(across.place(it.x()), up.place(it.low())));
        out.area(Stream.concat(above, below).collect(Collectors.joining(" ")), Palette.line(hue), BAND);
    }

    private static void whisker(SvgText out, double at, Place place, AxisScale up, String colour) {
        if (place.deviation().orElse(0) == 0) return;
        double high = up.place(place.high());
        double low = up.place(place.low());
        out.line(at, high, at, low, colour, 1.4, "");
        out.line(at - 3, high, at + 3, high, colour, 1.4, "");
        out.line(at - 3, low, at + 3, low, colour, 1.4, "");
    }

    /** How far the places of several series are apart, so that they may stand beside one another; 0 where they need not. */
    private double gap(AxisScale across) {
        if (!categories.isEmpty()) return across.place(1) - across.place(0);
        double[] places = places().mapToDouble(it -> across.place(it.x()))
                .distinct()
                .sorted()
                .toArray();
        boolean together = places.length < places().count()
                && places().anyMatch(it -> it.values().size() > 1);
        if (!together) return 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < places.length; i++) least = Math.min(least, places[i] - places[i - 1]);
        return least;
    }

    /** Every row, paler where several share a place: their mean is then the marker. */
    private void points(SvgText out, int hue, List<Place> places, AxisScale across, AxisScale up) {
        long rows = places.stream().mapToLong(it -> it.values().size()).sum();
        double size = rows > 1000 ? 2 : rows > 200 ? 2.5 : 3;
        double aside = (hue - (series.size() - 1) / 2.0) * Math.min(APART, BARS * gap(across) / series.size());
        List<Double> single = new ArrayList<>();
        List<Double> shared = new ArrayList<>();
        for (Place place : places) {
            List<Double> dots = place.values().size() == 1 ? single : shared;
            for (double value : place.values()) dots.addAll(List.of(across.place(place.x()) + aside, up.place(value)));
        }
        boolean crowded = rows > 200;
        out.dots(shared, size, Palette.line(hue), 0.3);
        if (crowded) out.dots(single, size, Palette.line(hue), 0.6);
        for (Place place : places) {
            double at = across.place(place.x()) + aside;
            boolean alone = place.values().size() == 1;
            if (alone && crowded) continue;
            whisker(out, at, place, up, Palette.line(hue));
            Marker.draw(out, hue, at, up.place(place.mean()), alone ? 3.5 : 4);
        }
    }

    private void bars(SvgText out, int hue, List<Place> places, AxisScale across, AxisScale up) {
        boolean alone = places().map(Place::x).distinct().count() == places().count();
        int beside = alone ? 1 : series.size();
        double width = Math.min(BARS * (across.place(1) - across.place(0)) / beside, WIDEST_BAR);
        for (Place place : places) {
            double left = across.place(place.x()) + width * ((alone ? 0 : hue) - beside / 2.0);
            double end = up.place(place.mean());
            double start = up.place(0);
            double drawn = Math.max(width - Math.min(1, 0.1 * width), 0.2);
            out.rectangle(left, Math.min(start, end), drawn, Math.abs(end - start), fill(hue));
            whisker(out, left + drawn / 2, place, up, SvgText.INK);
        }
    }

    private static String fill(int hue) {
        return hue < Palette.size() ? Palette.line(hue) : Palette.pale(hue);
    }

    private static String dash(int hue) {
        return hue / Palette.size() % 2 == 1 ? "7 4" : "";
    }

    /** What the groups are. @return where it ends */
    private double legend(SvgText out, ChartFrame frame, double below) {
        double top = frame.bottom() + 70 + below;
        if (by.isEmpty()) return top - 12;
        out.text(frame.left(), top, SvgText.SMALL, "#000000", SvgText.Anchor.START, cut(by, LONGEST_LABEL));
        double field = frame.right() - frame.left();
        List<String> labels =
                series.stream().map(it -> cut(it.label(), LONGEST_LABEL)).toList();
        double widest = labels.stream()
                .mapToDouble(it -> SAMPLE + 3 * BEFORE_LABEL + SvgText.width(it, SvgText.SMALL))
                .max()
                .orElse(field);
        int columns = (int) Math.clamp(field / widest, 1, 4);
        int rows = Math.ceilDiv(labels.size(), columns);
        for (int i = 0; i < labels.size(); i++)
            key(out, i, labels.get(i), frame.left() + i / rows * (field / columns), top + (i % rows + 1) * ROW);
        return top + (rows + 1) * ROW;
    }

    private void key(SvgText out, int hue, String label, double x, double y) {
        if (kind == Kind.BARS) out.rectangle(x, y - 11, SAMPLE / 2, 11, fill(hue));
        else {
            if (kind == Kind.LINE) out.line(x, y - 4, x + SAMPLE, y - 4, Palette.line(hue), 2, dash(hue));
            Marker.draw(out, hue, x + (kind == Kind.LINE ? SAMPLE / 2 : SAMPLE / 4), y - 4, 4);
        }
        double sample = kind == Kind.LINE ? SAMPLE : SAMPLE / 2;
        out.text(x + sample + BEFORE_LABEL, y, SvgText.SMALL, SvgText.INK, SvgText.Anchor.START, label);
    }

    /** Without its middle, as texts that begin alike often end differently. */
    private static String shortened(String text) {
        int length = text.codePointCount(0, text.length());
        if (length <= LONGEST_CATEGORY) return text;
        int half = LONGEST_CATEGORY / 2;
        return text.substring(0, text.offsetByCodePoints(0, half - 1)) + "…"
                + text.substring(text.offsetByCodePoints(text.length(), -half));
    }

    private static String cut(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }
}
