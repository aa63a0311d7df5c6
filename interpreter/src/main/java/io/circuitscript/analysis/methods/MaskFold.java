package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Identity;
import io.circuitscript.analysis.NotFinite;
import io.circuitscript.analysis.SumFold;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.masks.AblatedValues;
import io.circuitscript.engine.masks.MaskedPass;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * The loss of masked runs, summed over some examples, and its gradient at the masks: first the loss, then a number for each edge number, then how many
 * gradients that is a sum of, where not all count.
 *
 * @param by what the loss compares with the model's run
 * @param chosen the examples, by index
 */
record MaskFold(
        Transformer model, Pairs pairs, Metric metric, By by, Ablation ablation, Masks masks, List<Integer> chosen)
        implements SumFold {
    /** What the loss is. */
    enum By {
        /** {@code KL(model ‖ masked)}, of the next token; a mean over the points that the metric reads, where these are several. */
        KL,
        /** How far the metric is from the model's, whichever way. */
        METRIC;

        static final MethodOption OPTION = MethodOption.choice(
                "by", List.of("kl", "metric"), "what is compared with the model's: the distribution, or the metric");

        static By of(MethodSettings settings) {
            return settings.text(OPTION.name()).equals("kl") ? KL : METRIC;
        }
    }

    /** Where the shares of edges come from, and what becomes of the gradients at them. */
    interface Masks extends Serializable {
        /** Whether all examples have the same. */
        boolean shared();

        /** The shares of an example, by edge number. */
        double[] of(int example);

        /**
         * Adds up what gradients say.
         *
         * @param gradient at the shares of an example, or at those that all have, from {@code at} on
         * @param sums by edge number, from 1 on, since 0 is the loss's; then how many gradients they are of, where that is asked
         */
        void gather(double[] gradient, int at, int example, double[] sums);
    }

    MaskFold {
        chosen = List.copyOf(chosen);
    }

    @Override
    public double[] zero() {
        return new double[1 + 2 * model.graph().edgeIndexBound()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        double[] sums = zero();
        // Before the runs themselves, which are then those that are kept.
        batch.keptCleanLogits(options.cancel());
        int sets = masks.shared() ? 1 : examples.length;
        int edges = graph.edgeIndexBound();
        double[] shares = new double[sets * edges];
        for (int i = 0; i < sets; i++) System.arraycopy(masks.of(examples[i]), 0, shares, i * edges, edges);
        double[] gradient;
        try (Scope scope = torch.scope()) {
            Tensor kept = torch.numbers(scope, shares, sets, graph.sources(), graph.slots()); // [set, source, slot]
            AblatedValues ablated = AblatedValues.of(batch, ablation, options.cancel());
            try (MaskedPass pass = MaskedPass.of(batch, kept, ablated, options.cancel())) {
                Tensor losses = losses(scope, batch, pass.logits(), examples, options); // [example]
                double[] values = torch.toHost(losses);
                requireFinite(values, examples);
                sums[0] = Arrays.stream(values).sum();
                gradient = torch.toHost(
                        pass.gradients(scope, torch.total(scope, losses)).masks());
            }
        }
        requireFinite(gradient, sets, examples);
        for (int i = 0; i < sets; i++) masks.gather(gradient, i * edges, examples[i], sums);
        return sums;
    }

    private void requireFinite(double[] losses, int[] examples) {
        for (int i = 0; i < losses.length; i++)
            if (!Double.isFinite(losses[i])) throw NotFinite.of("the loss", pairs, examples[i]);
    }

    private void requireFinite(double[] gradient, int sets, int[] examples) {
        for (int i = 0; i < gradient.length; i++) {
            if (!Double.isFinite(gradient[i]))
                throw NotFinite.of(
                        "the gradients of a batch", pairs, examples[sets == 1 ? 0 : i / (gradient.length / sets)]);
        }
    }

    /** {@code [example]} */
    private Tensor losses(Scope scope, Batch batch, Tensor logits, int[] examples, RunOptions options) {
        Torch torch = model.torch();
        Tensor clean = batch.keptCleanLogits(options.cancel()); // [point, dVocab]
        if (by == By.METRIC) {
            Tensor here = metric.apply(scope, torch, new RunLogits(batch, logits, options.cancel()), examples);
            Tensor there = metric.apply(scope, torch, new RunLogits(batch, clean, options.cancel()), examples);
            return torch.abs(scope, torch.subtract(scope, here, there)); // [example]
        }
        Tensor divergence =
                torch.divergence(scope, torch.logSoftmax(scope, clean), torch.logSoftmax(scope, logits)); // [point]
        if (batch.plain()) return divergence;
        return torch.product(
                scope, torch.doubles(scope, ofPoints(batch), batch.examples(), batch.points()), divergence);
    }

    /** Which part of an example's loss each point is. {@code [example, point]} */
    private static double[] ofPoints(Batch batch) {
        double[] parts = new double[batch.examples() * batch.points()];
        for (int i = 0; i < batch.examples(); i++) {
            int first = batch.firstPoint(i);
            int end = i + 1 < batch.examples() ? batch.firstPoint(i + 1) : batch.points();
            for (int point = first; point < end; point++) parts[i * batch.points() + point] = 1.0 / (end - first);
        }
        return parts;
    }

    /** Changes and their gradients, the inputs of all slots as the way back needs them, and each example's masks with their gradients. */
    @Override
    public long furtherNumbers(int width) {
        ModelGraph graph = model.graph();
        long each = masks.shared() ? 0 : 6L * graph.edgeIndexBound();
        return (long) width * model.config().dModel() * (graph.sources() + 3L * graph.slots()) + each;
    }

    @Override
    public Identity identify(Identity identity) {
        throw new IllegalStateException("what is saved is the training, of which this is a step");
    }

    @Override
    public List<Integer> chosen(int all) {
        return chosen;
    }

    @Override
    public Continuations continuations(int example) {
        return metric.continuations(example);
    }

    @Override
    public String what() {
        return "masks";
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
