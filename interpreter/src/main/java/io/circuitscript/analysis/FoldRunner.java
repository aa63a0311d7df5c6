package io.circuitscript.analysis;

import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Pairs;

/** Runs folds of a model on some examples: here, or where the options have workers, there. The results are the same to the last bit. */
public final class FoldRunner {
    private final LocalRunner here;
    private final SpreadRunner there;

    /** @param store keeps what the folds share from one to the next; whoever made it closes it */
    public FoldRunner(Transformer model, Pairs pairs, BatchStore store) {
        here = new LocalRunner(model, pairs, store);
        there = new SpreadRunner(model, pairs, store);
    }

    /** What all batches give together. Shows its progress, saves how far it is, and stops where it is cancelled. */
    public <P> P run(Fold<P> fold, RunOptions options) {
        return options.workers().isPresent()
                ? there.run(fold, options.workers().get(), options)
                : here.run(fold, options);
    }
}
