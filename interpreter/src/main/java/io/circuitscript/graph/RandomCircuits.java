package io.circuitscript.graph;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/** Draws circuits by chance from the edges of a model, or from some of them. */
public final class RandomCircuits {
    /** So many paths in a row that add nothing, or would add too much, end a connected circuit. */
    public static final int MOST_TRIES = 10_000;

    /** Where chance comes from. */
    @FunctionalInterface
    public interface Draws {
        /** A whole number from 0 to {@code bound - 1}, each as likely as the others. */
        int below(int bound);
    }

    private final ModelGraph graph;

    /** The edges that may be drawn, in the fixed order. */
    private final int[] edges;

    /** For each source at each span the edges that leave it and lie on a path from {@code input} to {@code logits}. {@code [source * spans + span][i]} */
    private final int[][] onPaths;

    /** Those that leave {@code input}, at any span. */
    private final int[] leavingInput;

    private RandomCircuits(Circuit allowed) {
        this.graph = allowed.graph();
        this.edges = allowed.edges().stream().toArray();
        BitSet useful = allowed.pruned().edges();
        this.onPaths = IntStream.range(0, graph.sources() * graph.perEdge())
                .mapToObj(at -> IntStream.range(0, graph.slots())
                        .map(slot -> graph.edge(at / graph.perEdge(), slot, at % graph.perEdge()))
                        .filter(useful::get)
                        .toArray())
                .toArray(int[][]::new);
        this.leavingInput = useful.stream()
                .limit(useful.get(0, graph.firstEdge(1)).cardinality())
                .toArray();
    }

    /** From every edge of the model. */
    public static RandomCircuits of(ModelGraph graph) {
        return from(Circuit.full(graph));
    }

    /** From the edges of a circuit. */
    public static RandomCircuits from(Circuit allowed) {
        return new RandomCircuits(allowed);
    }

    /** How many edges there are to draw from. */
    public int edgeCount() {
        return edges.length;
    }

    /**
     * Every set of so many edges is as likely as any other. Floyd's algorithm (Bentley 1987, "A sample of brilliance").
     *
     * @param size from 0 to {@link #edgeCount}
     */
    public Circuit uniform(int size, Draws draws) {
        BitSet chosen = new BitSet(graph.edgeIndexBound());
        for (int last = edges.length - size; last < edges.length; last++) {
            int edge = edges[draws.below(last + 1)];
            chosen.set(chosen.get(edge) ? edges[last] : edge);
        }
        return new Circuit(graph, chosen);
    }

    /**
     * A union of random paths, each of which is taken only if the circuit has no more edges than asked with it. Ends at that size, or where
     * {@link #MOST_TRIES} paths in a row add no edge or too many: then it is smaller.
     */
    public Circuit connected(int size, Draws draws) {
        BitSet chosen = new BitSet(graph.edgeIndexBound());
        int count = 0;
        for (int tries = 0; count < size && tries < MOST_TRIES && hasPath(); tries++) {
            int[] path = path(draws);
            int more =
                    (int) IntStream.of(path).filter(edge -> !chosen.get(edge)).count();
            if (more == 0 || count + more > size) continue;
            for (int edge : path) chosen.set(edge);
            count += more;
            tries = -1;
        }
        return new Circuit(graph, chosen);
    }

    /** Whether there is any path from {@code input} to {@code logits}. */
    public boolean hasPath() {
        return leavingInput.length > 0;
    }

    /**
     * The edges of a path from {@code input} to {@code logits}: a walk that leaves each node by one of its edges, all as likely as each other.
     * Edges that lead nowhere are no choice. With spans the walk begins with any edge of {@code input}; by a head's key or value it goes on at one of the
     * spans that see it, all as likely as each other. There must be a path.
     */
    public int[] path(Draws draws) {
        int[] path = new int[2 * graph.layers() + 1]; // no path meets more than a head and an MLP of each layer
        int length = 0;
        int[] leaving = leavingInput;
        while (leaving.length > 0) {
            int edge = leaving[draws.below(leaving.length)];
            path[length++] = edge;
            int node = graph.sourceOfSlot(graph.slotOf(edge));
            leaving = node < 0 ? new int[0] : onPaths[node * graph.perEdge() + spanAfter(edge, node, draws)];
        }
        return Arrays.copyOf(path, length);
    }

    /** At which span a walk goes on that came into a node by an edge. */
    private int spanAfter(int edge, int node, Draws draws) {
        int[] spans = graph.spansReached(graph.slotOf(edge), graph.spanOf(edge)).stream()
                .filter(span -> onPaths[node * graph.perEdge() + span].length > 0)
                .toArray();
        return spans.length == 1 ? spans[0] : spans[draws.below(spans.length)];
    }
}
