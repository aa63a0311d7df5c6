package io.circuitscript.analysis.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** p-values that can be counted by hand, and what they say of small samples. */
class StatisticsTest {
    @Test
    void equivalenceByHand() {
        assertEquals(Math.pow(0.6, 3) + Math.pow(0.4, 3), new EquivalenceTest(3, 3, 0.1).pValue(), 1e-15);
        assertEquals(new EquivalenceTest(3, 3, 0.1).pValue(), new EquivalenceTest(0, 3, 0.1).pValue());
        // 9 or 10 of 10, or 0 or 1: the sign test has 22 of 1024 orders.
        assertEquals(22 / 1024.0, new EquivalenceTest(9, 10, 0).pValue(), 1e-15);
        assertEquals(1, new EquivalenceTest(5, 10, 0.1).pValue());
        assertEquals(1, new EquivalenceTest(0, 0, 0.1).pValue());
    }

    @Test
    void equivalenceSaysWhenItRejects() {
        assertEquals(7, EquivalenceTest.examplesNeeded(0.1, 0.05));
        assertEquals(OptionalInt.empty(), EquivalenceTest.enough(6, 0.1, 0.05));
        assertEquals(OptionalInt.of(7), EquivalenceTest.enough(7, 0.1, 0.05));
        int enough = EquivalenceTest.enough(100, 0.1, 0.05).orElseThrow();
        assertTrue(new EquivalenceTest(enough, 100, 0.1).pValue() <= 0.05);
        assertTrue(new EquivalenceTest(enough - 1, 100, 0.1).pValue() > 0.05);
        assertTrue(new EquivalenceTest(100 - enough, 100, 0.1).pValue() <= 0.05);
    }

    @Test
    void quantilesByHand() {
        assertEquals(Math.pow(0.9, 20), new QuantileTest(20, 20, 0.9).pOfBeatingMore(), 1e-15);
        assertEquals(Math.pow(0.1, 20), new QuantileTest(0, 20, 0.9).pOfBeatingFewer(), 1e-30);
        assertEquals(1, new QuantileTest(0, 20, 0.9).pOfBeatingMore());
        assertEquals(1, new QuantileTest(20, 20, 0.9).pOfBeatingFewer());
        assertEquals(11 / 1024.0, new QuantileTest(9, 10, 0.5).pOfBeatingMore(), 1e-15);
        assertEquals(11 / 1024.0, new QuantileTest(1, 10, 0.5).pOfBeatingFewer(), 1e-15);
        assertEquals(0.95, new QuantileTest(95, 100, 0.9).share());
    }

    @Test
    void quantilesSayWhenTheyReject() {
        assertEquals(OptionalInt.of(96), QuantileTest.enough(100, 0.9, 0.05));
        assertEquals(29, QuantileTest.drawsNeeded(0.9, 0.05, true));
        assertEquals(OptionalInt.empty(), QuantileTest.enough(28, 0.9, 0.05));
        assertEquals(OptionalInt.of(29), QuantileTest.enough(29, 0.9, 0.05));
        assertEquals(2, QuantileTest.drawsNeeded(0.9, 0.05, false));
        assertEquals(OptionalInt.of(0), QuantileTest.tooFew(2, 0.9, 0.05));
        assertEquals(OptionalInt.empty(), QuantileTest.tooFew(1, 0.9, 0.05));
        assertEquals(1, QuantileTest.drawsNeeded(0.5, 0.5, true));
    }

    @Test
    void theCorrectionMultiplies() {
        assertEquals(0.04, Bonferroni.ofAll(new double[] {0.3, 0.01, 0.2, 0.9}));
        assertEquals(1, Bonferroni.ofAll(new double[] {0.3, 0.4, 0.5, 0.6}));
        assertEquals(1, Bonferroni.ofAll(new double[0]));
        assertThrows(IllegalArgumentException.class, () -> new QuantileTest(3, 2, 0.9));
        assertThrows(IllegalArgumentException.class, () -> new EquivalenceTest(1, 2, 0.5));
    }

    /** Three examples, x = y = (0, 1, 2): distances 0 three times, 1 four times, 2 twice, so that σ is 1. Worked out with a pen. */
    @Test
    void hsicByHand() {
        double[] x = {0, 1, 2};
        double near = Math.exp(-0.5);
        double far = Math.exp(-2);
        double[][] k = {{1, near, far}, {near, 1, near}, {far, near, 1}};
        double[] rows = new double[3];
        double all = 0;
        for (int i = 0; i < 3; i++) {
            rows[i] = Arrays.stream(k[i]).sum() / 3;
            all += rows[i] / 3;
        }
        double trace = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) trace += Math.pow(k[i][j] - rows[i] - rows[j] + all, 2);
        }
        IndependenceTest test = IndependenceTest.of(x, x, 50, new Random(1)::nextInt, () -> {});
        assertEquals(trace / 4, test.hsic(), 1e-15);
        assertEquals((1 + test.asLarge()) / 51.0, test.pValue());
    }

    @Test
    void independenceFindsWhatDepends() {
        Random random = new Random(2);
        double[] x = random.doubles(60).map(it -> 2 * it - 1).toArray();
        double[] square = Arrays.stream(x).map(it -> it * it).toArray(); // uncorrelated with it
        assertEquals(
                0.001,
                IndependenceTest.of(x, square, 999, random::nextInt, () -> {}).pValue(),
                1e-15);
    }

    /** Nothing depends on a number that is always the same, nor does that break anything. */
    @Test
    void constantsAreIndependentOfEverything() {
        double[] zeros = new double[20];
        double[] some = new Random(3).doubles(20).toArray();
        assertEquals(
                1,
                IndependenceTest.of(zeros, some, 99, new Random(4)::nextInt, () -> {})
                        .pValue());
        assertEquals(
                1,
                IndependenceTest.of(zeros, zeros, 99, new Random(5)::nextInt, () -> {})
                        .pValue());
    }

    @Test
    void fewExamplesHaveFewOrders() {
        assertEquals(1, IndependenceTest.smallestPValue(1, 1000));
        assertEquals(1 / 6.0, IndependenceTest.smallestPValue(3, 1000));
        assertEquals(1 / 720.0, IndependenceTest.smallestPValue(6, 1000));
        assertEquals(1 / 1001.0, IndependenceTest.smallestPValue(7, 1000));
    }

    /** Whoever waits may stop it. */
    @Test
    void itAsksBeforeEveryPermutation() {
        int[] asked = {0};
        double[] some = new Random(6).doubles(5).toArray();
        assertThrows(
                IllegalStateException.class,
                () -> IndependenceTest.of(some, some, 100, new Random(7)::nextInt, () -> {
                    if (++asked[0] == 3) throw new IllegalStateException("stop");
                }));
        assertEquals(3, asked[0]);
    }
}
