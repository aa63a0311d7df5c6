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
 * One batch of a search that removes edges from the logits down, slot by slot: runs the circuit so far with sets of further edges into one slot
 * removed. Since the slots before that one still have all their edges, what lies before it is the clean run, and only what comes after it and
 * depends on it is computed. Sets stand side by side as further examples of the same pass.
 *
 * <p>Every run is measured against the circuit at the slot's start, which is computed anew there from the clean run. So a value follows from the
 * circuit at the slot's start, the slot and the edges removed there, and not from how the search came to it.
 */
public final class EdgeRemovals implements AutoCloseable {
    /** Numbers in an activation of a pass beyond which more variants at once gain nothing. */
    private static final int ENOUGH = 1 << 19;

    /** Numbers in the logits of a pass beyond which they would take too much memory. */
    private static final int MOST_LOGITS = 1 << 23;

    /** Variants of a pass beyond which what they share is no longer worth sharing. */
    private static final int MOST = 64;

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final AblatedRun ablated;
    private final Prefix prefix;
    private final Scope scope;

    /** The circuit at the slot's start over all positions of the window, and at the points that are read alone. */
    private final Streams all;

    private Streams read;
    private Scope readScope;
    private final Tensor lastAtPoints;
    private final Tensor mlpInAtPoints;

    /** What was computed of the layers from {@link #from} on; null before. */
    private final LayerRun[] layers;

    private Circuit circuit;

    /** Its edges. */
    private BitSet edges = new BitSet();

    private int from;

    /** The slot whose edges are being removed, its input with those gone that were removed so far, and which they are. */
    private int slot = -1;

    private Scope slotScope;
    private Tensor slotInput;
    private int[] gone = new int[0];

    /**
     * What sources give in the circuit, less what an ablated edge carries.
     *
     * @param changes {@code [source, n, dModel]}: n positions of all rows, or points
     * @param attentionSum what attention adds in the ablated run, for each layer {@code [1, n, dModel]}; empty where no norm follows it
     */
    private record Streams(Tensor changes, List<Tensor> attentionSum) {}

    /**
     * A layer of the circuit at the slot's start.
     *
     * @param scope owns it
     * @param heads which heads are computed: those that feed anything, or all of them where they share a norm
     * @param feeding which of them feed anything, as places among {@code heads}
     * @param headIn the inputs of their q, then of their k, then of their v, {@code [3 * head, n, dModel]}
     * @param ports queries, keys and values as they are projected, {@code [batch, pos, head, dHead]}
     * @param z what those that feed anything mix, {@code [batch, pos, feeding, dHead]}
     * @param mlpIn the MLP's input, {@code [1, n, dModel]}; null where it feeds nothing
     * @param mlpOut what it gives, {@code [batch, pos, dModel]}
     */
    private record LayerRun(
            Scope scope,
            int[] heads,
            int[] feeding,
            Tensor headIn,
            PerPort<Tensor> ports,
            Tensor z,
            Tensor mlpIn,
            Tensor mlpOut) {
        int place(int head) {
            return Arrays.binarySearch(heads, head);
        }
    }

    /** What the sources that a removal reaches give otherwise, the first of them so far. changes {@code [source, variant * n, dModel]} */
    private static final class Reached {
        final int[] sources;
        final int variants;
        Tensor changes;
        int count;

        Reached(int[] sources, int variants) {
            this.sources = sources;
            this.variants = variants;
        }

        boolean any(int first, int end) {
            return Arrays.stream(sources).anyMatch(source -> source >= first && source < end);
        }
    }

    public EdgeRemovals(Batch batch, Ablation ablation, RunOptions options) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = model.graph();
        this.ablated = batch.ablated(ablation, options.cancel());
        this.prefix = batch.prefix(options.cancel());
        this.layers = new LayerRun[graph.layers()];
        this.scope = torch.scope();
        try (Scope pass = torch.scope()) {
            ActivationCache clean = new ActivationCache();
            Tensor input = model.embed(pass, batch.cleanIds()); // [batch, pos, dModel]
            Tensor x = model.withPositions(pass, input, batch.start()); // [batch, pos, dModel]
            model.blocks(pass, x, batch.positions(), prefix, clean, options.cancel());
            Tensor changes =
                    SourceDifferences.of(pass, batch, ablated, input, clean).whole(scope); // [source, n, dModel]
            torch.scaleInPlace(pass, changes, -1); // ablated less clean becomes clean less ablated
            all = new Streams(changes, flat(ablated.attentionSum()));
            lastAtPoints = atPoints(scope, torch.flatOne(pass, ablated.last())); // [1, point, dModel]
            mlpInAtPoints =
                    atPoints(scope, torch.flatOne(pass, ablated.mlpIn().get(graph.layers() - 1))); // [1, point, dModel]
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private List<Tensor> flat(List<Tensor> sums) {
        return sums.stream().map(sum -> torch.flatOne(scope, sum)).toList(); // [1, n, dModel] each
    }

    private Tensor atPoints(Scope owner, Tensor x) {
        return batch.readPoints().ofChanges(torch, owner, x); // [.., point, dModel]
    }

    /** About how many bytes it holds. */
    public static long bytes(Batch batch) {
        Transformer model = batch.model();
        ModelGraph graph = model.graph();
        long perPosition = model.config().dModel() * (long) (graph.sources() + graph.slots())
                + 4L * graph.layers() * graph.heads() * model.config().dHead();
        return perPosition
                * batch.size()
                * batch.width()
                * model.precision().wide().bytes();
    }

    /** How many sets are run at once. */
    private int atOnce(int slot) {
        return atOnce(model, slot, batch.size(), batch.width(), batch.points());
    }

    /** How many sets are run at once in a batch of so many rows, positions and points. What a set gives is rounded as in their company. */
    public static int atOnce(Transformer model, int slot, int rows, int width, int points) {
        long n = atPointsOnly(model.graph(), slot) ? points : (long) rows * width;
        long fit = Math.min(
                ENOUGH / (n * model.config().dModel()),
                MOST_LOGITS / ((long) points * model.config().dVocab()));
        return (int) Math.clamp(fit, 1, MOST);
    }

    /** Whether what follows from a slot is read at the points alone: no attention comes after it. */
    private boolean atPointsOnly(int slot) {
        return atPointsOnly(graph, slot);
    }

    private static boolean atPointsOnly(ModelGraph graph, int slot) {
        return slot >= graph.firstSlot(graph.layers() - 1, Slot.Port.WHOLE);
    }

    /**
     * The metric of the circuit with edges into a slot removed.
     *
     * @param start the circuit at the slot's start: all edges into the slots before it, and into the slot, are in it
     * @param removed sources whose edges are removed, in the order in which they were
     * @param more for each variant, the sources whose edges are removed beside those
     * @return a value an example, variant by variant
     */
    public double[] values(
            Circuit start,
            int slot,
            int[] removed,
            List<BitSet> more,
            EdgeAblations.Measure measure,
            RunOptions options) {
        begin(start, slot, options);
        remove(removed);
        int[] reached = reached(slot);
        double[] values = new double[more.size() * batch.examples()];
        int atOnce = atOnce(slot);
        for (int first = 0; first < more.size(); first += atOnce) {
            options.cancel().check();
            List<BitSet> some = more.subList(first, Math.min(first + atOnce, more.size()));
            try (Scope pass = torch.scope()) {
                Tensor logits = logits(pass, new Reached(reached, some.size()), some, options);
                double[] found = measure.of(pass, logits, some.size());
                System.arraycopy(found, 0, values, first * batch.examples(), found.length);
            }
        }
        return values;
    }

    /** Whether a kept edge leaves a source. */
    private boolean feeds(int source) {
        int end = graph.edge(source, 0) + graph.slots();
        int next = edges.nextSetBit(graph.edge(source, 0));
        return next >= 0 && next < end;
    }

    // ---- the circuit at the slot's start

    private void begin(Circuit start, int slot, RunOptions options) {
        int layer = slot == graph.slots() - 1 ? graph.layers() : slot / graph.slotsPerLayer();
        if (!start.equals(circuit) || layer != from) {
            circuit = start;
            edges = start.edges();
            from = layer;
            for (int l = layer; l < graph.layers(); l++) {
                options.cancel().check();
                if (layers[l] != null) layers[l].scope.close();
                layers[l] = null;
                layers[l] = run(l);
            }
            if (readScope != null) readScope.close();
            readScope = torch.scope();
            read = new Streams(
                    atPoints(readScope, all.changes), // [source, point, dModel]
                    all.attentionSum.stream()
                            .map(sum -> atPoints(readScope, sum)) // [1, point, dModel]
                            .toList());
            this.slot = -1;
        }
        if (this.slot == slot) return;
        this.slot = slot;
        gone = new int[0];
        if (slotScope != null) slotScope.close();
        slotScope = torch.scope();
        slotInput = null;
    }

    /** A layer, from what the layers before it give. Puts what its sources give among the changes. */
    private LayerRun run(int layer) {
        int first = graph.firstHead(layer);
        int[] feeding = IntStream.range(0, graph.heads())
                .filter(head -> feeds(first + head))
                .toArray();
        boolean whole = model.attention().whole();
        int[] heads =
                whole && feeding.length > 0 ? IntStream.range(0, graph.heads()).toArray() : feeding;
        Scope kept = torch.scope();
        try (Scope pass = torch.scope()) {
            Tensor headIn = null;
            PerPort<Tensor> ports = null;
            Tensor z = null;
            if (heads.length > 0) {
                int[] slots = Slot.Port.OF_HEAD.stream()
                        .flatMapToInt(port -> Arrays.stream(heads).map(head -> graph.firstSlot(layer, port) + head))
                        .toArray();
                headIn =
                        kept(pass, kept, mix(pass, all, ablated.residPre().get(layer), slots)); // [3 * head, n, dModel]
                Tensor normed = model.norm(pass, headIn, model.layer(layer).attentionNorm()); // [3 * head, n, dModel]
                ports = PerPort.of(port -> {
                    int at = port.ordinal() * heads.length;
                    Tensor x = torch.rows(pass, normed, at, at + heads.length); // [head, n, dModel]
                    return kept(pass, kept, projected(pass, layer, port, x, heads, 1)); // [batch, pos, head, dHead]
                });
                z = kept(pass, kept, attend(pass, layer, ports, heads, feeding, 1)); // [batch, pos, feeding, dHead]
                putHeads(pass, layer, feeding, z);
            }
            Tensor mlpIn = null;
            Tensor mlpOut = null;
            if (feeds(first + graph.heads())) {
                int[] slots = {graph.firstSlot(layer, Slot.Port.WHOLE)};
                mlpIn = kept(pass, kept, mix(pass, all, ablated.mlpIn().get(layer), slots)); // [1, n, dModel]
                mlpOut = kept(pass, kept, mlp(pass, layer, torch.asBatch(pass, mlpIn, batch.size())));
                torch.put(
                        pass,
                        all.changes,
                        first + graph.heads(),
                        torch.subtract(pass, mlpOut, ablated.mlpOut().get(layer)));
            }
            return new LayerRun(kept, heads, feeding, headIn, ports, z, mlpIn, mlpOut);
        } catch (RuntimeException | Error e) {
            kept.close();
            throw e;
        }
    }

    private static Tensor kept(Scope pass, Scope kept, Tensor x) {
        return pass.moveTo(kept, x);
    }

    private void putHeads(Scope pass, int layer, int[] heads, Tensor z) {
        int[] shape = {
            heads.length, batch.size() * batch.width(), model.config().dModel()
        };
        Tensor changes = torch.empty(pass, all.changes, shape); // [head, n, dModel]
        Tensor base = torch.pickHeads(pass, ablated.z().get(layer), longs(pass, heads)); // [batch, pos, head, dHead]
        torch.putHeadsVariants(pass, changes, 0, z, base, model.layer(layer).wO(), graph.heads(), longs(pass, heads));
        int first = graph.firstHead(layer);
        int[] places = Arrays.stream(heads).map(head -> first + head).toArray();
        torch.putAt(pass, all.changes, longs(pass, places), changes);
    }

    private Tensor mlp(Scope pass, int layer, Tensor in) {
        return model.mlp(pass, layer, model.norm(pass, in, model.layer(layer).mlpNorm())); // [.., pos, dModel]
    }

    /** One port of some heads. x, normed, {@code [head, variant * n, dModel]} → {@code [variant * batch, pos, head, dHead]} */
    private Tensor projected(Scope pass, int layer, Slot.Port port, Tensor x, int[] heads, int variants) {
        LayerWeights w = model.layer(layer);
        int group = model.group(port);
        int[] which = Arrays.stream(heads).map(head -> head / group).toArray();
        return torch.projectHeads(
                pass, x, w.w(port), w.b(port), graph.heads() / group, longs(pass, which), variants * batch.size());
    }

    /**
     * What some heads mix.
     *
     * @param ports of the heads as they are projected, {@code [variant * batch, pos, head, dHead]}
     * @param wanted which of the heads, all of them or fewer
     * @return {@code [variant * batch, pos, wanted, dHead]}
     */
    private Tensor attend(Scope pass, int layer, PerPort<Tensor> ports, int[] heads, int[] wanted, int variants) {
        LayerWeights w = model.layer(layer);
        Attention attention = model.attention();
        PerPort<Tensor> turned = new PerPort<>(
                attention.query(pass, w, layer, ports.q(), batch.positions()),
                attention.key(pass, w, layer, ports.k(), batch.positions()),
                ports.v()); // [variant * batch, pos, head, dHead] each
        boolean fewer = wanted.length < heads.length;
        Tensor places = longs(
                pass,
                Arrays.stream(wanted)
                        .map(head -> Arrays.binarySearch(heads, head))
                        .toArray());
        PerPort<Tensor> of = fewer
                ? PerPort.of(port -> torch.pickHeads(pass, turned.get(port), places))
                : turned; // [variant * batch, pos, wanted, dHead] each
        boolean past = prefix.length() > 0;
        return attention.mix(
                pass,
                layer,
                of.q(),
                of.k(),
                of.v(),
                past ? past(pass, prefix.keys(layer), wanted, variants) : null,
                past ? past(pass, prefix.values(layer), wanted, variants) : null,
                batch.positions(),
                longs(pass, wanted)); // [variant * batch, pos, wanted, dHead]
    }

    private Tensor past(Scope pass, Tensor x, int[] heads, int variants) {
        return torch.repeatBatch(pass, torch.pickHeads(pass, x, longs(pass, heads)), variants);
    }

    private Tensor longs(Scope pass, int[] values) {
        return torch.longs(pass, Arrays.stream(values).asLongStream().toArray(), values.length);
    }

    // ---- inputs in the circuit

    /** The inputs of some slots. base {@code [.., n, dModel]} → {@code [slot, n, dModel]} */
    private Tensor mix(Scope pass, Streams at, Tensor base, int[] slots) {
        List<BitSet> kept = Arrays.stream(slots).mapToObj(this::sourcesInto).toList();
        return mix(pass, at, base, kept);
    }

    private BitSet sourcesInto(int slot) {
        BitSet sources = new BitSet();
        for (int source = 0; source < graph.sourcesBefore(slot); source++) {
            if (edges.get(graph.edge(source, slot))) sources.set(source);
        }
        return sources;
    }

    /** A stream that nothing but ablated edges enter, with what some sources bring, for each set of them. {@code [set, n, dModel]} */
    private Tensor mix(Scope pass, Streams at, Tensor base, List<BitSet> sets) {
        if (!model.normsAttentionOut()) return sums(pass, at, base, sets, 1, source -> true);
        Tensor mixed = sums(pass, at, base, sets, 1, source -> !isHead(source)); // [set, n, dModel]
        for (int layer = 0; layer < graph.layers(); layer++) {
            IntPredicate ofLayer = headsOf(layer);
            int[] fed = IntStream.range(0, sets.size())
                    .filter(i -> sets.get(i).stream().anyMatch(ofLayer))
                    .toArray();
            if (fed.length == 0) continue;
            List<BitSet> theirs = Arrays.stream(fed).mapToObj(sets::get).toList();
            Norm norm = model.layer(layer).attentionOutNorm();
            Tensor nothing = at.attentionSum.get(layer); // [1, n, dModel]
            Tensor sum = sums(pass, at, nothing, theirs, 1, ofLayer); // [set, n, dModel]
            Tensor change = torch.subtract(
                    pass, model.norm(pass, sum, norm), model.norm(pass, nothing, norm)); // [set, n, dModel]
            mixed = torch.addToRows(pass, mixed, longs(pass, fed), change); // [set, n, dModel]
        }
        return mixed;
    }

    private boolean isHead(int source) {
        return source > 0 && (source - 1) % (graph.heads() + 1) != graph.heads();
    }

    private IntPredicate headsOf(int layer) {
        int first = graph.firstHead(layer);
        return source -> source >= first && source < first + graph.heads();
    }

    /** A base plus {@code sign} times what sources bring, for each set of them, as far as they are meant. {@code [set, n, dModel]} */
    private Tensor sums(Scope pass, Streams at, Tensor base, List<BitSet> sets, int sign, IntPredicate meant) {
        BitSet any = new BitSet();
        sets.forEach(any::or);
        int[] used = any.stream().filter(meant).toArray();
        if (used.length == 0) return torch.repeatBase(pass, base, sets.size()); // [set, n, dModel]
        double[] keep = new double[sets.size() * used.length];
        for (int i = 0; i < sets.size(); i++) {
            for (int j = 0; j < used.length; j++) {
                if (sets.get(i).get(used[j])) keep[i * used.length + j] = sign;
            }
        }
        Tensor some = used.length == graph.sources()
                ? at.changes
                : torch.pickRows(pass, at.changes, longs(pass, used)); // [source, n, dModel]
        Tensor kept = torch.numbers(pass, keep, sets.size(), used.length); // [set, source]
        return torch.mix(pass, base, kept, some); // [set, n, dModel]
    }

    // ---- edges removed

    /** Takes edges out of the slot's input. One after the other: the sum does not depend on how many go at once. */
    private void remove(int[] removed) {
        if (!Arrays.equals(gone, 0, gone.length, removed, 0, Math.min(gone.length, removed.length)))
            throw new IllegalStateException("an edge that was removed is there again");
        if (!model.normsAttentionOut()) takeOut(removed);
        gone = removed.clone();
    }

    private void takeOut(int[] removed) {
        Streams at = atPointsOnly(slot) ? read : all;
        if (slotInput == null) {
            try (Scope pass = torch.scope()) {
                slotInput = pass.moveTo(slotScope, mix(pass, at, ablatedInput(), new int[] {slot})); // [1, n, dModel]
            }
        }
        for (int i = gone.length; i < removed.length; i++) {
            try (Scope pass = torch.scope()) {
                Tensor change = torch.rows(pass, at.changes, removed[i], removed[i] + 1); // [1, n, dModel]
                Tensor less = torch.subtract(pass, slotInput, change); // [1, n, dModel]
                slotScope.release(slotInput);
                slotInput = pass.moveTo(slotScope, less);
            }
        }
    }

    /** The slot's input where all edges are ablated. {@code [.., n, dModel]} */
    private Tensor ablatedInput() {
        if (slot == graph.slots() - 1) return lastAtPoints;
        int layer = slot / graph.slotsPerLayer();
        if (graph.slotAt(slot).port() != Slot.Port.WHOLE)
            return ablated.residPre().get(layer);
        return atPointsOnly(slot) ? mlpInAtPoints : ablated.mlpIn().get(layer);
    }

    /** The slot's input in each variant. {@code [variant, n, dModel]} */
    private Tensor varied(Scope pass, List<BitSet> more) {
        Streams at = atPointsOnly(slot) ? read : all;
        if (!model.normsAttentionOut()) return sums(pass, at, slotInput, more, -1, source -> true);
        List<BitSet> left = new ArrayList<>();
        for (BitSet set : more) {
            BitSet rest = sourcesInto(slot);
            for (int source : gone) rest.clear(source);
            rest.andNot(set);
            left.add(rest);
        }
        return mix(pass, at, ablatedInput(), left); // [variant, n, dModel]
    }

    /** The sources that give something else where a slot's input changes, in order. */
    private int[] reached(int slot) {
        BitSet reached = new BitSet();
        if (slot == graph.slots() - 1) return new int[0];
        int source = graph.sourceOfSlot(slot);
        int layer = slot / graph.slotsPerLayer();
        Slot.Port port = graph.slotAt(slot).port();
        boolean normedTogether = model.attention().whole() && (port == Slot.Port.Q || port == Slot.Port.K);
        if (normedTogether) addFeeding(reached, layer);
        else if (feeds(source)) reached.set(source);
        for (int l = layer; l < graph.layers(); l++) {
            int first = graph.firstHead(l);
            for (int head = 0; head < graph.heads() && l > layer; head++) {
                for (Slot.Port into : Slot.Port.OF_HEAD) {
                    if (!enters(reached, graph.firstSlot(l, into) + head)) continue;
                    if (model.attention().whole() && into != Slot.Port.V) addFeeding(reached, l);
                    else if (feeds(first + head)) reached.set(first + head);
                }
            }
            int mlp = first + graph.heads();
            if (feeds(mlp) && enters(reached, graph.firstSlot(l, Slot.Port.WHOLE))) reached.set(mlp);
        }
        return reached.stream().toArray();
    }

    private void addFeeding(BitSet reached, int layer) {
        for (int head : layers[layer].feeding) reached.set(graph.firstHead(layer) + head);
    }

    private boolean enters(BitSet sources, int slot) {
        int before = graph.sourcesBefore(slot);
        for (int source = sources.nextSetBit(0);
                source >= 0 && source < before;
                source = sources.nextSetBit(source + 1)) {
            if (edges.get(graph.edge(source, slot))) return true;
        }
        return false;
    }

    /** Logits of the variants, {@code [variant * point, dVocab]}. */
    private Tensor logits(Scope pass, Reached reached, List<BitSet> more, RunOptions options) {
        Tensor varied = varied(pass, more); // [variant, n, dModel]
        if (slot == graph.slots() - 1) return unembed(pass, varied);
        int layer = slot / graph.slotsPerLayer();
        int n = batch.size() * batch.width();
        int[] shape = {reached.sources.length, more.size() * n, model.config().dModel()};
        if (!atPointsOnly(slot))
            reached.changes = torch.empty(pass, all.changes, shape); // [source, variant * n, dModel]
        for (int l = layer; l < graph.layers(); l++) {
            options.cancel().check();
            boolean own = l == layer;
            if (l == graph.layers() - 1 && atPointsOnly(slot)) break;
            int first = graph.firstHead(l);
            if (reached.any(first, first + graph.heads())) {
                try (Scope inner = torch.scope()) {
                    heads(inner, l, reached, own ? varied : null);
                }
            }
            if (l == graph.layers() - 1) break; // its MLP is run at the points
            if (reached.any(first + graph.heads(), first + graph.heads() + 1)) {
                try (Scope inner = torch.scope()) {
                    mlp(inner, l, reached, own && graph.slotAt(slot).port() == Slot.Port.WHOLE ? varied : null);
                }
            }
        }
        return end(pass, reached, atPointsOnly(slot) ? varied : null);
    }

    /** The last layer's MLP and the logits, at the points. @param varied the MLP's input where its slot is the one */
    private Tensor end(Scope pass, Reached reached, Tensor varied) {
        int variants = reached.variants;
        int last = graph.layers() - 1;
        int mlp = graph.firstHead(last) + graph.heads();
        int points = variants * batch.points();
        Reached there = new Reached(reached.sources, variants);
        int[] shape = {reached.sources.length, points, model.config().dModel()};
        there.changes = torch.empty(pass, all.changes, shape); // [source, variant * point, dModel]
        if (reached.count > 0) {
            Tensor before = torch.rows(pass, reached.changes, 0, reached.count); // [source, variant * n, dModel]
            ReadPoints read = batch.readPoints().repeated(torch, pass, variants, batch.size() * batch.width());
            torch.putRows(
                    pass, there.changes, 0, read.ofChanges(torch, pass, before)); // [source, variant * point, dModel]
            there.count = reached.count;
        }
        if (reached.any(mlp, mlp + 1)) {
            LayerRun run = layers[last];
            int[] slots = {graph.firstSlot(last, Slot.Port.WHOLE)};
            Tensor in = varied != null
                    ? varied
                    : moved(pass, read, atPoints(pass, run.mlpIn), slots, there); // [1, variant * point, dModel]
            Tensor out = atLeastTwo(
                    pass, torch.asBatch(pass, in, 1), it -> mlp(pass, last, it)); // [1, variant * point, dModel]
            Tensor here = atPoints(pass, torch.flatOne(pass, run.mlpOut)); // [1, point, dModel]
            torch.put(
                    pass,
                    there.changes,
                    there.count++,
                    torch.subtract(pass, out, torch.repeatRows(pass, here, variants)));
        }
        int[] slots = {graph.slots() - 1};
        Tensor in = mix(pass, read, lastAtPoints, slots); // [1, point, dModel]
        return unembed(pass, moved(pass, read, in, slots, there));
    }

    private interface OfRows {
        Tensor apply(Tensor rows);
    }

    /** Something of some rows, {@code [1, row, dModel]}. A single one stands there twice, as in {@link ReadPoints#of}. */
    private Tensor atLeastTwo(Scope pass, Tensor x, OfRows of) {
        if (x.size(1) > 1) return of.apply(x); // [1, row, ..]
        return torch.positions(pass, of.apply(torch.catPositions(pass, List.of(x, x))), 0, 1); // [1, 1, ..]
    }

    private Tensor unembed(Scope pass, Tensor stream) {
        Tensor rows = torch.asBatch(pass, stream, 1); // [1, row, dModel]
        Tensor logits = atLeastTwo(
                pass, rows, it -> model.unembed(pass, model.norm(pass, it, model.finalNorm()))); // [1, row, dVocab]
        return torch.flatRows(pass, logits); // [row, dVocab]
    }

    /** The heads of a layer that a removal reaches. @param varied the input of the slot in question, {@code [variant, n, dModel]}, where it is of this layer */
    private void heads(Scope pass, int layer, Reached reached, Tensor varied) {
        int first = graph.firstHead(layer);
        int variants = reached.variants;
        LayerRun run = layers[layer];
        int[] wanted = Arrays.stream(reached.sources)
                .filter(headsOf(layer))
                .map(source -> source - first)
                .toArray();
        int[] heads = model.attention().whole() ? run.heads : wanted;
        BitSet before = new BitSet();
        for (int i = 0; i < reached.count; i++) before.set(reached.sources[i]);
        PerPort<Tensor> ports = PerPort.of(port -> {
            int[] fed = Arrays.stream(heads)
                    .filter(head -> varied == null
                            ? enters(before, graph.firstSlot(layer, port) + head)
                            : graph.firstSlot(layer, port) + head == slot)
                    .toArray();
            Tensor here = fed.length == heads.length
                    ? null
                    : torch.repeatBatch(
                            pass,
                            torch.pickHeads(pass, run.ports.get(port), longs(pass, places(run.heads, heads))),
                            variants); // [variant * batch, pos, head, dHead]
            if (fed.length == 0) return here;
            Tensor in = varied != null
                    ? torch.asBatch(pass, varied, 1)
                    : fedInputs(pass, layer, port, fed, reached); // [fed, variant * n, dModel]
            Tensor normed = model.norm(pass, in, model.layer(layer).attentionNorm()); // [fed, variant * n, dModel]
            Tensor there = projected(pass, layer, port, normed, fed, variants); // [variant * batch, pos, fed, dHead]
            return here == null ? there : torch.withHeads(pass, here, there, longs(pass, places(heads, fed)));
        });
        Tensor z = attend(pass, layer, ports, heads, wanted, variants); // [variant * batch, pos, wanted, dHead]
        Tensor base =
                torch.pickHeads(pass, run.z, longs(pass, places(run.feeding, wanted))); // [batch, pos, wanted, dHead]
        torch.putHeadsVariants(
                pass,
                reached.changes,
                reached.count,
                z,
                base,
                model.layer(layer).wO(),
                graph.heads(),
                longs(pass, wanted));
        reached.count += wanted.length;
    }

    private Tensor fedInputs(Scope pass, int layer, Slot.Port port, int[] fed, Reached reached) {
        LayerRun run = layers[layer];
        int[] rows = Arrays.stream(fed)
                .map(head -> port.ordinal() * run.heads.length + run.place(head))
                .toArray();
        int[] slots = Arrays.stream(fed)
                .map(head -> graph.firstSlot(layer, port) + head)
                .toArray();
        Tensor in = torch.pickRows(pass, run.headIn, longs(pass, rows)); // [fed, n, dModel]
        return moved(pass, all, in, slots, reached); // [fed, variant * n, dModel]
    }

    private static int[] places(int[] among, int[] which) {
        return Arrays.stream(which).map(it -> Arrays.binarySearch(among, it)).toArray();
    }

    private void mlp(Scope pass, int layer, Reached reached, Tensor varied) {
        LayerRun run = layers[layer];
        int[] slots = {graph.firstSlot(layer, Slot.Port.WHOLE)};
        int variants = reached.variants;
        Tensor in = varied != null ? varied : moved(pass, all, run.mlpIn, slots, reached); // [1, variant * n, dModel]
        Tensor out =
                mlp(pass, layer, torch.asBatch(pass, in, variants * batch.size())); // [variant * batch, pos, dModel]
        Tensor here = torch.repeatBatch(pass, run.mlpOut, variants); // [variant * batch, pos, dModel]
        torch.put(pass, reached.changes, reached.count++, torch.subtract(pass, out, here));
    }

    /** The inputs of some slots in each variant, from those in the circuit. in {@code [slot, n, dModel]} → {@code [slot, variant * n, dModel]} */
    private Tensor moved(Scope pass, Streams at, Tensor in, int[] slots, Reached reached) {
        int variants = reached.variants;
        if (!model.normsAttentionOut()) return moved(pass, in, slots, reached, source -> true);
        Tensor moved = moved(pass, in, slots, reached, source -> !isHead(source)); // [slot, variant * n, dModel]
        for (int layer = 0; layer < graph.layers(); layer++) {
            IntPredicate ofLayer = headsOf(layer);
            int[] fed = IntStream.range(0, slots.length)
                    .filter(i -> brings(reached, slots[i], ofLayer))
                    .toArray();
            if (fed.length == 0) continue;
            int[] theirs = Arrays.stream(fed).map(i -> slots[i]).toArray();
            List<BitSet> sets =
                    Arrays.stream(theirs).mapToObj(this::sourcesInto).toList();
            Norm norm = model.layer(layer).attentionOutNorm();
            Tensor sum = sums(pass, at, at.attentionSum.get(layer), sets, 1, ofLayer); // [slot, n, dModel]
            Tensor there = moved(pass, sum, theirs, reached, ofLayer); // [slot, variant * n, dModel]
            Tensor change = torch.subtract(
                    pass,
                    model.norm(pass, there, norm),
                    torch.repeatRows(pass, model.norm(pass, sum, norm), variants)); // [slot, variant * n, dModel]
            moved = torch.addToRows(pass, moved, longs(pass, fed), change); // [slot, variant * n, dModel]
        }
        return moved;
    }

    private boolean brings(Reached reached, int slot, IntPredicate meant) {
        return IntStream.range(0, reached.count)
                .map(i -> reached.sources[i])
                .anyMatch(source -> meant.test(source) && edges.get(graph.edge(source, slot)));
    }

    private Tensor moved(Scope pass, Tensor in, int[] slots, Reached reached, IntPredicate meant) {
        int[] used = IntStream.range(0, reached.count)
                .filter(i -> meant.test(reached.sources[i])
                        && Arrays.stream(slots).anyMatch(to -> edges.get(graph.edge(reached.sources[i], to))))
                .toArray();
        if (used.length == 0) return torch.repeatRows(pass, in, reached.variants); // [slot, variant * n, dModel]
        double[] keep = new double[slots.length * used.length];
        for (int i = 0; i < slots.length; i++) {
            for (int j = 0; j < used.length; j++) {
                if (edges.get(graph.edge(reached.sources[used[j]], slots[i]))) keep[i * used.length + j] = 1;
            }
        }
        Tensor some = used.length == reached.count
                ? torch.rows(pass, reached.changes, 0, reached.count)
                : torch.pickRows(pass, reached.changes, longs(pass, used)); // [source, variant * n, dModel]
        Tensor kept = torch.numbers(pass, keep, slots.length, used.length); // [slot, source]
        return torch.mixVariants(pass, in, kept, some, reached.variants); // [slot, variant * n, dModel]
    }

    @Override
    public void close() {
        for (LayerRun layer : layers) if (layer != null) layer.scope.close();
        if (readScope != null) readScope.close();
        if (slotScope != null) slotScope.close();
        scope.close();
    }
}
