package io.circuitscript.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Rank statistics: how well scores agree with other scores, or with a known circuit. For edges, over every edge of the
 * graph.
 */
public final class RankAgreement {
    private RankAgreement() {}

    /** A point of a ROC curve: of what a circuit has, and of all else, the shares that score so high. */
    public record RocPoint(double falsePositives, double truePositives) {}

    /** Spearman's correlation of ranks; equal scores share the mean of their ranks. Empty where one side's scores are all equal. */
    public static OptionalDouble spearman(Scores first, Scores second, boolean absolute) {
        return spearman(row(first), row(second), absolute);
    }

    /** The same of two rows of numbers, the one's beside the other's. */
    public static OptionalDouble spearman(double[] first, double[] second, boolean absolute) {
        return correlation(ranks(keys(first, absolute)), ranks(keys(second, absolute)));
    }

    /** The same with their signs. */
    public static OptionalDouble spearman(double[] first, double[] second) {
        return spearman(first, second, false);
    }

    private static OptionalDouble correlation(double[] a, double[] b) {
        double mean = (a.length - 1) / 2.0;
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - mean) * (b[i] - mean);
            squaresA += (a[i] - mean) * (a[i] - mean);
            squaresB += (b[i] - mean) * (b[i] - mean);
        }
        if (squaresA == 0 || squaresB == 0) return OptionalDouble.empty();
        return OptionalDouble.of(product / Math.sqrt(squaresA * squaresB));
    }

    /**
     * The area under the ROC curve: how likely an edge of the circuit has a larger absolute score than one that is not of it, equal ones
     * counting half. Empty where the circuit has no edges, or all.
     */
    public static OptionalDouble auc(Scores scores, Circuit known) {
        return auc(row(scores), row(known));
    }

    /** The same of a row of scores. @param known which places are to be found */
    public static OptionalDouble auc(double[] scores, BitSet known) {
        double[] ranks = ranks(keys(scores, true));
        double inside = known.cardinality();
        double outside = scores.length - inside;
        if (inside == 0 || outside == 0) return OptionalDouble.empty();
        double sum = known.stream().mapToDouble(i -> ranks[i]).sum();
        return OptionalDouble.of((sum - inside * (inside - 1) / 2) / (inside * outside)); // Mann and Whitney's U
    }

    /** The ROC curve from nothing taken to everything, by falling absolute score, a point for each value that there is. */
    public static List<RocPoint> roc(Scores scores, Circuit known) {
        return roc(row(scores), row(known));
    }

    /** The same of a row of scores. @param known which places are to be found: some, not all */
    public static List<RocPoint> roc(double[] scores, BitSet known) {
        double[] keys = keys(scores, true);
        int[] order = IntStream.range(0, keys.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -keys[i]))
                .mapToInt(i -> i)
                .toArray();
        double inside = known.cardinality();
        double outside = keys.length - inside;
        List<RocPoint> points = new ArrayList<>();
        points.add(new RocPoint(0, 0));
        int hits = 0;
        for (int i = 0; i < order.length; i++) {
            if (known.get(order[i])) hits++;
            boolean last = i + 1 == order.length || keys[order[i]] != keys[order[i + 1]];
            if (last) points.add(new RocPoint((i + 1 - hits) / outside, hits / inside));
        }
        return points;
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

    /** What is ranked by: by value, so that 0 and -0 tie. */
    private static double[] keys(double[] scores, boolean absolute) {
        return Arrays.stream(scores)
                .map(score -> absolute ? Math.abs(score) : score + 0.0)
                .toArray();
    }

    /** From 0. */
    private static double[] ranks(double[] keys) {
        Integer[] order = new Integer[keys.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> keys[i]));
        double[] ranks = new double[keys.length];
        int from = 0;
        while (from < order.length) {
            int end = from + 1;
            while (end < order.length && keys[order[end]] == keys[order[from]]) end++;
            for (int i = from; i < end; i++) ranks[order[i]] = (from + end - 1) / 2.0;
            from = end;
        }
        return ranks;
    }
}
