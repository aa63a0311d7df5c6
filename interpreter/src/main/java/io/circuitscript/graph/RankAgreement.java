package io.circuitscript.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** How well the order of scores agrees with other scores, or with a circuit that is known. Over every edge that exists. */
public final class RankAgreement {
    private RankAgreement() {}

    /** A point of a ROC curve: of a circuit's edges, and of all others, the shares that score so high. */
    public record RocPoint(double falsePositives, double truePositives) {}

    /** Spearman's correlation of ranks; equal scores share the mean of their ranks. Empty where one side's scores are all equal. */
    public static OptionalDouble spearman(Scores first, Scores second, boolean absolute) {
        int[] edges = edges(first.graph());
        double[] a = ranks(edges, key(first, absolute));
        double[] b = ranks(edges, key(second, absolute));
        return correlation(a, b);
    }

    /** The same of two rows of numbers, the one's beside the other's. */
    public static OptionalDouble spearman(double[] first, double[] second) {
        int[] places = IntStream.range(0, first.length).toArray();
        return correlation(ranks(places, i -> first[i] + 0.0), ranks(places, i -> second[i] + 0.0));
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
        int[] edges = edges(scores.graph());
        double[] ranks = ranks(edges, key(scores, true));
        double inside = known.edgeCount();
        double outside = edges.length - inside;
        if (inside == 0 || outside == 0) return OptionalDouble.empty();
        double sum = 0;
        for (int i = 0; i < edges.length; i++) {
            if (known.contains(edges[i])) sum += ranks[i];
        }
        return OptionalDouble.of((sum - inside * (inside - 1) / 2) / (inside * outside)); // Mann and Whitney's U
    }

    /** The ROC curve from nothing taken to everything, by falling absolute score, a point for each value that there is. */
    public static List<RocPoint> roc(Scores scores, Circuit known) {
        int[] edges = edges(scores.graph());
        IntToDoubleFunction key = key(scores, true);
        int[] order = IntStream.of(edges).boxed().sorted(Comparator.comparingDouble(edge -> -key.applyAsDouble(edge))).mapToInt(i -> i).toArray();
        double inside = known.edgeCount();
        double outside = edges.length - inside;
        List<RocPoint> points = new ArrayList<>();
        points.add(new RocPoint(0, 0));
        int hits = 0;
        for (int i = 0; i < order.length; i++) {
            if (known.contains(order[i])) hits++;
            boolean last = i + 1 == order.length || key.applyAsDouble(order[i]) != key.applyAsDouble(order[i + 1]);
            if (last) points.add(new RocPoint((i + 1 - hits) / outside, hits / inside));
        }
        return points;
    }

    private static int[] edges(ModelGraph graph) {
        BitSet all = Circuit.full(graph).edges();
        return all.stream().toArray();
    }

    /** By value, so that 0 and -0 tie. */
    private static IntToDoubleFunction key(Scores scores, boolean absolute) {
        return edge -> absolute ? Math.abs(scores.of(edge)) : scores.of(edge) + 0.0;
    }

    /** From 0, in the order of the edges. */
    private static double[] ranks(int[] edges, IntToDoubleFunction key) {
        Integer[] order = new Integer[edges.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> key.applyAsDouble(edges[i])));
        double[] ranks = new double[edges.length];
        int from = 0;
        while (from < order.length) {
            int end = from + 1;
            while (end < order.length && key.applyAsDouble(edges[order[end]]) == key.applyAsDouble(edges[order[from]])) end++;
            for (int i = from; i < end; i++) ranks[order[i]] = (from + end - 1) / 2.0;
            from = end;
        }
        return ranks;
    }
}
