package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Scores every edge of one batch: {@code Σ over examples, positions and dModel of (ablated_u − clean_u) · ∂(−metric)/∂input_v}, the gradient taken at the
 * clean run or as a mean over the runs of a {@link GradientPath}.
 *
 * <p>Gradients are taken at q, k, v and at the norms' outputs, and carried back to the residual stream in closed form. A norm is
 * {@code unit * weight + bias} with {@code unit = (x − mean x) · scale}; with g the gradient at its output and W the projection that follows, weight and
 * centring put inside W, the gradient at its input is {@code scale · (W g − unit · (unit · W g) / dModel)}. The first part is linear in {@code scale · g}, which
 * is summed over the steps and projected once; the second needs only a number for each head and position, and is summed as it comes. Where relevance is
 * carried back and not a gradient, the scale is a constant, and there is no second part.
 *
 * <p>Of a graph with spans, the terms of a sum are those of one span's positions: the scores of an edge at its spans add up to the edge's.
 */
public final class EdgeAttribution implements ScoreProducts.Gradients {
    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final Scope scope;
    private final CancelToken cancel;

    /** How many steps' norms are kept before what lies along them is counted: making what sources change costs more than holding these. */
    private static final int STEPS_KEPT = 8;

    /** Scaled gradients at q, k and v, summed over steps: for each layer {@code [n, head * dHead]} each, or null. */
    private final List<PerPort<Tensor>> headSums;

    /** Gradients at the MLPs' inputs, summed over steps: for each layer {@code [n, dModel]}. */
    private final Tensor[] mlpSums;

    /** Gradient at the stream before the final norm, at each point that is read, summed over steps. {@code [row, dModel]} */
    private Tensor logitsSum;

    /** For each layer, the units of its attention norm at the last few steps, {@code [n, dModel]} each. */
    private final List<List<Tensor>> units = new ArrayList<>();

    /** For each layer, the parts of the gradients along those units, {@code [n, slot]} each, slots q, k, v of all heads. */
    private final List<List<Tensor>> parts = new ArrayList<>();

    private final ScoreProducts products;

    private SourceDifferences differences;

    private final double[] scores;

    private EdgeAttribution(Batch batch, ModelGraph graph, Scope scope, CancelToken cancel) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = graph;
        this.scope = scope;
        this.cancel = cancel;
        this.scores = new double[graph.edgeIndexBound()];
        this.headSums = new ArrayList<>(Collections.nCopies(graph.layers(), null));
        this.mlpSums = new Tensor[graph.layers()];
        this.products = new ScoreProducts(batch, graph, scope, cancel);
        for (int layer = 0; layer < graph.layers(); layer++) {
            units.add(new ArrayList<>());
            parts.add(new ArrayList<>());
        }
    }

    /**
     * @param graph whose edges are scored: the model's, at spans where the batch's positions are told apart
     * @param metric the sum over the batch of what ablating should lower: {@code (scope, logits [point, dVocab]) → a single number}
     * @param options whose progress advances by the batch's examples for each run, where there are several, and once at the end
     * @return for each edge number, the sum over the batch's examples
     */
    public static double[] scores(
            Batch batch,
            ModelGraph graph,
            GradientPath path,
            Ablation ablation,
            BiFunction<Scope, Tensor, Tensor> metric,
            RunOptions options) {
        try (Scope scope = batch.model().torch().scope()) {
            EdgeAttribution run = new EdgeAttribution(batch, graph, scope, options.cancel());
            run.run(path, ablation, metric, options);
            return run.scores;
        }
    }

    /** How many numbers the products hold at once, however many rows a batch has. */
    public static long numbersAtOnce(Transformer model) {
        return numbersAtOnce(model, Integer.MAX_VALUE);
    }

    /** The same of a batch that has no more than so many positions. */
    public static long numbersAtOnce(Transformer model, int positions) {
        return ScoreProducts.numbers(model.graph(), model.config().dModel(), positions);
    }

    private void run(
            GradientPath path, Ablation ablation, BiFunction<Scope, Tensor, Tensor> metric, RunOptions options) {
        GradientRuns.each(
                batch,
                path,
                ablation,
                scope,
                (pass, run, of) -> {
                    differences = of;
                    gradients(pass, run, metric);
                    if (units.getFirst().size() == (batch.savesMemory() ? 1 : STEPS_KEPT)) {
                        products.countAlong(differences, null, this);
                        forgetUnits();
                    }
                },
                options);
        if (!model.normsAttentionOut()) products.count(differences, null, this);
        products.addTo(scores);
        options.progress().advance(batch.examples());
        int runs = path.runs(graph.layers());
        for (int i = 0; i < scores.length; i++) scores[i] = -scores[i] / runs;
    }

    /** One run with gradients, gathered into the sums. */
    private void gradients(Scope pass, GradientRuns.Forward run, BiFunction<Scope, Tensor, Tensor> metric) {
        run.gradients(pass, metric, new GradientRuns.Wanted() {
            @Override
            public List<Tensor> in(ActivationCache cache, int at) {
                List<Tensor> wanted = new ArrayList<>();
                cache.ports.forEach(port -> wanted.add(port.get(at)));
                wanted.add(cache.mlpIn.get(at));
                return wanted;
            }

            @Override
            public void layer(int layer, ActivationCache cache, int at, List<Tensor> gradients) {
                gatherLayer(run, layer, cache, at, gradients);
            }

            @Override
            public void logits(Tensor last, Tensor gradient) {
                logitsSum = gather(logitsSum, gradient, last, model.finalNorm(), run.relevance());
            }
        });
        // How heads come through the norm after them is of this run, so that its gradients cannot wait for those of
        // others.
        if (model.normsAttentionOut()) scoreThisRun(run);
    }

    /** @param gradients at q, k, v and the MLP's input */
    private void gatherLayer(
            GradientRuns.Forward run, int layer, ActivationCache cache, int at, List<Tensor> gradients) {
        // What positions add is a past: it has none where queries and keys are turned instead.
        boolean pastless = layer == 0 && run.startsAtInput() && !model.addsPositions();
        if (!pastless)
            gatherHeads(layer, run, cache, at, new PerPort<>(gradients.get(0), gradients.get(1), gradients.get(2)));
        if (pastless && model.config().parallel()) return;
        mlpSums[layer] = gather(mlpSums[layer], gradients.get(3));
    }

    private void scoreThisRun(GradientRuns.Forward run) {
        products.count(differences, new ScoreProducts.OfRun(run.cache(), run.relevance()), this);
        forgetUnits();
        for (int layer = 0; layer < graph.layers(); layer++) {
            heads(layer).forEach(scope::release);
            headSums.set(layer, null);
            scope.release(mlpSums[layer]);
            mlpSums[layer] = null;
        }
        scope.release(logitsSum);
        logitsSum = null;
    }

    private void gatherHeads(
            int layer, GradientRuns.Forward run, ActivationCache cache, int at, PerPort<Tensor> gradients) {
        LayerWeights w = model.layer(layer);
        try (Scope pass = torch.scope()) {
            Norm.Frame frame = w.attentionNorm().frame(torch, pass, cache.residPre.get(at));
            Tensor scale = frame == null ? ones(pass) : frame.scale(); // [n, 1]
            PerPort<Tensor> sums = headSums.get(layer);
            if (sums == null)
                headSums.set(
                        layer,
                        PerPort.of(
                                port -> torch.scaledGradient(scope, gradients.get(port), scale))); // [n, head * dHead]
            else
                for (Slot.Port port : Slot.Port.OF_HEAD)
                    torch.addScaledGradient(pass, sums.get(port), gradients.get(port), scale);
            // With a scale that is fixed, a change along the unit counts as any other.
            if (frame == null || run.relevance()) return;
            List<Tensor> along = new ArrayList<>();
            for (Slot.Port port : Slot.Port.OF_HEAD)
                along.add(torch.gradientAlong(
                        pass,
                        gradients.get(port),
                        cache.ports.get(port).get(at),
                        w.constants().get(port),
                        scale,
                        model.config().dModel())); // [n, head]
            units.get(layer).add(pass.moveTo(scope, frame.unit())); // [n, dModel]
            parts.get(layer).add(pass.moveTo(scope, torch.catLast(pass, along))); // [n, slot]
        }
    }

    private Tensor ones(Scope pass) {
        Tensor nothing = torch.zeros(pass, model.finalNorm().weight(), new int[] {batch.size() * batch.width(), 1});
        return torch.plusNumber(pass, nothing, 1.0); // [n, 1]
    }

    private void forgetUnits() {
        for (int layer = 0; layer < graph.layers(); layer++) {
            units.get(layer).forEach(scope::release);
            parts.get(layer).forEach(scope::release);
            units.get(layer).clear();
            parts.get(layer).clear();
        }
    }

    @Override
    public PerPort<Tensor> heads(int layer) {
        // A run from which nothing comes leaves none.
        if (headSums.get(layer) == null) {
            int n = batch.size() * batch.width();
            int[] shape = {n, graph.heads() * model.config().dHead()};
            headSums.set(
                    layer,
                    PerPort.of(port -> torch.zeros(scope, model.finalNorm().weight(), shape)));
        }
        return headSums.get(layer);
    }

    @Override
    public Tensor mlp(int layer) {
        return mlpSums[layer];
    }

    @Override
    public Tensor last() {
        return logitsSum;
    }

    @Override
    public List<Tensor> units(int layer) {
        return units.get(layer);
    }

    @Override
    public List<Tensor> parts(int layer) {
        return parts.get(layer);
    }

    /** Adds a gradient to a sum. {@code [batch, pos, dModel]} → {@code [n, dModel]} */
    private Tensor gather(Tensor sum, Tensor gradient) {
        try (Scope pass = torch.scope()) {
            Tensor flat = torch.flatRows(pass, gradient); // [n, dModel]
            // Of its own: in a parallel block the gradients at two inputs may be one tensor.
            if (sum == null) return torch.copyAs(scope, flat, flat);
            torch.addInto(pass, sum, flat);
            return sum;
        }
    }

    private Tensor gather(Tensor sum, Tensor gradient, Tensor stream, Norm norm, boolean fixed) {
        try (Scope pass = torch.scope()) {
            Tensor back = norm.back(torch, pass, gradient, stream, fixed); // [n, dModel]
            if (sum == null) return pass.moveTo(scope, back);
            torch.addInto(pass, sum, back);
            return sum;
        }
    }
}
