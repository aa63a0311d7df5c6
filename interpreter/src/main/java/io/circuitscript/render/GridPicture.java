package io.circuitscript.render;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Slot;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A circuit as SVG in a grid: a row for each layer from {@code input} at the bottom up to {@code logits}, a column for
 * each head, MLPs on the right. Every node has its own place, so that two circuits of a model can be compared side by
 * side, and thousands of edges take seconds. Nodes outside the circuit are dots.
 */
public final class GridPicture {
    /** The most edges of a picture. One with more loads slowly and shows nothing more. */
    static final int MOST = 3_000;

    private static final double ROW = 92;
    private static final double RIGHT = 110;

    /** The width of the legend; the nodes of a small model are centred above it. */
    private static final double NARROWEST = 690;

    private static final double TOP = 108;
    private static final double HALF_WIDTH = 27;
    private static final double HALF_HEIGHT = 12;
    private static final String HEAD = "#DCEBFA";
    private static final String MLP = "#FCE8C8";
    private static final String END = "#E4E4E4";

    private final Circuit circuit;
    private final ModelGraph graph;
    private final Optional<Scores> scores;
    private final Caption caption;
    private final PictureStyle style;
    private final int columns;
    private final double cell;
    private final double left;
    private final double largest;

    private record Point(double x, double y) {}

    /** What is drawn as one: an edge, or those between two nodes of a picture by one port and of one sign. @param sum of their scores */
    private record Line(int edge, double size, double sum) {
        Line and(Line other) {
            return new Line(size >= other.size ? edge : other.edge, Math.max(size, other.size), sum + other.sum);
        }
    }

    private GridPicture(Circuit circuit, Optional<Scores> scores, Caption caption, PictureStyle style) {
        this.circuit = circuit;
        this.graph = circuit.graph();
        this.scores = scores;
        this.caption = caption;
        this.style = style;
        this.columns = style.grouped() ? 1 : graph.heads();
        this.cell = style.grouped() ? 190 : 66;
        double margin = style.grouped() ? 196 : 96; // edges from one group to another bulge out
        this.left = margin + Math.max(0, (NARROWEST - margin - (columns + 1) * cell - RIGHT) / 2);
        this.largest = circuit.edges().stream()
                .mapToDouble(edge -> Math.abs(score(edge)))
                .max()
                .orElse(0);
    }

    /** @param scores of the circuit's graph; without them all edges are of one width */
    public static String svg(Circuit circuit, Optional<Scores> scores, Caption caption, PictureStyle style) {
        return circuit.graph().hasSpans()
                ? SpanGridPicture.svg(circuit, scores, caption, style)
                : new GridPicture(circuit, scores, caption, style).draw();
    }

    private String draw() {
        SvgText out = new SvgText();
        List<Line> all = lines();
        List<Line> lines = all.subList(Math.max(0, all.size() - MOST), all.size());
        drawPlaces(out);
        lines.forEach(line -> drawLine(out, line, lines.size()));
        drawNodes(out);
        if (style.labelled() && scores.isPresent()) lines.forEach(line -> label(out, line));
        String note =
                lines.size() == all.size() ? "" : String.format(Locale.ROOT, " · the strongest %,d are drawn", MOST);
        out.text(20, 32, 20, "#000000", SvgText.Anchor.START, caption.title());
        out.text(20, 54, 13, SvgText.INK, SvgText.Anchor.START, caption.numbers() + note);
        double right = drawKeys(out, new Legend(style.colour(), scores.isPresent(), style.notes(), false, largest, 1));
        double wide = Math.max(SvgText.width(caption.title(), 20), SvgText.width(caption.numbers() + note, 13)) + 40;
        return out.document(Math.max(width(), Math.max(wide, right)), height(), caption.title());
    }

    /** The weakest edges first, since later ones are drawn over earlier ones. */
    private List<Line> lines() {
        record Way(String from, String to, Slot.Port port, boolean negative) {}
        Map<Way, Line> lines = new LinkedHashMap<>();
        circuit.edges().stream().forEach(edge -> {
            Way way = new Way(
                    PictureNode.name(source(edge), style.grouped()),
                    PictureNode.name(target(edge), style.grouped()),
                    port(edge),
                    score(edge) < 0);
            lines.merge(way, new Line(edge, Math.abs(score(edge)), score(edge)), Line::and);
        });
        return lines.values().stream()
                .sorted(Comparator.comparingDouble(Line::size))
                .toList();
    }

    private double width() {
        // Beside the MLPs, the edges from one of them to another bulge out.
        return left + (columns + 1) * cell + RIGHT;
    }

    private double height() {
        return bottom() + (style.grouped() ? 32 : 48);
    }

    private double bottom() {
        return TOP + (graph.layers() + 1.2) * ROW;
    }

    private Point center(Node node) {
        double middle = left + (columns + 1) * cell / 2;
        return switch (node.kind()) {
            case INPUT -> new Point(middle, bottom());
            case LOGITS -> new Point(middle, TOP);
            case HEAD -> new Point(left + ((style.grouped() ? 0 : node.head()) + 0.5) * cell, level(node.layer()));
            case MLP ->
                new Point(left + (columns + 0.5) * cell, level(node.layer()) - (graph.parallel() ? 0 : 0.45 * ROW));
        };
    }

    private double level(int layer) {
        return bottom() - (layer + 0.8) * ROW;
    }

    /** Draws what every picture of this model has: names of rows and columns, and a dot for each node. */
    private void drawPlaces(SvgText out) {
        for (int layer = 0; layer < graph.layers(); layer++) {
            out.text(left - 20, level(layer) + 4, SvgText.SMALL, "#888888", SvgText.Anchor.END, "layer " + layer);
        }
        for (int head = 0; !style.grouped() && head < graph.heads(); head++) {
            out.text(
                    left + (head + 0.5) * cell,
                    bottom() + 30,
                    SvgText.SMALL,
                    "#888888",
                    SvgText.Anchor.MIDDLE,
                    "h" + head);
        }
        if (!style.grouped())
            out.text(
                    left + (columns + 0.5) * cell,
                    bottom() + 30,
                    SvgText.SMALL,
                    "#888888",
                    SvgText.Anchor.MIDDLE,
                    "MLP");
        graph.nodes().stream().map(this::center).distinct().forEach(it -> out.circle(it.x(), it.y(), 2.5, "#D0D0D0"));
    }

    private void drawNodes(SvgText out) {
        Map<String, Node> drawn = new LinkedHashMap<>();
        boolean whole = style.marked().isEmpty();
        Stream<Node> ends = whole
                ? Stream.of(Node.INPUT, Node.LOGITS)
                : circuit.edges().stream()
                        .mapToObj(this::target)
                        .filter(Node.LOGITS::equals)
                        .limit(1);
        Stream.concat(circuit.nodes().stream(), ends)
                .forEach(node -> drawn.putIfAbsent(PictureNode.name(node, style.grouped()), node));
        drawn.forEach((name, node) -> {
            Point center = center(node);
            boolean marked = style.marked().contains(node.name());
            out.box(
                    center.x() - HALF_WIDTH,
                    center.y() - HALF_HEIGHT,
                    2 * HALF_WIDTH,
                    2 * HALF_HEIGHT,
                    node.kind() == Node.Kind.HEAD ? HALF_HEIGHT : 3,
                    fill(node),
                    marked ? 3 : 1);
            Optional<String> score =
                    style.grouped() ? Optional.empty() : style.below(new PictureNode(name, List.of(node)));
            out.text(
                    center.x(),
                    center.y() + (score.isPresent() ? 0 : 4),
                    name.length() > 6 ? 11 : SvgText.SMALL,
                    "#000000",
                    SvgText.Anchor.MIDDLE,
                    name);
            score.ifPresent(it -> out.text(center.x(), center.y() + 9, 8, SvgText.INK, SvgText.Anchor.MIDDLE, it));
        });
    }

    static String fill(Node node) {
        return switch (node.kind()) {
            case INPUT, LOGITS -> END;
            case HEAD -> HEAD;
            case MLP -> MLP;
        };
    }

    private void drawLine(SvgText out, Line line, int all) {
        String dash = line.sum() < 0 && style.colour() == EdgeColour.PORT ? "6 4" : "";
        stroke(out, way(line.edge()), colour(line.edge()), largest > 0 ? line.size() / largest : 0.0625, all, dash);
    }

    /** @param size of the largest score @param all how many lines the picture has */
    static void stroke(SvgText out, String way, String colour, double size, int all, String dash) {
        // Scores have long tails; their square root keeps small ones visible. Among many edges the weak ones are nearly
        // transparent.
        double share = Math.sqrt(size);
        double mist = Math.clamp(6.0 / Math.sqrt(all), 0.03, 0.3);
        out.path(
                way,
                colour,
                0.5 + 3.5 * share,
                Math.min(0.95, mist + 0.8 * Math.pow(share, all > 400 ? 1.5 : 1)),
                dash);
    }

    private String colour(int edge) {
        return switch (style.colour()) {
            case PORT -> Palette.of(port(edge));
            case SIGN -> score(edge) < 0 ? Palette.NEGATIVE : Palette.POSITIVE;
        };
    }

    /** Up from the source, and up into the target: q on its left, k in the middle, v on its right. */
    private String way(int edge) {
        Point from = center(source(edge));
        Point to = center(target(edge));
        double side = side(port(edge));
        double high = from.y() - to.y();
        double reach = Math.clamp(high / 2, 18, 150);
        double bulge = bulge(edge, from, to);
        String start = "M" + SvgText.point(from.x(), from.y() - HALF_HEIGHT);
        String end = SvgText.point(to.x() + side, to.y() + HALF_HEIGHT);
        if (bulge == 0) {
            return start + "C" + SvgText.point(from.x(), from.y() - HALF_HEIGHT - reach) + " "
                    + SvgText.point(to.x() + side, to.y() + HALF_HEIGHT + reach) + " " + end;
        }
        double x = from.x() + bulge;
        double middle = (from.y() + to.y()) / 2;
        return start + "C" + SvgText.point(from.x(), from.y() - 40) + " " + SvgText.point(x, from.y() - 30) + " "
                + SvgText.point(x, middle) + "C" + SvgText.point(x, to.y() + 30) + " "
                + SvgText.point(to.x() + side, to.y() + 40) + " " + end;
    }

    /** How far beside the middle of its head an edge enters. */
    static double side(Slot.Port port) {
        return switch (port) {
            case Q -> -9;
            case V -> 9;
            case K, WHOLE -> 0;
        };
    }

    /** In one column an edge goes around what stands between: through the gap beside it, or further out where there is room. */
    private double bulge(int edge, Point from, Point to) {
        double high = from.y() - to.y();
        if (from.x() != to.x() || high < 1.5 * ROW) return 0;
        double far = Math.min(30 + 7 * high / ROW, 98);
        return switch (source(edge).kind()) {
            case MLP -> far;
            case HEAD -> style.grouped() ? -far : 0.5 * cell;
            case INPUT, LOGITS -> columns % 2 == 0 ? 0.5 * cell : 0.25 * cell;
        };
    }

    /** The score, at the middle of the edge's way. */
    private void label(SvgText out, Line line) {
        Point from = center(source(line.edge()));
        Point to = center(target(line.edge()));
        String text = Legend.shortNumber(line.sum());
        double x = (from.x() + to.x()) / 2 + bulge(line.edge(), from, to);
        double y = (from.y() + to.y()) / 2
                + side(port(line.edge())) * 11 / 9; // of edges that run side by side, one below the other
        double half = SvgText.width(text, 9) / 2 + 1;
        out.rectangle(x - half, y - 6, 2 * half, 12, "#FFFFFF");
        out.text(x, y + 3, 9, SvgText.INK, SvgText.Anchor.MIDDLE, text);
    }

    /** @return where they end */
    static double drawKeys(SvgText out, Legend legend) {
        double x = 20;
        for (Legend.Key key : legend.keys()) {
            if (!key.colour().isEmpty()) {
                out.line(x, 76, x + 22, 76, key.colour(), 3, "");
                x += 28;
            }
            out.text(x, 80, SvgText.SMALL, "#555555", SvgText.Anchor.START, key.meaning());
            x += SvgText.width(key.meaning(), SvgText.SMALL) + 12;
        }
        return x;
    }

    private Node source(int edge) {
        return graph.sourceNode(graph.sourceOf(edge));
    }

    private Node target(int edge) {
        return graph.slotAt(graph.slotOf(edge)).node();
    }

    private Slot.Port port(int edge) {
        return graph.slotAt(graph.slotOf(edge)).port();
    }

    private double score(int edge) {
        return scores.isPresent() ? scores.get().of(edge) : 0;
    }
}
