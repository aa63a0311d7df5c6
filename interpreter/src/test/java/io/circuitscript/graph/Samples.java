package io.circuitscript.graph;

import java.util.BitSet;
import java.util.Random;

/** Small graphs, circuits and scores for properties. */
final class Samples {
    private Samples() {}

    static ModelGraph graph(Random random) {
        return new ModelGraph(random.nextInt(1, 5), random.nextInt(1, 5), random.nextBoolean());
    }

    /** Scores with many ties: whole numbers, both zeros, some fractions. */
    static Scores scores(Random random) {
        ModelGraph graph = graph(random);
        double[] values = new double[graph.edgeIndexBound()];
        Circuit.full(graph).edges().stream()
                .forEach(edge -> values[edge] = random.nextInt(4) == 0
                        ? random.nextGaussian()
                        : random.nextInt(-2, 3) * (random.nextBoolean() ? 1.0 : -1.0));
        return new Scores(graph, values);
    }

    static Circuit circuit(Random random) {
        ModelGraph graph = graph(random);
        int percent = random.nextInt(101);
        BitSet edges = Circuit.full(graph).edges();
        for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1)) {
            if (random.nextInt(100) >= percent) edges.clear(edge);
        }
        return new Circuit(graph, edges);
    }
}
