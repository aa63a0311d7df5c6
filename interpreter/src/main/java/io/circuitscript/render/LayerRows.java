package io.circuitscript.render;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;

/** Which row of a picture a node stands in, counted from the bottom; heads and MLP of a layer share one where they run side by side. */
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
