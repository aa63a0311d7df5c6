package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SourceMeans;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Pairs;

/** What each source gives on the clean texts, as means. */
final class MeansFold implements Fold<SourceMeans> {
    private final Transformer model;
    private final Pairs pairs;
    private final boolean positional;

    MeansFold(Transformer model, Pairs pairs, boolean positional) {
        this.model = model;
        this.pairs = pairs;
        this.positional = positional;
    }

    @Override
    public SourceMeans zero() {
        return SourceMeans.none(model, pairs.name(), positional);
    }

    @Override
    public SourceMeans run(Batch batch, int[] examples, RunOptions options) {
        SourceMeans sums = zero().and(batch, options.cancel());
        options.progress().advance(examples.length);
        return sums;
    }

    @Override
    public SourceMeans merge(SourceMeans first, SourceMeans second) {
        return first.and(second);
    }

    @Override
    public String what() {
        return "means";
    }

    @Override
    public boolean sharesPrefix() {
        return false;
    }
}
