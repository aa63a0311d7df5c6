package io.circuitscript.render;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A circuit over spans as SVG in a grid: a row for each layer as in {@link GridPicture}, and a column for each span, in which the heads that an edge
 * touches there stand in the order of their numbers, MLPs on the right. What {@link SpanColumns} says holds of its lines.
 */
final class SpanGridPicture {
    private static final double CELL = 66;
    private static final double GROUPED_CELL = 110;
    private static final double LEFT = 90;
    private static final double NARROWEST = 900;
    private static final double HEADINGS = 106;
    private static final double TOP = 150;
    private static final double ROW = 92;
    private static final double LANE = 5;
    private static final double HALF_WIDTH = 27;
    private static final double HALF_HEIGHT = 12;
    private static final String BAND = "#F5F5F5";

    private final Circuit circuit;
    private final ModelGraph graph;
    private final Optional<Scores> scores;
    private final Caption caption;
    private final PictureStyle style;
    private final SpanColumns columns;
    private final double largest;
    private final double cell;

    /** By span: where its column begins and how wide it is, and the number of each of its heads' places. */
    private final Map<Integer, Column> places = new LinkedHashMap<>();

    /** By layer: the lane above its row in which a head's moves run. */
    private final Map<Integer, Map<String, Integer>> lanes = new TreeMap<>();

    private final double[] levels;
    private final double bottom;
    private final double right;

    /** @param heads by the node's place: a head's number, or as many as there are heads for the MLP */
    private record Column(double left, double width, List<Integer> heads) {}

    private record Point(double x, double y) {}

    /** What is drawn as one: an edge at a span, or those of one port and sign between two groups. */
    private record Line(List<Integer> edges, double size, double sum) {}

    private SpanGridPicture(Circuit circuit, Optional<Scores> scores, Caption caption, PictureStyle style) {
        this.circuit = circuit;
        this.graph = circuit.graph();
        this.scores = scores;
        this.caption = caption;
        this.style = style;
        this.columns = new SpanColumns(circuit, style.marked());
        this.cell = style.grouped() ? GROUPED_CELL : CELL;
        this.largest = circuit.edges().stream()
                .mapToDouble(edge -> Math.abs(score(edge)))
                .max()
                .orElse(0);
        for (int span : columns.spans()) {
            List<Integer> heads = List.copyOf(columns.nodes(span).stream()
                    .filter(node -> node.kind() == Node.Kind.HEAD || node.kind() == Node.Kind.MLP)
                    .map(this::subColumn)
                    .collect(Collectors.toCollection(TreeSet::new)));
            double heading = SvgText.width(columns.heading(span), 13) + 16;
            double width = Math.max(heading, Math.max(1, heads.size()) * cell + 24);
            places.put(span, new Column(0, width, heads));
        }
        // A small circuit's columns are as wide together as the legend above them.
        double used = places.values().stream().mapToDouble(Column::width).sum();
        double more = Math.max(0, NARROWEST - LEFT - used) / Math.max(1, places.size());
        double x = LEFT;
        for (var place : places.entrySet()) {
            Column column = place.getValue();
            place.setValue(new Column(x, column.width() + more, column.heads()));
            x += column.width() + more;
        }
        this.right = x;
        for (SpanColumns.Move move : columns.moves()) {
            Map<String, Integer> layer = lanes.computeIfAbsent(move.head().layer(), it -> new HashMap<>());
            layer.putIfAbsent(name(move.head()), layer.size());
        }
        // From the top down: above a row of heads there is room for its lanes.
        this.levels = new double[graph.layers()];
        double y = TOP + 0.2 * ROW;
        for (int layer = graph.layers() - 1; layer >= 0; layer--) {
            y += ROW + LANE * Math.max(0, lanes.getOrDefault(layer, Map.of()).size() - 2);
            levels[layer] = y;
        }
        this.bottom = y + 0.8 * ROW;
    }

    static String svg(Circuit circuit, Optional<Scores> scores, Caption caption, PictureStyle style) {
        return new SpanGridPicture(circuit, scores, caption, style).draw();
    }

    private String draw() {
        SvgText out = new SvgText();
        List<Line> all = lines();
        List<Line> lines = all.subList(Math.max(0, all.size() - GridPicture.MOST), all.size());
        drawColumns(out);
        lines.forEach(line -> drawLine(out, line, lines.size()));
        columns.moves().forEach(move -> drawMove(out, move));
        columns.spans().forEach(span -> drawNodes(out, span));
        if (style.labelled() && scores.isPresent()) lines.forEach(line -> label(out, line));
        String note = lines.size() == all.size()
                ? ""
                : String.format(Locale.ROOT, " · the strongest %,d are drawn", GridPicture.MOST);
        out.text(20, 32, 20, "#000000", SvgText.Anchor.START, caption.title());
        out.text(20, 54, 13, SvgText.INK, SvgText.Anchor.START, caption.numbers() + note);
        double keys = GridPicture.drawKeys(
                out, new Legend(style.colour(), scores.isPresent(), style.notes(), true, largest, 1));
        double wide = Math.max(SvgText.width(caption.title(), 20), SvgText.width(caption.numbers() + note, 13)) + 40;
        return out.document(Math.max(right + 20, Math.max(wide, keys)), bottom + 48, caption.title());
    }

    private void drawColumns(SvgText out) {
        int number = 0;
        for (var place : places.entrySet()) {
            Column column = place.getValue();
            if (number++ % 2 == 0)
                out.rectangle(column.left(), HEADINGS - 16, column.width(), bottom + 36 - HEADINGS + 16, BAND);
            out.begin(SpanColumns.inOrder(columns.name(place.getKey())));
            out.text(
                    column.left() + column.width() / 2,
                    HEADINGS,
                    13,
                    "#000000",
                    SvgText.Anchor.MIDDLE,
                    columns.heading(place.getKey()));
            out.end();
            for (int i = 0; !style.grouped() && i < column.heads().size(); i++) {
                int head = column.heads().get(i);
                out.text(
                        x(column, i),
                        bottom + 30,
                        SvgText.SMALL - 1,
                        "#888888",
                        SvgText.Anchor.MIDDLE,
                        head == graph.heads() ? "MLP" : "h" + head);
            }
        }
        for (int layer = 0; layer < graph.layers(); layer++)
            out.text(LEFT - 16, levels[layer] + 4, SvgText.SMALL, "#888888", SvgText.Anchor.END, "layer " + layer);
    }

    private void drawNodes(SvgText out, int span) {
        Map<String, List<Node>> drawn = columns.nodes(span).stream()
                .collect(Collectors.groupingBy(this::name, LinkedHashMap::new, Collectors.toList()));
        drawn.forEach((name, nodes) -> {
            Node node = nodes.getFirst();
            Point center = center(node, span);
            boolean sends = nodes.stream().anyMatch(it -> columns.sends(it, span));
            boolean marked = nodes.stream().anyMatch(it -> style.marked().contains(it.name()));
            out.box(
                    center.x() - HALF_WIDTH,
                    center.y() - HALF_HEIGHT,
                    2 * HALF_WIDTH,
                    2 * HALF_HEIGHT,
                    node.kind() == Node.Kind.HEAD ? HALF_HEIGHT : 3,
                    sends ? GridPicture.fill(node) : SpanColumns.HOLLOW,
                    marked ? 3 : 1);
            out.text(
                    center.x(),
                    center.y() + 4,
                    name.length() > 6 ? 11 : SvgText.SMALL,
                    "#000000",
                    SvgText.Anchor.MIDDLE,
                    name);
        });
    }

    /** The weakest edges first, since later ones are drawn over earlier ones. */
    private List<Line> lines() {
        record Way(String from, String to, Slot.Port port, int span, boolean negative) {}
        Map<Way, List<Integer>> lines = new LinkedHashMap<>();
        circuit.edges().stream().forEach(edge -> {
            Way way = new Way(name(source(edge)), name(target(edge)), port(edge), graph.spanOf(edge), score(edge) < 0);
            lines.computeIfAbsent(way, it -> new ArrayList<>()).add(edge);
        });
        return lines.values().stream()
                .map(edges -> new Line(
                        edges,
                        edges.stream()
                                .mapToDouble(e -> Math.abs(score(e)))
                                .max()
                                .orElse(0),
                        edges.stream().mapToDouble(this::score).sum()))
                .sorted(Comparator.comparingDouble(Line::size))
                .toList();
    }

    private void drawLine(SvgText out, Line line, int all) {
        int edge = line.edges().getFirst();
        String dash = line.sum() < 0 && style.colour() == EdgeColour.PORT ? "6 4" : "";
        String colour = switch (style.colour()) {
            case PORT -> Palette.of(port(edge));
            case SIGN -> line.sum() < 0 ? Palette.NEGATIVE : Palette.POSITIVE;
        };
        out.begin(told(line));
        GridPicture.stroke(out, way(edge), colour, largest > 0 ? line.size() / largest : 0.0625, all, dash);
        out.end();
    }

    /** {@code m0->a2.h1<k>@S2 0.12}; of several, the strongest, a line each. */
    private String told(Line line) {
        String text = line.edges().stream()
                .sorted(Comparator.comparingDouble((Integer e) -> -Math.abs(score(e))))
                .limit(CircuitPicture.MOST_TOLD)
                .map(e -> told(graph, scores, e))
                .collect(Collectors.joining("; "));
        int more = line.edges().size() - CircuitPicture.MOST_TOLD;
        return more > 0 ? text + "; " + more + " more" : text;
    }

    static String told(ModelGraph graph, Optional<Scores> scores, int edge) {
        return SpanColumns.inOrder(graph.edgeName(edge))
                + scores.map(it -> " " + Legend.number("%.3g", it.of(edge))).orElse("");
    }

    /** From the right of the head where it is read, along its lane above the row, to the left of the head where it is used. */
    private void drawMove(SvgText out, SpanColumns.Move move) {
        Point from = center(move.head(), move.from());
        Point to = center(move.head(), move.to());
        int number = lanes.get(move.head().layer()).get(name(move.head()));
        double lane = from.y() - HALF_HEIGHT - 7 - LANE * number;
        double up = from.x() + HALF_WIDTH + 4;
        double down = to.x() - HALF_WIDTH - 5;
        double turn = up < down ? 3 : -3;
        String way = "M" + SvgText.point(from.x() + HALF_WIDTH, from.y()) + "L" + SvgText.point(up, from.y()) + " "
                + SvgText.point(up, lane + 3) + "L" + SvgText.point(up + turn, lane) + " "
                + SvgText.point(down - turn, lane) + "L" + SvgText.point(down, lane + 3) + " "
                + SvgText.point(down, to.y()) + "L" + SvgText.point(to.x() - HALF_WIDTH - 4, to.y());
        out.begin(columns.text(move));
        out.path(way, SpanColumns.MOVE_COLOUR, 1.4, 1, "");
        double tip = to.x() - HALF_WIDTH;
        out.polygon(
                SvgText.point(tip, to.y()) + " " + SvgText.point(tip - 5, to.y() - 3.5) + " "
                        + SvgText.point(tip - 5, to.y() + 3.5),
                SpanColumns.MOVE_COLOUR);
        out.end();
    }

    /** Up from the source, and up into the target: q on its left, k in the middle, v on its right; around what stands between in one column. */
    private String way(int edge) {
        Point from = center(source(edge), graph.spanOf(edge));
        Point to = center(target(edge), graph.spanOf(edge));
        double side = GridPicture.side(port(edge));
        double high = from.y() - to.y();
        double bulge = bulge(edge, from, to);
        String start = "M" + SvgText.point(from.x(), from.y() - HALF_HEIGHT);
        String end = SvgText.point(to.x() + side, to.y() + HALF_HEIGHT);
        if (bulge == 0) {
            double reach = Math.clamp(high / 2, 18, 150);
            return start + "C" + SvgText.point(from.x(), from.y() - HALF_HEIGHT - reach) + " "
                    + SvgText.point(to.x() + side, to.y() + HALF_HEIGHT + reach) + " " + end;
        }
        double x = from.x() + bulge;
        return start + "C" + SvgText.point(from.x(), from.y() - 40) + " " + SvgText.point(x, from.y() - 30) + " "
                + SvgText.point(x, (from.y() + to.y()) / 2) + "C" + SvgText.point(x, to.y() + 30) + " "
                + SvgText.point(to.x() + side, to.y() + 40) + " " + end;
    }

    private double bulge(int edge, Point from, Point to) {
        if (Math.abs(from.x() - to.x()) > 1 || from.y() - to.y() < 1.5 * ROW) return 0;
        double side = source(edge).kind() == Node.Kind.MLP || source(edge).kind() == Node.Kind.HEAD ? 0.5 : -0.5;
        return side * cell;
    }

    private void label(SvgText out, Line line) {
        int edge = line.edges().getFirst();
        Point from = center(source(edge), graph.spanOf(edge));
        Point to = center(target(edge), graph.spanOf(edge));
        String text = Legend.shortNumber(line.sum());
        // The middle of a cubic whose ends lead straight up; of edges that run side by side, one below the other.
        double x = (from.x() + to.x()) / 2 + bulge(edge, from, to);
        double y = (from.y() + to.y()) / 2 + GridPicture.side(port(edge)) * 11 / 9;
        double half = SvgText.width(text, 9) / 2 + 1;
        out.rectangle(x - half, y - 6, 2 * half, 12, "#FFFFFF");
        out.text(x, y + 3, 9, SvgText.INK, SvgText.Anchor.MIDDLE, text);
    }

    private Point center(Node node, int span) {
        Column column = places.get(span);
        double middle = column.left() + column.width() / 2;
        return switch (node.kind()) {
            case INPUT -> new Point(middle, bottom);
            case LOGITS -> new Point(middle, TOP);
            case HEAD, MLP ->
                new Point(
                        x(column, column.heads().indexOf(subColumn(node))),
                        levels[node.layer()]
                                - (node.kind() == Node.Kind.HEAD || graph.parallel() ? 0 : mlpHeight(node.layer())));
        };
    }

    /** How far above its layer's heads an MLP stands. */
    private double mlpHeight(int layer) {
        return 0.48 * ROW
                + LANE * Math.max(0, lanes.getOrDefault(layer, Map.of()).size() - 2);
    }

    private double x(Column column, int place) {
        double used = Math.max(1, column.heads().size()) * cell;
        return column.left() + (column.width() - used) / 2 + (place + 0.5) * cell;
    }

    private int subColumn(Node node) {
        if (node.kind() == Node.Kind.MLP) return graph.heads();
        return style.grouped() ? 0 : node.head();
    }

    private String name(Node node) {
        return PictureNode.name(node, style.grouped());
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
