package io.circuitscript.engine;

import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import io.circuitscript.model.AttentionShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.LongStream;

/**
 * Scores every edge of one batch by AtP* (Kramár et al. 2024). At values, MLPs and {@code logits} a score is that of {@link EdgeAttribution} at the clean run. At
 * a query, the source's contribution to it is replaced at one position, attention's probabilities are computed anew there, and their change is multiplied
 * by the gradient at the probabilities; the sum over positions is the score. A key alike, as it is seen from every later position. Every norm
 * from the source's output to the scores of attention keeps the scale that it has in the clean run.
 *
 * <p>With GradDrop the gradients are those of L passes back, in each of which nothing comes through one layer's attention and MLP. What a slot of layer s
 * gets does not depend on a layer before s, and is nothing where s itself is dropped; so there is one pass for each layer but the first, which goes
 * back from that layer on, and the plain one.
 *
 * <p>Of a graph with spans, a sum is over the positions of one span: those of the query, of the key, or of the value's or MLP's input. Without GradDrop an edge's
 * scores at its spans add up to the edge's. With it they do not: a score then is a sum of sizes, each of an example in a pass, and the size is taken of
 * what a span gives, so that together they are as large as the edge's or larger.
 */
public final class RecomputedAttention {
    /** Numbers of a pair of positions that computing its probability anew holds at once, for each source. */
    private static final int NUMBERS_A_PAIR = 6;

    /** What part of the memory budget the sources that are computed at once may take. */
    private static final int PART_OF_BUDGET = 8;

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final boolean drops;
    private final BiFunction<Scope, Tensor, Tensor> metric;
    private final RunOptions options;

    /** Whose sum each row of scores goes into: the example of a row of the batch, {@code [row]}, or that and the span of a position, {@code [n]}. */
    private final Tensor group;

    private final double[] scores;

    /** A layer's gradients at what its heads mix, {@code [batch, pos, head, dHead]}, and for how many layers that are dropped they stand. */
    private record Back(Tensor z, int times) {}

    private RecomputedAttention(
            Batch batch,
            ModelGraph graph,
            Scope scope,
            boolean drops,
            BiFunction<Scope, Tensor, Tensor> metric,
            RunOptions options) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = graph;
        this.drops = drops;
        this.metric = metric;
        this.options = options;
        this.group = torch.longs(scope, groups(batch, graph), rows());
        this.scores = new double[graph.edgeIndexBound()];
    }

    /** Rows of scores: of the batch, or its positions where they are told apart. */
    private int rows() {
        return graph.hasSpans() ? batch.size() * batch.width() : batch.size();
    }

    private static long[] groups(Batch batch, ModelGraph graph) {
        long[] examples = batch.exampleOfRow();
        if (!graph.hasSpans()) return examples;
        int[] spans = batch.spanOfPosition();
        return LongStream.range(0, spans.length)
                .map(i -> examples[(int) i / batch.width()] * graph.perEdge() + spans[(int) i])
                .toArray();
    }

    /** The same of the points at which logits are read. */
    private static long[] pointGroups(Batch batch, ModelGraph graph) {
        long[] examples = batch.exampleOfPoint();
        if (!graph.hasSpans()) return examples;
        int[] spans = batch.spanOfPoint();
        return LongStream.range(0, spans.length)
                .map(i -> examples[(int) i] * graph.perEdge() + spans[(int) i])
                .toArray();
    }

    /**
     * @param graph whose edges are scored: the model's, at spans where the batch's positions are told apart
     * @param drops whether gradients are dropped a layer at a time; of a model of several layers
     * @param metric the sum over the batch of what ablating should lower: {@code (scope, logits [point, dVocab]) → a single number}
     * @param options whose progress advances by the batch's examples {@link #units} times
     * @return for each edge number, the sum over the batch's examples; with {@code drops}, of means over layers of sizes
     */
    public static double[] scores(
            Batch batch,
            ModelGraph graph,
            boolean drops,
            Ablation ablation,
            BiFunction<Scope, Tensor, Tensor> metric,
            RunOptions options) {
        try (Scope scope = batch.model().torch().scope()) {
            RecomputedAttention run = new RecomputedAttention(batch, graph, scope, drops, metric, options);
            GradientRuns.cleanWhole(batch, ablation, scope, run::score, options);
            double sign = drops ? 1.0 / (run.graph.layers() - 1) : -1;
            for (int i = 0; i < run.scores.length; i++) run.scores[i] *= sign;
            return run.scores;
        }
    }

    /** How many parts the work on a batch has: passes back, then layers. */
    public static int units(ModelGraph graph, boolean drops) {
        return graph.layers() + (drops ? graph.layers() : 1);
    }

    private void score(Scope pass, GradientRuns.Forward run, SourceDifferences differences) {
        int layers = graph.layers();
        List<List<Back>> backs = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) backs.add(new ArrayList<>());
        try (Scope along = torch.scope()) {
            Tensor sources = sources(along, differences, run.cache(), false); // [source, n, dModel]
            List<Tensor> after = plainPass(pass, run, sources, backs); // [batch, pos, dModel] each
            for (int layer = 1; drops && layer < layers; layer++)
                droppedPass(pass, run.cache(), layer, after.get(layer), sources, backs);
        }
        try (Scope along = torch.scope()) {
            Tensor sources = sources(along, differences, run.cache(), true); // [source, n, dModel]
            for (int layer = 0; layer < layers; layer++) {
                attention(run.cache(), layer, sources, backs.get(layer));
                options.progress().advance(batch.examples());
            }
        }
    }

    /** What ablating changes in the stream, to first order. {@code [source, n, dModel]} */
    private Tensor sources(Scope scope, SourceDifferences differences, ActivationCache cache, boolean fixed) {
        Tensor delta = differences.whole(scope); // [source, n, dModel]
        if (model.normsAttentionOut()) {
            try (Scope pass = torch.scope()) {
                List<Tensor> sums = cache.attentionSum.stream()
                        .map(it -> torch.flatRows(pass, it)) // [n, dModel]
                        .toList();
                SourceDifferences.alongNorms(pass, delta, model, sums, fixed);
            }
        }
        return delta;
    }

    /** @return the gradients at the stream after each layer, {@code [batch, pos, dModel]} each */
    private List<Tensor> plainPass(Scope pass, GradientRuns.Forward run, Tensor sources, List<List<Back>> backs) {
        int layers = graph.layers();
        ActivationCache cache = run.cache();
        Tensor last = batch.lastStream(pass, run.stream()); // [row, dModel]
        Tensor normed = model.norm(pass, last, model.finalNorm()); // [row, dModel]
        Tensor total = metric.apply(pass, batch.unembed(pass, normed));
        List<Tensor> at = slots(cache, layers);
        at.addAll(cache.residPre.subList(1, layers));
        at.add(run.stream());
        at.add(normed);
        List<Tensor> found = torch.gradientsFrom(pass, total, torch.doubles(pass, new double[] {1}, 1), at);
        logits(sources, last, found.getLast());
        gather(found, layers, cache, sources, backs, true);
        return found.subList(3 * layers, 4 * layers);
    }

    /** What comes through a layer's stream past its attention and MLP. @param after the gradient at the stream after the layer */
    private void droppedPass(
            Scope pass, ActivationCache cache, int layer, Tensor after, Tensor sources, List<List<Back>> backs) {
        options.cancel().check();
        try (Scope back = torch.scope()) {
            List<Tensor> found = torch.gradientsFrom(back, cache.residPre.get(layer), after, slots(cache, layer));
            for (Tensor z : found.subList(2 * layer, 3 * layer)) back.moveTo(pass, z);
            gather(found, layer, cache, sources, backs, false);
        }
    }

    /** Values, normed inputs of MLPs and what heads mix, of the first few layers. */
    private static List<Tensor> slots(ActivationCache cache, int layers) {
        List<Tensor> at = new ArrayList<>(cache.ports.v().subList(0, layers));
        at.addAll(cache.mlpNormed.subList(0, layers));
        at.addAll(cache.z.subList(0, layers));
        return at;
    }

    /** Scores values and MLPs by the gradients of one pass at {@link #slots}, and keeps those at what heads mix. */
    private void gather(
            List<Tensor> found,
            int layers,
            ActivationCache cache,
            Tensor sources,
            List<List<Back>> backs,
            boolean plain) {
        for (int layer = 0; layer < layers; layer++) {
            options.cancel().check();
            int times = drops && plain ? layer : 1;
            if (times == 0) continue;
            valuesAndMlp(cache, layer, found.get(layer), found.get(layers + layer), sources, times);
            backs.get(layer).add(new Back(found.get(2 * layers + layer), times));
        }
        options.progress().advance(batch.examples());
    }

    private void valuesAndMlp(
            ActivationCache cache, int layer, Tensor atValues, Tensor atMlp, Tensor sources, int times) {
        LayerWeights w = model.layer(layer);
        Norm norm = w.attentionNorm();
        int heads = graph.heads();
        int slot = graph.firstSlot(layer, Slot.Port.V);
        int[] shape = {heads + 1, batch.size() * batch.width(), model.config().dModel()};
        try (Scope pass = torch.scope()) {
            Norm.Frame frame = norm.frame(torch, pass, cache.residPre.get(layer));
            Tensor scaled = torch.scaledByHead(pass, atValues, scale(pass, frame)); // [head, n, dHead]
            Tensor back = norm.backProjection(
                    torch, pass, w.w(Slot.Port.V), heads / model.group(Slot.Port.V)); // [kvHead, dHead, dModel]
            Tensor slots = torch.empty(pass, sources, shape); // [slot, n, dModel]
            torch.headSlots(pass, slots, 0, scaled, back);
            if (frame != null) torch.cutAlong(pass, slots, 0, heads, frame.unit());
            torch.put(pass, slots, heads, w.mlpNorm().back(torch, pass, atMlp, cache.mlpIn.get(layer), false));
            Tensor before = torch.rows(pass, sources, 0, graph.sourcesBefore(slot + heads)); // [source, n, dModel]
            add(torch.rowScores(pass, before, slots, rows()), group, slot, times);
        }
    }

    private void logits(Tensor sources, Tensor last, Tensor gradient) {
        ReadPoints points = batch.readPoints();
        try (Scope pass = torch.scope()) {
            Tensor back = model.finalNorm().back(torch, pass, gradient, last, false); // [row, dModel]
            Tensor slot = torch.flatOne(pass, torch.rows(pass, back, 0, points.count())); // [1, point, dModel]
            Tensor changes = points.ofChanges(torch, pass, sources); // [source, point, dModel]
            Tensor of = torch.longs(pass, pointGroups(batch, graph), points.count()); // [point]
            Tensor found = torch.rowScores(pass, changes, slot, points.count()); // [point, source, 1]
            add(found, of, graph.slots() - 1, drops ? graph.layers() : 1);
        }
    }

    private Tensor scale(Scope pass, Norm.Frame frame) {
        if (frame != null) return frame.scale(); // [n, 1]
        Tensor nothing = torch.zeros(pass, model.finalNorm().weight(), new int[] {batch.size() * batch.width(), 1});
        return torch.plusNumber(pass, nothing, 1.0); // [n, 1]
    }

    /**
     * One layer in which attention is computed anew.
     *
     * @param scaleOfNorm of the attention's norm, {@code [n, 1]}
     * @param q queries as scores take them, {@code [batch, pos, head, dHead]}
     * @param keys of the prefix too, {@code [batch, keyPos, head, dHead]}; values alike
     * @param backs from which gradients at probabilities come
     */
    private record Layer(
            int number,
            AttentionShape shape,
            Tensor mask,
            Tensor scaleOfNorm,
            Tensor q,
            Tensor keys,
            Tensor values,
            List<Back> backs) {}

    private void attention(ActivationCache cache, int number, Tensor sources, List<Back> backs) {
        LayerWeights w = model.layer(number);
        AttentionShape shape = model.config().attention().get(number);
        Prefix prefix = batch.prefix(options.cancel());
        AttentionPositions positions = batch.positions();
        int before = graph.sourcesBefore(graph.firstSlot(number));
        int atOnce = sourcesAtOnce(prefix.length());
        try (Scope pass = torch.scope()) {
            PerPort<Tensor> ports = PerPort.of(
                    port -> torch.constant(pass, cache.ports.get(port).get(number))); // [batch, pos, head, dHead] each
            Tensor q = model.attention().query(pass, w, number, ports.q(), positions); // [batch, pos, head, dHead]
            Tensor k = model.attention().key(pass, w, number, ports.k(), positions); // [batch, pos, head, dHead]
            Tensor keys = prefix.length() == 0 ? k : torch.catPast(pass, prefix.keys(number), k);
            Tensor values = prefix.length() == 0 ? ports.v() : torch.catPast(pass, prefix.values(number), ports.v());
            Tensor scale = scale(pass, w.attentionNorm().frame(torch, pass, cache.residPre.get(number)));
            Layer layer = new Layer(number, shape, positions.mask(shape), scale, q, keys, values, backs);
            for (int from = 0; from < before; from += atOnce) {
                int to = Math.min(from + atOnce, before);
                try (Scope part = torch.scope()) {
                    Tensor some = torch.rows(part, sources, from, to); // [source, n, dModel]
                    Tensor dq =
                            changes(part, layer, Slot.Port.Q, some, ports.q()); // [source * batch, pos, head, dHead]
                    Tensor dk =
                            changes(part, layer, Slot.Port.K, some, ports.k()); // [source * batch, pos, head, dHead]
                    for (int head = 0; head < graph.heads(); head++) head(layer, head, from, dq, dk);
                }
            }
        }
    }

    /** What changes of the stream {@code [source, n, dModel]} change in queries or keys: {@code [source * batch, pos, head, dHead]} */
    private Tensor changes(Scope scope, Layer layer, Slot.Port port, Tensor sources, Tensor at) {
        LayerWeights w = model.layer(layer.number);
        int group = model.group(port);
        try (Scope pass = torch.scope()) {
            Tensor back = w.attentionNorm()
                    .backProjection(torch, pass, w.w(port), graph.heads() / group); // [kvHead, dHead, dModel]
            Tensor shared = torch.projectChanges(
                    pass, sources, layer.scaleOfNorm, back, batch.size()); // [source * batch, pos, kvHead, dHead]
            Tensor each = group == 1 ? shared : torch.spread(pass, shared, group);
            HeadNorm norm = port == Slot.Port.Q ? w.qNorm() : w.kNorm();
            Tensor changed = model.attention().change(pass, norm, layer.number, at, each, batch.positions());
            return pass.moveTo(scope, changed); // [source * batch, pos, head, dHead]
        }
    }

    private void head(Layer layer, int head, int firstSource, Tensor dq, Tensor dk) {
        options.cancel().check();
        double scale = layer.shape.scale();
        double cap = layer.shape.cap();
        List<Tensor> z = layer.backs.stream().map(Back::z).toList();
        try (Scope pass = torch.scope()) {
            List<Tensor> rows = torch.attentionRows(pass, layer.q, layer.keys, head, layer.mask, scale, cap);
            Tensor g = torch.probabilityGradients(pass, z, layer.values, head); // [batch, pass, pos, keyPos]
            Tensor q = torch.headOfEach(pass, dq, head, batch.size()); // [source, batch, pos, dHead]
            Tensor ofQueries = torch.queryProducts(
                    pass,
                    q,
                    layer.keys,
                    head,
                    rows,
                    layer.mask,
                    scale,
                    cap,
                    g,
                    graph.hasSpans()); // [row, source, pass]
            Tensor k = torch.headOfEach(pass, dk, head, batch.size()); // [source, batch, pos, dHead]
            Tensor ofKeys = torch.keyProducts(
                    pass, k, layer.q, head, rows, scale, cap, g, graph.hasSpans()); // [row, source, pass]
            addPasses(ofQueries, firstSource, graph.firstSlot(layer.number, Slot.Port.Q) + head, layer.backs);
            addPasses(ofKeys, firstSource, graph.firstSlot(layer.number, Slot.Port.K) + head, layer.backs);
        }
    }

    /** How many sources' pairs of positions, queries and keys the memory holds at once. */
    private int sourcesAtOnce(int prefix) {
        long width = batch.width();
        // Where positions are told apart, what changes is held in another order too.
        int numbers = NUMBERS_A_PAIR + (graph.hasSpans() ? 1 : 0);
        long pairs = batch.size() * width * (width + prefix) * numbers * Double.BYTES;
        long ports = 8L
                * batch.size()
                * width
                * graph.heads()
                * model.config().dHead()
                * torch.precision().wide().bytes();
        long budget = MemoryBudget.bytes(options, model.device()) / PART_OF_BUDGET;
        return (int) Math.clamp(budget / (pairs + ports), 1, graph.sources());
    }

    /** Adds scores {@code [row, source, slot]}, from source 0 and the given slot on. */
    private void add(Tensor rows, Tensor groups, int firstSlot, int times) {
        int sources = (int) rows.size(1);
        int slots = (int) rows.size(2);
        double[] totals = totals(rows, groups); // [span, source, slot]
        for (int span = 0; span < graph.perEdge(); span++) {
            for (int source = 0; source < sources; source++) {
                for (int i = 0; i < slots; i++) {
                    if (source < graph.sourcesBefore(firstSlot + i))
                        scores[graph.edge(source, firstSlot + i, span)] +=
                                times * totals[(span * sources + source) * slots + i];
                }
            }
        }
    }

    /** Adds the scores of edges into one slot, {@code [row, source, pass]}. */
    private void addPasses(Tensor rows, int firstSource, int slot, List<Back> backs) {
        int sources = (int) rows.size(1);
        int passes = backs.size();
        double[] totals = totals(rows, group); // [span, source, pass]
        for (int i = 0; i < totals.length; i++) {
            int at = i / passes;
            scores[graph.edge(firstSource + at % sources, slot, at / sources)] +=
                    backs.get(i % passes).times() * totals[i];
        }
    }

    private double[] totals(Tensor rows, Tensor groups) {
        try (Scope pass = torch.scope()) {
            return torch.toHost(
                    torch.groupTotals(pass, rows, groups, batch.examples(), graph.perEdge(), drops)); // [span, .., ..]
        }
    }
}
