package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CircuitPass;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SavedNumbers;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** The metric of each example in some kinds of run that share a batch: values for each kind, in order. */
final class MetricFold implements Fold<List<Values>> {
    /** A kind of run: the logits at each point that is read, {@code [point, dVocab]}. */
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
    private final Ablation ablation;
    private final List<Circuit> circuits;

    /** Of the clean and of the corrupted inputs. */
    static MetricFold ofBaseline(Transformer model, Pairs pairs, Metric metric) {
        Run clean = (scope, batch, it) -> {
            batch.bothRuns(it.cancel());
            return batch.takeCleanLogits(scope, it.cancel());
        };
        Run corrupted = (scope, batch, it) -> batch.takeCorruptedLogits(scope, it.cancel());
        return new MetricFold(
                "baseline", model, pairs, metric, true, List.of(clean, corrupted), false, Ablation.PATCHING, List.of());
    }

    /** Of circuits, which share the runs that they are measured against. @param what a few words for the progress display */
    static MetricFold ofCircuits(
            String what, Transformer model, Pairs pairs, Metric metric, List<Circuit> circuits, Ablation ablation) {
        List<Run> runs = circuits.stream()
                .<Run>map(circuit ->
                        (scope, batch, it) -> CircuitPass.logits(scope, batch, circuit, ablation, it.cancel()))
                .toList();
        boolean shares = ablation == Ablation.PATCHING;
        return new MetricFold(what, model, pairs, metric, shares, runs, circuits.size() > 1, ablation, circuits);
    }

    /** @param countsRuns whether progress counts every run of an example, rather than the example once */
    private MetricFold(
            String what,
            Transformer model,
            Pairs pairs,
            Metric metric,
            boolean sharesPrefix,
            List<Run> runs,
            boolean countsRuns,
            Ablation ablation,
            List<Circuit> circuits) {
        this.what = what;
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.sharesPrefix = sharesPrefix;
        this.runs = List.copyOf(runs);
        this.countsRuns = countsRuns;
        this.ablation = ablation;
        this.circuits = List.copyOf(circuits);
        circuits.forEach(circuit -> checked(circuit.graph(), pairs));
    }

    /** A graph whose edges are told apart by spans is of these data's. */
    static ModelGraph checked(ModelGraph graph, Pairs pairs) {
        if (graph.hasSpans() && !graph.spans().equals(pairs.spans()))
            throw new IllegalArgumentException(
                    "edges at the spans " + graph.spans() + " of data with " + pairs.spans());
        return graph;
    }

    @Override
    public List<Values> zero() {
        return Collections.nCopies(runs.size(), Values.NONE);
    }

    @Override
    public List<Values> run(Batch batch, int[] examples, RunOptions options) {
        return run(batch, examples, ResumableSteps.all(), options);
    }

    /** A step is a run. */
    @Override
    public List<Values> run(Batch batch, int[] examples, ResumableSteps<List<Values>> steps, RunOptions options) {
        // Before the runs themselves, which are then those that are kept.
        if (metric.readsPlainRuns()) batch.keptCleanLogits(options.cancel());
        List<Values> values = new ArrayList<>(runs.size());
        if (steps.done() > 0) values.addAll(steps.partial());
        if (countsRuns) options.progress().advance((long) examples.length * values.size());
        for (Run run : runs.subList(values.size(), runs.size())) {
            options.cancel().check();
            values.add(values(run, batch, examples, options));
            if (countsRuns) options.progress().advance(examples.length);
            steps.stepDone(values.size(), values);
        }
        if (!countsRuns) options.progress().advance(examples.length);
        return values;
    }

    private Values values(Run run, Batch batch, int[] examples, RunOptions options) {
        try (Scope scope = model.torch().scope()) {
            Tensor logits = run.logits(scope, batch, options);
            boolean[] finite = batch.finite(logits);
            for (int i = 0; i < finite.length; i++) {
                if (!finite[i]) throw NotFinite.of("the logits", pairs, examples[i]);
            }
            RunLogits read = new RunLogits(batch, logits, options.cancel());
            return new Values(examples, new MetricReader(model, pairs, metric).values(scope, read, examples));
        }
    }

    @Override
    public List<Values> merge(List<Values> first, List<Values> second) {
        return IntStream.range(0, runs.size())
                .mapToObj(i -> first.get(i).and(second.get(i)))
                .toList();
    }

    @Override
    public void write(List<Values> result, DataOutput out) throws IOException {
        out.writeInt(result.size());
        for (Values values : result) values.writeTo(out);
    }

    @Override
    public List<Values> read(DataInputStream in, int examples) throws IOException {
        List<Values> result = new ArrayList<>();
        for (int i = SavedNumbers.count(in, Integer.BYTES); i > 0; i--)
            result.add(Values.read(in, examples, pairs.size()));
        if (result.size() > runs.size()) throw new IOException(result.size() + " runs");
        return List.copyOf(result);
    }

    @Override
    public Identity identify(Identity identity) {
        identity.add(what).add(metric).add(ablation).add(circuits.size());
        circuits.forEach(identity::add);
        return identity;
    }

    @Override
    public Continuations continuations(int example) {
        return metric.continuations(example);
    }

    @Override
    public Ablation ablation() {
        return ablation;
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
