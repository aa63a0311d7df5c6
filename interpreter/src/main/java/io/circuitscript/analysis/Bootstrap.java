package io.circuitscript.analysis;

import io.circuitscript.task.SeededRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How sure a number is that is made of means over examples. As many examples as there are are resampled with replacement, 1,000 times, and the number is
 * computed anew from each resample. Each resample takes the same examples for every column, so that what differs between examples alike in all of them
 * (an easy text is easy for the circuit and for the model) does not widen the interval.
 *
 * <p>The interval is the 95 % percentile interval, widened for small samples. Percentile intervals are too narrow there, for two reasons (Hesterberg 2015,
 * "What Teachers Should Know About the Bootstrap"): a resampled mean varies too little by √((n − 1)/n), and the normal distribution stands where Student's t
 * should. Hesterberg corrects the levels of the percentiles. The same correction is made to the distances of both ends from the median here, since no
 * resample reaches beyond the largest example and 1,000 resamples do not have the levels that few examples ask for (0.0001 for four).
 */
public final class Bootstrap {
    private static final int RESAMPLES = 1000;
    private static final double TAIL = 0.025;

    /** Two examples have three different resamples, and an interval nine times as wide as their distance would still be too narrow too often. */
    private static final int FEWEST = 3;

    /** {@code [resample][column]} */
    private final double[][] means;

    /** How many times as far from the median as the percentiles the ends are. */
    private final double widening;

    private Bootstrap(double[][] means, double widening) {
        this.means = means;
        this.widening = widening;
    }

    /** @param columns of each, a value for every example; all over the same examples */
    public static Bootstrap of(List<double[]> columns, long seed) {
        int examples = columns.getFirst().length;
        if (examples < FEWEST) return new Bootstrap(new double[0][], 1);
        double[][] means = new double[RESAMPLES][columns.size()];
        SeededRandom draws = new SeededRandom(seed);
        int[] drawn = new int[examples];
        for (double[] mean : means) {
            for (int i = 0; i < examples; i++) drawn[i] = draws.below(examples);
            for (int column = 0; column < mean.length; column++) mean[column] = mean(columns.get(column), drawn);
        }
        return new Bootstrap(means, widening(examples));
    }

    private static double mean(double[] values, int[] drawn) {
        double sum = 0;
        for (int example : drawn) sum += values[example];
        return sum / drawn.length;
    }

    /** {@code √(n/(n−1)) · t / z}, both quantiles of the upper tail: 1.29 for 8 examples, 1.06 for 30, 1.00 for many. */
    static double widening(int examples) {
        double t = TDistribution.of(examples - 1.0).inverseSurvivalProbability(TAIL);
        double z = NormalDistribution.of(0, 1).inverseSurvivalProbability(TAIL);
        return Math.sqrt(examples / (examples - 1.0)) * t / z;
    }

    /** The interval of a mean. */
    public static Optional<Interval> ofMean(double[] values, long seed) {
        return of(List.of(values), seed).interval(means -> means[0]);
    }

    /**
     * @param number what the columns' means make
     * @return empty where there are fewer than three examples, or where the number has no value in too many resamples
     */
    public Optional<Interval> interval(ToDoubleFunction<double[]> number) {
        double[] numbers = Arrays.stream(means)
                .mapToDouble(number)
                .filter(it -> !Double.isNaN(it))
                .sorted()
                .toArray();
        if (numbers.length < means.length * (1 - TAIL) || numbers.length == 0) return Optional.empty();
        double median = quantile(numbers, 0.5);
        Interval interval = new Interval(
                median - widening * (median - quantile(numbers, TAIL)),
                median + widening * (quantile(numbers, 1 - TAIL) - median));
        return Double.isFinite(interval.low()) && Double.isFinite(interval.high())
                ? Optional.of(interval)
                : Optional.empty();
    }

    /** Between the two nearest in their order, as most programs have it. */
    public static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] == sorted[above]
                ? sorted[below]
                : sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
