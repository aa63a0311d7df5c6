package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeAblations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The sum over examples of what the metric loses where one edge alone is ablated, by edge number. */
final class ExactFold implements SumFold {
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final Ablation ablation;
    private final ModelGraph graph;
    private final int[] slots;

    /** Of every edge of a graph of the model, whose spans are those of the data or none. */
    ExactFold(Transformer model, Pairs pairs, Metric metric, Ablation ablation, ModelGraph graph) {
        this(
                model,
                pairs,
                metric,
                ablation,
                graph,
                IntStream.range(0, graph.slots()).toArray());
    }

    /** Of the edges into some slots. */
    ExactFold(Transformer model, Pairs pairs, Metric metric, Ablation ablation, int[] slots) {
        this(model, pairs, metric, ablation, model.graph(), slots);
    }

    private ExactFold(Transformer model, Pairs pairs, Metric metric, Ablation ablation, ModelGraph graph, int[] slots) {
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.ablation = ablation;
        this.graph = MetricFold.checked(graph, pairs);
        this.slots = slots.clone();
    }

    @Override
    public double[] zero() {
        return new double[graph.edgeIndexBound()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        return run(batch, examples, ResumableSteps.all(), options);
    }

    @Override
    public double[] run(Batch batch, int[] examples, ResumableSteps<double[]> steps, RunOptions options) {
        return joined(drops(batch, examples, slots, steps, options));
    }

    private double[] drops(
            Batch batch, int[] examples, int[] slots, ResumableSteps<double[]> steps, RunOptions options) {
        EdgeAblations.Measure measure =
                new MetricReader(model, pairs, metric).withOneEdgeAblated(batch, examples, options);
        return EdgeAblations.drops(batch, graph, ablation, EdgeAblations.Setting.WHOLE, slots, measure, steps, options);
    }

    /** A step is a slot: what is computed for it is the same whatever other slots there are. */
    @Override
    public int steps(Shape batch) {
        return slots.length;
    }

    @Override
    public double[] run(Batch batch, int[] examples, int from, int to, RunOptions options) {
        return drops(batch, examples, Arrays.copyOfRange(slots, from, to), ResumableSteps.all(), options);
    }

    @Override
    public double[] joined(double[] drops) {
        if (metric.lessIsBetter()) {
            for (int i = 0; i < drops.length; i++) drops[i] = -drops[i];
        }
        return drops;
    }

    @Override
    public Identity identify(Identity identity) {
        graph.spans().names().forEach(identity::add);
        return identity.add("exact").add(slots).add(ablation).add(metric);
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
    public boolean canSaveMemory() {
        return true;
    }

    @Override
    public String what() {
        return "exact";
    }

    @Override
    public String unit() {
        return "ablations";
    }

    @Override
    public long units() {
        return graph.perEdge()
                * IntStream.of(slots).mapToLong(graph::sourcesBefore).sum();
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
