package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.List;

/** Folds over batches one after the other on this machine. */
final class LocalRunner {
    /** Numbers in an activation {@code [row, dModel]} beyond which more at once gains nothing: a product of this size fills the machine. */
    private static final int ENOUGH = 1 << 19;

    private LocalRunner() {}

    static <P> P run(Fold<P> fold, Transformer model, Pairs pairs, RunOptions options) {
        P result = fold.zero();
        options.progress().begin(fold.what(), pairs.size(), "examples");
        try {
            for (Group group : Group.of(pairs)) {
                int start = fold.sharesPrefix() ? group.start() : 0;
                int size = size(fold, model, group.length() - start, start, options);
                for (int from = 0; from < group.examples().size(); from += size) {
                    options.cancel().check();
                    List<Integer> part = group.examples().subList(from, Math.min(from + size, group.examples().size()));
                    int[] examples = part.stream().mapToInt(i -> i).toArray();
                    try (Batch batch = batch(model, pairs, part, start)) {
                        result = fold.merge(result, fold.run(batch, examples, options));
                    }
                    options.progress().advance(examples.length);
                }
            }
        } finally {
            options.progress().end();
        }
        return result;
    }

    private static Batch batch(Transformer model, Pairs pairs, List<Integer> examples, int start) {
        List<Pair> chosen = examples.stream().map(pairs.pairs()::get).toList();
        return Batch.of(model, chosen.stream().map(Pair::clean).toList(), chosen.stream().map(Pair::corrupted).toList(), start);
    }

    /** How many examples at once: follows from script, data, model, settings and machine, never from what happens to be free. */
    private static int size(Fold<?> fold, Transformer model, int width, int prefix, RunOptions options) {
        if (options.batch() > 0) return options.batch();
        long bytes = fold.numbersPerExample(width, prefix) * model.precision().bytes();
        int enough = Math.ceilDiv(ENOUGH / model.config().dModel(), width);
        return (int) Math.clamp(MemoryBudget.bytes(options, model.device()) / bytes, 1, enough);
    }
}
