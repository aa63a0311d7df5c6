package io.circuitscript.graph;

import java.util.List;

/** The place where an edge enters a node: a port of a head, or the one input of an MLP or of {@code logits}. */
public record Slot(Node node, Port port) {
    /** The way into a node: query, key or value of a head, or the one way into anything else. */
    public enum Port {
        Q("<q>"),
        K("<k>"),
        V("<v>"),
        WHOLE("");

        /** The ports of a head, in the order of slots. */
        public static final List<Port> OF_HEAD = List.of(Q, K, V);

        private final String suffix;

        Port(String suffix) {
            this.suffix = suffix;
        }

        public String suffix() {
            return suffix;
        }
    }

    public String name() {
        return node.name() + port.suffix();
    }

    @Override
    public String toString() {
        return name();
    }
}
