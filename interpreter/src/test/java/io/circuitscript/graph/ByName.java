package io.circuitscript.graph;

import java.util.BitSet;
import java.util.List;

/** Edges and nodes by the names that a script has for them. */
public final class ByName {
    private ByName() {}

    /**
     * The edges that a name means.
     *
     * @throws io.circuitscript.source.UserError where it means none
     */
    public static BitSet edges(ModelGraph graph, String text) {
        return switch (EdgeNames.match(graph, text)) {
            case EdgeNames.Match.Found(BitSet edges) -> edges;
            case EdgeNames.Match.Nothing(UnresolvedName why) -> throw why.toError();
        };
    }

    /**
     * The nodes that a word means, in the fixed order.
     *
     * @throws io.circuitscript.source.UserError where it means none
     */
    public static List<Node> nodes(ModelGraph graph, String word) {
        return switch (NodeNames.match(graph, word)) {
            case NodeNames.Match.Found(List<Node> nodes) -> nodes;
            case NodeNames.Match.Nothing(UnresolvedName why) -> throw why.toError();
        };
    }
}
