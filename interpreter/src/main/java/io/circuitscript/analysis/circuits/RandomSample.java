package io.circuitscript.analysis.circuits;

import io.circuitscript.analysis.Bootstrap;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.RandomCircuits;
import io.circuitscript.task.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Random circuits by a seed, and what they say of a circuit that was found. */
public final class RandomSample {
    private RandomSample() {}

    /**
     * Circuits of one size. Each has draws of its own, so that more of them begin with the same ones.
     *
     * @param connected whether they are unions of paths, which may be smaller, and not sets of edges of which all are equally likely
     */
    public static List<Circuit> draw(
            RandomCircuits from, int size, int count, boolean connected, long seed, CancelToken cancel) {
        List<Circuit> circuits = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cancel.check();
            RandomCircuits.Draws draws = SeededRandom.stream(seed, i)::below;
            circuits.add(connected ? from.connected(size, draws) : from.uniform(size, draws));
        }
        return List.copyOf(circuits);
    }

    /**
     * How likely a value at least as large would be, if the one that was found were one more of the random ones: (1 + those at least as large) /
     * (1 + all). The one that is added keeps a p-value of 0 from coming out of few draws.
     */
    public static double pValue(double found, double[] random) {
        long atLeast = Arrays.stream(random).filter(it -> it >= found).count();
        return (1.0 + atLeast) / (1.0 + random.length);
    }

    /** The number that a share of some lies below, interpolated linearly. */
    public static double quantile(double[] numbers, double share) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return Bootstrap.quantile(sorted, share);
    }
}
