package io.circuitscript.graph;

import java.util.stream.IntStream;

/** Orders in which the edges of a circuit can be tried: the first is the one that it most likely can do without. */
public final class EdgeOrder {
    private EdgeOrder() {}

    /** By the size of their scores, the smallest first. Of equals the later edge comes first, since {@link Selection} keeps the earlier one. */
    public static int[] weakestFirst(Circuit circuit, Scores scores) {
        return IntStream.of(lastFirst(circuit))
                .boxed()
                .sorted((a, b) -> compare(Math.abs(scores.of(a)), Math.abs(scores.of(b))))
                .mapToInt(edge -> edge)
                .toArray();
    }

    /** By value, so that 0 and -0 tie. */
    private static int compare(double a, double b) {
        return a < b ? -1 : a > b ? 1 : 0;
    }

    /** From the last edge in the fixed order to the first. */
    public static int[] lastFirst(Circuit circuit) {
        int[] edges = circuit.edges().stream().toArray();
        return IntStream.range(0, edges.length)
                .map(i -> edges[edges.length - 1 - i])
                .toArray();
    }
}
