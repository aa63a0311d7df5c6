package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Sums scores that follow from gradients of the metric over examples, in float64 across batches. */
abstract class GradientFold implements SumFold {
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final Ablation ablation;
    private final ModelGraph graph;

    /** @param graph whose edges are scored, at spans where it has some */
    GradientFold(Transformer model, Pairs pairs, Metric metric, Ablation ablation, ModelGraph graph) {
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.ablation = ablation;
        this.graph = MetricFold.checked(graph, pairs);
    }

    /**
     * Of a batch, the sum over its examples.
     *
     * @param total the metric, summed over the batch's examples, with the sign for which more is better: {@code (scope, logits [point, dVocab]) → a single
     *     number}
     */
    abstract double[] scores(Batch batch, BiFunction<Scope, Tensor, Tensor> total, RunOptions options);

    final ModelGraph graph() {
        return graph;
    }

    final Transformer model() {
        return model;
    }

    @Override
    public final double[] run(Batch batch, int[] examples, RunOptions options) {
        double[] scores = scores(batch, total(batch, examples, options), options);
        if (!Arrays.stream(scores).allMatch(Double::isFinite)) throw notFinite(examples, options);
        return scores;
    }

    private BiFunction<Scope, Tensor, Tensor> total(Batch batch, int[] examples, RunOptions options) {
        double sign = metric.lessIsBetter() ? -1 : 1;
        return (scope, logits) -> {
            Tensor values = metric.apply(
                    scope, model.torch(), new RunLogits(batch, logits, options.cancel()), examples); // [batch]
            return model.torch().scale(scope, model.torch().total(scope, values), sign);
        };
    }

    /** Finds the example that made a score NaN or infinite, by running each example alone. */
    private UserError notFinite(int[] examples, RunOptions options) {
        int bad = examples[0];
        for (int i = 0; examples.length > 1 && i < examples.length; i++) {
            int[] one = {examples[i]};
            try (Batch alone = Batch.of(
                    model,
                    List.of(pairs.pairs().get(one[0]).clean()),
                    List.of(pairs.pairs().get(one[0]).corrupted()),
                    List.of(continuations(one[0])),
                    0)) {
                run(alone, one, options);
            } catch (UserError e) {
                return e;
            }
        }
        return NotFinite.of("the scores", pairs, bad);
    }

    @Override
    public Identity identify(Identity identity) {
        return identity.add(ablation).add(metric).add(graph);
    }

    @Override
    public final Continuations continuations(int example) {
        return metric.continuations(example);
    }

    @Override
    public final Ablation ablation() {
        return ablation;
    }

    @Override
    public final boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
