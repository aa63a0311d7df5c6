package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.EdgeAttribution;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.Arrays;
import java.util.List;

/** The sum over examples of every edge's score, by edge number. Sums in float64 from one batch to the next. */
final class AttributionFold implements Fold<double[]> {
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final int steps;
    private final Ablation ablation;

    /** @param steps 0 for EAP */
    AttributionFold(Transformer model, Pairs pairs, Metric metric, int steps, Ablation ablation) {
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.steps = steps;
        this.ablation = ablation;
    }

    @Override
    public double[] zero() {
        return new double[model.graph().edgeNumbers()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        double sign = metric.lessIsBetter() ? -1 : 1;
        double[] scores = EdgeAttribution.scores(
                batch,
                steps,
                ablation,
                (scope, logits) -> model.torch().call(scope, "scale",
                        model.torch().call(scope, "total", metric.apply(scope, model.torch(), new RunLogits(batch, logits, options.cancel()), examples)), sign),
                options);
        if (!Arrays.stream(scores).allMatch(Double::isFinite)) throw notFinite(examples, options);
        return scores;
    }

    /** Finds the example that made a score NaN or infinite, by running each alone. */
    private UserError notFinite(int[] examples, RunOptions options) {
        int bad = examples[0];
        for (int i = 0; examples.length > 1 && i < examples.length; i++) {
            int[] one = {examples[i]};
            try (Batch alone = Batch.of(model, List.of(pairs.pairs().get(one[0]).clean()), List.of(pairs.pairs().get(one[0]).corrupted()), 0)) {
                run(alone, one, options);
            } catch (UserError e) {
                return e;
            }
        }
        return NotFinite.of("the scores", pairs, bad);
    }

    @Override
    public double[] merge(double[] first, double[] second) {
        for (int i = 0; i < first.length; i++) first[i] += second[i];
        return first;
    }

    @Override
    public String what() {
        return steps == 0 ? "eap" : "eap-ig, " + steps + " steps";
    }

    @Override
    public String unit() {
        return steps == 0 ? "examples" : "gradients";
    }

    @Override
    public long units() {
        return steps + 1L;
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
