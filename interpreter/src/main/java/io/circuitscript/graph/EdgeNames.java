package io.circuitscript.graph;

import io.circuitscript.source.NodeNotation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the edges of a model that a name means ({@code m0->a2.h1<v>}, {@code m*->a3.h*<qk>}), or says why it means none. */
public final class EdgeNames {
    private static final int SUGGESTIONS = 3;

    private EdgeNames() {}

    /** What a name means in a model. */
    public sealed interface Match {
        /** At least one edge. */
        record Found(BitSet edges) implements Match {
            public Found {
                edges = (BitSet) edges.clone();
            }
        }

        record Nothing(UnresolvedName why) implements Match {}
    }

    public static Match match(ModelGraph graph, String text) {
        int arrow = text.indexOf("->");
        if (arrow < 0) return nothing(text + " is not a valid edge: an edge is written m0->logits", List.of());
        String left = text.substring(0, arrow).strip();
        Destination right = Destination.read(text.substring(arrow + 2).strip());
        NodeNames.Match from = NodeNames.match(graph, left);
        if (from instanceof NodeNames.Match.Nothing(UnresolvedName why)) return new Match.Nothing(why);
        NodeNames.Match to = NodeNames.match(graph, right.nodes());
        if (to instanceof NodeNames.Match.Nothing(UnresolvedName why)) return new Match.Nothing(why);
        if (right.marked() && !NodeNotation.readsAsPorts(right.ports())) {
            return nothing(
                    text + " is not a valid edge: a head's ports are <q>, <k>, <v>, or several as <qk>", List.of());
        }
        List<Node> sources = ((NodeNames.Match.Found) from).nodes();
        List<Node> targets = ((NodeNames.Match.Found) to).nodes();
        return match(graph, text, sources, targets, right);
    }

    private static Match match(
            ModelGraph graph, String text, List<Node> sources, List<Node> targets, Destination right) {
        List<Slot> slots = new ArrayList<>();
        for (Node target : targets) slots.addAll(slots(graph, target, right.ports()));
        BitSet edges = graph.edgesBetween(sources, slots);
        if (!edges.isEmpty()) return new Match.Found(edges);
        if (sources.size() == 1 && targets.size() == 1) {
            return new Match.Nothing(why(graph, sources.getFirst(), targets.getFirst(), right.ports())
                    .orElseThrow());
        }
        return nothing(
                text + " contains no edges: none runs from "
                        + text.substring(0, text.indexOf("->")).strip() + " to " + right,
                List.of());
    }

    /** The ways into a node by the ports named: all where none is; none where the node has no such port. */
    public static List<Slot> slots(ModelGraph graph, Node node, String ports) {
        if (ports.isEmpty()) return graph.slots(node);
        return graph.slots(node).stream()
                .filter(s -> ports.contains(portLetter(s.port())))
                .toList();
    }

    private static String portLetter(Slot.Port port) {
        return switch (port) {
            case Q -> "q";
            case K -> "k";
            case V -> "v";
            case WHOLE -> "none";
        };
    }

    /**
     * Why no edge runs between two nodes, and the nearest edges that do; empty where one does.
     *
     * @param ports letters of {@code qkv} as written, or empty
     */
    public static Optional<UnresolvedName> why(ModelGraph graph, Node from, Node to, String ports) {
        Optional<UnresolvedName> missing = NodeNames.missing(graph, from).or(() -> NodeNames.missing(graph, to));
        if (missing.isPresent()) return missing;
        if (!graph.edgesBetween(List.of(from), slots(graph, to, ports)).isEmpty()) return Optional.empty();
        String name = name(from, to, ports);
        return Optional.of(UnresolvedName.edge(
                name + " is not a valid edge: " + reason(graph, from, to, ports), nearest(graph, from, to, ports)));
    }

    private static String reason(ModelGraph graph, Node from, Node to, String ports) {
        if (from.kind() == Node.Kind.LOGITS) return "logits has no outgoing edges";
        if (to.kind() == Node.Kind.INPUT) return "input has no incoming edges";
        if (from.equals(to)) return "an edge runs from a node to a later one";
        if (!ports.isEmpty() && exists(graph, from, to)) {
            return to.kind() == Node.Kind.MLP ? "an MLP has no ports" : "logits has no ports";
        }
        boolean sameLayer = from.layer() == to.layer();
        if (sameLayer && from.kind() == Node.Kind.HEAD && to.kind() == Node.Kind.HEAD)
            return "heads of one layer run side by side";
        if (sameLayer && graph.parallel())
            return "in this model's parallel blocks heads and MLP of one layer run side by side";
        return from + " comes after " + to;
    }

    private static List<String> nearest(ModelGraph graph, Node from, Node to, String ports) {
        Set<String> names = new LinkedHashSet<>();
        suggest(graph, from, to, "", names);
        suggest(graph, to, from, ports, names);
        if (from.kind() != Node.Kind.LOGITS) {
            for (int layer = 0; layer < graph.layers(); layer++) {
                if (suggest(graph, from, inLayer(to.kind() == Node.Kind.INPUT ? Node.mlp(0) : to, layer), ports, names))
                    break;
            }
        }
        for (int layer = graph.layers() - 1; layer >= 0; layer--) {
            if (suggest(graph, inLayer(from.kind() == Node.Kind.LOGITS ? Node.mlp(0) : from, layer), to, ports, names))
                break;
        }
        suggest(graph, Node.INPUT, to, ports, names);
        return names.stream().limit(SUGGESTIONS).toList();
    }

    private static Node inLayer(Node node, int layer) {
        return switch (node.kind()) {
            case HEAD -> Node.head(layer, node.head());
            case MLP -> Node.mlp(layer);
            case INPUT, LOGITS -> node;
        };
    }

    private static boolean suggest(ModelGraph graph, Node from, Node to, String ports, Set<String> names) {
        if (!exists(graph, from, to)) return false;
        return names.add(name(from, to, to.kind() == Node.Kind.HEAD ? ports : ""));
    }

    private static boolean exists(ModelGraph graph, Node from, Node to) {
        return !graph.edgesBetween(List.of(from), graph.slots(to)).isEmpty();
    }

    private static String name(Node from, Node to, String ports) {
        return from + "->" + to + (ports.isEmpty() ? "" : "<" + ports + ">");
    }

    private static Match nothing(String message, List<String> nearest) {
        return new Match.Nothing(UnresolvedName.edge(message, nearest));
    }

    /** What stands right of the arrow: nodes, and ports where they are marked. */
    private record Destination(String nodes, String ports, boolean marked) {
        static Destination read(String text) {
            int open = text.indexOf('<');
            if (open < 0 || !text.endsWith(">")) return new Destination(text, "", false);
            return new Destination(text.substring(0, open), text.substring(open + 1, text.length() - 1), true);
        }

        @Override
        public String toString() {
            return marked ? nodes + "<" + ports + ">" : nodes;
        }
    }
}
