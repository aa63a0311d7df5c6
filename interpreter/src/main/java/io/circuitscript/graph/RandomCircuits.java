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

    /** For each source the edges that leave it and lie on a path from {@code input} to {@code logits}. {@code [source][i]} */
    private final int[][] onPaths;

    private RandomCircuits(Circuit allowed) {
        this.graph = allowed.graph();
        this.edges = allowed.edges().stream().toArray();
        BitSet useful = allowed.pruned().edges();
        this.onPaths = IntStream.range(0, graph.sources())
                .mapToObj(source -> IntStream.range(graph.edge(source, 0), graph.edge(source, graph.slots()))
                        .filter(useful::get)
                        .toArray())
                .toArray(int[][]::new);
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
        return onPaths[0].length > 0;
    }

    /**
     * The edges of a path from {@code input} to {@code logits}: a walk that leaves each node by one of its edges, all as likely as each other.
     * Edges that lead nowhere are no choice. There must be a path.
     */
    public int[] path(Draws draws) {
        int[] path = new int[2 * graph.layers() + 1]; // no path meets more than a head and an MLP of each layer
        int length = 0;
        for (int source = 0; source >= 0; source = graph.sourceOfSlot(graph.slotOf(path[length - 1]))) {
            int[] leaving = onPaths[source];
            path[length++] = leaving[draws.below(leaving.length)];
        }
        return Arrays.copyOf(path, length);
    }
}
