package io.circuitscript.analysis.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Where a null just holds, its test rejects it no more often than it says: P(p ≤ α) ≤ α, by 500 draws of a fixed seed. A bound on p-values alone would be
 * met by a test that never rejects, so each must reject now and then too.
 */
class CalibrationTest {
    private static final int DRAWS = 500;
    private static final double[] LEVELS = {0.01, 0.05, 0.1, 0.25, 0.5};

    /** @param least the share of α that has to be reached at 0.1 and above: counts have few values, so that it is not 1 */
    private static double[] assertCalibrated(long seed, double least, ToDoubleFunction<Random> test) {
        Random random = new Random(seed);
        double[] pValues = IntStream.range(0, DRAWS)
                .mapToDouble(i -> test.applyAsDouble(random))
                .toArray();
        for (double level : LEVELS) {
            long rejected = Arrays.stream(pValues).filter(p -> p <= level).count();
            double error = 3 * Math.sqrt(DRAWS * level * (1 - level));
            assertTrue(rejected <= DRAWS * level + error, rejected + " of " + DRAWS + " at " + level);
            if (level >= 0.1)
                assertTrue(rejected >= least * DRAWS * level, "only " + rejected + " of " + DRAWS + " at " + level);
        }
        return pValues;
    }

    @Test
    void equivalenceAtBothEndsOfItsNull() {
        for (double better : new double[] {0.6, 0.4}) {
            assertCalibrated(1, 0.5, random -> {
                int count =
                        (int) random.doubles(80).filter(draw -> draw < better).count();
                return new EquivalenceTest(count, 80, 0.1).pValue();
            });
        }
    }

    /** ε = 0 is the sign test. */
    @Test
    void equivalenceWithoutATolerance() {
        assertCalibrated(2, 0.5, random -> {
            int count = (int) random.doubles(51).filter(draw -> draw < 0.5).count();
            return new EquivalenceTest(count, 51, 0).pValue();
        });
    }

    /** Independent numbers of quite different distributions: the p-values of the permutation test are uniform, by Kolmogorov and Smirnov. */
    @Test
    void independencesPValuesAreUniform() {
        double[] pValues = assertCalibrated(3, 0.7, random -> {
            double[] model = random.doubles(30).map(it -> -Math.log(1 - it)).toArray();
            double[] knockedOut = IntStream.range(0, 30)
                    .mapToDouble(i -> random.nextGaussian())
                    .toArray();
            return IndependenceTest.of(model, knockedOut, 499, random::nextInt, () -> {})
                    .pValue();
        });
        assertTrue(distanceFromUniform(pValues) < 1.358 / Math.sqrt(DRAWS), "D = " + distanceFromUniform(pValues));
    }

    /** Numbers of few values tie often, which makes the p-values larger, never smaller. */
    @Test
    void independenceOfNumbersThatTie() {
        assertCalibrated(4, 0.5, random -> {
            double[] model = random.ints(20, 0, 3).asDoubleStream().toArray();
            double[] knockedOut = random.ints(20, 0, 2).asDoubleStream().toArray();
            return IndependenceTest.of(model, knockedOut, 199, random::nextInt, () -> {})
                    .pValue();
        });
    }

    /** Sufficiency and partial necessity: a circuit that is exactly as good as the quantile of random ones. */
    @Test
    void beatingMoreThanAQuantile() {
        for (double quantile : new double[] {0.9, 0.5}) {
            assertCalibrated(5, 0.4, random -> {
                int beaten = (int)
                        random.doubles(100).filter(draw -> draw < quantile).count();
                return new QuantileTest(beaten, 100, quantile).pOfBeatingMore();
            });
        }
    }

    /** Minimality: every one of 12 edges matters exactly as much as the quantile of random ones, and all are compared with the same random edges. */
    @Test
    void minimalityWithItsCorrection() {
        assertCalibrated(6, 0, random -> minimality(random, 12, 0.9, true));
        assertCalibrated(7, 0.4, random -> minimality(random, 1, 0.9, true));
    }

    /** Without the correction, as the authors' program leaves it, many edges are rejected too often: the test above can fail. */
    @Test
    void minimalityNeedsItsCorrection() {
        Random random = new Random(8);
        // Edges that are compared with draws of their own reject independently of one another.
        long rejected = IntStream.range(0, DRAWS)
                .filter(i -> IntStream.range(0, 12)
                                .mapToDouble(e -> minimality(random, 1, 0.9, false))
                                .min()
                                .orElseThrow()
                        <= 0.05)
                .count();
        assertTrue(rejected > 0.2 * DRAWS, rejected + " of " + DRAWS);
        long corrected = IntStream.range(0, DRAWS)
                .filter(i -> Bonferroni.ofAll(IntStream.range(0, 12)
                                .mapToDouble(e -> minimality(random, 1, 0.9, false))
                                .toArray())
                        <= 0.05)
                .count();
        assertTrue(corrected <= 0.05 * DRAWS + 3 * Math.sqrt(DRAWS * 0.05 * 0.95), corrected + " of " + DRAWS);
    }

    private static double minimality(Random random, int edges, double quantile, boolean corrected) {
        double[] effects = random.doubles(100).toArray();
        double[] pValues = new double[edges];
        for (int edge = 0; edge < edges; edge++) {
            int beaten =
                    (int) Arrays.stream(effects).filter(it -> quantile > it).count();
            pValues[edge] = new QuantileTest(beaten, effects.length, quantile).pOfBeatingFewer();
        }
        return corrected ? Bonferroni.ofAll(pValues) : pValues[0];
    }

    /** Not by drawing: the probability of each outcome is known, and with it that of rejecting. For all small numbers of examples and draws. */
    @Test
    void noCountIsTooSmall() {
        for (int n = 1; n <= 60; n++) {
            for (double level : LEVELS) {
                double[] tests = new double[3];
                for (int k = 0; k <= n; k++) {
                    if (new EquivalenceTest(k, n, 0.1).pValue() <= level) tests[0] += probability(k, n, 0.6);
                    if (new QuantileTest(k, n, 0.9).pOfBeatingMore() <= level) tests[1] += probability(k, n, 0.9);
                    if (new QuantileTest(k, n, 0.9).pOfBeatingFewer() <= level) tests[2] += probability(k, n, 0.9);
                }
                for (double rejected : tests) assertTrue(rejected <= level + 1e-12, n + ": " + rejected);
            }
        }
        assertEquals(0.6 * 0.6, probability(2, 2, 0.6), 1e-15);
    }

    private static double probability(int k, int n, double p) {
        double ways = 1;
        for (int i = 0; i < k; i++) ways = ways * (n - i) / (i + 1);
        return ways * Math.pow(p, k) * Math.pow(1 - p, n - k);
    }

    private static double distanceFromUniform(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.length; i++) {
            distance = Math.max(
                    distance, Math.max(sorted[i] - (double) i / sorted.length, (i + 1.0) / sorted.length - sorted[i]));
        }
        return distance;
    }
}
