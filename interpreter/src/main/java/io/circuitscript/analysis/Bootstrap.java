package io.circuitscript.analysis;

import io.circuitscript.task.Draws;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How sure a number is that is made of means over examples: examples are drawn with replacement, as many as there are, a thousand times, and
 * the number is made anew of each draw. Each draw takes the same examples for every column, so that what differs between examples alike in
 * all of them (an easy text is easy for the circuit and for the model) does not widen the interval.
 */
public final class Bootstrap {
    private static final int DRAWS = 1000;
    private static final double TAIL = 0.025;

    /** {@code [draw][column]} */
    private final double[][] means;

    private Bootstrap(double[][] means) {
        this.means = means;
    }

    /** @param columns of each, a value for every example; all over the same examples */
    public static Bootstrap of(List<double[]> columns, long seed) {
        int examples = columns.getFirst().length;
        double[][] means = new double[examples > 1 ? DRAWS : 0][columns.size()];
        Draws draws = new Draws(seed);
        int[] drawn = new int[examples];
        for (double[] mean : means) {
            for (int i = 0; i < examples; i++) drawn[i] = draws.below(examples);
            for (int column = 0; column < mean.length; column++) mean[column] = mean(columns.get(column), drawn);
        }
        return new Bootstrap(means);
    }

    private static double mean(double[] values, int[] drawn) {
        double sum = 0;
        for (int example : drawn) sum += values[example];
        return sum / drawn.length;
    }

    /** The interval of a mean. */
    public static Optional<Interval> ofMean(double[] values, long seed) {
        return of(List.of(values), seed).interval(means -> means[0]);
    }

    /**
     * @param number what the columns' means make
     * @return empty where one example says nothing of others, or where the number has no value in too many draws
     */
    public Optional<Interval> interval(ToDoubleFunction<double[]> number) {
        double[] numbers = Arrays.stream(means).mapToDouble(number).filter(it -> !Double.isNaN(it)).sorted().toArray();
        if (numbers.length < means.length * (1 - TAIL) || numbers.length == 0) return Optional.empty();
        Interval interval = new Interval(quantile(numbers, TAIL), quantile(numbers, 1 - TAIL));
        return Double.isFinite(interval.low()) && Double.isFinite(interval.high()) ? Optional.of(interval) : Optional.empty();
    }

    /** Between the two nearest in their order, as most programs have it. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
