package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Scores every neuron of one batch, a neuron being one dimension of a source's output: {@code Σ over examples and positions of
 * (ablated_u − clean_u) · ∂(−metric)/∂output_u}, the gradient a mean over the runs of a {@link GradientPath}. A source's score is the sum over its neurons.
 * Where the norms that read the stream take its mean out, so do neurons ({@link Transformer#centres}): no sum changes by that.
 */
public final class NodeAttribution {
    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final Scope scope;
    private final CancelToken cancel;
    private final BiFunction<Scope, Tensor, Tensor> metric;

    /** Gradients summed over runs: at what {@code input} gives, then for each layer at what its heads and its MLP add. {@code [n, dModel]} */
    private final Tensor[] sums;

    private SourceDifferences differences;

    private NodeAttribution(Batch batch, Scope scope, BiFunction<Scope, Tensor, Tensor> metric, CancelToken cancel) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = model.graph();
        this.scope = scope;
        this.metric = metric;
        this.cancel = cancel;
        this.sums = new Tensor[1 + 2 * graph.layers()];
    }

    /**
     * @param metric the sum over the batch of what ablating should lower: {@code (scope, logits [point, dVocab]) → a single number}
     * @param options whose progress advances by the batch's examples for each run, where there are several, and once at the end
     * @return {@code [source, dModel]}, the sum over the batch's examples
     */
    public static double[] scores(
            Batch batch,
            GradientPath path,
            Ablation ablation,
            BiFunction<Scope, Tensor, Tensor> metric,
            RunOptions options) {
        try (Scope scope = batch.model().torch().scope()) {
            NodeAttribution run = new NodeAttribution(batch, scope, metric, options.cancel());
            GradientRuns.each(batch, path, ablation, scope, run::gradients, options);
            double[] scores = run.products();
            int runs = path.runs(run.graph.layers());
            for (int i = 0; i < scores.length; i++) scores[i] = -scores[i] / runs;
            options.progress().advance(batch.examples());
            return scores;
        }
    }

    private void gradients(Scope pass, GradientRuns.Forward run, SourceDifferences of) {
        differences = of;
        run.gradients(pass, metric, new GradientRuns.Wanted() {
            /** Where a norm follows the heads, what they give goes through it together. */
            @Override
            public List<Tensor> in(ActivationCache cache, int at) {
                return List.of(model.normsAttentionOut() ? cache.attentionSum.get(at) : cache.residMid.get(at));
            }

            @Override
            public boolean atStreams() {
                return true;
            }

            @Override
            public void stream(int layer, Tensor gradient) {
                add(2 * layer + 2, gradient);
            }

            @Override
            public void layer(int layer, ActivationCache cache, int at, List<Tensor> gradients) {
                add(2 * layer + 1, gradients.getFirst());
            }
        });
    }

    private void add(int at, Tensor gradient) {
        // Of its own: in a parallel block the gradients at two outputs are one tensor.
        if (sums[at] == null) sums[at] = torch.copyAs(scope, gradient, gradient); // [batch, pos, dModel]
        else torch.addInto(scope, sums[at], gradient);
    }

    private double[] products() {
        int width = model.config().dModel();
        double[] scores = new double[graph.sources() * width];
        for (int i = 0; i < sums.length; i++) {
            cancel.check();
            int layer = (i - 1) / 2;
            int first = i == 0 ? 0 : graph.firstHead(layer) + (i % 2 == 0 ? graph.heads() : 0);
            int count = i > 0 && i % 2 == 1 ? graph.heads() : 1;
            try (Scope pass = torch.scope()) {
                Tensor rows = differences.sources(pass, first, first + count); // [source, n, dModel]
                double[] found =
                        torch.toHost(torch.neuronScores(pass, rows, sums[i], model.centres())); // [source, dModel]
                System.arraycopy(found, 0, scores, first * width, found.length);
            }
        }
        return scores;
    }
}
