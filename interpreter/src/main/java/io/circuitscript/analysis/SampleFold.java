package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.EdgeAblations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Scope;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The sum over examples of what the metric loses where an edge alone is ablated, or nearly not, for a sample of the edges. By edge number. */
final class SampleFold implements Fold<double[]> {
    /** How far an edge goes, each way, for a difference: its cube is lost in float64, and its rounding is not seen. */
    private static final double SHARE = 1e-4;

    /** One run of every edge of the sample, and what it counts. */
    private record Run(EdgeAblations.Setting setting, double weight) {}

    private final Analyses of;
    private final Ablation ablation;
    private final BitSet edges;
    private final String what;
    private final List<Run> runs;

    private SampleFold(Analyses of, Ablation ablation, BitSet edges, String what, List<Run> runs) {
        this.of = of;
        this.ablation = ablation;
        this.edges = (BitSet) edges.clone();
        this.what = what;
        this.runs = List.copyOf(runs);
    }

    /** Each edge wholly ablated. */
    static SampleFold exact(Analyses of, Ablation ablation, BitSet edges) {
        return new SampleFold(of, ablation, edges, "exact ablation", List.of(new Run(EdgeAblations.Setting.WHOLE, 1)));
    }

    /** Each edge a little further and a little back, in the runs that a method takes its gradients in. @param steps 0 for EAP */
    static SampleFold differences(Analyses of, int steps, Ablation ablation, BitSet edges) {
        List<Run> runs = new ArrayList<>();
        int points = Math.max(1, steps);
        double weight = 1 / (2 * SHARE * points);
        for (int step = 0; step < points; step++) {
            double part = steps == 0 ? 1 : (double) step / steps;
            runs.add(new Run(new EdgeAblations.Setting(part, SHARE), weight));
            runs.add(new Run(new EdgeAblations.Setting(part, -SHARE), -weight));
        }
        return new SampleFold(of, ablation, edges, "finite differences", runs);
    }

    @Override
    public double[] zero() {
        return new double[of.model().graph().edgeNumbers()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        double sign = of.metric().lessIsBetter() ? -1 : 1;
        double[] sums = zero();
        for (Run run : runs) {
            double[] drops = EdgeAblations.drops(
                    batch, ablation, run.setting(), edges,
                    (scope, logits, variants) -> values(scope, new RunLogits(batch, logits, options.cancel()), examples, variants), options);
            for (int i = 0; i < sums.length; i++) sums[i] += sign * run.weight() * drops[i];
        }
        return sums;
    }

    private double[] values(Scope scope, RunLogits logits, int[] examples, int variants) {
        int[] rows = new int[variants * examples.length];
        for (int i = 0; i < rows.length; i++) rows[i] = examples[i % examples.length];
        double[] values = of.model().torch().toHost(of.metric().apply(scope, of.model().torch(), logits, rows));
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) throw NotFinite.of("the metric " + of.metric().name() + " with one edge ablated", of.pairs(), rows[i]);
        }
        return values;
    }

    @Override
    public double[] merge(double[] first, double[] second) {
        for (int i = 0; i < first.length; i++) first[i] += second[i];
        return first;
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
