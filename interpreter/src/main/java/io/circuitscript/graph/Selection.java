package io.circuitscript.graph;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.Arrays;
import java.util.BitSet;
import java.util.PriorityQueue;

/**
 * Chooses circuits by scores of edges. Ties go to the earlier edge in the fixed order; nothing here prunes. With
 * {@code absolute} the size of a score counts, otherwise its sign too.
 */
public final class Selection {
    private Selection() {}

    /** The {@code n} edges of the highest scores. */
    public static Circuit top(Scores scores, int n, boolean absolute) {
        ModelGraph graph = scores.graph();
        int count = checkedCount(graph, n);
        BitSet chosen = new BitSet(graph.edgeIndexBound());
        if (count == 0) return new Circuit(graph, chosen);
        BitSet all = Circuit.full(graph).edges();
        double[] keys =
                all.stream().mapToDouble(edge -> key(scores, edge, absolute)).toArray();
        Arrays.sort(keys);
        double last = keys[keys.length - count]; // the lowest key that is still in
        all.stream().filter(edge -> key(scores, edge, absolute) > last).forEach(chosen::set);
        int ties = count - chosen.cardinality();
        all.stream()
                .filter(edge -> key(scores, edge, absolute) == last)
                .limit(ties)
                .forEach(chosen::set);
        return new Circuit(graph, chosen);
    }

    /** The edges whose score is at least {@code x}. */
    public static Circuit threshold(Scores scores, double x, boolean absolute) {
        BitSet chosen = Circuit.full(scores.graph()).edges();
        for (int edge = chosen.nextSetBit(0); edge >= 0; edge = chosen.nextSetBit(edge + 1)) {
            if (!(key(scores, edge, absolute) >= x)) chosen.clear(edge);
        }
        return new Circuit(scores.graph(), chosen);
    }

    /**
     * {@code n} edges, one after the other: always the highest score among the edges into {@code logits} and into the nodes that the chosen
     * edges come from. Stops early where no edge is left to choose. With spans the same of nodes at spans, by the links of
     * {@link Circuit#pruned(boolean, boolean)}.
     */
    public static Circuit greedy(Scores scores, int n, boolean absolute) {
        ModelGraph graph = scores.graph();
        int count = checkedCount(graph, n);
        BitSet chosen = new BitSet(graph.edgeIndexBound());
        BitSet reached = new BitSet(); // sources at spans, by number source * spans + span
        PriorityQueue<Integer> candidates = new PriorityQueue<>((a, b) -> {
            int higher = compare(key(scores, b, absolute), key(scores, a, absolute));
            return higher != 0 ? higher : Integer.compare(a, b);
        });
        for (int span = 0; span < graph.perEdge(); span++) {
            if (!graph.hasSpans() || graph.spans().isRead(span)) offer(graph, graph.slots() - 1, span, candidates);
        }
        BitSet offered = new BitSet(); // slots at spans, by number slot * spans + span
        for (int taken = 0; taken < count && !candidates.isEmpty(); taken++) {
            int edge = candidates.remove();
            chosen.set(edge);
            int source = graph.sourceOf(edge);
            int at = source * graph.perEdge() + graph.spanOf(edge);
            if (reached.get(at)) continue;
            reached.set(at);
            for (int slot : graph.slotsOf(source)) {
                for (int span = 0; span < graph.perEdge(); span++) {
                    if (!graph.spansReached(slot, span).get(graph.spanOf(edge))) continue;
                    if (offered.get(slot * graph.perEdge() + span)) continue;
                    offered.set(slot * graph.perEdge() + span);
                    offer(graph, slot, span, candidates);
                }
            }
        }
        return new Circuit(graph, chosen);
    }

    private static void offer(ModelGraph graph, int slot, int span, PriorityQueue<Integer> candidates) {
        for (int source = 0; source < graph.sourcesBefore(slot); source++)
            candidates.add(graph.edge(source, slot, span));
    }

    private static double key(Scores scores, int edge, boolean absolute) {
        double score = scores.of(edge);
        return absolute ? Math.abs(score) : score;
    }

    /** By value, so that 0 and -0 tie, as {@code >} has it. */
    private static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    private static int checkedCount(ModelGraph graph, int n) {
        if (n < 0) {
            throw UserError.input(
                    ErrorCode.TOO_FEW_EDGES,
                    n + " edges cannot be chosen",
                    "give a number from 0 to " + graph.edgeCount());
        }
        if (n > graph.edgeCount()) {
            throw UserError.input(
                    ErrorCode.TOO_MANY_EDGES,
                    n + " edges are asked for, but the model has " + graph.edgeCount(),
                    "give a number up to " + graph.edgeCount() + ", or a percentage");
        }
        return n;
    }
}
