package io.circuitscript.graph;

import java.util.BitSet;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Chooses circuits by scores of nodes or neurons. The circuit has every edge among the chosen nodes and into {@code
 * logits}. Ties go to the earlier node; nothing here prunes. There is no greedy selection: every node has an edge into
 * {@code logits}, so it would choose the same as {@code top}.
 */
public final class NodeSelection {
    private NodeSelection() {}

    /** @param n at most as many as there are */
    public static Circuit topNodes(NodeScores scores, int n, boolean absolute) {
        return ofNodes(scores.graph(), top(scores.graph().sources(), n, key(scores::of, absolute)));
    }

    /** @param n at most as many as there are */
    public static Circuit topNeurons(NodeScores scores, int n, boolean absolute) {
        return ofNeurons(scores, top(scores.graph().sources() * scores.width(), n, key(scores::ofNeuron, absolute)));
    }

    /** The nodes whose score, or its absolute value, is at least {@code x}. */
    public static Circuit thresholdNodes(NodeScores scores, double x, boolean absolute) {
        return ofNodes(scores.graph(), atLeast(scores.graph().sources(), x, key(scores::of, absolute)));
    }

    /** The neurons whose score, or its absolute value, is at least {@code x}. */
    public static Circuit thresholdNeurons(NodeScores scores, double x, boolean absolute) {
        return ofNeurons(
                scores, atLeast(scores.graph().sources() * scores.width(), x, key(scores::ofNeuron, absolute)));
    }

    private static IntToDoubleFunction key(IntToDoubleFunction score, boolean absolute) {
        return absolute ? i -> Math.abs(score.applyAsDouble(i)) : score;
    }

    private static BitSet top(int all, int n, IntToDoubleFunction key) {
        BitSet chosen = new BitSet(all);
        IntStream.range(0, all)
                .boxed()
                .sorted((a, b) -> {
                    double first = key.applyAsDouble(a);
                    double second = key.applyAsDouble(b);
                    return first > second ? -1 : first < second ? 1 : Integer.compare(a, b); // by value: 0 and -0 tie
                })
                .limit(n)
                .forEach(chosen::set);
        return chosen;
    }

    private static BitSet atLeast(int all, double x, IntToDoubleFunction key) {
        BitSet chosen = new BitSet(all);
        for (int i = 0; i < all; i++) chosen.set(i, key.applyAsDouble(i) >= x);
        return chosen;
    }

    private static Circuit ofNeurons(NodeScores scores, BitSet neurons) {
        BitSet nodes = new BitSet();
        neurons.stream().forEach(neuron -> nodes.set(neuron / scores.width()));
        return ofNodes(scores.graph(), nodes).withNeurons(scores.width(), neurons);
    }

    private static Circuit ofNodes(ModelGraph graph, BitSet nodes) {
        BitSet edges = new BitSet(graph.edgeIndexBound());
        for (int slot = 0; slot < graph.slots(); slot++) {
            int end = graph.sourceOfSlot(slot);
            if (end >= 0 && !nodes.get(end)) continue;
            for (int source = nodes.nextSetBit(0);
                    source >= 0 && source < graph.sourcesBefore(slot);
                    source = nodes.nextSetBit(source + 1)) {
                edges.set(graph.edge(source, slot));
            }
        }
        return new Circuit(graph, edges);
    }
}
