package io.circuitscript;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Checks a law on values made at random: the same ones in every run. */
public final class Randomly {
    private Randomly() {}

    /** Tries a check many times, each with a generator of its own; a failure names the generator. */
    public static void check(int tries, ThrowingConsumer<Random> law) {
        for (int number = 0; number < tries; number++) tryOnce(number, law);
    }

    private static void tryOnce(int number, ThrowingConsumer<Random> law) {
        try {
            law.accept(generator(number));
        } catch (Throwable broken) {
            throw new AssertionError("broken with Randomly.generator(" + number + "): " + broken.getMessage(), broken);
        }
    }

    /** Neighbouring numbers must not give alike values, as neighbouring seeds of {@link Random} do. */
    public static Random generator(int number) {
        return new Random(new SplittableRandom(number).nextLong());
    }

    public static <T> T oneOf(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** A list of a random length, both bounds included. */
    public static <T> List<T> list(Random random, int least, int most, Function<Random, T> item) {
        int size = random.nextInt(least, most + 1);
        List<T> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) items.add(item.apply(random));
        return items;
    }
}
