package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeAblations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.ModelGraph;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The sum over examples of what the metric loses where an edge alone is ablated, or nearly not, for a sample of the edges. By edge number. */
final class SampleFold implements SumFold {
    /** How far an edge goes, each way, for a difference: its cube is lost in float64, and its rounding is not seen. */
    private static final double SHARE = 1e-4;

    /** One run of every edge of the sample, and what it counts. */
    private record Run(EdgeAblations.Setting setting, double weight) implements Serializable {}

    private final Analyses of;
    private final ModelGraph graph;
    private final Ablation ablation;
    private final BitSet edges;
    private final String what;
    private final List<Run> runs;

    private SampleFold(Analyses of, ModelGraph graph, Ablation ablation, BitSet edges, String what, List<Run> runs) {
        this.of = of;
        this.graph = MetricFold.checked(graph, of.pairs());
        this.ablation = ablation;
        this.edges = (BitSet) edges.clone();
        this.what = what;
        this.runs = List.copyOf(runs);
    }

    /** Each edge wholly ablated. @param graph of the model, whose spans are those of the data or none */
    static SampleFold exact(Analyses of, ModelGraph graph, Ablation ablation, BitSet edges) {
        List<Run> whole = List.of(new Run(EdgeAblations.Setting.WHOLE, 1));
        return new SampleFold(of, graph, ablation, edges, "exact ablation", whole);
    }

    /** Each edge a little further and a little back, in the runs that a method takes its gradients in. @param steps 0 for EAP */
    static SampleFold differences(Analyses of, ModelGraph graph, int steps, Ablation ablation, BitSet edges) {
        List<Run> runs = new ArrayList<>();
        int points = Math.max(1, steps);
        double weight = 1 / (2 * SHARE * points);
        for (int step = 0; step < points; step++) {
            double part = steps == 0 ? 1 : (double) step / steps;
            runs.add(new Run(new EdgeAblations.Setting(part, SHARE), weight));
            runs.add(new Run(new EdgeAblations.Setting(part, -SHARE), -weight));
        }
        return new SampleFold(of, graph, ablation, edges, "finite differences", runs);
    }

    @Override
    public double[] zero() {
        return new double[graph.edgeIndexBound()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        return run(batch, examples, ResumableSteps.all(), options);
    }

    /** A step is an edge of a run. What some give: the sums of the runs that are done, and behind them what the edges of the next gave. */
    @Override
    public double[] run(Batch batch, int[] examples, ResumableSteps<double[]> steps, RunOptions options) {
        double sign = of.metric().lessIsBetter() ? -1 : 1;
        EdgeAblations.Measure measure =
                new MetricReader(of.model(), of.pairs(), of.metric()).withOneEdgeAblated(batch, examples, options);
        double[] sums = zero();
        int inRun = edges.cardinality();
        if (steps.done() > 0) System.arraycopy(steps.partial(), 0, sums, 0, sums.length);
        for (int i = 0; i < runs.size(); i++) {
            Run run = runs.get(i);
            if (steps.done() > (i + 1) * inRun) {
                options.progress().advance((long) inRun * batch.examples());
                continue;
            }
            double[] drops = EdgeAblations.drops(
                    batch, graph, ablation, run.setting(), edges, measure, new OfRun(steps, i * inRun, sums), options);
            for (int edge = 0; edge < sums.length; edge++) sums[edge] += sign * run.weight() * drops[edge];
        }
        return sums;
    }

    /** The edges of one run as steps of them all. @param before steps of the runs before */
    private record OfRun(ResumableSteps<double[]> all, int before, double[] sums) implements ResumableSteps<double[]> {
        @Override
        public int done() {
            return Math.max(0, all.done() - before);
        }

        @Override
        public double[] partial() {
            return Arrays.copyOfRange(all.partial(), sums.length, 2 * sums.length);
        }

        @Override
        public void stepDone(int count, double[] drops) {
            double[] both = Arrays.copyOf(sums, 2 * sums.length);
            System.arraycopy(drops, 0, both, sums.length, drops.length);
            all.stepDone(before + count, both);
        }
    }

    @Override
    public Identity identify(Identity identity) {
        graph.spans().names().forEach(identity::add);
        identity.add(what)
                .add(edges)
                .add(ablation)
                .add(of.metric())
                .add(of.model().precision().word());
        for (Run run : runs)
            identity.add(run.setting().baseAlpha())
                    .add(run.setting().edgeAlpha())
                    .add(run.weight());
        return identity;
    }

    @Override
    public Continuations continuations(int example) {
        return of.metric().continuations(example);
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
        return "ablations";
    }

    @Override
    public long units() {
        return (long) runs.size() * edges.cardinality();
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
