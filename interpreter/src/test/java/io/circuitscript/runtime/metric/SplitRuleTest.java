package io.circuitscript.runtime.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The rows on either side of a split. */
final class SplitRuleTest {
    /** @param texts of each row, by number */
    private static Pairs rows(List<Integer> texts) {
        List<Pair> pairs = IntStream.range(0, texts.size())
                .mapToObj(row -> new Pair(
                        row + 1, "clean " + texts.get(row), "corrupted", new int[] {1}, new int[] {2}, Map.of()))
                .toList();
        return new Pairs("rows", List.of("clean", "corrupted"), pairs);
    }

    private static List<Integer> numbers(Pairs pairs) {
        return pairs.pairs().stream().map(Pair::row).toList();
    }

    @Test
    void everyRowIsOnOneSideAndItsCopiesWithIt() {
        Randomly.check(1000, random -> {
            List<Integer> texts = Randomly.list(random, 1, 60, it -> it.nextInt(10));
            int percent = random.nextInt(1, 100);
            Pairs all = rows(texts);
            SplitRule split = new SplitRule(percent / 100.0, 7);
            Pairs train = split.rows(all, DataSplit.TRAIN);
            Pairs test = split.rows(all, DataSplit.TEST);
            List<Integer> together = new ArrayList<>(numbers(train));
            together.addAll(numbers(test));
            Collections.sort(together);
            assertEquals(numbers(all), together);
            assertTrue(train.size() <= percent * texts.size() / 100);
            var known = train.pairs().stream().map(Pair::texts).collect(Collectors.toSet());
            assertTrue(test.pairs().stream().map(Pair::texts).noneMatch(known::contains));
        });
    }

    @Test
    void withoutCopiesTheShareIsExact() {
        Randomly.check(1000, random -> {
            int size = random.nextInt(2, 61);
            int percent = random.nextInt(1, 100);
            Pairs all = rows(IntStream.range(0, size).boxed().toList());
            assertEquals(
                    percent * size / 100,
                    new SplitRule(percent / 100.0, 7).rows(all, DataSplit.TRAIN).size());
        });
    }

    @Test
    void copiesOfOneRowCannotBeSplit() {
        UserError mistake = assertThrows(UserError.class, () -> new SplitRule(0.5, 0).check(rows(List.of(3, 3, 3, 3))));
        assertEquals("the split leaves no row for training: rows has 4, 1 of them distinct", mistake.getMessage());
    }
}
