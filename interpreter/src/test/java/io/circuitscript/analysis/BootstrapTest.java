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

    @Test
    void nineteenOfTwentyIntervalsHoldTheTrueMean() {
        Random random = new Random(1);
        int held = 0;
        int samples = 400;
        for (int i = 0; i < samples; i++) {
            Interval interval = Bootstrap.ofMean(sample(random, 60), i).orElseThrow();
            if (interval.low() <= 1 && 1 <= interval.high()) held++;
        }
        // A percentile interval of a skewed sample of 60 is a little narrow.
        assertTrue(held > 0.90 * samples && held < 0.98 * samples, held + " of " + samples);
    }

    @Test
    void aNormalSampleHasTheIntervalOfItsStandardError() {
        double[] values = new Random(2).doubles(400).toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double error = Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()) / values.length;
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
        Bootstrap draws = Bootstrap.of(List.of(new double[] {1, 2, 3}), 0);
        assertEquals(Optional.empty(), draws.interval(means -> Double.NaN));
        assertEquals(Optional.empty(), draws.interval(means -> means[0] / 0));
    }
}
