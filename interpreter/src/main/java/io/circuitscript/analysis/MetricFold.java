package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Scope;
import io.circuitscript.engine.Tensor;
import io.circuitscript.engine.Torch;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The metric of each example in some kinds of run that share a batch: values for each kind, in order. */
final class MetricFold implements Fold<List<Values>> {
    /** A kind of run: the logits at each example's last position, {@code [batch, dVocab]}. */
    interface Run {
        Tensor logits(Scope scope, Batch batch, RunOptions options);
    }

    private final String what;
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final boolean sharesPrefix;
    private final List<Run> runs;
    private final boolean countsRuns;

    /** @param countsRuns whether progress counts every run of an example, rather than the example once */
    MetricFold(String what, Transformer model, Pairs pairs, Metric metric, boolean sharesPrefix, List<Run> runs, boolean countsRuns) {
        this.what = what;
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.sharesPrefix = sharesPrefix;
        this.runs = List.copyOf(runs);
        this.countsRuns = countsRuns;
    }

    @Override
    public List<Values> zero() {
        return Collections.nCopies(runs.size(), Values.NONE);
    }

    @Override
    public List<Values> run(Batch batch, int[] examples, RunOptions options) {
        // Before the runs themselves, which are then those that are kept.
        if (metric.readsPlainRuns()) batch.keptClean(options.cancel());
        List<Values> values = new ArrayList<>(runs.size());
        for (Run run : runs) {
            options.cancel().check();
            values.add(values(run, batch, examples, options));
            if (countsRuns) options.progress().advance(examples.length);
        }
        if (!countsRuns) options.progress().advance(examples.length);
        return values;
    }

    private Values values(Run run, Batch batch, int[] examples, RunOptions options) {
        Torch torch = model.torch();
        try (Scope scope = torch.scope()) {
            Tensor logits = run.logits(scope, batch, options);
            boolean[] finite = batch.finite(logits);
            for (int i = 0; i < finite.length; i++) {
                if (!finite[i]) throw NotFinite.of("the logits", pairs, examples[i]);
            }
            double[] values = torch.toHost(metric.apply(scope, torch, new RunLogits(batch, logits, options.cancel()), examples));
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) throw NotFinite.of("the metric " + metric.name(), pairs, examples[i]);
            }
            return new Values(examples, values);
        }
    }

    @Override
    public List<Values> merge(List<Values> first, List<Values> second) {
        return IntStream.range(0, runs.size()).mapToObj(i -> first.get(i).and(second.get(i))).toList();
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public String unit() {
        return countsRuns ? "runs" : "examples";
    }

    @Override
    public long units() {
        return countsRuns ? runs.size() : 1;
    }

    @Override
    public boolean sharesPrefix() {
        return sharesPrefix;
    }
}
