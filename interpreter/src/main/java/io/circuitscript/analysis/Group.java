package io.circuitscript.analysis;

import io.circuitscript.engine.Continuations;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Pairs of equal length, with what follows them in their runs, that are computed alike. Groups follow from the data alone, so that neither the size of a batch nor what shares it
 * with an example changes how the example is computed.
 *
 * @param examples which pairs, by index
 * @param length tokens of each, with the longest that follows it
 * @param start the first position in which any of them differs from its corrupted counterpart, or 0 where that is one of the first; the last
 *     position at most
 */
public record Group(List<Integer> examples, int length, int start) {
    /** A group this large is worth a window of its own; fewer pairs join one that starts sooner. */
    private static final int WORTH = 16;

    /** A prefix is worth a run of its own from this part of the text on. Without one, a position sees all before it in the window, which is quicker. */
    private static final int PART_OF_TEXT = 16;

    /** @param chosen which pairs, by index. then: what follows each pair's texts, by index */
    public static List<Group> of(Pairs pairs, List<Integer> chosen, IntFunction<Continuations> then) {
        int[] lengths = IntStream.range(0, pairs.size())
                .map(i -> pairs.pairs().get(i).length() + then.apply(i).longest())
                .toArray();
        int[] order = chosen.stream()
                .sorted(Comparator.<Integer>comparingInt(i -> lengths[i])
                        .thenComparingInt(i -> firstDifference(pairs.pairs().get(i)))
                        .thenComparingInt(i -> i))
                .mapToInt(i -> i)
                .toArray();
        List<Group> groups = new ArrayList<>();
        int from = 0;
        while (from < order.length) {
            int length = lengths[order[from]];
            int start = firstDifference(pairs.pairs().get(order[from]));
            int end = from + 1;
            while (end < order.length
                    && lengths[order[end]] == length
                    && firstDifference(pairs.pairs().get(order[end])) == start) end++;
            List<Integer> run = Arrays.stream(order, from, end).boxed().toList();
            Group last = groups.isEmpty() ? null : groups.getLast();
            boolean joins =
                    last != null && last.length == length && (run.size() < WORTH || last.examples.size() < WORTH);
            if (joins) {
                groups.removeLast();
                List<Integer> both = new ArrayList<>(last.examples);
                both.addAll(run);
                groups.add(new Group(both, last.length, last.start));
            } else {
                groups.add(new Group(run, length, start));
            }
            from = end;
        }
        return groups;
    }

    private static int firstDifference(Pair pair) {
        int at = Arrays.mismatch(pair.clean(), pair.corrupted());
        if (at >= 0 && at * PART_OF_TEXT < pair.length()) return 0;
        return at < 0 ? pair.length() - 1 : Math.min(at, pair.length() - 1);
    }
}
