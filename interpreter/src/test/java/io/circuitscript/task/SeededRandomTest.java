package io.circuitscript.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
    /** SplitMix64 from seed 0 gives e220a8397b1dcdaf first, 6e789e6aa1b965f4 next, 06c45d188009454f then. */
    @Test
    void drawsAreThoseOfTheAlgorithm() {
        SeededRandom draws = new SeededRandom(0);
        long[] first = {0xe220a839L, 0x6e789e6aL, 0x06c45d18L};
        for (long word : first) assertEquals((int) (word * 1000 >>> 32), draws.below(1000));
        assertThrows(IllegalArgumentException.class, () -> draws.below(0));
    }

    @Test
    void everyNumberIsDrawnAboutAsOftenAsTheOthers() {
        SeededRandom draws = new SeededRandom(3);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) counts[draws.below(7)]++;
        for (int count : counts) assertTrue(Math.abs(count - 10_000) < 500, count + " of about 10,000");
    }

    @Test
    void anOrderIsOfTheSameItemsAndFollowsFromTheSeed() {
        List<Integer> items = IntStream.range(0, 50).boxed().toList();
        List<Integer> order = new SeededRandom(1).shuffled(items);
        assertEquals(items, List.copyOf(new TreeSet<>(order)));
        assertEquals(order, new SeededRandom(1).shuffled(items));
        assertTrue(!order.equals(new SeededRandom(2).shuffled(items)) && !order.equals(items));
    }
}
