package io.circuitscript.analysis.statistics;

import java.util.Arrays;

/** Bonferroni's correction: that one of several nulls is wrong is shown where the smallest p-value, times how many there are, is small. */
public final class Bonferroni {
    private Bonferroni() {}

    /** One p-value of one of several. */
    public static double corrected(double pValue, int tests) {
        return Math.min(1, pValue * tests);
    }

    /** The p-value of the null that all nulls hold. */
    public static double ofAll(double[] pValues) {
        return corrected(Arrays.stream(pValues).min().orElse(1), Math.max(1, pValues.length));
    }
}
