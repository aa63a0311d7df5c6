package io.circuitscript.engine;

import io.circuitscript.engine.ActivationCache.Kept;
import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Ablates every edge of one batch in turn, each alone with the rest of the model intact, and recomputes only what lies after it. Edges into
 * one slot stand side by side as further examples of the same pass.
 *
 * <p>An edge at a span of positions is ablated there alone. Where its source gives the same, to the last bit, at each of these positions, nothing
 * changes, so that its score is 0 without a run; and so is that of an edge into {@code logits} at positions that are not read.
 */
public final class EdgeAblations implements AutoCloseable {
    /** Numbers in an activation of a pass beyond which more variants at once gain nothing. */
    private static final int ENOUGH = 1 << 19;

    /** The metric of each example of each variant. */
    public interface Measure {
        /** @param logits {@code [variant * point, dVocab]} @return a value an example, variant by variant */
        double[] of(Scope scope, Tensor logits, int variants);
    }

    /**
     * The run that edges are ablated in, and how far.
     *
     * @param baseAlpha where its embeddings lie: 0 ablated, 1 clean
     * @param edgeAlpha what part of the way from clean to ablated an edge's value goes: 1 all of it
     */
    public record Setting(double baseAlpha, double edgeAlpha) implements Serializable {
        /** Each edge wholly ablated in the clean run. */
        public static final Setting WHOLE = new Setting(1, 1);
    }

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final Scope scope;
    private final Measure measure;
    private final RunOptions options;
    /** The run in which nothing is ablated: of a batch that saves memory, the stream before each layer. */
    private final ActivationCache clean;

    private final Tensor cleanLast;
    private final Moved delta;

    /** Of such a batch, one layer of that run with all that it computes. */
    private final AloneLayer alone = new AloneLayer();

    private final double[] cleanValues;
    private final double[] scores;

    /** How many variants stand side by side. */
    private final int variants;

    /** The batch's prefix and the points that are read, once for each variant. */
    private final Prefix prefix;

    private final ReadPoints points;

    /** The span of each position, {@code [n]}; null where edges are not told apart by spans, as {@link #moves}. */
    private final Tensor spanOf;

    /** The spans at which something changes in what each source gives, by number {@code source * spans + span}. */
    private final BitSet moves;

    private EdgeAblations(
            Batch batch,
            Scope scope,
            ModelGraph graph,
            Ablation ablation,
            Setting setting,
            Measure measure,
            RunOptions options) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = graph;
        this.scope = scope;
        this.measure = measure;
        this.options = options;
        this.scores = new double[graph.edgeIndexBound()];
        AblatedRun ablated = batch.ablatedSources(ablation, options.cancel());
        Tensor input = model.embed(scope, batch.cleanIds()); // [batch, pos, dModel]
        boolean fromClean = setting.baseAlpha == 1;
        boolean saves = batch.savesMemory();
        clean = saves
                ? fromClean
                        ? ActivationCache.of(Kept.STREAM, Kept.ATTENTION_SUM, Kept.Z, Kept.MLP_OUT)
                        : ActivationCache.of(Kept.STREAM, Kept.ATTENTION_SUM)
                : new ActivationCache();
        // As its variants are run, at every position, so that both round alike.
        cleanLast = fromClean
                ? batch.cleanRunEverywhere(scope, input, clean, options.cancel())
                : between(ablated, input, setting.baseAlpha);
        try (Scope pass = torch.scope()) {
            ActivationCache plain =
                    fromClean ? clean : saves ? ActivationCache.of(Kept.Z, Kept.MLP_OUT) : new ActivationCache();
            if (!fromClean) batch.cleanRunEverywhere(pass, input, plain, options.cancel());
            SourceDifferences differences = SourceDifferences.of(saves ? scope : pass, batch, ablated, input, plain);
            delta = saves ? new MadeAnew(differences, setting.edgeAlpha) : filled(pass, differences, setting.edgeAlpha);
            if (saves) {
                clean.z.forEach(scope::release);
                clean.mlpOut.forEach(scope::release);
            }
            cleanValues = measure.of(pass, batch.logits(pass, cleanLast), 1);
        }
        int n = batch.size() * batch.width();
        variants = Math.clamp(ENOUGH / ((long) n * model.config().dModel()), 1, graph.sources());
        prefix = batch.prefix(options.cancel()).repeated(torch, scope, variants);
        points = batch.readPoints().repeated(torch, scope, variants, n);
        spanOf = graph.hasSpans() ? longs(scope, batch.spanOfPosition()) : null;
        moves = graph.hasSpans() ? delta.spansMoved() : null;
    }

    /** What ablating changes in what sources give the stream. */
    private interface Moved {
        /** Of the sources from one up to another. {@code [source, n, dModel]} */
        Tensor of(Scope pass, int first, int end);

        /** The spans at which something changes, by number {@code source * spans + span}. */
        BitSet spansMoved();
    }

    private Moved filled(Scope pass, SourceDifferences differences, double edgeAlpha) {
        Tensor all = differences.whole(scope); // [source, n, dModel]
        if (edgeAlpha != 1) torch.scaleInPlace(pass, all, edgeAlpha);
        SourceDifferences.throughNorms(pass, all, model, clean);
        return new Moved() {
            @Override
            public Tensor of(Scope pass, int first, int end) {
                return torch.rows(pass, all, first, end);
            }

            @Override
            public BitSet spansMoved() {
                return SourceDifferences.spansMoved(all, batch, graph);
            }
        };
    }

    /** Made where it is asked for. */
    private final class MadeAnew implements Moved {
        private final SourceDifferences differences;
        private final double edgeAlpha;

        private MadeAnew(SourceDifferences differences, double edgeAlpha) {
            this.differences = differences;
            this.edgeAlpha = edgeAlpha;
        }

        @Override
        public Tensor of(Scope pass, int first, int end) {
            List<Tensor> parts = new ArrayList<>();
            int source = first;
            while (source < end) {
                int layer = Math.max(0, (source - 1) / (graph.heads() + 1));
                int to = Math.min(end, differences.endOfKind(source));
                Tensor change = differences.sources(pass, source, to); // [source, n, dModel]
                if (edgeAlpha != 1) change = torch.scale(pass, change, edgeAlpha);
                if (model.normsAttentionOut() && differences.isHead(source))
                    change = model.layer(layer)
                            .attentionOutNorm()
                            .change(torch, pass, clean.attentionSum.get(layer), change); // [head, n, dModel]
                parts.add(change);
                source = to;
            }
            return parts.size() == 1 ? parts.getFirst() : torch.catRows(pass, parts); // [source, n, dModel]
        }

        @Override
        public BitSet spansMoved() {
            BitSet moved = new BitSet();
            for (int source = 0; source < graph.sources(); source++) {
                options.cancel().check();
                try (Scope pass = torch.scope()) {
                    BitSet its = SourceDifferences.spansMoved(of(pass, source, source + 1), batch, graph, source);
                    moved.or(its);
                }
            }
            return moved;
        }
    }

    /** A layer of the clean run: where it stands in a cache. */
    private record At(ActivationCache cache, int place) {
        Tensor residPre() {
            return cache.residPre.get(place);
        }

        Tensor port(Slot.Port port) {
            return cache.ports.get(port).get(place);
        }

        Tensor z() {
            return cache.z.get(place);
        }

        Tensor attentionSum() {
            return cache.attentionSum.get(place);
        }

        Tensor residMid() {
            return cache.residMid.get(place);
        }

        Tensor mlpIn() {
            return cache.mlpIn.get(place);
        }

        Tensor mlpOut() {
            return cache.mlpOut.get(place);
        }
    }

    /** The last layer that was asked for, run from the stream before it. */
    private final class AloneLayer {
        private int layer = -1;
        private ActivationCache cache;
        private Scope its;

        private At at(int wanted) {
            if (wanted != layer) {
                close();
                cache = new ActivationCache();
                its = torch.scope();
                Tensor in = clean.residPre.get(wanted); // [batch, pos, dModel]
                Prefix before = batch.prefix(options.cancel());
                model.block(its, wanted, in, batch.positions(), before, cache, Intervention.NONE);
                layer = wanted;
            }
            return new At(cache, 0);
        }

        private void close() {
            if (its != null) its.close();
        }
    }

    @Override
    public void close() {
        alone.close();
    }

    private At clean(int layer) {
        return batch.savesMemory() ? alone.at(layer) : new At(clean, layer);
    }

    private Tensor longs(Scope owner, int[] values) {
        return torch.longs(owner, IntStream.of(values).asLongStream().toArray(), values.length);
    }

    private Tensor between(AblatedRun ablated, Tensor input, double baseAlpha) {
        Tensor embedded = torch.between(scope, ablated.input(), input, baseAlpha); // [batch, pos, dModel]
        return model.blocks(
                scope,
                model.withPositions(scope, embedded, batch.start()),
                batch.positions(),
                batch.prefix(options.cancel()),
                clean,
                options.cancel()); // [batch, pos, dModel]
    }

    /**
     * @param graph of the batch's model, whose edges are numbered; its spans are those of the batch's texts, where it has any
     * @param setting over a small share, what is lost is a score's finite difference
     * @param slots the edges into which are ablated, a step being a slot
     * @return for each edge number, the sum over the batch's examples of what the metric loses where this edge alone is ablated; 0 for edges into
     *     other slots
     */
    public static double[] drops(
            Batch batch,
            ModelGraph graph,
            Ablation ablation,
            Setting setting,
            int[] slots,
            Measure measure,
            ResumableSteps<double[]> steps,
            RunOptions options) {
        try (Scope scope = batch.model().torch().scope();
                EdgeAblations run = new EdgeAblations(batch, scope, graph, ablation, setting, measure, options)) {
            run.goOn(steps);
            for (int i = 0; i < slots.length; i++) {
                if (i < steps.done()) run.advance(graph.sourcesBefore(slots[i]) * graph.perEdge());
                else {
                    run.slot(slots[i]);
                    steps.stepDone(i + 1, run.scores);
                }
            }
            return run.scores;
        }
    }

    /** The same of some edges only, by edge number, a step being an edge. */
    public static double[] drops(
            Batch batch,
            ModelGraph graph,
            Ablation ablation,
            Setting setting,
            BitSet edges,
            Measure measure,
            ResumableSteps<double[]> steps,
            RunOptions options) {
        try (Scope scope = batch.model().torch().scope();
                EdgeAblations run = new EdgeAblations(batch, scope, graph, ablation, setting, measure, options)) {
            run.goOn(steps);
            int count = 0;
            for (int slot = 0; slot < graph.slots(); slot++) {
                for (int source = 0; source < graph.sourcesBefore(slot); source++) {
                    for (int span = 0; span < graph.perEdge(); span++) {
                        if (!edges.get(graph.edge(source, slot, span))) continue;
                        if (count++ < steps.done()) run.advance(1);
                        else {
                            run.edge(source, slot, span);
                            steps.stepDone(count, run.scores);
                        }
                    }
                }
            }
            return run.scores;
        }
    }

    /** Takes what the steps that are done gave. */
    private void goOn(ResumableSteps<double[]> steps) {
        if (steps.done() > 0) System.arraycopy(steps.partial(), 0, scores, 0, scores.length);
    }

    private void advance(int edges) {
        options.progress().advance((long) edges * batch.examples());
    }

    private void slot(int slot) {
        int end = graph.sourcesBefore(slot);
        if (!graph.hasSpans()) slot(slot, 0, end);
        else elements(slot, IntStream.range(0, end * graph.perEdge()).toArray());
    }

    private void edge(int source, int slot, int span) {
        if (!graph.hasSpans()) slot(slot, source, source + 1);
        else elements(slot, new int[] {source * graph.perEdge() + span});
    }

    /** The edges into a slot from some of the sources. */
    private void slot(int slot, int first, int end) {
        for (int from = first; from < end; from += variants) {
            int count = Math.min(variants, end - from);
            int[] edges = IntStream.range(from, from + count)
                    .map(source -> graph.edge(source, slot))
                    .toArray();
            int start = from;
            ablate(slot, edges, pass -> delta.of(pass, start, start + count)); // [variant, n, dModel]
        }
    }

    /** Edges at spans into a slot. elements: by number {@code source * spans + span} */
    private void elements(int slot, int[] elements) {
        int spans = graph.perEdge();
        BitSet read = slot == graph.slots() - 1 ? spansRead() : null;
        int[] moving = IntStream.of(elements)
                .filter(it -> moves.get(it) && (read == null || read.get(it % spans)))
                .toArray();
        advance(elements.length - moving.length);
        for (int from = 0; from < moving.length; from += variants) {
            int[] some = Arrays.copyOfRange(moving, from, Math.min(moving.length, from + variants));
            int[] edges = IntStream.of(some)
                    .map(it -> graph.edge(it / spans, slot, it % spans))
                    .toArray();
            int[] sources = IntStream.of(some).map(it -> it / spans).toArray();
            int first = IntStream.of(sources).min().orElseThrow();
            int end = IntStream.of(sources).max().orElseThrow() + 1;
            int[] among = IntStream.of(sources).map(it -> it - first).toArray();
            int[] theirs = IntStream.of(some).map(it -> it % spans).toArray();
            ablate(
                    slot,
                    edges,
                    pass -> torch.atSpan(
                            pass,
                            delta.of(pass, first, end),
                            longs(pass, among),
                            longs(pass, theirs),
                            spanOf)); // [variant, n, dModel]
        }
    }

    private BitSet spansRead() {
        BitSet read = new BitSet();
        for (int span : batch.spanOfPoint()) read.set(span);
        return read;
    }

    /** Some edges into a slot, side by side. moved: what each changes in the slot's input, {@code [variant, n, dModel]} */
    private void ablate(int slot, int[] edges, Function<Scope, Tensor> moved) {
        options.cancel().check();
        int count = edges.length;
        try (Scope pass = torch.scope()) {
            double[] values = measure.of(pass, logits(pass, slot, moved.apply(pass), count), count);
            for (int i = 0; i < count; i++) {
                double sum = 0;
                for (int example = 0; example < batch.examples(); example++)
                    sum += cleanValues[example] - values[i * batch.examples() + example];
                scores[edges[i]] = sum;
            }
        }
        advance(count);
    }

    /** Logits with a slot's input moved, {@code [variant * point, dVocab]}. */
    private Tensor logits(Scope pass, int slot, Tensor moved, int count) {
        if (slot == graph.slots() - 1) return unembed(pass, torch.vary(pass, cleanLast, moved), count);
        Slot into = graph.slotAt(slot);
        int layer = into.node().layer();
        Prefix part = firstVariants(pass, count, layer);
        Tensor stream = into.port() == Slot.Port.WHOLE
                ? throughMlp(pass, layer, moved, count)
                : throughHead(pass, into, moved, count, part);
        return unembed(
                pass, model.blocks(pass, layer + 1, stream, batch.positions(), part, null, options.cancel()), count);
    }

    /** The prefix of as many variants as there are. */
    private Prefix firstVariants(Scope pass, int count, int layer) {
        if (prefix.length() == 0 || count == variants) return prefix;
        return new Prefix(
                prefix.length(), rows(pass, prefix.keys(), count, layer), rows(pass, prefix.values(), count, layer));
    }

    /** @param fromLayer what lies before it is not asked for */
    private List<Tensor> rows(Scope pass, List<Tensor> tensors, int count, int fromLayer) {
        List<Tensor> rows = new ArrayList<>();
        for (int layer = 0; layer < tensors.size(); layer++) {
            Tensor all = tensors.get(layer);
            rows.add(layer < fromLayer ? all : torch.rows(pass, all, 0, count * batch.size()));
        }
        return rows;
    }

    /** The stream after a layer whose MLP's input is moved. {@code [variant * batch, pos, dModel]} */
    private Tensor throughMlp(Scope pass, int layer, Tensor moved, int count) {
        Tensor in = torch.vary(pass, clean(layer).mlpIn(), moved); // [variant * batch, pos, dModel]
        Tensor out = model.mlp(
                pass, layer, model.norm(pass, in, model.layer(layer).mlpNorm())); // [variant * batch, pos, dModel]
        return torch.add(
                pass, torch.repeatBatch(pass, clean(layer).residMid(), count), out); // [variant * batch, pos, dModel]
    }

    /** The stream after a layer one of whose heads has one input moved. {@code [variant * batch, pos, dModel]} */
    private Tensor throughHead(Scope pass, Slot into, Tensor moved, int count, Prefix part) {
        int layer = into.node().layer();
        LayerWeights w = model.layer(layer);
        Tensor in = torch.vary(pass, clean(layer).residPre(), moved); // [variant * batch, pos, dModel]
        Tensor normed = model.norm(pass, in, w.attentionNorm()); // [variant * batch, pos, dModel]
        Tensor residMid = model.attention().whole()
                ? throughAllHeads(pass, into, normed, count, part)
                : throughOneHead(pass, into, normed, count, part); // [variant * batch, pos, dModel]
        Tensor out = model.config().parallel()
                ? torch.repeatBatch(pass, clean(layer).mlpOut(), count)
                : model.mlp(pass, layer, model.norm(pass, residMid, w.mlpNorm())); // [variant * batch, pos, dModel]
        return torch.add(pass, residMid, out); // [variant * batch, pos, dModel]
    }

    /** The stream with what attention adds where one head's query, key or value is another. {@code [variant * batch, pos, dModel]} */
    private Tensor throughOneHead(Scope pass, Slot into, Tensor normed, int count, Prefix part) {
        int layer = into.node().layer();
        int head = into.node().head();
        LayerWeights w = model.layer(layer);
        Attention attention = model.attention();
        PerPort<Tensor> ports = PerPort.of(port -> port == into.port()
                ? projected(pass, w, into, normed)
                : torch.repeatBatch(
                        pass,
                        one(pass, clean(layer).port(port), head),
                        count)); // [variant * batch, pos, 1, dHead] each
        boolean past = prefix.length() > 0;
        Tensor q = attention.query(pass, w, layer, ports.q(), batch.positions());
        Tensor k = attention.key(pass, w, layer, ports.k(), batch.positions());
        Tensor z = attention.mix(
                pass,
                layer,
                q,
                k,
                ports.v(),
                past ? one(pass, part.keys(layer), head) : null,
                past ? one(pass, part.values(layer), head) : null,
                batch.positions(),
                torch.longs(pass, new long[] {head}, 1)); // [variant * batch, pos, 1, dHead]
        int dHead = model.config().dHead();
        Tensor wO = torch.rows(pass, w.wO(), head * dHead, (head + 1) * dHead); // [dHead, dModel]
        Tensor cleanZ = one(pass, clean(layer).z(), head); // [batch, pos, 1, dHead]
        if (!model.normsAttentionOut()) return torch.withHead(pass, clean(layer).residMid(), z, cleanZ, wO);
        Tensor sum = torch.withHead(pass, clean(layer).attentionSum(), z, cleanZ, wO); // [variant * batch, pos, dModel]
        Tensor stream = torch.repeatBatch(pass, clean(layer).residPre(), count); // [variant * batch, pos, dModel]
        return torch.add(pass, stream, model.norm(pass, sum, w.attentionOutNorm()));
    }

    /** One port of one head. normed {@code [variant * batch, pos, dModel]} → {@code [variant * batch, pos, 1, dHead]} */
    private Tensor projected(Scope pass, LayerWeights w, Slot into, Tensor normed) {
        Slot.Port port = into.port();
        int dHead = model.config().dHead();
        int from = into.node().head() / model.group(port) * dHead;
        return torch.project(
                pass,
                normed,
                torch.columns(pass, w.w(port), from, from + dHead),
                torch.columns(pass, w.b(port), from, from + dHead),
                1);
    }

    /** The same where heads share a norm, so that one of them changes all. */
    private Tensor throughAllHeads(Scope pass, Slot into, Tensor normed, int count, Prefix part) {
        int layer = into.node().layer();
        LayerWeights w = model.layer(layer);
        Attention attention = model.attention();
        Tensor place = torch.longs(pass, new long[] {into.node().head()}, 1);
        PerPort<Tensor> ports = PerPort.of(port -> {
            Tensor all = torch.repeatBatch(pass, clean(layer).port(port), count); // [variant * batch, pos, head, dHead]
            return port == into.port() ? torch.withHeads(pass, all, projected(pass, w, into, normed), place) : all;
        });
        Tensor q = attention.query(pass, w, layer, ports.q(), batch.positions());
        Tensor k = attention.key(pass, w, layer, ports.k(), batch.positions());
        Tensor z = attention.mix(
                pass, layer, q, k, ports.v(), part.keys(layer), part.values(layer), batch.positions(), null);
        Tensor sum = torch.headsOut(pass, z, w.wO(), w.bO()); // [variant * batch, pos, dModel]
        Tensor stream = torch.repeatBatch(pass, clean(layer).residPre(), count); // [variant * batch, pos, dModel]
        return torch.add(pass, stream, model.norm(pass, sum, w.attentionOutNorm()));
    }

    private Tensor one(Scope pass, Tensor heads, int head) {
        return torch.oneHead(pass, heads, head); // [.., pos, 1, dHead]
    }

    private Tensor unembed(Scope pass, Tensor stream, int count) {
        int read = count * batch.points();
        Tensor lastStream = points.first(torch, pass, read).of(torch, pass, stream); // [row, dModel]
        Tensor logits = model.unembed(pass, model.norm(pass, lastStream, model.finalNorm())); // [row, dVocab]
        return torch.rows(pass, logits, 0, read); // [variant * point, dVocab]
    }
}
