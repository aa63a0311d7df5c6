package io.circuitscript.render;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    private final Circuit circuit;
    private final ModelGraph graph;
    private final Optional<Scores> scores;
    private final Caption caption;
    private final EdgeColour colour;
    private final double largest;
    private final StringBuilder out = new StringBuilder();

    private CircuitPicture(Circuit circuit, Optional<Scores> scores, Caption caption, EdgeColour colour) {
        this.circuit = circuit;
        this.graph = circuit.graph();
        this.scores = scores;
        this.caption = caption;
        this.colour = colour;
        this.largest = scores.map(s -> circuit.edges().stream().mapToDouble(e -> Math.abs(s.of(e))).max().orElse(0)).orElse(0.0);
    }

    /** The picture with edges coloured by port. */
    public static String dot(Circuit circuit, Optional<Scores> scores, Caption caption) {
        return dot(circuit, scores, caption, EdgeColour.PORT);
    }

    /** @param scores of the circuit's graph; without them all edges are of one width */
    public static String dot(Circuit circuit, Optional<Scores> scores, Caption caption, EdgeColour colour) {
        return new CircuitPicture(circuit, scores, caption, colour).draw();
    }

    /** The edges of one sign from one node to one other: a line for each port, side by side. */
    private record Bundle(Node from, Node to, boolean negative, Set<Slot.Port> ports, double size) {}

    private String draw() {
        List<Bundle> bundles = bundles();
        // Long edges take a place in every row they pass: many of them need narrow places, and more height between the rows.
        double between = Math.clamp(12.0 / Math.max(1, bundles.size()), 0.07, 0.25);
        // A large picture is looked at from further away.
        double enlarged = Math.clamp(Math.sqrt(bundles.size() / 60.0), 1, 2);
        double above = Math.clamp(0.4 + bundles.size() / 500.0, 0.4, 1.2);
        line("digraph circuit {");
        line("  graph [rankdir=BT, bgcolor=white, pad=0.3, margin=0, splines=true, outputorder=edgesfirst, nodesep=" + decimal(between)
                + ", ranksep=" + decimal(above) + ",");
        line("    fontname=\"" + FONT + "\", fontsize=14, labelloc=t, labeljust=c, label=<" + new Legend(colour, scores.isPresent(), largest, enlarged).of(caption) + ">];");
        line("  node [fontname=\"" + FONT + "\", fontsize=13, height=0.36, width=0.66, margin=\"0.07,0.04\", style=filled, penwidth=1, color=\"" + INK + "\"];");
        line("  edge [arrowsize=0.55];");
        drawRows(enlarged);
        bundles.forEach(this::drawEdge);
        line("}");
        return out.toString();
    }

    private void drawRows(double enlarged) {
        TreeMap<Integer, List<Node>> rows = new TreeMap<>();
        rows.put(Rows.of(graph, Node.INPUT), List.of(Node.INPUT));
        for (Node node : circuit.nodes()) {
            if (node.kind() != Node.Kind.INPUT) rows.computeIfAbsent(Rows.of(graph, node), r -> new ArrayList<>()).add(node);
        }
        rows.put(Rows.of(graph, Node.LOGITS), List.of(Node.LOGITS));
        int labelled = -1;
        for (var row : rows.entrySet()) {
            Node first = row.getValue().getFirst();
            String label = first.layer() > labelled ? "layer " + first.layer() : ""; // once, where a layer has two rows
            labelled = Math.max(labelled, first.layer());
            String nodes = row.getValue().stream().map(n -> quoted(n.name()) + look(n) + ";").collect(Collectors.joining(" "));
            line("  { rank=same; " + quoted("row" + row.getKey()) + " [shape=plaintext, style=\"\", fontsize=" + Math.round(10 * enlarged)
                    + ", fontcolor=\"#888888\", label=\"" + label + "\"]; " + nodes + " }");
            inOrder(row.getKey(), row.getValue());
        }
        // A chain that cannot be seen holds the rows in order, whatever edges the circuit has.
        String chain = rows.keySet().stream().map(r -> quoted("row" + r)).collect(Collectors.joining(" -> "));
        line("  " + chain + " [style=invis, weight=100];");
    }

    /** Another chain that cannot be seen: from the row's label to its nodes, from the left to the right by number. */
    private void inOrder(int row, List<Node> nodes) {
        if (nodes.size() < 2) return;
        String chain = nodes.stream().map(n -> quoted(n.name())).collect(Collectors.joining(" -> "));
        line("  " + quoted("row" + row) + " -> " + chain + " [style=invis];");
    }

    private static String look(Node node) {
        return switch (node.kind()) {
            case INPUT, LOGITS -> " [shape=box, style=\"filled,rounded\", fillcolor=\"#E4E4E4\", width=0.9]";
            case HEAD -> " [shape=ellipse, fillcolor=\"#DCEBFA\"]";
            case MLP -> " [shape=box, fillcolor=\"#FCE8C8\"]";
        };
    }

    private void drawEdge(Bundle bundle) {
        line("  " + quoted(bundle.from().name()) + " -> " + quoted(bundle.to().name()) + " [" + attributes(bundle) + "];");
    }

    /** The weakest first: what comes later is drawn over it. */
    private List<Bundle> bundles() {
        record Pair(int source, int target, boolean negative) {}
        Map<Pair, List<Integer>> edges = new TreeMap<>(Comparator.comparingInt(Pair::source).thenComparingInt(Pair::target).thenComparing(Pair::negative));
        BitSet all = circuit.edges();
        for (int edge = all.nextSetBit(0); edge >= 0; edge = all.nextSetBit(edge + 1)) {
            int target = graph.sourceOfSlot(graph.slotOf(edge));
            edges.computeIfAbsent(new Pair(graph.sourceOf(edge), target, score(edge) < 0), p -> new ArrayList<>()).add(edge);
        }
        return edges.entrySet().stream()
                .map(e -> bundle(e.getKey().negative(), e.getValue()))
                .sorted(Comparator.comparingDouble(Bundle::size))
                .toList();
    }

    private Bundle bundle(boolean negative, List<Integer> edges) {
        int first = edges.getFirst();
        Set<Slot.Port> ports = edges.stream().map(e -> graph.slotAt(graph.slotOf(e)).port()).collect(Collectors.toCollection(TreeSet::new));
        double size = edges.stream().mapToDouble(e -> Math.abs(score(e))).max().orElse(0);
        return new Bundle(graph.sourceNode(graph.sourceOf(first)), graph.slotAt(graph.slotOf(first)).node(), negative, ports, size);
    }

    private double score(int edge) {
        return scores.isPresent() ? scores.get().of(edge) : 0;
    }

    private String attributes(Bundle bundle) {
        // Scores have long tails: by the root, small ones stay visible.
        double share = largest > 0 ? Math.sqrt(bundle.size() / largest) : 0.25;
        double width = 0.5 + 4 * share;
        String alpha = String.format(Locale.ROOT, "%02X", Math.round(255 * (0.35 + 0.6 * share)));
        List<String> colours = colour == EdgeColour.SIGN
                ? List.of(bundle.negative() ? Palette.NEGATIVE : Palette.POSITIVE)
                : bundle.ports().stream().map(Palette::of).toList();
        if (colours.size() > 1) width = Math.min(width, 2); // lines side by side stand two points apart
        return "color=\"" + colours.stream().map(c -> c + alpha).collect(Collectors.joining(":")) + "\", penwidth="
                + decimal(width) + ", weight=" + Math.round(1 + 4 * share)
                + (bundle.negative() && colour == EdgeColour.PORT ? ", style=dashed" : "");
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
