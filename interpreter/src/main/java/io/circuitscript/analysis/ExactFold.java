package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeAblations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.stream.IntStream;

/** The sum over examples of what the metric loses where one edge alone is ablated, by edge number. */
final class ExactFold implements SumFold {
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final Ablation ablation;
    private final int[] slots;

    /** Of every edge. */
    ExactFold(Transformer model, Pairs pairs, Metric metric, Ablation ablation) {
        this(
                model,
                pairs,
                metric,
                ablation,
                IntStream.range(0, model.graph().slots()).toArray());
    }

    /** Of the edges into some slots. */
    ExactFold(Transformer model, Pairs pairs, Metric metric, Ablation ablation, int[] slots) {
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.ablation = ablation;
        this.slots = slots.clone();
    }

    @Override
    public double[] zero() {
        return new double[model.graph().edgeIndexBound()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        return run(batch, examples, ResumableSteps.all(), options);
    }

    @Override
    public double[] run(Batch batch, int[] examples, ResumableSteps<double[]> steps, RunOptions options) {
        EdgeAblations.Measure measure =
                new MetricReader(model, pairs, metric).withOneEdgeAblated(batch, examples, options);
        double[] drops =
                EdgeAblations.drops(batch, ablation, EdgeAblations.Setting.WHOLE, slots, measure, steps, options);
        if (metric.lessIsBetter()) {
            for (int i = 0; i < drops.length; i++) drops[i] = -drops[i];
        }
        return drops;
    }

    @Override
    public Identity identify(Identity identity) {
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
    public String what() {
        return "exact";
    }

    @Override
    public String unit() {
        return "ablations";
    }

    @Override
    public long units() {
        return IntStream.of(slots).mapToLong(model.graph()::sourcesBefore).sum();
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
