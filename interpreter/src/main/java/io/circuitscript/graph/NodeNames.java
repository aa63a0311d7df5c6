package io.circuitscript.graph;

import io.circuitscript.source.NodeNotation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Finds the nodes of a model that a word means, or says why it means none. */
public final class NodeNames {
    private NodeNames() {}

    /** Whether a word reads as a node or a pattern of nodes, in whatever model. */
    public static boolean readsAsPattern(String word) {
        return NodeNotation.readsAsNode(word) || NodePattern.read(word).isPresent();
    }

    /** What a word means in a model. */
    public sealed interface Match {
        /** At least one node, in the fixed order. */
        record Found(List<Node> nodes) implements Match {
            public Found {
                nodes = List.copyOf(nodes);
            }
        }

        record Nothing(UnresolvedName why) implements Match {}
    }

    public static Match match(ModelGraph graph, String word) {
        Optional<NodePattern> pattern = NodePattern.read(word);
        Optional<UnresolvedName> wrong =
                pattern.isEmpty() ? Optional.of(unreadable(graph, word)) : missing(graph, word, pattern.get());
        if (wrong.isPresent()) return new Match.Nothing(wrong.get());
        return new Match.Found(
                graph.nodes().stream().filter(pattern.get()::matches).toList());
    }

    private static Optional<UnresolvedName> missing(ModelGraph graph, String word, NodePattern pattern) {
        return switch (pattern) {
            case NodePattern.Every() -> Optional.empty();
            case NodePattern.Mlps() -> Optional.empty();
            case NodePattern.Single(Node node) -> missing(graph, node);
            case NodePattern.Heads(OptionalInt layer, OptionalInt head) -> missingHeads(graph, word, layer, head);
            case NodePattern.Range(Node first, Node last) ->
                missing(graph, first).or(() -> missing(graph, last)).or(() -> backwards(word, first, last));
        };
    }

    /** Why a model has no such node; empty where it has. */
    public static Optional<UnresolvedName> missing(ModelGraph graph, Node node) {
        if (graph.has(node)) return Optional.empty();
        int layer = Math.min(node.layer(), graph.layers() - 1);
        String reason = layer != node.layer() ? layers(graph, node.kind()) : heads(graph, layer);
        Node near = node.kind() == Node.Kind.MLP
                ? Node.mlp(layer)
                : Node.head(layer, Math.min(node.head(), graph.heads() - 1));
        return Optional.of(UnresolvedName.node(node + " is not in this model: " + reason, List.of(near.name())));
    }

    private static Optional<UnresolvedName> missingHeads(
            ModelGraph graph, String word, OptionalInt layer, OptionalInt head) {
        boolean layerThere = layer.orElse(0) < graph.layers();
        if (layerThere && head.orElse(0) < graph.heads()) return Optional.empty();
        String reason = layerThere ? heads(graph, layer.orElse(0)) : layers(graph, Node.Kind.HEAD);
        String near = "a" + (layer.isEmpty() ? "*" : "" + Math.min(layer.getAsInt(), graph.layers() - 1)) + ".h"
                + (head.isEmpty() ? "*" : "" + Math.min(head.getAsInt(), graph.heads() - 1));
        return Optional.of(UnresolvedName.node(word + " matches no node of this model: " + reason, List.of(near)));
    }

    private static Optional<UnresolvedName> backwards(String word, Node first, Node last) {
        if (NodePattern.Shapes.compare(first, last) <= 0) return Optional.empty();
        return Optional.of(UnresolvedName.node(
                word + " contains no nodes: " + first + " comes after " + last, List.of(last + ".." + first)));
    }

    private static UnresolvedName unreadable(ModelGraph graph, String word) {
        int dots = word.indexOf("..");
        if (dots >= 0) return unreadableRange(graph, word, word.substring(0, dots), word.substring(dots + 2));
        List<String> nearest = NearestNames.of(graph, word);
        if (word.contains("*")) {
            return UnresolvedName.node(
                    word
                            + " is not a valid pattern: * stands for a whole number, as in m*, a0.h* and a*.h0, or alone for every node",
                    nearest);
        }
        return UnresolvedName.node(
                word + " is not a node: this model has input, " + mlps(graph) + ", " + allHeads(graph) + " and logits",
                nearest);
    }

    private static UnresolvedName unreadableRange(ModelGraph graph, String word, String first, String last) {
        for (String end : List.of(first, last)) {
            if (NodePattern.readNode(end).isPresent()) continue;
            List<String> nearest = NearestNames.of(graph, end);
            return UnresolvedName.node(
                    word + " is not a valid range of nodes: "
                            + (end.isEmpty() ? "an end is missing" : end + " is not a node"),
                    nearest);
        }
        return UnresolvedName.node(word + " is not a valid range of nodes: its ends are of different kinds", List.of());
    }

    private static String layers(ModelGraph graph, Node.Kind kind) {
        String count = graph.layers() == 1 ? "it has 1 layer" : "it has " + graph.layers() + " layers";
        return count + ", " + (kind == Node.Kind.MLP ? mlps(graph) : allHeads(graph));
    }

    private static String heads(ModelGraph graph, int layer) {
        String count = graph.heads() == 1 ? "a layer has 1 head" : "a layer has " + graph.heads() + " heads";
        return count + ", " + span(Node.head(layer, 0), Node.head(layer, graph.heads() - 1));
    }

    private static String mlps(ModelGraph graph) {
        return span(Node.mlp(0), Node.mlp(graph.layers() - 1));
    }

    private static String allHeads(ModelGraph graph) {
        return span(Node.head(0, 0), Node.head(graph.layers() - 1, graph.heads() - 1));
    }

    private static String span(Node first, Node last) {
        return first.equals(last) ? first.name() : first + " … " + last;
    }
}
