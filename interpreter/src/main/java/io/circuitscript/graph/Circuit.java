package io.circuitscript.graph;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A circuit: a set of edges of a graph and, where neurons were chosen, the neurons that it keeps. Neurons outside it
 * are ablated along every edge. Immutable.
 */
public final class Circuit implements Serializable {
    private final ModelGraph graph;
    private final BitSet edges;

    /** How many neurons a source has; 0 where every source is whole. */
    private final int width;

    /** The neurons that are in, by number {@code source * width + dimension}. */
    private final BitSet neurons;

    /** @param edges edge numbers, all of which exist; copied */
    public Circuit(ModelGraph graph, BitSet edges) {
        this(graph, edges, 0, new BitSet());
    }

    private Circuit(ModelGraph graph, BitSet edges, int width, BitSet neurons) {
        this.graph = graph;
        this.edges = (BitSet) edges.clone();
        this.width = width;
        this.neurons = (BitSet) neurons.clone();
    }

    /**
     * The same edges with these neurons alone.
     *
     * @param width how many a source has
     * @param chosen by number {@code source * width + dimension}
     */
    public Circuit withNeurons(int width, BitSet chosen) {
        return new Circuit(graph, edges, width, chosen);
    }

    /** Whether some source may be in without all its neurons. */
    public boolean choosesNeurons() {
        return width > 0;
    }

    /** How many neurons a source has, where there is a choice of them. */
    public int width() {
        return width;
    }

    /** The neurons that are in, by number {@code source * width + dimension}, where there is a choice of them. A copy. */
    public BitSet neurons() {
        return (BitSet) neurons.clone();
    }

    public boolean containsNeuron(int source, int dimension) {
        return width == 0 || neurons.get(source * width + dimension);
    }

    /** How many neurons are in, of nodes that are. */
    public int neuronCount() {
        return chosenNeurons().cardinality();
    }

    /** Whether some node is in without all its neurons. */
    public boolean takesNodesApart() {
        return width > 0 && neuronCount() < touchedSources().cardinality() * width;
    }

    /** The neurons that are in, of nodes that are, by number {@code source * width + dimension}. */
    public BitSet chosenNeurons() {
        BitSet nodes = touchedSources();
        BitSet chosen = new BitSet();
        neurons.stream().filter(neuron -> nodes.get(neuron / width)).forEach(chosen::set);
        return chosen;
    }

    public static Circuit empty(ModelGraph graph) {
        return new Circuit(graph, new BitSet());
    }

    public static Circuit full(ModelGraph graph) {
        BitSet edges = new BitSet(graph.edgeIndexBound());
        for (int slot = 0; slot < graph.slots(); slot++) {
            for (int source = 0; source < graph.sourcesBefore(slot); source++)
                edges.set(graph.edge(source, slot, 0), graph.edge(source, slot, 0) + graph.perEdge());
        }
        return new Circuit(graph, edges);
    }

    public ModelGraph graph() {
        return graph;
    }

    public boolean contains(int edge) {
        return edges.get(edge);
    }

    /** Whether the edge is in, at some span at least. */
    public boolean contains(int source, int slot) {
        int first = graph.edge(source, slot, 0);
        if (!graph.hasSpans()) return edges.get(first);
        for (int edge = first; edge < first + graph.perEdge(); edge++) if (edges.get(edge)) return true;
        return false;
    }

    /** @param span by number; 0 where the graph has none */
    public boolean contains(int source, int slot, int span) {
        return edges.get(graph.edge(source, slot, span));
    }

    /**
     * The same circuit on another graph of the model: an edge without a span is at all of them.
     *
     * @throws UserError where it has edges at a span that the graph does not have
     */
    public Circuit on(ModelGraph other) {
        return graph == other ? this : new Circuit(other, graph.edgesOn(other, edges), width, neurons);
    }

    /** The edges that are in at some span, at all positions. */
    public Circuit withoutSpans() {
        return graph.hasSpans() ? new Circuit(graph.withoutSpans(), graph.withoutSpans(edges), width, neurons) : this;
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
        return new Circuit(graph, all, width, wholeWhereNew(all));
    }

    public Circuit without(BitSet fewer) {
        BitSet rest = edges();
        rest.andNot(fewer);
        return new Circuit(graph, rest, width, neurons);
    }

    /** A node that comes in by hand comes with all its neurons. */
    private BitSet wholeWhereNew(BitSet all) {
        BitSet chosen = (BitSet) neurons.clone();
        for (int source = 0; width > 0 && source < graph.sources(); source++) {
            int first = chosen.nextSetBit(source * width);
            boolean none = first < 0 || first >= (source + 1) * width;
            if (none && startsAny(all, source)) chosen.set(source * width, (source + 1) * width);
        }
        return chosen;
    }

    /** The edges on paths that end in one of the nodes, at any span. With spans, paths are those of {@link #pruned(boolean, boolean)}. */
    public Circuit leadingTo(Collection<Node> nodes) {
        // Edges only run forward: one pass from the last node to the first meets every node after all that it leads to.
        BitSet kept = new BitSet();
        Map<Node, BitSet> reached = new HashMap<>(); // at which spans
        for (Node node : nodes) {
            BitSet spans = new BitSet();
            for (int span = 0; span < graph.perEdge(); span++)
                spans.set(span, node.kind() != Node.Kind.LOGITS || isRead(span));
            reached.put(node, spans);
        }
        List<Node> all = graph.nodes();
        for (int i = all.size() - 1; i >= 0; i--) {
            BitSet wanted = reached.get(all.get(i));
            if (wanted == null) continue;
            for (Slot slot : graph.slots(all.get(i))) addLeading(kept, graph.slot(slot), wanted, reached);
        }
        return new Circuit(graph, kept);
    }

    /** Keeps the edges into a slot that lead to its node at one of some spans. */
    private void addLeading(BitSet kept, int slot, BitSet wanted, Map<Node, BitSet> reached) {
        for (int span = 0; span < graph.perEdge(); span++) {
            if (!graph.spansReached(slot, span).intersects(wanted)) continue;
            for (int source = 0; source < graph.sourcesBefore(slot); source++) {
                if (!contains(source, slot, span)) continue;
                kept.set(graph.edge(source, slot, span));
                BitSet spans = new BitSet();
                spans.set(span);
                reached.merge(graph.sourceNode(source), spans, (a, more) -> {
                    BitSet both = (BitSet) a.clone();
                    both.or(more);
                    return both;
                });
            }
        }
    }

    /** The sources that touch a kept edge at either end, in the fixed order: {@code input}, heads and MLPs, never {@code logits}. */
    public List<Node> nodes() {
        BitSet touched = touchedSources();
        List<Node> nodes = new ArrayList<>(touched.cardinality());
        for (int source = touched.nextSetBit(0); source >= 0; source = touched.nextSetBit(source + 1)) {
            nodes.add(graph.sourceNode(source));
        }
        return List.copyOf(nodes);
    }

    /** How many {@link #nodes} there are. */
    public int nodeCount() {
        return touchedSources().cardinality();
    }

    /** {@link #nodes} by their numbers as sources. */
    public BitSet touchedSources() {
        int slots = graph.slots();
        int perEdge = graph.perEdge();
        BitSet starts = new BitSet(graph.sources());
        BitSet ends = new BitSet(slots);
        for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1)) {
            starts.set(edge / perEdge / slots);
            ends.set(edge / perEdge % slots);
        }
        for (int slot = ends.nextSetBit(0); slot >= 0 && slot < slots - 1; slot = ends.nextSetBit(slot + 1)) {
            starts.set(graph.sourceOfSlot(slot));
        }
        return starts;
    }

    /** Without its dead ends: both kinds of {@link #pruned(boolean, boolean)}. */
    public Circuit pruned() {
        return pruned(true, true);
    }

    /**
     * Removes, to a fixed point, nodes without a kept outgoing edge ({@code childless}) or without a kept incoming edge
     * ({@code parentless}), and their edges. {@code input} needs no incoming edge and {@code logits} no outgoing one.
     *
     * <p>With spans the same of nodes at spans. An edge into an MLP at a span leads to the MLP there; one into {@code logits} only where the metric
     * reads; one into a head's q to the head there; one into its k or v to the head at each span that sees it.
     */
    public Circuit pruned(boolean childless, boolean parentless) {
        // Edges only run forward: removing a childless node changes nodes before it only, and robs nobody of a parent;
        // the other way round
        // for a parentless node. So one pass in each direction reaches the fixed point.
        BitSet kept = edges();
        if (childless) {
            removeUnread(kept);
            for (int source = graph.sources() - 1; source > 0; source--) removeChildless(kept, source);
        }
        if (parentless) {
            for (int source = 1; source < graph.sources(); source++) removeParentless(kept, source);
        }
        return new Circuit(graph, kept, width, neurons);
    }

    /** Edges into {@code logits} where nothing is read. */
    private void removeUnread(BitSet kept) {
        for (int span = 0; graph.hasSpans() && span < graph.perEdge(); span++) {
            if (isRead(span)) continue;
            for (int source = 0; source < graph.sources(); source++)
                kept.clear(graph.edge(source, graph.slots() - 1, span));
        }
    }

    private boolean isRead(int span) {
        return !graph.hasSpans() || graph.spans().isRead(span);
    }

    private void removeChildless(BitSet kept, int node) {
        BitSet feeding = new BitSet(); // the spans at which an edge leaves the node
        for (int edge = kept.nextSetBit(graph.firstEdge(node));
                edge >= 0 && edge < graph.firstEdge(node + 1);
                edge = kept.nextSetBit(edge + 1)) feeding.set(graph.spanOf(edge));
        for (int slot : graph.slotsOf(node)) {
            for (int span = 0; span < graph.perEdge(); span++) {
                if (graph.spansReached(slot, span).intersects(feeding)) continue;
                for (int source = 0; source < graph.sourcesBefore(slot); source++)
                    kept.clear(graph.edge(source, slot, span));
            }
        }
    }

    private void removeParentless(BitSet kept, int node) {
        BitSet fed = new BitSet(); // the spans at which something comes to the node
        for (int slot : graph.slotsOf(node)) {
            for (int span = 0; span < graph.perEdge(); span++) {
                if (endsAny(kept, slot, span)) fed.or(graph.spansReached(slot, span));
            }
        }
        for (int edge = kept.nextSetBit(graph.firstEdge(node));
                edge >= 0 && edge < graph.firstEdge(node + 1);
                edge = kept.nextSetBit(edge + 1)) if (!fed.get(graph.spanOf(edge))) kept.clear(edge);
    }

    private boolean startsAny(BitSet kept, int source) {
        int first = kept.nextSetBit(graph.firstEdge(source));
        return first >= 0 && graph.sourceOf(first) == source;
    }

    private boolean endsAny(BitSet kept, int slot, int span) {
        for (int source = 0; source < graph.sourcesBefore(slot); source++) {
            if (kept.get(graph.edge(source, slot, span))) return true;
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Circuit circuit
                && graph.equals(circuit.graph)
                && edges.equals(circuit.edges)
                && width == circuit.width
                && neurons.equals(circuit.neurons);
    }

    @Override
    public int hashCode() {
        return edges.hashCode();
    }
}
