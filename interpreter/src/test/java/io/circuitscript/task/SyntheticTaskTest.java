package io.circuitscript.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.task.SyntheticTask.Difference;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class SyntheticTaskTest {
    @Test
    void aPairDiffersInOneToken() {
        for (Pair pair : SyntheticTask.of(100, 5, SyntheticTask.LENGTH, Difference.LATE)
                .pairs()
                .pairs()) {
            assertEquals(13, pair.length());
            assertEquals(8, Arrays.mismatch(pair.clean(), pair.corrupted()));
            assertEquals(
                    -1,
                    Arrays.mismatch(
                            Arrays.copyOfRange(pair.clean(), 9, 13), Arrays.copyOfRange(pair.corrupted(), 9, 13)));
            assertTrue(Arrays.stream(pair.corrupted()).allMatch(id -> id >= 0 && id < 5));
        }
    }

    @Test
    void theSameEveryTime() {
        Pairs first =
                SyntheticTask.of(3, 1000, SyntheticTask.LENGTH, Difference.LATE).pairs();
        Pairs again =
                SyntheticTask.of(5, 1000, SyntheticTask.LENGTH, Difference.LATE).pairs();
        for (int i = 0; i < 3; i++)
            assertArrayEquals(first.pairs().get(i).clean(), again.pairs().get(i).clean());
        assertNotEquals(
                Arrays.toString(first.pairs().get(0).clean()),
                Arrays.toString(first.pairs().get(1).clean()));
    }

    @Test
    void theMetricHasAGradient() {
        SyntheticTask task = SyntheticTask.of(2, 2, SyntheticTask.LENGTH, Difference.LATE);
        assertTrue(task.metric().differentiable());
        assertFalse(task.metric().flatAtClean());
    }

    @Test
    void textsOfAnyLength() {
        Pair few = SyntheticTask.of(1, 10, 4, Difference.LATE).pairs().pairs().getFirst();
        assertEquals(4, few.length());
        assertEquals(2, Arrays.mismatch(few.clean(), few.corrupted()));
        Pair one = SyntheticTask.of(1, 10, 1, Difference.EARLY).pairs().pairs().getFirst();
        assertEquals(0, Arrays.mismatch(one.clean(), one.corrupted()));
        Pair many =
                SyntheticTask.of(1, 10, 167, Difference.EARLY).pairs().pairs().getFirst();
        assertEquals(167, many.length());
        assertEquals(1, Arrays.mismatch(many.clean(), many.corrupted()));
    }
}
