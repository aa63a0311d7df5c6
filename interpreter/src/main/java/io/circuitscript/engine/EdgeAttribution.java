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
public final class EdgeAttribution {
    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final Scope scope;
    private final CancelToken cancel;

    /** What ablating changes in each source's output: ablated − clean. {@code [source, n, dModel]}, n = batch * pos */
    private final Tensor delta;

    /** How many steps' norms are kept before what lies along them is counted: reading {@code delta} costs more than holding these. */
    private static final int STEPS_KEPT = 8;

    /** Numbers of products of single positions, {@code [n, source, slot]}, that are held at once before they are summed within spans. */
    private static final int PRODUCTS_AT_ONCE = 1 << 20;

    /** Slots that a score product should have at least: with few, it runs at a fraction of the machine's rate. */
    public static final int SLOTS_AT_ONCE = 144;

    /** Scaled gradients at q, k and v, summed over steps: for each layer {@code [head, n, dHead]} each, or null. */
    private final List<PerPort<Tensor>> headSums;

    /** Gradients at the MLPs' inputs, summed over steps: for each layer {@code [n, dModel]}. */
    private final Tensor[] mlpSums;

    /** Gradient at the stream before the final norm, at each point that is read, summed over steps. {@code [row, dModel]} */
    private Tensor logitsSum;

    /** For each layer, the units of its attention norm at the last few steps, {@code [n, dModel]} each. */
    private final List<List<Tensor>> units = new ArrayList<>();

    /** For each layer, the parts of the gradients along those units, {@code [n, slot]} each, slots q, k, v of all heads. */
    private final List<List<Tensor>> parts = new ArrayList<>();

    /** Some layers' slots at a time. {@code [slot, n, dModel]} */
    private Tensor slots;

    private final double[] scores;

    /** Which positions are in which span, {@code [span, n]}, and which points, {@code [span, point]}; null where the graph has no spans. */
    private final Tensor positions;

    private final Tensor points;

    private EdgeAttribution(Batch batch, ModelGraph graph, Scope scope, CancelToken cancel) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = graph;
        this.positions = graph.hasSpans() ? batch.positionsBySpan(scope, graph.perEdge()) : null; // [span, n]
        this.points = graph.hasSpans() ? batch.pointsBySpan(scope, graph.perEdge()) : null; // [span, point]
        this.scope = scope;
        this.cancel = cancel;
        this.scores = new double[graph.edgeIndexBound()];
        this.headSums = new ArrayList<>(Collections.nCopies(graph.layers(), null));
        this.mlpSums = new Tensor[graph.layers()];
        this.delta = SourceDifferences.empty(scope, batch);
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

    private void run(
            GradientPath path, Ablation ablation, BiFunction<Scope, Tensor, Tensor> metric, RunOptions options) {
        GradientRuns.each(
                batch,
                path,
                ablation,
                scope,
                delta,
                (pass, run) -> {
                    gradients(pass, run, metric);
                    if (units.getFirst().size() == STEPS_KEPT) countAlong(delta);
                },
                options);
        if (!model.normsAttentionOut()) {
            countAlong(delta);
            products(delta);
        }
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
                wanted.add(cache.mlpNormed.get(at));
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
        if (model.normsAttentionOut()) scoreThisRun(pass, run);
    }

    /** @param gradients at q, k, v and the MLP's normed input */
    private void gatherLayer(
            GradientRuns.Forward run, int layer, ActivationCache cache, int at, List<Tensor> gradients) {
        // What positions add is a past: it has none where queries and keys are turned instead.
        boolean pastless = layer == 0 && run.startsAtInput() && !model.addsPositions();
        makeHeadSums(layer);
        if (!pastless)
            gatherHeads(
                    layer, run, cache, at, new PerPort<>(gradients.get(0), gradients.get(1), gradients.get(2)));
        if (pastless && model.config().parallel()) return;
        mlpSums[layer] = gather(
                mlpSums[layer],
                gradients.get(3),
                cache.mlpIn.get(at),
                model.layer(layer).mlpNorm(),
                run.relevance());
    }

    private void scoreThisRun(Scope pass, GradientRuns.Forward run) {
        Tensor sources =
                SourceDifferences.alongNorms(pass, delta, model, run.cache(), run.relevance()); // [source, n, dModel]
        countAlong(sources);
        products(sources);
        for (int layer = 0; layer < graph.layers(); layer++) {
            headSums.get(layer).forEach(scope::release);
            headSums.set(layer, null);
            scope.release(mlpSums[layer]);
            mlpSums[layer] = null;
        }
        scope.release(logitsSum);
        logitsSum = null;
    }

    /** Of zeros, where there is none yet: a run from which nothing comes leaves it so. */
    private void makeHeadSums(int layer) {
        if (headSums.get(layer) != null) return;
        int n = batch.size() * batch.width();
        int[] shape = {graph.heads(), n, model.config().dHead()};
        headSums.set(layer, PerPort.of(port -> torch.zeros(scope, delta, shape))); // [head, n, dHead] each
    }

    private void gatherHeads(
            int layer, GradientRuns.Forward run, ActivationCache cache, int at, PerPort<Tensor> gradients) {
        LayerWeights w = model.layer(layer);
        int dModel = model.config().dModel();
        try (Scope pass = torch.scope()) {
            Norm.Frame frame = w.attentionNorm().frame(torch, pass, cache.residPre.get(at));
            Tensor scale = frame == null ? ones(pass) : frame.scale(); // [n, 1]
            List<Tensor> along = new ArrayList<>();
            for (Slot.Port port : Slot.Port.OF_HEAD) {
                along.add(torch.gatherHeadGradient(
                        pass,
                        headSums.get(layer).get(port),
                        gradients.get(port),
                        cache.ports.get(port).get(at),
                        w.constants().get(port),
                        scale,
                        dModel)); // [n, head]
            }
            // With a scale that is fixed, a change along the unit counts as any other.
            if (frame == null || run.relevance()) return;
            units.get(layer).add(pass.moveTo(scope, frame.unit())); // [n, dModel]
            parts.get(layer).add(pass.moveTo(scope, torch.catLast(pass, along))); // [n, slot]
        }
    }

    private Tensor ones(Scope pass) {
        Tensor nothing = torch.zeros(pass, delta, new int[] {batch.size() * batch.width(), 1});
        return torch.plusNumber(pass, nothing, 1.0); // [n, 1]
    }

    /** Takes from the scores what lies along the units kept, and lets those go. sources {@code [source, n, dModel]} */
    private void countAlong(Tensor sources) {
        for (int layer = 0; layer < graph.layers(); layer++) {
            if (units.get(layer).isEmpty()) continue;
            int slot = graph.firstSlot(layer);
            try (Scope pass = torch.scope()) {
                Tensor before = torch.rows(pass, sources, 0, graph.sourcesBefore(slot)); // [source, n, dModel]
                Tensor along = torch.along(pass, before, units.get(layer)); // [step, source, n]
                addScores(-1, smallScores(pass, along, parts.get(layer)), slot);
            }
            units.get(layer).forEach(scope::release);
            parts.get(layer).forEach(scope::release);
            units.get(layer).clear();
            parts.get(layer).clear();
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

    /** The score products, of some layers' slots at a time. changes {@code [source, n, dModel]} */
    private void products(Tensor changes) {
        int perLayer = graph.slotsPerLayer();
        int together = Math.min(graph.layers(), Math.ceilDiv(SLOTS_AT_ONCE, perLayer));
        int n = batch.size() * batch.width();
        if (slots == null)
            slots = torch.empty(
                    scope,
                    delta,
                    new int[] {together * perLayer, n, model.config().dModel()}); // [slot, n, dModel]
        for (int first = 0; first < graph.layers(); first += together) {
            cancel.check();
            int end = Math.min(first + together, graph.layers());
            try (Scope pass = torch.scope()) {
                for (int layer = first; layer < end; layer++) fillSlots(pass, slots, (layer - first) * perLayer, layer);
                Tensor filled = torch.rows(pass, slots, 0, (end - first) * perLayer); // [slot, n, dModel]
                int before = graph.sourcesBefore(end * perLayer - 1);
                Tensor sources = torch.rows(pass, changes, 0, before); // [source, n, dModel]
                addScores(1, scores(pass, sources, filled, batch.size(), positions), first * perLayer);
            }
        }
        try (Scope pass = torch.scope()) {
            ReadPoints read = batch.readPoints();
            Tensor lastDelta = read.ofChanges(torch, pass, changes); // [source, point, dModel]
            Tensor slot = torch.flatOne(pass, torch.rows(pass, logitsSum, 0, read.count())); // [1, point, dModel]
            addScores(1, scores(pass, lastDelta, slot, read.count(), points), graph.slots() - 1);
        }
    }

    private void fillSlots(Scope pass, Tensor slots, int at, int layer) {
        LayerWeights w = model.layer(layer);
        int heads = graph.heads();
        for (Slot.Port port : Slot.Port.OF_HEAD) {
            Tensor back = w.attentionNorm()
                    .backProjection(torch, pass, w.w(port), heads / model.group(port)); // [kvHead, dHead, dModel]
            torch.headSlots(
                    pass, slots, at + within(layer, port), headSums.get(layer).get(port), back);
            pass.release(back);
        }
        torch.put(pass, slots, at + within(layer, Slot.Port.WHOLE), mlpSums[layer]);
    }

    /** Where a port's first slot is among those of its layer. */
    private int within(int layer, Slot.Port port) {
        return graph.firstSlot(layer, port) - graph.firstSlot(layer);
    }

    /**
     * The product that makes scores, {@code [source, slot]}, or {@code [span, source, slot]} where positions are told apart.
     *
     * @param changes {@code [source, n, dModel]}, at single points {@code [source, point, dModel]}; {@code into} alike of slots
     * @param rows of the batch, each of which is a product of its own
     * @param bySpan which of them are in which span, {@code [span, n]}, or null
     */
    private Tensor scores(Scope pass, Tensor changes, Tensor into, int rows, Tensor bySpan) {
        return bySpan == null
                ? torch.scores(pass, changes, into, rows) // [source, slot]
                : torch.scoresBySpan(
                        pass, changes, into, bySpan, atOnce(changes.size(0), into.size(0))); // [span, source, slot]
    }

    /** The same of what lies along units, {@code [step, source, n]}, and the parts of the gradients there, {@code [n, slot]} each. */
    private Tensor smallScores(Scope pass, Tensor along, List<Tensor> parts) {
        return positions == null
                ? torch.smallScores(pass, along, parts) // [source, slot]
                : torch.smallScoresBySpan(pass, along, parts, positions); // [span, source, slot]
    }

    private static long atOnce(long sources, long slots) {
        return Math.max(1, PRODUCTS_AT_ONCE / (sources * slots));
    }

    /** Adds a block of {@link #scores} from source 0 and the given slot on; what is no edge is left out. */
    private void addScores(int sign, Tensor block, int firstSlot) {
        int axis = graph.hasSpans() ? 1 : 0;
        int rows = (int) block.size(axis);
        int columns = (int) block.size(axis + 1);
        double[] values = torch.toHost(block);
        for (int span = 0; span < graph.perEdge(); span++) {
            for (int source = 0; source < rows; source++) {
                for (int i = 0; i < columns; i++) {
                    if (source >= graph.sourcesBefore(firstSlot + i)) continue;
                    scores[graph.edge(source, firstSlot + i, span)] +=
                            sign * values[(span * rows + source) * columns + i];
                }
            }
        }
    }
}
