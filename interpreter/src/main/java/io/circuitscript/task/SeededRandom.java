package io.circuitscript.task;

import java.util.ArrayList;
import java.util.List;

/**
 * Chance by a seed: Steele, Lea and Flood's SplitMix64, written out here, so that a seed means the same draws on every machine and with every
 * version of Java.
 */
public final class SeededRandom {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private long state;

    public SeededRandom(long seed) {
        state = seed;
    }

    /** One of many sequences that belong to a seed: what is drawn from one says nothing of the others. */
    public static SeededRandom stream(long seed, long index) {
        // Neighbouring starts would give the same sequence, shifted, for some seeds: each start is a mixed number
        // itself.
        return new SeededRandom(new SeededRandom(new SeededRandom(seed).next() + index).next());
    }

    private long next() {
        state += STEP;
        return mixed(state);
    }

    /** The draw of a number among all that a seed gives, in whatever order they are asked for: between 0 and 1, neither of them. */
    public static double uniform(long seed, long number) {
        return ((mixed(seed + (number + 1) * STEP) >>> 12) + 0.5) * 0x1.0p-52;
    }

    private static long mixed(long state) {
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** A whole number from 0 to {@code bound - 1}, each as likely as the others to one part in 2^32 / bound. */
    public int below(int bound) {
        if (bound < 1) throw new IllegalArgumentException("a draw from " + bound);
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** The same items in an order of chance (Fisher and Yates). */
    public <T> List<T> shuffled(List<T> items) {
        List<T> order = new ArrayList<>(items);
        for (int last = order.size() - 1; last > 0; last--) {
            int other = below(last + 1);
            T item = order.get(last);
            order.set(last, order.get(other));
            order.set(other, item);
        }
        return order;
    }
}
