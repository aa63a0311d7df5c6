package io.circuitscript.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DrawsTest {
    /** Rows that a script generates must not change from one version or machine to the next. */
    @Test
    void theSameNumbersForASeedForEver() {
        Draws draws = new Draws(0);
        assertEquals("[5, 0, 9, 4, 7, 0, 3, 0, 9, 0]", java.util.Arrays.toString(IntStream.range(0, 10).map(i -> draws.below(10)).toArray()));
    }

    @Test
    void eachNumberIsAsLikelyAsTheOthers() {
        int[] counts = new int[7];
        Draws draws = new Draws(3);
        for (int i = 0; i < 70_000; i++) counts[draws.below(7)]++;
        for (int count : counts) assertTrue(Math.abs(count - 10_000) < 500, java.util.Arrays.toString(counts));
    }
}
