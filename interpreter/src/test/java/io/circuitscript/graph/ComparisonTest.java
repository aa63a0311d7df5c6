package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A graph of eight edges: one layer of one head. */
class ComparisonTest {
    private static final ModelGraph GRAPH = new ModelGraph(1, 1, false);
    private static final int[] EDGES = Circuit.full(GRAPH).edges().stream().toArray();

    private static Scores scores(double... values) {
        double[] all = new double[GRAPH.edgeIndexBound()];
        for (int i = 0; i < values.length; i++) all[EDGES[i]] = values[i];
        return new Scores(GRAPH, all);
    }

    private static Circuit circuit(int... edges) {
        BitSet set = new BitSet();
        for (int edge : edges) set.set(EDGES[edge]);
        return new Circuit(GRAPH, set);
    }

    @Test
    void anOverlapIsCounted() {
        Overlap overlap = Overlap.of(circuit(0, 1, 2), circuit(2, 3));
        assertEquals(1, overlap.common().cardinality());
        assertEquals(2, overlap.onlyFirst().cardinality());
        assertEquals(1, overlap.onlySecond().cardinality());
        assertEquals(0.25, overlap.jaccard());
        assertEquals(1, Overlap.of(circuit(), circuit()).jaccard());
        assertEquals(0, Overlap.of(circuit(1), circuit()).jaccard());
    }

    @Test
    void ranksCorrelateAsByHand() {
        Scores first = scores(1, 2, 3, 4, 5, 6, 7, 8);
        // Σ d² = 4 · 2 for four swapped neighbours: 1 − 6 · 8 / (8 · 63)
        assertEquals(
                1 - 48.0 / 504,
                spearman(first, scores(2, 1, 4, 3, 6, 5, 8, 7), false).orElseThrow(),
                1e-12);
        assertEquals(-1, spearman(first, scores(8, 7, 6, 5, 4, 3, 2, 1), false).orElseThrow(), 1e-12);
        Scores negative = scores(-1, -2, -3, -4, -5, -6, -7, -8);
        assertEquals(-1, spearman(first, negative, false).orElseThrow(), 1e-12);
        assertEquals(1, spearman(first, negative, true).orElseThrow(), 1e-12);
        // Ranks 0 0 0 0 1 1 1 1 against 0 … 7, by Pearson: 16 / sqrt(42 · 32)
        double tied = spearman(first, scores(0, 0, 0, 0, 1, 1, 1, 1), false).orElseThrow();
        assertEquals(32 / Math.sqrt(42 * 32), tied, 1e-12);
        assertEquals(OptionalDouble.empty(), spearman(first, scores(5, 5, 5, 5, 5, 5, 5, 5), false));
    }

    @Test
    void theAreaUnderTheRocCurveIsTheShareOfPairsInOrder() {
        Scores scores = scores(8, -7, 6, 5, 4, 3, 2, 1);
        assertEquals(1, auc(scores, circuit(0, 1)).orElseThrow());
        assertEquals(0, auc(scores, circuit(6, 7)).orElseThrow());
        assertEquals(9.0 / 12, auc(scores, circuit(0, 4)).orElseThrow()); // 8 beats six of six, 4 three
        assertEquals(0.5, auc(scores(1, 1, 1, 1, 1, 1, 1, 1), circuit(0, 4)).orElseThrow());
        assertEquals(OptionalDouble.empty(), auc(scores, circuit()));
        assertEquals(OptionalDouble.empty(), auc(scores, Circuit.full(GRAPH)));
    }

    @Test
    void theCurveHasThatArea() {
        Randomly.check(50, random -> {
            Scores scores = Samples.scores(random);
            Circuit known = Selection.top(scores, Math.max(1, scores.graph().edgeCount() / 3), false);
            OptionalDouble auc = auc(scores, known);
            if (auc.isEmpty()) return;
            List<RankAgreement.RocPoint> curve = roc(scores, known);
            double area = 0;
            for (int i = 1; i < curve.size(); i++) {
                RankAgreement.RocPoint a = curve.get(i - 1);
                RankAgreement.RocPoint b = curve.get(i);
                assertTrue(b.falsePositives() >= a.falsePositives() && b.truePositives() >= a.truePositives());
                area += (b.falsePositives() - a.falsePositives()) * (a.truePositives() + b.truePositives()) / 2;
            }
            assertEquals(new RankAgreement.RocPoint(1, 1), curve.getLast());
            assertEquals(auc.getAsDouble(), area, 1e-9);
        });
    }

    private static OptionalDouble spearman(Scores first, Scores second, boolean absolute) {
        return RankAgreement.spearman(row(first), row(second), absolute);
    }

    private static OptionalDouble auc(Scores scores, Circuit known) {
        return RankAgreement.auc(row(scores), row(known));
    }

    private static List<RankAgreement.RocPoint> roc(Scores scores, Circuit known) {
        return RankAgreement.roc(row(scores), row(known));
    }

    /** The scores of the edges that exist, in their order. */
    private static double[] row(Scores scores) {
        return Circuit.full(scores.graph()).edges().stream()
                .mapToDouble(scores::of)
                .toArray();
    }

    /** Which of the edges that exist a circuit has, by their places in that order. */
    private static BitSet row(Circuit circuit) {
        int[] edges = Circuit.full(circuit.graph()).edges().stream().toArray();
        BitSet places = new BitSet();
        for (int i = 0; i < edges.length; i++) places.set(i, circuit.contains(edges[i]));
        return places;
    }
}
