package io.circuitscript.render;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;

/**
 * The row of a picture in which a node stands, counted from the bottom. Heads and MLP of a parallel block share one
 * row.
 */
final class LayerRows {
    private LayerRows() {}

    static int of(ModelGraph graph, Node node) {
        return switch (node.kind()) {
            case INPUT -> -1;
            case HEAD -> 2 * node.layer();
            case MLP -> 2 * node.layer() + (graph.parallel() ? 0 : 1);
            case LOGITS -> 2 * graph.layers();
        };
    }
}
