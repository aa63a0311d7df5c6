package io.circuitscript.render;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The rows and columns of a circuit over spans, as lines of DOT: what {@link SpanColumns} says, with a heading over each column.
 *
 * <p>Graphviz has rows, and no columns. Between two columns each row has a point; an order of everything in a row keeps the points between them, and edges up
 * along the points, which are of one group, keep those of all rows in one straight line, which other edges do not cross. Graphviz forgets the order of what has no edge to the next row: so everything has one,
 * to its column's point there.
 *
 * @param enlarged how many times larger than in a small picture
 * @param look the attributes of a node at a span
 */
record SpanRows(ModelGraph graph, SpanColumns columns, boolean grouped, double enlarged, Look look) {
    private static final String INVISIBLE = " [style=invis];";

    /** The attributes of a node. */
    interface Look {
        String of(PictureNode node, boolean sends, String tooltip);
    }

    /** What a node at a span is called in DOT. */
    static String name(String node, int span) {
        return "\"" + node + "@" + span + "\"";
    }

    List<String> lines() {
        TreeMap<Integer, String> rows = new TreeMap<>();
        for (Node node : graph.nodes()) {
            boolean drawn = columns.spans().stream()
                    .anyMatch(span -> columns.nodes(span).contains(node));
            if (drawn)
                rows.putIfAbsent(
                        LayerRows.of(graph, node),
                        node.kind() == Node.Kind.HEAD || node.kind() == Node.Kind.MLP ? "layer " + node.layer() : "");
        }
        int top = LayerRows.of(graph, Node.LOGITS) + 1;
        rows.put(top, "");
        List<String> lines = new ArrayList<>();
        String named = "";
        for (var row : rows.entrySet()) {
            String label = row.getValue().equals(named) ? "" : row.getValue(); // once, where a layer has two rows
            named = row.getValue();
            int number = row.getKey();
            List<String> nodes = new ArrayList<>(List.of("\"row" + number + "\" [shape=plaintext, style=\"\", fontsize="
                    + Math.round(10 * enlarged) + ", fontcolor=\"#888888\", label=\"" + label + "\"];"));
            List<String> order = new ArrayList<>(List.of("\"row" + number + "\""));
            for (int span : columns.spans()) {
                point(nodes, order, span, number);
                if (number == top) heading(nodes, order, span);
                else place(nodes, order, span, number);
            }
            point(nodes, order, graph.spans().size(), number);
            lines.add("{ rank=same; " + String.join(" ", nodes) + " }");
            lines.add(String.join(" -> ", order) + INVISIBLE);
        }
        lines.add(up(rows, row -> "\"row" + row + "\"") + " [style=invis, weight=100];");
        for (int span : columns.spans()) {
            lines.add(border(rows, span));
            tie(lines, rows, span, top);
        }
        lines.add(border(rows, graph.spans().size()));
        return lines;
    }

    private static String up(TreeMap<Integer, String> rows, Function<Integer, String> name) {
        return rows.keySet().stream().map(name).collect(Collectors.joining(" -> "));
    }

    /** The line on the left of a span's column; of no span, that on the right of the last. */
    private String border(TreeMap<Integer, String> rows, int span) {
        return up(rows, row -> point(span, row))
                + " [weight=10, color=\"#E0E0E0\", penwidth=1, arrowhead=none, tooltip=\" \"];";
    }

    /** The edges that keep the order of a column. */
    private void tie(List<String> lines, TreeMap<Integer, String> rows, int span, int top) {
        String weightless = " [style=invis, weight=0];";
        if (rows.lowerKey(top) == null) return; // no edges at all
        lines.add(point(span, rows.lowerKey(top)) + " -> " + heading(span) + weightless);
        for (PictureNode place : PictureNode.of(columns.nodes(span), grouped)) {
            int row = LayerRows.of(graph, place.first());
            String below = rows.lowerKey(row) == null ? "" : point(span, rows.lowerKey(row)) + " -> ";
            lines.add(below + name(place.name(), span) + " -> " + point(span, rows.higherKey(row)) + weightless);
        }
    }

    private static String heading(int span) {
        return "\"heading" + span + "\"";
    }

    private static String point(int span, int row) {
        return "\"|" + span + "." + row + "\"";
    }

    private static void point(List<String> nodes, List<String> order, int span, int row) {
        nodes.add(point(span, row) + " [shape=point, width=0, height=0, style=invis, label=\"\", group=\"|" + span
                + "\"];");
        order.add(point(span, row));
    }

    /** Spaces beside some characters are lost where Graphviz's picture becomes a PNG: there are none in a heading. */
    private void heading(List<String> nodes, List<String> order, int span) {
        nodes.add(heading(span) + " [shape=plaintext, style=\"\", fontsize=" + Math.round(13 * enlarged) + ", label="
                + quoted(columns.heading(span).replace(' ', '\u00A0')) + ", tooltip="
                + quoted(SpanColumns.inOrder(columns.name(span)))
                + "];");
        order.add(heading(span));
    }

    private void place(List<String> nodes, List<String> order, int span, int row) {
        List<Node> here = columns.nodes(span).stream()
                .filter(node -> LayerRows.of(graph, node) == row)
                .toList();
        for (PictureNode place : PictureNode.of(here, grouped)) {
            boolean sends = place.nodes().stream().anyMatch(node -> columns.sends(node, span));
            String tooltip = quoted(SpanColumns.inOrder(place.name() + "@" + columns.name(span)));
            nodes.add(name(place.name(), span) + look.of(place, sends, tooltip) + ";");
            order.add(name(place.name(), span));
        }
    }

    /** A text of any characters, as DOT has it: Graphviz reads escapes and entities in a label. */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("&", "&amp;") + "\"";
    }
}
