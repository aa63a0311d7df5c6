package io.circuitscript.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Small graphs, circuits and scores for properties. */
final class Samples {
    private Samples() {}

    static ModelGraph graph(Random random) {
        return new ModelGraph(random.nextInt(1, 5), random.nextInt(1, 5), random.nextBoolean());
    }

    /** Spans of names that need care in files and pages; each sees itself and some others. */
    static Spans spans(Random random) {
        List<String> names = new ArrayList<>(
                List.of("bos", "S2", "a \"b\"\\", "<script>&amp;", "\u05D0\u200F\u05D1", "\uD83D\uDE00", "end"));
        Collections.shuffle(names, random);
        names = names.subList(0, random.nextInt(1, names.size() + 1));
        List<BitSet> seen = new ArrayList<>();
        BitSet read = new BitSet();
        for (int span = 0; span < names.size(); span++) {
            BitSet sees = new BitSet();
            for (int other = 0; other < names.size(); other++) sees.set(other, other == span || random.nextBoolean());
            seen.add(sees);
            read.set(span, random.nextBoolean());
        }
        return Spans.of(names, seen, read);
    }

    /** Scores of a graph with spans. */
    static Scores scoresAtSpans(Random random) {
        ModelGraph graph = graph(random).at(spans(random));
        double[] values = new double[graph.edgeIndexBound()];
        Circuit.full(graph).edges().stream()
                .forEach(edge -> values[edge] = random.nextInt(4) == 0
                        ? random.nextInt(-2, 3) * 1.0
                        : random.nextGaussian() * Math.exp(20 * random.nextGaussian()));
        return new Scores(graph, values);
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
