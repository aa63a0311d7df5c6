package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SourceMeans;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/** What each source gives on the clean texts, as means. */
final class MeansFold implements Fold<SourceMeans> {
    private final Transformer model;
    private final Pairs pairs;
    private final boolean positional;
    private final Optional<Metric> reader;

    /** @param reader what reads behind the texts, so that what follows them counts too */
    MeansFold(Transformer model, Pairs pairs, boolean positional, Optional<Metric> reader) {
        this.model = model;
        this.pairs = pairs;
        this.positional = positional;
        this.reader = reader;
    }

    @Override
    public Continuations continuations(int example) {
        return reader.map(it -> it.continuations(example)).orElse(Continuations.NONE);
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
    public boolean large() {
        return true;
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
    public boolean canSaveMemory() {
        return true;
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
