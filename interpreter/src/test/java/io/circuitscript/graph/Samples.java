package io.circuitscript.graph;

import java.util.BitSet;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Small graphs, circuits and scores for properties. */
final class Samples {
    private Samples() {}

    static Arbitrary<ModelGraph> graphs() {
        return Combinators.combine(integers(1, 4), integers(1, 4), Arbitraries.of(true, false)).as(ModelGraph::new);
    }

    /** Scores with many ties: whole numbers, both zeros, some fractions. */
    static Arbitrary<Scores> scores() {
        return Combinators.combine(graphs(), Arbitraries.longs().withoutEdgeCases()).as((graph, seed) -> {
            Random random = new Random(seed);
            double[] values = new double[graph.edgeNumbers()];
            Circuit.full(graph).edges().stream().forEach(edge ->
                    values[edge] = random.nextInt(4) == 0 ? random.nextGaussian() : random.nextInt(-2, 3) * (random.nextBoolean() ? 1.0 : -1.0));
            return new Scores(graph, values);
        });
    }

    static Arbitrary<Circuit> circuits() {
        return Combinators.combine(graphs(), Arbitraries.longs().withoutEdgeCases(), integers(0, 100)).as((graph, seed, percent) -> {
            Random random = new Random(seed);
            BitSet edges = Circuit.full(graph).edges();
            for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1)) {
                if (random.nextInt(100) >= percent) edges.clear(edge);
            }
            return new Circuit(graph, edges);
        });
    }

    private static Arbitrary<Integer> integers(int least, int most) {
        return Arbitraries.integers().between(least, most);
    }
}
