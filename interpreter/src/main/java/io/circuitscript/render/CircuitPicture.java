package io.circuitscript.render;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A circuit as text of Graphviz's DOT: nodes by layer from {@code input} at the bottom up to {@code logits}, with a title and a legend. An edge
 * is as wide as its score is large. Edges from one node to several ports of one head run side by side as one.
 */
public final class CircuitPicture {
    static final String FONT = "DejaVu Sans";
    private static final String INK = "#333333";

    /** The most edges that a tooltip lists. */
    static final int MOST_TOLD = 8;

    /** Spaces that keep a label off its edge, which may be wide. */
    private static final String ASIDE = "\u00A0\u00A0";

    private final Circuit circuit;
    private final ModelGraph graph;
    private final Optional<Scores> scores;
    private final Caption caption;
    private final EdgeColour colour;
    private final PictureStyle style;
    private final double largest;
    private final StringBuilder out = new StringBuilder();

    private CircuitPicture(Circuit circuit, Optional<Scores> scores, Caption caption, PictureStyle style) {
        this.circuit = circuit;
        this.graph = circuit.graph();
        this.scores = scores;
        this.caption = caption;
        this.style = style;
        this.colour = style.colour();
        this.largest = scores.map(s -> circuit.edges().stream()
                        .mapToDouble(e -> Math.abs(s.of(e)))
                        .max()
                        .orElse(0))
                .orElse(0.0);
    }

    /** The picture with edges coloured by port. */
    public static String dot(Circuit circuit, Optional<Scores> scores, Caption caption) {
        return dot(circuit, scores, caption, PictureStyle.PLAIN);
    }

    /** @param scores of the circuit's graph; without them all edges are of one width */
    public static String dot(Circuit circuit, Optional<Scores> scores, Caption caption, PictureStyle style) {
        return new CircuitPicture(circuit, scores, caption, style).draw();
    }

    /** The edges of one sign from one node to one other: a line for each port, side by side. */
    private record Bundle(
            String from,
            String to,
            boolean negative,
            Set<Slot.Port> ports,
            double size,
            String label,
            String tooltip) {}

    /** How many lines Graphviz would have to lay out. */
    public static int lines(Circuit circuit, Optional<Scores> scores, PictureStyle style) {
        Caption none = new Caption("", "", 0, 0, OptionalDouble.empty(), "");
        CircuitPicture picture = new CircuitPicture(circuit, scores, none, style);
        return picture.bundles().size() + picture.moves().size();
    }

    private String draw() {
        List<Bundle> bundles = bundles();
        // Long edges take a place in every row they pass: many of them need narrow places, and more height between the
        // rows.
        double between = Math.clamp(12.0 / Math.max(1, bundles.size()), 0.07, 0.25);
        // A large picture is viewed from further away, so that everything is drawn larger.
        double enlarged = Math.clamp(Math.sqrt(bundles.size() / 60.0), 1, 2);
        double above = Math.clamp(0.4 + bundles.size() / 500.0, 0.4, 1.2);
        line("digraph circuit {");
        line("  graph [rankdir=BT, bgcolor=white, pad=0.3, margin=0, splines=true, outputorder=edgesfirst, nodesep="
                + decimal(between) + ", ranksep=" + decimal(above) + ",");
        line("    fontname=\"" + FONT + "\", fontsize=14, labelloc=t, labeljust=c, label=<"
                + new Legend(colour, scores.isPresent(), style.notes(), graph.hasSpans(), largest, enlarged).of(caption)
                + ">];");
        line("  node [fontname=\"" + FONT
                + "\", fontsize=13, height=0.36, width=0.66, margin=\"0.07,0.04\", style=filled, penwidth=1, color=\""
                + INK + "\"];");
        line("  edge [arrowsize=0.55];");
        if (graph.hasSpans()) {
            new SpanRows(graph, new SpanColumns(circuit, style.marked()), style.grouped(), enlarged, this::look)
                    .lines()
                    .forEach(it -> line("  " + it));
        } else {
            drawRows(enlarged);
        }
        bundles.forEach(this::drawEdge);
        moves().forEach(it -> line("  " + it));
        line("}");
        return out.toString();
    }

    /** What attention carries from one column to another, each pair of nodes once. */
    private List<String> moves() {
        if (!graph.hasSpans()) return List.of();
        SpanColumns columns = new SpanColumns(circuit, style.marked());
        record Way(String head, int left, int right) {}
        Map<Way, List<SpanColumns.Move>> ways = new LinkedHashMap<>();
        for (SpanColumns.Move move : columns.moves()) {
            Way way = new Way(
                    PictureNode.name(move.head(), style.grouped()),
                    Math.min(move.from(), move.to()),
                    Math.max(move.from(), move.to()));
            ways.computeIfAbsent(way, it -> new ArrayList<>()).add(move);
        }
        // Always from left to right, as the row's order is: Graphviz would turn the order around.
        return ways.entrySet().stream()
                .map(it -> {
                    Way way = it.getKey();
                    boolean back = it.getValue().stream().anyMatch(move -> move.to() == way.left());
                    boolean forth = it.getValue().stream().anyMatch(move -> move.to() == way.right());
                    String told = it.getValue().stream().map(columns::text).collect(Collectors.joining("; "));
                    return SpanRows.name(way.head(), way.left()) + " -> " + SpanRows.name(way.head(), way.right())
                            + " [" + (back ? forth ? "dir=both, " : "dir=back, " : "") + "color=\""
                            + SpanColumns.MOVE_COLOUR + "\", penwidth=1.3, weight=0, constraint=false, tooltip="
                            + SpanRows.quoted(told) + "];";
                })
                .toList();
    }

    private void drawRows(double enlarged) {
        TreeMap<Integer, List<Node>> rows = new TreeMap<>();
        boolean whole = style.marked().isEmpty();
        if (whole || touches(Node.INPUT)) rows.put(LayerRows.of(graph, Node.INPUT), List.of(Node.INPUT));
        for (Node node : circuit.nodes()) {
            if (node.kind() != Node.Kind.INPUT)
                rows.computeIfAbsent(LayerRows.of(graph, node), r -> new ArrayList<>())
                        .add(node);
        }
        if (whole || touches(Node.LOGITS)) rows.put(LayerRows.of(graph, Node.LOGITS), List.of(Node.LOGITS));
        int labelled = -1;
        for (var row : rows.entrySet()) {
            Node first = row.getValue().getFirst();
            String label = first.layer() > labelled ? "layer " + first.layer() : ""; // once, where a layer has two rows
            labelled = Math.max(labelled, first.layer());
            List<PictureNode> places = PictureNode.of(row.getValue(), style.grouped());
            String nodes = places.stream()
                    .map(it -> quoted(it.name()) + look(it) + ";")
                    .collect(Collectors.joining(" "));
            line("  { rank=same; " + quoted("row" + row.getKey()) + " [shape=plaintext, style=\"\", fontsize="
                    + Math.round(10 * enlarged) + ", fontcolor=\"#888888\", label=\"" + label + "\"]; " + nodes + " }");
            inOrder(row.getKey(), places);
        }
        // An invisible chain of edges keeps the rows in order, whatever edges the circuit has.
        String chain = rows.keySet().stream().map(r -> quoted("row" + r)).collect(Collectors.joining(" -> "));
        line("  " + chain + " [style=invis, weight=100];");
    }

    /** Another invisible chain keeps a row in order: its label, then its nodes by number from left to right. */
    private void inOrder(int row, List<PictureNode> places) {
        if (places.size() < 2) return;
        String chain = places.stream().map(it -> quoted(it.name())).collect(Collectors.joining(" -> "));
        line("  " + quoted("row" + row) + " -> " + chain + " [style=invis];");
    }

    private String look(PictureNode place) {
        return " [" + attributes(place) + "]";
    }

    /** Of a node at a span, which is hollow where no edge leaves it. */
    private String look(PictureNode place, boolean sends, String tooltip) {
        String hollow = sends ? "" : ", fillcolor=\"" + SpanColumns.HOLLOW + "\"";
        String named = ", label=" + quoted(place.label()); // the name in DOT has the span
        return " [" + attributes(place) + hollow + named + ", tooltip=" + tooltip + "]";
    }

    private String attributes(PictureNode place) {
        String look = switch (place.first().kind()) {
            case INPUT, LOGITS -> "shape=box, style=\"filled,rounded\", fillcolor=\"#E4E4E4\", width=0.9";
            case HEAD ->
                place.nodes().size() == 1
                        ? "shape=ellipse, fillcolor=\"#DCEBFA\""
                        : "shape=box, style=\"filled,rounded\", fillcolor=\"#DCEBFA\"";
            case MLP -> "shape=box, fillcolor=\"#FCE8C8\"";
        };
        String named = place.label() + style.below(place).map(it -> "\\n" + it).orElse("");
        String label = named.equals(place.name()) ? "" : ", label=" + quoted(named);
        String mark =
                place.nodes().stream().anyMatch(node -> style.marked().contains(node.name())) ? ", penwidth=3" : "";
        return look + label + mark;
    }

    private boolean touches(Node node) {
        return circuit.edges().stream()
                .anyMatch(edge -> graph.sourceNode(graph.sourceOf(edge)).equals(node)
                        || graph.slotAt(graph.slotOf(edge)).node().equals(node));
    }

    private void drawEdge(Bundle bundle) {
        line("  " + quoted(bundle.from()) + " -> " + quoted(bundle.to()) + " [" + attributes(bundle) + bundle.tooltip()
                + "];");
    }

    /** The weakest edges first, since later ones are drawn over earlier ones. */
    private List<Bundle> bundles() {
        record Pair(String source, String target, boolean negative) {}
        Map<Pair, List<Integer>> edges = new LinkedHashMap<>();
        BitSet all = circuit.edges();
        for (int edge = all.nextSetBit(0); edge >= 0; edge = all.nextSetBit(edge + 1)) {
            edges.computeIfAbsent(new Pair(from(edge), to(edge), score(edge) < 0), p -> new ArrayList<>())
                    .add(edge);
        }
        return edges.entrySet().stream()
                .map(e -> bundle(e.getKey().negative(), e.getValue()))
                .sorted(Comparator.comparingDouble(Bundle::size))
                .toList();
    }

    private Bundle bundle(boolean negative, List<Integer> edges) {
        int first = edges.getFirst();
        Set<Slot.Port> ports = edges.stream()
                .map(e -> graph.slotAt(graph.slotOf(e)).port())
                .collect(Collectors.toCollection(TreeSet::new));
        double size = edges.stream().mapToDouble(e -> Math.abs(score(e))).max().orElse(0);
        String label = style.labelled() && scores.isPresent() ? label(edges) : "";
        return new Bundle(from(first), to(first), negative, ports, size, label, tooltip(edges));
    }

    /** Of an edge at a span its name and score. */
    private String tooltip(List<Integer> edges) {
        if (!graph.hasSpans()) return "";
        String told = edges.stream()
                .limit(MOST_TOLD)
                .map(edge -> SpanGridPicture.told(graph, scores, edge))
                .collect(Collectors.joining("; "));
        int more = edges.size() - MOST_TOLD;
        return ", tooltip=" + SpanRows.quoted(more > 0 ? told + "; " + more + " more" : told);
    }

    private String from(int edge) {
        return PictureNode.name(graph.sourceNode(graph.sourceOf(edge)), style.grouped()) + column(edge);
    }

    private String to(int edge) {
        return PictureNode.name(graph.slotAt(graph.slotOf(edge)).node(), style.grouped()) + column(edge);
    }

    private String column(int edge) {
        return graph.hasSpans() ? "@" + graph.spanOf(edge) : "";
    }

    /** The score; of several edges, the sum for each port. */
    private String label(List<Integer> edges) {
        Map<Slot.Port, Double> sums = new TreeMap<>();
        for (int edge : edges) sums.merge(graph.slotAt(graph.slotOf(edge)).port(), score(edge), Double::sum);
        return sums.entrySet().stream()
                .map(sum -> ASIDE + shortName(sum.getKey()) + Legend.shortNumber(sum.getValue()))
                .collect(Collectors.joining("\\n"));
    }

    private static String shortName(Slot.Port port) {
        return switch (port) {
            case Q -> "q ";
            case K -> "k ";
            case V -> "v ";
            case WHOLE -> "";
        };
    }

    private double score(int edge) {
        return scores.isPresent() ? scores.get().of(edge) : 0;
    }

    private String attributes(Bundle bundle) {
        // Scores have long tails; their square root keeps small ones visible.
        double share = largest > 0 ? Math.sqrt(bundle.size() / largest) : 0.25;
        double width = 0.5 + 4 * share;
        String alpha = String.format(Locale.ROOT, "%02X", Math.round(255 * (0.35 + 0.6 * share)));
        List<String> colours = colour == EdgeColour.SIGN
                ? List.of(bundle.negative() ? Palette.NEGATIVE : Palette.POSITIVE)
                : bundle.ports().stream().map(Palette::of).toList();
        if (colours.size() > 1) width = Math.min(width, 2); // lines side by side stand two points apart
        return "color=\"" + colours.stream().map(c -> c + alpha).collect(Collectors.joining(":")) + "\", penwidth="
                + decimal(width) + ", weight=" + Math.round(1 + 4 * share)
                + (bundle.negative() && colour == EdgeColour.PORT ? ", style=dashed" : "")
                + (bundle.label().isEmpty()
                        ? ""
                        : ", label=" + quoted(bundle.label()) + ", fontname=\"" + FONT
                                + "\", fontsize=9, fontcolor=\"#555555\"");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
