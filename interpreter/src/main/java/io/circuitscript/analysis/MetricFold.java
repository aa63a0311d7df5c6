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
import io.circuitscript.engine.longtext.LongCircuitPass;
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
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The metric of each example in some kinds of run that share a batch: values for each kind, in order. */
final class MetricFold implements Fold<List<Values>> {
    private final String what;
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;

    /** None: the clean and the corrupted inputs are run. */
    private final List<Circuit> circuits;

    private final Ablation ablation;

    /** Of the clean and of the corrupted inputs. */
    static MetricFold ofBaseline(Transformer model, Pairs pairs, Metric metric) {
        return new MetricFold("baseline", model, pairs, metric, List.of(), Ablation.PATCHING);
    }

    /** Of circuits, which share the runs that they are measured against. @param what a few words for the progress display */
    static MetricFold ofCircuits(
            String what, Transformer model, Pairs pairs, Metric metric, List<Circuit> circuits, Ablation ablation) {
        if (circuits.isEmpty()) throw new IllegalArgumentException("no circuits");
        return new MetricFold(what, model, pairs, metric, circuits, ablation);
    }

    private MetricFold(
            String what, Transformer model, Pairs pairs, Metric metric, List<Circuit> circuits, Ablation ablation) {
        this.what = what;
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.circuits = List.copyOf(circuits);
        this.ablation = ablation;
        circuits.forEach(circuit -> checked(circuit.graph(), pairs));
    }

    /** How many kinds of run there are. */
    private int runs() {
        return circuits.isEmpty() ? 2 : circuits.size();
    }

    /** Whether progress counts every run of an example, rather than the example once. */
    private boolean countsRuns() {
        return circuits.size() > 1;
    }

    /** The logits of a kind of run at each point that is read, {@code [point, dVocab]}. */
    private Tensor logits(Scope scope, Batch batch, int run, RunOptions options) {
        if (!circuits.isEmpty()) {
            Circuit circuit = circuits.get(run);
            return batch.savesMemory()
                    ? LongCircuitPass.logits(scope, batch, circuit, ablation, options)
                    : CircuitPass.logits(scope, batch, circuit, ablation, options.cancel());
        }
        if (run == 1) return batch.takeCorruptedLogits(scope, options.cancel());
        batch.bothRuns(options.cancel());
        return batch.takeCleanLogits(scope, options.cancel());
    }

    /** A graph whose edges are told apart by spans is of these data's. */
    static ModelGraph checked(ModelGraph graph, Pairs pairs) {
        if (graph.hasSpans() && !graph.spans().equals(pairs.spans()))
            throw new IllegalArgumentException(
                    "edges at the spans " + graph.spans() + " of data with " + pairs.spans());
        return graph;
    }

    @Override
    public boolean canSaveMemory() {
        return true;
    }

    @Override
    public List<Values> zero() {
        return Collections.nCopies(runs(), Values.NONE);
    }

    @Override
    public List<Values> run(Batch batch, int[] examples, RunOptions options) {
        return run(batch, examples, ResumableSteps.all(), options);
    }

    /** A step is a run. */
    @Override
    public List<Values> run(Batch batch, int[] examples, ResumableSteps<List<Values>> steps, RunOptions options) {
        List<Values> values = new ArrayList<>(runs());
        if (steps.done() > 0) values.addAll(steps.partial());
        if (countsRuns()) options.progress().advance((long) examples.length * values.size());
        run(batch, examples, values.size(), runs(), options, given -> {
            values.add(given);
            steps.stepDone(values.size(), values);
        });
        if (!countsRuns()) options.progress().advance(examples.length);
        return values;
    }

    /** Circuits are run by themselves, whatever others there are. */
    @Override
    public int steps(Shape batch) {
        return countsRuns() ? circuits.size() : 1;
    }

    @Override
    public List<Values> run(Batch batch, int[] examples, int from, int to, RunOptions options) {
        List<Values> values = new ArrayList<>();
        run(batch, examples, from, to, options, values::add);
        return values;
    }

    @Override
    public List<Values> join(List<Values> first, List<Values> next) {
        return Stream.concat(first.stream(), next.stream()).toList();
    }

    private void run(Batch batch, int[] examples, int from, int to, RunOptions options, Consumer<Values> each) {
        // Before the runs themselves, which are then those that are kept.
        if (metric.readsPlainRuns()) batch.keptCleanLogits(options.cancel());
        for (int run = from; run < to; run++) {
            options.cancel().check();
            Values given = values(run, batch, examples, options);
            if (countsRuns()) options.progress().advance(examples.length);
            each.accept(given);
        }
    }

    private Values values(int run, Batch batch, int[] examples, RunOptions options) {
        try (Scope scope = model.torch().scope()) {
            Tensor logits = logits(scope, batch, run, options);
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
        return IntStream.range(0, runs())
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
        if (result.size() > runs()) throw new IOException(result.size() + " runs");
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
        return countsRuns() ? "runs" : "examples";
    }

    @Override
    public long units() {
        return countsRuns() ? circuits.size() : 1;
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
