package io.circuitscript.analysis.statistics;

import java.util.OptionalInt;

/**
 * The equivalence test of Shi et al. 2024: does one of two programs do better than the other on about half of the examples? The null is
 * |P(the first does better) − 1/2| &lt; ε. The statistic is |k/n − 1/2|, and its p-value is the largest that the null allows, which is at its boundary:
 * the probability that a binomial count with n and 1/2 + ε is at least as far from n/2 as k is. With ε = 0 it is the sign test.
 *
 * @param better on how many examples the first does better
 * @param compared on how many one of the two does
 */
public record EquivalenceTest(int better, int compared, double epsilon) {
    /** More examples than this are not looked for. */
    private static final int MOST = 1_000_000;

    public EquivalenceTest {
        if (better < 0 || better > compared || !(epsilon >= 0 && epsilon < 0.5))
            throw new IllegalArgumentException(better + " of " + compared + " with " + epsilon);
    }

    /**
     * Of numbers of which the larger one is better. Examples on which both are equal, apart from rounding, are not compared, as in the sign test.
     */
    public static EquivalenceTest of(double[] first, double[] second, double rounding, double epsilon) {
        int better = 0;
        int compared = 0;
        for (int i = 0; i < first.length; i++) {
            if (Math.abs(first[i] - second[i]) <= rounding) continue;
            compared++;
            if (first[i] > second[i]) better++;
        }
        return new EquivalenceTest(better, compared, epsilon);
    }

    /** The share of the compared examples on which the first does better. */
    public double share() {
        return (double) better / compared;
    }

    public double pValue() {
        return pValue(Math.max(better, compared - better), compared, epsilon);
    }

    /**
     * The smallest count, at least half of the compared, with a p-value of {@code alpha} at most: so often, or so rarely, one has to do better for the test
     * to reject. Empty where there are too few examples for that.
     */
    public static OptionalInt enough(int compared, double epsilon, double alpha) {
        for (int more = (compared + 1) / 2; more <= compared; more++) {
            if (pValue(more, compared, epsilon) <= alpha) return OptionalInt.of(more);
        }
        return OptionalInt.empty();
    }

    /** How many examples it takes so that the test can reject at all. */
    public static int examplesNeeded(double epsilon, double alpha) {
        int examples = 1;
        while (examples < MOST && pValue(examples, examples, epsilon) > alpha) examples++;
        return examples;
    }

    /** The probability of a rejection where the first does better with a probability of {@code better}. @param enough by {@link #enough} */
    public static double power(int compared, int enough, double better) {
        double above = QuantileTest.atLeast(enough, compared, better);
        return Math.min(1, above + QuantileTest.atMost(compared - enough, compared, better));
    }

    /** @param more the larger of both counts */
    private static double pValue(int more, int compared, double epsilon) {
        int less = compared - more;
        if (more - less <= 0) return 1;
        double above = QuantileTest.atLeast(more, compared, 0.5 + epsilon);
        return Math.min(1, above + QuantileTest.atMost(less, compared, 0.5 + epsilon));
    }
}
