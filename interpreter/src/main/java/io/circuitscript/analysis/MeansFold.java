package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SourceMeans;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Pairs;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.IntFunction;

/** What each source gives on the clean texts, as means. */
final class MeansFold implements Fold<SourceMeans> {
    private final Transformer model;
    private final Pairs pairs;
    private final boolean positional;
    private final IntFunction<Continuations> then;

    /** @param then what follows each example's text, by index */
    MeansFold(Transformer model, Pairs pairs, boolean positional, IntFunction<Continuations> then) {
        this.model = model;
        this.pairs = pairs;
        this.positional = positional;
        this.then = then;
    }

    @Override
    public Continuations continuations(int example) {
        return then.apply(example);
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
    public void write(SourceMeans means, DataOutput out) throws IOException {
        means.writeTo(out);
    }

    @Override
    public SourceMeans read(DataInputStream in, int examples) throws IOException {
        return zero().read(in);
    }

    @Override
    public Identity identify(Identity identity) {
        identity.add("means").add(positional ? 1 : 0);
        for (int i = 0; i < pairs.size(); i++) {
            Continuations of = continuations(i);
            if (of != Continuations.NONE) identity.add(i).add(of);
        }
        return identity;
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
