package io.circuitscript.assist;

import io.circuitscript.graph.EdgeNames;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeNames;
import io.circuitscript.runtime.value.NumberText;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a node, an edge, or a pattern of them is in a model.
 *
 * @param found whether there is one of that name; if not, the text says why
 */
public record NodeText(boolean found, String text) {
    private static final int SHOWN_NODES = 8;

    /** Empty where a word is no name of nodes. */
    public static Optional<NodeText> node(ModelGraph graph, String word) {
        if (!NodeNames.readsAsPattern(word)) return Optional.empty();
        return Optional.of(
                switch (NodeNames.match(graph, word)) {
                    case NodeNames.Match.Nothing(var why) -> new NodeText(false, why.message());
                    case NodeNames.Match.Found(List<Node> nodes)
                    when nodes.size() == 1 -> new NodeText(true, what(graph, nodes.getFirst()));
                    case NodeNames.Match.Found(List<Node> nodes) ->
                        new NodeText(
                                true,
                                nodes.size() + " nodes: "
                                        + nodes.stream()
                                                .limit(SHOWN_NODES)
                                                .map(Node::name)
                                                .collect(Collectors.joining(", "))
                                        + (nodes.size() > SHOWN_NODES ? ", …" : ""));
                });
    }

    private static String what(ModelGraph graph, Node node) {
        String of = " of " + graph.layers();
        return switch (node.kind()) {
            case INPUT -> "the embeddings, where all paths begin";
            case LOGITS -> "the logits, where all paths end";
            case MLP -> "the MLP of layer " + node.layer() + of;
            case HEAD ->
                "attention head " + node.head() + " of layer " + node.layer() + of + ", with " + graph.heads()
                        + (graph.heads() == 1 ? " head" : " heads") + " in a layer";
        };
    }

    /** Edges by their name; empty where a text is more than a name. */
    public static Optional<NodeText> edges(ModelGraph graph, String text) {
        String name = text.strip();
        int arrow = name.indexOf("->");
        if (arrow < 0) return Optional.empty();
        String to = name.substring(arrow + 2).strip();
        boolean named = NodeNames.readsAsPattern(name.substring(0, arrow).strip())
                && NodeNames.readsAsPattern(to.contains("<") ? to.substring(0, to.indexOf('<')) : to);
        if (!named) return Optional.empty();
        return Optional.of(
                switch (EdgeNames.match(graph, name)) {
                    case EdgeNames.Match.Nothing(var why) ->
                        new NodeText(false, why.message() + (why.nearest().isEmpty() ? "" : "\n\n" + why.help()));
                    case EdgeNames.Match.Found(BitSet edges) ->
                        new NodeText(
                                true,
                                NumberText.count(edges.cardinality())
                                        + (edges.cardinality() == 1 ? " edge" : " edges") + " of "
                                        + NumberText.count(graph.edgeCount()));
                });
    }
}
