package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static double[] sample(Random random, int examples) {
        return random.doubles(examples).map(it -> -Math.log(1 - it)).toArray(); // exponential: its mean is 1
    }

    /** {@code √(n/(n−1)) t / z}, with t from a table of Student's distribution. */
    @Test
    void fewExamplesWidenTheInterval() {
        double z = 1.959964;
        assertEquals(Math.sqrt(2) * 12.7062 / z, Bootstrap.widening(2), 1e-4);
        assertEquals(Math.sqrt(4 / 3.0) * 3.18245 / z, Bootstrap.widening(4), 1e-5);
        assertEquals(Math.sqrt(8 / 7.0) * 2.36462 / z, Bootstrap.widening(8), 1e-5);
        assertEquals(Math.sqrt(30 / 29.0) * 2.04523 / z, Bootstrap.widening(30), 1e-5);
        assertEquals(1, Bootstrap.widening(1_000_000), 1e-5);
    }

    /** One resample of 27 has the smallest example three times: both ends of the sample are its percentiles. */
    @Test
    void threeExamplesHaveAWideInterval() {
        Interval interval = Bootstrap.ofMean(new double[] {-1, 0, 1}, 0).orElseThrow();
        assertEquals(-Bootstrap.widening(3), interval.low(), 1e-12);
        assertEquals(Bootstrap.widening(3), interval.high(), 1e-12);
    }

    @Test
    void aNormalSampleHasTheIntervalOfItsStandardError() {
        double[] values = new Random(2).doubles(400).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double error = Math.sqrt(
                        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum())
                / values.length;
        Interval interval = Bootstrap.ofMean(values, 0).orElseThrow();
        assertEquals(mean - 1.96 * error, interval.low(), 0.2 * error);
        assertEquals(mean + 1.96 * error, interval.high(), 0.2 * error);
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] values = sample(new Random(3), 30);
        assertEquals(Bootstrap.ofMean(values, 7), Bootstrap.ofMean(values, 7));
        assertTrue(!Bootstrap.ofMean(values, 7).equals(Bootstrap.ofMean(values, 8)));
    }

    @Test
    void columnsAreDrawnTogether() {
        double[] model = sample(new Random(4), 30);
        double[] half = Arrays.stream(model).map(it -> it / 2).toArray();
        Bootstrap both = Bootstrap.of(List.of(half, model), 0);
        Interval share = both.interval(means -> means[0] / means[1]).orElseThrow();
        assertEquals(0.5, share.low(), 1e-12);
        assertEquals(0.5, share.high(), 1e-12);
    }

    @Test
    void whatSaysNothingHasNoInterval() {
        assertEquals(Optional.empty(), Bootstrap.ofMean(new double[] {3}, 0), "one example");
        assertEquals(Optional.empty(), Bootstrap.ofMean(new double[] {3, 4}, 0), "two examples");
        Bootstrap draws = Bootstrap.of(List.of(new double[] {1, 2, 3}), 0);
        assertEquals(Optional.empty(), draws.interval(means -> Double.NaN));
        assertEquals(Optional.empty(), draws.interval(means -> means[0] / 0));
    }
}
