package io.circuitscript.analysis.statistics;

import java.util.OptionalInt;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * How often one number beats independent draws of a distribution, against a quantile of that distribution. If the number lies at the quantile {@code q}
 * exactly, it beats each draw with probability {@code q}, and how many it beats is binomial. Both p-values are exact tails of that distribution.
 *
 * @param beaten how many of the draws
 * @param count of how many
 * @param quantile between 0 and 1
 */
public record QuantileTest(int beaten, int count, double quantile) {
    /** A needed number of draws beyond this is not looked for. */
    private static final int MOST = 1_000_000;

    public QuantileTest {
        if (beaten < 0 || beaten > count || !(quantile > 0 && quantile < 1))
            throw new IllegalArgumentException(beaten + " of " + count + " at " + quantile);
    }

    /** The share of the draws that it beats: the test's statistic. */
    public double share() {
        return (double) beaten / count;
    }

    /** Of the null that the number lies at the quantile at most: P(B ≥ beaten), B binomial with {@code count} and {@code quantile}. */
    public double pOfBeatingMore() {
        return atLeast(beaten, count, quantile);
    }

    /** Of the null that the number lies at the quantile at least: P(B ≤ beaten). */
    public double pOfBeatingFewer() {
        return atMost(beaten, count, quantile);
    }

    /** How many draws have to be beaten so that the p-value of beating more is at most {@code alpha}; empty where all are not enough. */
    public static OptionalInt enough(int count, double quantile, double alpha) {
        for (int beaten = 0; beaten <= count; beaten++) {
            if (atLeast(beaten, count, quantile) <= alpha) return OptionalInt.of(beaten);
        }
        return OptionalInt.empty();
    }

    /** The most draws that may be beaten so that the p-value of beating fewer is at most {@code alpha}; empty where none is too many. */
    public static OptionalInt tooFew(int count, double quantile, double alpha) {
        for (int beaten = count; beaten >= 0; beaten--) {
            if (atMost(beaten, count, quantile) <= alpha) return OptionalInt.of(beaten);
        }
        return OptionalInt.empty();
    }

    /** How many draws it takes so that beating all of them ({@code more}), or none, has a p-value of {@code alpha} at most. */
    public static int drawsNeeded(double quantile, double alpha, boolean more) {
        double each = more ? quantile : 1 - quantile;
        int draws = (int) Math.clamp(Math.floor(Math.log(alpha) / Math.log(each)), 1, MOST);
        while (draws < MOST && Math.pow(each, draws) > alpha) draws++;
        return draws;
    }

    static double atLeast(int k, int count, double probability) {
        return k <= 0 ? 1 : BinomialDistribution.of(count, probability).survivalProbability(k - 1);
    }

    static double atMost(int k, int count, double probability) {
        return k >= count ? 1 : BinomialDistribution.of(count, probability).cumulativeProbability(k);
    }
}
