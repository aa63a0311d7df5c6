package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Runs a circuit with every edge outside it ablated. Recursive: along a kept edge a node sees what its source gives in this same run.
 *
 * <p>By difference from the run in which everything is ablated ({@link AblatedRun}): a slot's input is that run's stream plus, for each kept
 * edge, what its source gives now less what an ablated edge carries. Only nodes with a kept edge out of them are computed.
 *
 * <p>Where the circuit's edges are told apart by spans of positions, an edge is kept at the positions of its span alone. The changes then hold the
 * positions of all rows in the order of their spans, so that the mixture at a span is still one product; what sees no other position, a norm, a
 * projection, an MLP, is computed in that order, and an MLP only at the spans at which a kept edge leaves it.
 */
public final class CircuitPass {
    /** Changes are read for each mixture. Where those that feed it are this part of them at most, they are picked out first. */
    private static final int FEW = 3;

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final Circuit circuit;
    private final AblatedRun ablated;
    private final Scope scope;
    private final CancelToken cancel;

    /** How positions lie in the changes. */
    private final Layout layout;

    /** The sources that feed anything, in order: those that are computed. */
    private final int[] sources;

    /**
     * What each of them gives less what an ablated edge carries, the first {@code computed} of them. {@code [source, n, dModel]}, n = batch * pos. Of spans at
     * which a source is not computed, zero. Null where gradients are wanted, which cannot go through a tensor that is filled.
     */
    private final Tensor changes;

    /** The same part by part, in that case: {@code [some, n, dModel]} each. */
    private final List<Tensor> parts = new ArrayList<>();

    private int computed;

    private CircuitPass(
            Batch batch, Circuit circuit, Scope scope, AblatedRun ablated, boolean fills, CancelToken cancel) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = circuit.graph();
        this.circuit = circuit;
        this.scope = scope;
        this.cancel = cancel;
        this.ablated = ablated;
        this.sources = IntStream.range(0, graph.sources()).filter(this::feeds).toArray();
        int[] shape = {
            sources.length, batch.size() * batch.width(), model.config().dModel()
        };
        this.layout = graph.hasSpans() ? new BySpan() : new AsTheyAre();
        this.changes = fills ? layout.changes(shape) : null;
    }

    /** The logits at each point that is read. {@code [point, dVocab]} */
    public static Tensor logits(Scope result, Batch batch, Circuit circuit, Ablation ablation, CancelToken cancel) {
        try (Scope pass = batch.model().torch().scope()) {
            AblatedRun ablated = batch.ablated(ablation, cancel);
            return pass.moveTo(result, new CircuitPass(batch, circuit, pass, ablated, true, cancel).run());
        }
    }

    /** The same under constants, so that gradients at them can be taken. @param pass owns all that is made {@code [point, dVocab]} */
    static Tensor logits(Scope pass, Batch batch, Circuit circuit, AblatedRun.Carried constants, CancelToken cancel) {
        AblatedRun ablated = AblatedRun.of(pass, batch, constants);
        return new CircuitPass(batch, circuit, pass, ablated, false, cancel).run();
    }

    private Tensor run() {
        if (feeds(0)) {
            Tensor clean = model.embed(scope, batch.cleanIds()); // [batch, pos, dModel]
            put(layout.all(scope, torch.subtract(scope, clean, ablated.input())));
        }
        for (int layer = 0; layer < graph.layers(); layer++) {
            cancel.check();
            heads(layer);
            mlp(layer);
        }
        Tensor base = layout.all(scope, ablated.last());
        Tensor stream = mix(scope, base, new int[] {graph.slots() - 1}, layout.everywhere()); // [1, n, dModel]
        return batch.logits(scope, layout.asBatch(scope, stream)); // [point, dVocab]
    }

    private boolean feeds(int source) {
        for (int slot = 0; slot < graph.slots(); slot++) {
            if (circuit.contains(source, slot)) return true;
        }
        return false;
    }

    private void heads(int layer) {
        int first = graph.firstHead(layer);
        int[] which = IntStream.range(0, graph.heads())
                .filter(head -> feeds(first + head))
                .toArray();
        if (which.length == 0) return;
        LayerWeights w = model.layer(layer);
        Attention attention = model.attention();
        try (Scope pass = torch.scope()) {
            Tensor heads = longs(pass, Arrays.stream(which));
            // Where heads share a norm, all of them come into it.
            int[] normed = attention.whole() ? IntStream.range(0, graph.heads()).toArray() : which;
            PerPort<Tensor> projected =
                    ports(pass, layer, normed, attention.whole() ? longs(pass, Arrays.stream(normed)) : heads);
            PerPort<Tensor> read = new PerPort<>(
                    attention.query(pass, w, layer, projected.q(), batch.positions()),
                    attention.key(pass, w, layer, projected.k(), batch.positions()),
                    projected.v()); // [batch, pos, head, dHead] each
            PerPort<Tensor> ports = attention.whole()
                    ? PerPort.of(port -> torch.pickHeads(pass, read.get(port), heads))
                    : read; // [batch, pos, head, dHead] each
            Prefix prefix = batch.prefix(cancel);
            boolean past = prefix.length() > 0;
            Tensor z = attention.mix(
                    pass,
                    layer,
                    ports.q(),
                    ports.k(),
                    ports.v(),
                    past ? torch.pickHeads(pass, prefix.keys(layer), heads) : null,
                    past ? torch.pickHeads(pass, prefix.values(layer), heads) : null,
                    batch.positions(),
                    heads); // [batch, pos, head, dHead]
            Tensor base = layout.all(pass, ablated.z().get(layer));
            z = layout.all(pass, z);
            if (changes != null) torch.putHeadsChange(pass, changes, computed, z, base, w.wO(), graph.heads(), heads);
            else parts.add(torch.headsChange(scope, z, base, w.wO(), graph.heads(), heads)); // [head, n, dModel]
        }
        computed += which.length;
        cutNeurons(which.length);
    }

    /**
     * Queries, keys and values of some heads, {@code [batch, pos, head, dHead]} each. Those that no kept edge enters are the ablated run's; the others'
     * inputs are mixed together, since reading the changes costs most.
     */
    private PerPort<Tensor> ports(Scope pass, int layer, int[] which, Tensor heads) {
        LayerWeights w = model.layer(layer);
        // For each port, which of the heads a kept edge enters.
        PerPort<int[]> places = PerPort.of(port -> IntStream.range(0, which.length)
                .filter(i -> isFed(graph.firstSlot(layer, port) + which[i]))
                .toArray());
        int[] slots = Slot.Port.OF_HEAD.stream()
                .flatMapToInt(port -> Arrays.stream(places.get(port)).map(i -> graph.firstSlot(layer, port) + which[i]))
                .toArray();
        Tensor normed = slots.length == 0
                ? null
                : model.norm(
                        pass,
                        mix(pass, layout.all(pass, ablated.residPre().get(layer)), slots, layout.everywhere()),
                        w.attentionNorm()); // [slot, n, dModel]
        PerPort<Integer> starts = new PerPort<>(0, places.q().length, places.q().length + places.k().length);
        return PerPort.of(port -> {
            int[] fed = places.get(port);
            Tensor unfed = fed.length == which.length
                    ? null
                    : torch.pickHeads(pass, ablated.ports().get(port).get(layer), heads); // [batch, pos, head, dHead]
            if (fed.length == 0) return unfed;
            int start = starts.get(port);
            int group = model.group(port);
            Tensor projected = layout.project(
                    pass,
                    torch.rows(pass, normed, start, start + fed.length), // [head, n, dModel]
                    w,
                    port,
                    longs(pass, Arrays.stream(fed).map(i -> which[i] / group))); // [batch, pos, head, dHead]
            return unfed == null ? projected : torch.withHeads(pass, unfed, projected, longs(pass, Arrays.stream(fed)));
        });
    }

    private Tensor longs(Scope pass, IntStream values) {
        long[] array = values.asLongStream().toArray();
        return torch.longs(pass, array, array.length);
    }

    private boolean isFed(int slot) {
        return Arrays.stream(sources).anyMatch(source -> circuit.contains(source, slot));
    }

    private void mlp(int layer) {
        int source = graph.firstHead(layer) + graph.heads();
        if (!feeds(source)) return;
        int slot = graph.firstSlot(layer, Slot.Port.WHOLE);
        layout.mlp(layer, source, slot);
    }

    /** What an MLP gives for an input less what an ablated edge carries, {@code [.., pos, dModel]} each. */
    private Tensor mlpChange(Scope pass, int layer, Tensor in, Tensor carried) {
        Tensor normed = model.norm(pass, in, model.layer(layer).mlpNorm());
        return torch.subtract(pass, model.mlp(pass, layer, normed), carried); // [.., pos, dModel]
    }

    /** The inputs of some slots at some positions. base: there, {@code [1, place, dModel]} or {@code [batch, pos, dModel]} → {@code [slot, place, dModel]} */
    private Tensor mix(Scope pass, Tensor base, int[] slots, SpanPlaces.Places at) {
        if (computed == 0) return torch.repeatBase(pass, base, slots.length); // [slot, place, dModel]
        if (!model.normsAttentionOut()) return layout.mix(pass, base, slots, 0, computed, source -> true, at);
        Tensor mixed =
                layout.mix(pass, base, slots, 0, computed, source -> !isHead(source), at); // [slot, place, dModel]
        int from = 0;
        for (int layer = 0; layer < graph.layers(); layer++) {
            int first = graph.firstHead(layer);
            while (from < computed && sources[from] < first) from++;
            int to = from;
            while (to < computed && sources[to] < first + graph.heads()) to++;
            if (to > from) mixed = withNormed(pass, mixed, slots, layer, from, to, at);
        }
        return mixed;
    }

    private boolean isHead(int source) {
        return source > 0 && (source - 1) % (graph.heads() + 1) != graph.heads();
    }

    /** The inputs of some slots with a layer's heads, of those computed from one up to another, gone through their norm together. */
    private Tensor withNormed(
            Scope pass, Tensor mixed, int[] slots, int layer, int from, int to, SpanPlaces.Places at) {
        int[] fed = IntStream.range(0, slots.length)
                .filter(i -> IntStream.range(from, to).anyMatch(j -> circuit.contains(sources[j], slots[i])))
                .toArray();
        if (fed.length == 0) return mixed;
        int[] theirs = Arrays.stream(fed).map(i -> slots[i]).toArray();
        Tensor ablatedSum = layout.some(pass, ablated.attentionSum().get(layer), at);
        Tensor sum = layout.mix(pass, ablatedSum, theirs, from, to, source -> true, at); // [slot, place, dModel]
        Norm norm = model.layer(layer).attentionOutNorm();
        Tensor there = model.norm(pass, torch.flatOne(pass, ablatedSum), norm); // [1, place, dModel]
        Tensor change = torch.subtract(pass, model.norm(pass, sum, norm), there); // [slot, place, dModel]
        return torch.addToRows(pass, mixed, longs(pass, Arrays.stream(fed)), change); // [slot, place, dModel]
    }

    /** Which of some computed sources, as far as they are meant, feed each of some slots: 1 or 0, {@code [slot, source]}. */
    private void keep(double[] keep, int at, int[] slots, int[] which, IntPredicate meant, int span) {
        for (int i = 0; i < slots.length; i++) {
            for (int j = 0; j < which.length; j++) {
                int source = sources[which[j]];
                if (meant.test(source) && circuit.contains(source, slots[i], span)) keep[at + i * which.length + j] = 1;
            }
        }
    }

    /** Of the sources computed from one up to another. {@code [source, n, dModel]} */
    private Tensor changes(Scope pass, int from, int to) {
        return torch.rows(pass, changes != null ? changes : torch.catRows(pass, parts), from, to);
    }

    /** The next source's change, {@code [batch, pos, dModel]} or {@code [1, n, dModel]}. */
    private void put(Tensor change) {
        if (changes != null) torch.put(scope, changes, computed, change);
        else parts.add(torch.flatOne(scope, change)); // [1, n, dModel]
        computed++;
        cutNeurons(1);
    }

    /** Leaves of the last so many changes those of the neurons that are in. */
    private void cutNeurons(int count) {
        if (!circuit.choosesNeurons()) return;
        int width = model.config().dModel();
        double[] kept = new double[count * width];
        for (int i = 0; i < kept.length; i++)
            kept[i] = circuit.containsNeuron(sources[computed - count + i / width], i % width) ? 1 : 0;
        try (Scope pass = torch.scope()) {
            Tensor cut = torch.numbers(pass, kept, count, 1, width); // [source, 1, dModel]
            if (changes != null) torch.cutNeurons(pass, changes, computed - count, cut, model.centres());
            else torch.cutNeurons(pass, parts.getLast(), 0, cut, model.centres());
        }
    }

    /** How the positions of all rows lie in the changes. */
    private interface Layout {
        Tensor changes(int[] shape);

        /** Every position. */
        SpanPlaces.Places everywhere();

        /** {@code [batch, pos, ..]} → the same positions as in the changes */
        default Tensor all(Scope pass, Tensor x) {
            return some(pass, x, everywhere());
        }

        /** The same of some positions. */
        Tensor some(Scope pass, Tensor x, SpanPlaces.Places at);

        /** {@code [1, n, dModel]} → {@code [batch, pos, dModel]} */
        Tensor asBatch(Scope pass, Tensor x);

        /** A port of some heads. normed {@code [head, n, dModel]}, which {@code [head]} → {@code [batch, pos, head, dHead]} */
        Tensor project(Scope pass, Tensor normed, LayerWeights w, Slot.Port port, Tensor which);

        /** A base plus the changes that kept edges bring, of the sources computed from one up to another, as far as they are meant. */
        Tensor mix(Scope pass, Tensor base, int[] slots, int from, int to, IntPredicate meant, SpanPlaces.Places at);

        /** Computes an MLP's change. */
        void mlp(int layer, int source, int slot);
    }

    /** Row after row, where edges are not told apart by spans. */
    private final class AsTheyAre implements Layout {
        @Override
        public Tensor changes(int[] shape) {
            return torch.empty(scope, model.finalNorm().weight(), shape);
        }

        @Override
        public SpanPlaces.Places everywhere() {
            return null;
        }

        @Override
        public Tensor some(Scope pass, Tensor x, SpanPlaces.Places at) {
            return x;
        }

        @Override
        public Tensor asBatch(Scope pass, Tensor x) {
            return torch.asBatch(pass, x, batch.size()); // [batch, pos, dModel]
        }

        @Override
        public Tensor project(Scope pass, Tensor normed, LayerWeights w, Slot.Port port, Tensor which) {
            int kinds = graph.heads() / model.group(port);
            return torch.projectHeads(
                    pass, normed, w.w(port), w.b(port), kinds, which, batch.size()); // [batch, pos, head, dHead]
        }

        @Override
        public Tensor mix(
                Scope pass, Tensor base, int[] slots, int from, int to, IntPredicate meant, SpanPlaces.Places at) {
            int[] feeding = IntStream.range(from, to)
                    .filter(i -> meant.test(sources[i])
                            && Arrays.stream(slots).anyMatch(slot -> circuit.contains(sources[i], slot)))
                    .toArray();
            if (feeding.length == 0) return torch.repeatBase(pass, base, slots.length); // [slot, n, dModel]
            Tensor changes = CircuitPass.this.changes(pass, from, to); // [source, n, dModel]
            boolean few = feeding.length * FEW <= to - from;
            int[] mixed = few ? feeding : IntStream.range(from, to).toArray();
            if (few)
                changes = torch.pickRows(
                        pass, changes, longs(pass, Arrays.stream(feeding).map(i -> i - from)));
            double[] keep = new double[slots.length * mixed.length];
            keep(keep, 0, slots, mixed, meant, 0);
            Tensor kept = torch.numbers(pass, keep, slots.length, mixed.length); // [slot, source]
            return torch.mix(pass, base, kept, changes); // [slot, n, dModel]
        }

        @Override
        public void mlp(int layer, int source, int slot) {
            try (Scope pass = torch.scope()) {
                Tensor base = ablated.mlpIn().get(layer); // [batch, pos, dModel]
                Tensor in = asBatch(pass, CircuitPass.this.mix(pass, base, new int[] {slot}, null));
                Tensor carried = ablated.mlpOut().get(layer); // [batch, pos, dModel]
                if (layer < graph.layers() - 1) {
                    put(mlpChange(pass, layer, in, carried)); // [batch, pos, dModel]
                    return;
                }
                // Of the last, what is read alone.
                Tensor places = batch.positionsRead().read(); // [point]
                Tensor change =
                        mlpChange(pass, layer, torch.readRows(pass, in, places), torch.readRows(pass, carried, places));
                put(torch.placeRowsInZeros(pass, in, places, change)); // [batch, pos, dModel]
            }
        }
    }

    /** Span after span, and within one row after row. */
    private final class BySpan implements Layout {
        private final SpanPlaces places = new SpanPlaces(torch, scope, batch.spanOfPosition(), graph.perEdge());

        @Override
        public Tensor changes(int[] shape) {
            return torch.zeros(scope, model.finalNorm().weight(), shape);
        }

        @Override
        public SpanPlaces.Places everywhere() {
            return places.everywhere();
        }

        @Override
        public Tensor some(Scope pass, Tensor x, SpanPlaces.Places at) {
            return torch.atPositions(pass, x, at.positions()); // [1, place, ..]
        }

        @Override
        public Tensor asBatch(Scope pass, Tensor x) {
            return torch.byPosition(pass, x, places.placeOf(), batch.size()); // [batch, pos, dModel]
        }

        @Override
        public Tensor project(Scope pass, Tensor normed, LayerWeights w, Slot.Port port, Tensor which) {
            int kinds = graph.heads() / model.group(port);
            Tensor heads =
                    torch.projectHeads(pass, normed, w.w(port), w.b(port), kinds, which, 1); // [1, n, head, dHead]
            return torch.byPosition(pass, heads, places.placeOf(), batch.size()); // [batch, pos, head, dHead]
        }

        @Override
        public Tensor mix(
                Scope pass, Tensor base, int[] slots, int from, int to, IntPredicate meant, SpanPlaces.Places at) {
            int each = slots.length * (to - from);
            double[] keep = new double[at.spans().length * each];
            int[] which = IntStream.range(from, to).toArray();
            for (int i = 0; i < at.spans().length; i++) keep(keep, i * each, slots, which, meant, at.spans()[i]);
            Tensor kept = torch.numbers(pass, keep, at.spans().length, slots.length, to - from); // [span, slot, source]
            Tensor changes = CircuitPass.this.changes(pass, from, to); // [source, n, dModel]
            return torch.mixSpans(pass, base, kept, changes, at.starts(), at.sizes()); // [slot, place, dModel]
        }

        @Override
        public void mlp(int layer, int source, int slot) {
            try (Scope pass = torch.scope()) {
                // Through a tensor that is filled no gradient goes.
                SpanPlaces.Places at = changes == null ? everywhere() : places.of(pass, spansLeft(source));
                if (at.spans().length > 0) {
                    Tensor base = some(pass, ablated.mlpIn().get(layer), at); // [1, place, dModel]
                    Tensor in = CircuitPass.this.mix(pass, base, new int[] {slot}, at); // [1, place, dModel]
                    Tensor carried = some(pass, ablated.mlpOut().get(layer), at); // [1, place, dModel]
                    Tensor change = mlpChange(pass, layer, in, carried); // [1, place, dModel]
                    if (changes == null) {
                        put(change);
                        return;
                    }
                    torch.putPlaces(pass, changes, computed, at.places(), change);
                }
            }
            computed++;
            cutNeurons(1);
        }

        /** The spans at which a kept edge leaves a source. */
        private int[] spansLeft(int source) {
            BitSet left = new BitSet();
            for (int slot = 0; slot < graph.slots(); slot++) {
                for (int span = 0; span < graph.perEdge(); span++)
                    if (circuit.contains(source, slot, span)) left.set(span);
            }
            return left.stream().toArray();
        }
    }
}
