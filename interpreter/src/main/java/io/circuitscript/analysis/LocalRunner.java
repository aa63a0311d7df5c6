package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Folds over batches one after the other on this machine. */
final class LocalRunner {
    /** Rows of a matrix product beyond which more at once gains nothing. */
    private static final int ENOUGH_ROWS = 512;

    private LocalRunner() {}

    static <P> P run(Fold<P> fold, Transformer model, Pairs pairs, RunOptions options) {
        List<int[]> batches = plan(fold, model, pairs, options);
        P result = fold.zero();
        options.progress().begin(fold.what(), pairs.size(), "examples");
        try {
            for (int[] examples : batches) {
                options.cancel().check();
                try (Batch batch = batch(fold, model, pairs, examples)) {
                    result = fold.merge(result, fold.run(batch, examples, options));
                }
                options.progress().advance(examples.length);
            }
        } finally {
            options.progress().end();
        }
        return result;
    }

    private static Batch batch(Fold<?> fold, Transformer model, Pairs pairs, int[] examples) {
        List<int[]> clean = Arrays.stream(examples).mapToObj(i -> pairs.pairs().get(i).clean()).toList();
        List<int[]> corrupted = Arrays.stream(examples).mapToObj(i -> pairs.pairs().get(i).corrupted()).toList();
        return Batch.of(model, clean, corrupted, fold.sharesPrefix());
    }

    /** Pairs of like length and like prefix share batches; order and sizes follow from script, data, model, settings and machine alone. */
    private static List<int[]> plan(Fold<?> fold, Transformer model, Pairs pairs, RunOptions options) {
        int[] order = IntStream.range(0, pairs.size())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(i -> pairs.pairs().get(i).length())
                        .thenComparingInt(i -> firstDifference(pairs.pairs().get(i)))
                        .thenComparingInt(i -> i))
                .mapToInt(i -> i)
                .toArray();
        List<int[]> batches = new ArrayList<>();
        int from = 0;
        while (from < order.length) {
            Pair first = pairs.pairs().get(order[from]);
            int end = from + size(fold, model, first, options);
            end = Math.min(end, order.length);
            while (end > from + 1 && !alike(first, pairs.pairs().get(order[end - 1])) && options.batch() == 0) end--;
            batches.add(Arrays.copyOfRange(order, from, end));
            from = end;
        }
        return batches;
    }

    private static boolean alike(Pair a, Pair b) {
        return a.length() == b.length() && firstDifference(a) == firstDifference(b);
    }

    private static int size(Fold<?> fold, Transformer model, Pair pair, RunOptions options) {
        if (options.batch() > 0) return options.batch();
        int prefix = fold.sharesPrefix() ? firstDifference(pair) : 0;
        int width = pair.length() - prefix;
        long numbers = fold.numbersPerExample(width, prefix);
        long fit = MemoryBudget.bytes(options) / (numbers * model.precision().bytes());
        return (int) Math.clamp(fit, 1, Math.max(1, (ENOUGH_ROWS + width - 1) / width));
    }

    private static int firstDifference(Pair pair) {
        int at = Arrays.mismatch(pair.clean(), pair.corrupted());
        return at < 0 ? pair.length() - 1 : Math.min(at, pair.length() - 1);
    }
}
