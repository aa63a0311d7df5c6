package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeAttribution;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.NodeAttribution;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * Sums gradient scores over examples, in float64 across batches: the score of every edge, by edge number, or of every
 * neuron, {@code [source, dModel]}.
 */
final class AttributionFold implements SumFold {
    /** What is scored. */
    enum Of {
        EDGES,
        NEURONS
    }

    private final Of of;
    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final GradientPath path;
    private final Ablation ablation;

    AttributionFold(Of of, Transformer model, Pairs pairs, Metric metric, GradientPath path, Ablation ablation) {
        this.of = of;
        this.model = model;
        this.pairs = pairs;
        this.metric = metric;
        this.path = path;
        this.ablation = ablation;
    }

    @Override
    public double[] zero() {
        return new double
                [switch (of) {
                    case EDGES -> model.graph().edgeIndexBound();
                    case NEURONS -> model.graph().sources() * model.config().dModel();
                }];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        BiFunction<Scope, Tensor, Tensor> total = total(batch, examples, options);
        double[] scores = switch (of) {
            case EDGES -> EdgeAttribution.scores(batch, path, ablation, total, options);
            case NEURONS -> NodeAttribution.scores(batch, path, ablation, total, options);
        };
        if (!Arrays.stream(scores).allMatch(Double::isFinite)) throw notFinite(examples, options);
        return scores;
    }

    /**
     * The metric, summed over a batch's examples, with the sign for which more is better:
     * {@code (scope, logits [point, dVocab]) → a single number}.
     */
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
        return identity.add(of.name().toLowerCase(Locale.ROOT))
                .add(path.kind().name())
                .add(path.steps())
                .add(ablation)
                .add(metric);
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
        String word = path.kind().word();
        return path.kind().stepped() ? word + ", " + path.steps() + " steps" : word;
    }

    @Override
    public String unit() {
        return runs() == 1 ? "examples" : "gradients";
    }

    @Override
    public long units() {
        return runs() == 1 ? 1 : runs() + 1L;
    }

    private int runs() {
        return path.runs(model.graph().layers());
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
