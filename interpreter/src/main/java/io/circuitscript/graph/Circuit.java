package io.circuitscript.graph;

import java.util.BitSet;

/** A set of edges of one graph. Immutable. */
public final class Circuit {
    private final ModelGraph graph;
    private final BitSet edges;

    /** @param edges edge numbers, all of which exist; copied */
    public Circuit(ModelGraph graph, BitSet edges) {
        this.graph = graph;
        this.edges = (BitSet) edges.clone();
    }

    public static Circuit empty(ModelGraph graph) {
        return new Circuit(graph, new BitSet());
    }

    public static Circuit full(ModelGraph graph) {
        BitSet edges = new BitSet(graph.edgeNumbers());
        for (int slot = 0; slot < graph.slots(); slot++) {
            for (int source = 0; source < graph.sourcesBefore(slot); source++) edges.set(graph.edge(source, slot));
        }
        return new Circuit(graph, edges);
    }

    public ModelGraph graph() {
        return graph;
    }

    public boolean contains(int edge) {
        return edges.get(edge);
    }

    public boolean contains(int source, int slot) {
        return edges.get(graph.edge(source, slot));
    }

    /** The edge numbers, as a copy. */
    public BitSet edges() {
        return (BitSet) edges.clone();
    }

    public int edgeCount() {
        return edges.cardinality();
    }

    public Circuit with(BitSet more) {
        BitSet all = edges();
        all.or(more);
        return new Circuit(graph, all);
    }

    public Circuit without(BitSet fewer) {
        BitSet rest = edges();
        rest.andNot(fewer);
        return new Circuit(graph, rest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Circuit circuit && graph.equals(circuit.graph) && edges.equals(circuit.edges);
    }

    @Override
    public int hashCode() {
        return edges.hashCode();
    }
}
