package io.circuitscript.engine.longtext;

import io.circuitscript.engine.AblatedRun;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Attention;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.LayerWeights;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.Norm;
import io.circuitscript.engine.PerPort;
import io.circuitscript.engine.Prefix;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs a circuit of long texts with every edge outside it ablated, as {@link io.circuitscript.engine.CircuitPass} does: the same sums, in another order.
 *
 * <p>What a head gives is kept as what it mixes, {@code [n, dHead]}, and not as what it adds to the stream, {@code [n, dModel]}. Slots' inputs are mixed at some
 * positions at a time, for which the changes of the sources before them are made from that anew. The ablated run's stream goes along, a layer at a
 * time. Memory grows with the positions and the layers, and not with the positions and the nodes.
 */
public final class LongCircuitPass {
    /** What part of the memory budget the changes of sources and the inputs of slots may take at the positions that are mixed at once. */
    private static final int PART_OF_BUDGET = 16;

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final Circuit circuit;
    private final AblatedRun ablated;
    private final Scope scope;
    private final CancelToken cancel;
    private final int n;
    private final long numbersAtOnce;

    /** Positions of all rows that are mixed together: some of one span. */
    private record Chunk(int span, Tensor positions, int size) {}

    /** What {@code input} gives less what an ablated edge carries, {@code [batch, pos, dModel]}; null where it is not computed, as the others. */
    private Tensor input;

    /** What the computed heads of each layer mix, {@code [batch, pos, head, dHead]}. */
    private final Tensor[] z;

    /** Which heads these are. */
    private final int[][] heads;

    /** What each MLP gives less what an ablated edge carries, {@code [1, n, dModel]}; zero at spans that no kept edge leaves it at. */
    private final Tensor[] mlps;

    private LongCircuitPass(Batch batch, Circuit circuit, Scope scope, AblatedRun ablated, RunOptions options) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = circuit.graph();
        this.circuit = circuit;
        this.ablated = ablated;
        this.scope = scope;
        this.cancel = options.cancel();
        this.n = batch.size() * batch.width();
        this.numbersAtOnce = MemoryBudget.bytes(options, model.device())
                / PART_OF_BUDGET
                / model.precision().bytes();
        this.z = new Tensor[graph.layers()];
        this.heads = new int[graph.layers()][0];
        this.mlps = new Tensor[graph.layers()];
    }

    /** The logits at each point that is read. {@code [point, dVocab]} */
    public static Tensor logits(Scope result, Batch batch, Circuit circuit, Ablation ablation, RunOptions options) {
        try (Scope pass = batch.model().torch().scope()) {
            AblatedRun ablated = batch.ablatedSources(ablation, options.cancel());
            return pass.moveTo(result, new LongCircuitPass(batch, circuit, pass, ablated, options).run());
        }
    }

    /** Parts of some positions, of which those slots' inputs fit the memory. */
    private List<Chunk> chunks(Scope owner, int[] positions, int[] slots) {
        long sources = IntStream.range(0, graph.sources())
                .filter(source -> Arrays.stream(slots)
                        .anyMatch(slot -> source < graph.sourcesBefore(slot) && circuit.contains(source, slot)))
                .count();
        long perPosition = (sources + 2L * slots.length + 1) * model.config().dModel();
        int most = (int) Math.clamp(numbersAtOnce / perPosition, 1, n);
        int[] spanOf = graph.hasSpans() ? batch.spanOfPosition() : new int[n];
        List<Chunk> chunks = new ArrayList<>();
        for (int span = 0; span < graph.perEdge(); span++) {
            int of = span;
            int[] its = Arrays.stream(positions).filter(i -> spanOf[i] == of).toArray();
            for (int from = 0; from < its.length; from += most) {
                int to = Math.min(from + most, its.length);
                chunks.add(new Chunk(span, longs(owner, Arrays.copyOfRange(its, from, to)), to - from));
            }
        }
        return chunks;
    }

    private Tensor longs(Scope owner, int[] values) {
        return torch.longs(owner, Arrays.stream(values).asLongStream().toArray(), values.length);
    }

    private Tensor run() {
        if (feeds(0)) {
            try (Scope pass = torch.scope()) {
                Tensor clean = model.embed(pass, batch.cleanIds()); // [batch, pos, dModel]
                input = pass.moveTo(scope, torch.subtract(pass, clean, ablated.input()));
            }
        }
        Tensor stream = ablated.stream(scope, batch); // [batch, pos, dModel]
        for (int layer = 0; layer < graph.layers(); layer++) {
            cancel.check();
            heads(layer, stream);
            try (Scope pass = torch.scope()) {
                AblatedRun.Between between = ablated.between(pass, model, layer, stream);
                mlp(layer, between.mlpIn());
                scope.release(stream);
                stream = pass.moveTo(scope, between.out());
            }
        }
        scope.release(stream);
        return logits();
    }

    /** Only the points that are read are mixed; elsewhere the stream stays the ablated run's, which is not read. */
    private Tensor logits() {
        Tensor stream = torch.copyRows(scope, ablated.last(), 0, batch.size()); // [batch, pos, dModel]
        Tensor flat = torch.flatOne(scope, stream); // [1, n, dModel]
        int[] slots = {graph.slots() - 1};
        for (Chunk chunk : chunks(scope, batch.pointPositions(), slots)) {
            try (Scope pass = torch.scope()) {
                Tensor base = at(pass, ablated.last(), chunk); // [1, place, dModel]
                Tensor in = mix(pass, base, slots, chunk); // [1, place, dModel]
                torch.putPlaces(pass, flat, 0, chunk.positions, in);
            }
        }
        return batch.logits(scope, stream); // [point, dVocab]
    }

    private boolean feeds(int source) {
        return IntStream.range(0, graph.slots()).anyMatch(slot -> circuit.contains(source, slot));
    }

    /** {@code [batch, pos, ..]} → {@code [1, place, ..]} */
    private Tensor at(Scope pass, Tensor x, Chunk chunk) {
        return torch.atPositions(pass, x, chunk.positions);
    }

    /** @param stream of the ablated run before the layer, {@code [batch, pos, dModel]} */
    private void heads(int layer, Tensor stream) {
        int first = graph.firstHead(layer);
        int[] which = IntStream.range(0, graph.heads())
                .filter(head -> feeds(first + head))
                .toArray();
        if (which.length == 0) return;
        LayerWeights w = model.layer(layer);
        Attention attention = model.attention();
        boolean whole = attention.whole();
        try (Scope pass = torch.scope()) {
            Tensor some = longs(pass, which);
            // Where heads share a norm, all of them come into it.
            int[] normed = whole ? IntStream.range(0, graph.heads()).toArray() : which;
            PerPort<Tensor> ports = ports(pass, layer, normed, stream);
            Tensor q = attention.query(pass, w, layer, ports.q(), batch.positions()); // [batch, pos, head, dHead]
            Tensor k = attention.key(pass, w, layer, ports.k(), batch.positions()); // [batch, pos, head, dHead]
            Prefix prefix = batch.prefix(cancel);
            boolean past = prefix.length() > 0;
            Tensor mixed = attention.mix(
                    pass,
                    layer,
                    whole ? torch.pickHeads(pass, q, some) : q,
                    whole ? torch.pickHeads(pass, k, some) : k,
                    whole ? torch.pickHeads(pass, ports.v(), some) : ports.v(),
                    past ? torch.pickHeads(pass, prefix.keys(layer), some) : null,
                    past ? torch.pickHeads(pass, prefix.values(layer), some) : null,
                    batch.positions(),
                    some); // [batch, pos, head, dHead]
            z[layer] = pass.moveTo(scope, mixed);
        }
        heads[layer] = which;
    }

    /** Queries, keys and values of some heads, {@code [batch, pos, head, dHead]} each. Those that no kept edge enters are the ablated run's. */
    private PerPort<Tensor> ports(Scope pass, int layer, int[] which, Tensor stream) {
        LayerWeights w = model.layer(layer);
        int dHead = model.config().dHead();
        // For each port, which of the heads a kept edge enters.
        PerPort<int[]> places = PerPort.of(port -> IntStream.range(0, which.length)
                .filter(i -> isFed(graph.firstSlot(layer, port) + which[i]))
                .toArray());
        PerPort<Tensor> fed = PerPort.of(port -> torch.empty(
                pass, w.wO(), new int[] {1, n, places.get(port).length, dHead})); // [1, n, head, dHead] each
        int[] slots = Slot.Port.OF_HEAD.stream()
                .flatMapToInt(port -> Arrays.stream(places.get(port)).map(i -> graph.firstSlot(layer, port) + which[i]))
                .toArray();
        int[] everywhere = IntStream.range(0, slots.length == 0 ? 0 : n).toArray();
        for (Chunk chunk : chunks(pass, everywhere, slots)) {
            cancel.check();
            try (Scope part = torch.scope()) {
                Tensor in = mix(part, at(part, stream, chunk), slots, chunk); // [slot, place, dModel]
                Tensor normed = model.norm(part, in, w.attentionNorm()); // [slot, place, dModel]
                int start = 0;
                for (Slot.Port port : Slot.Port.OF_HEAD) {
                    int[] its = places.get(port);
                    if (its.length == 0) continue;
                    int group = model.group(port);
                    Tensor projected = torch.projectHeads(
                            part,
                            torch.rows(part, normed, start, start + its.length), // [head, place, dModel]
                            w.w(port),
                            w.b(port),
                            graph.heads() / group,
                            longs(
                                    part,
                                    Arrays.stream(its)
                                            .map(i -> which[i] / group)
                                            .toArray()),
                            1); // [1, place, head, dHead]
                    torch.putPlaces(part, fed.get(port), 0, chunk.positions, projected);
                    start += its.length;
                }
            }
        }
        boolean allFed = slots.length == 3 * which.length;
        return allFed
                ? PerPort.of(port -> torch.asBatch(pass, fed.get(port), batch.size()))
                : withUnfed(pass, layer, which, stream, places, fed);
    }

    private PerPort<Tensor> withUnfed(
            Scope pass, int layer, int[] which, Tensor stream, PerPort<int[]> places, PerPort<Tensor> fed) {
        try (Scope part = torch.scope()) {
            PerPort<Tensor> all = model.project(part, layer, stream); // [batch, pos, head, dHead] each
            Tensor heads = longs(part, which);
            return PerPort.of(port -> {
                int[] its = places.get(port);
                if (its.length == which.length) return torch.asBatch(pass, fed.get(port), batch.size());
                Tensor unfed = torch.pickHeads(its.length == 0 ? pass : part, all.get(port), heads);
                if (its.length == 0) return unfed;
                return torch.withHeads(pass, unfed, torch.asBatch(part, fed.get(port), batch.size()), longs(part, its));
            });
        }
    }

    private boolean isFed(int slot) {
        return IntStream.range(0, graph.sourcesBefore(slot)).anyMatch(source -> circuit.contains(source, slot));
    }

    /** @param in of the ablated run, before the MLP's norm. {@code [batch, pos, dModel]} */
    private void mlp(int layer, Tensor in) {
        int source = graph.firstHead(layer) + graph.heads();
        if (!feeds(source)) return;
        int[] slots = {graph.firstSlot(layer, Slot.Port.WHOLE)};
        mlps[layer] = torch.zeros(
                scope, ablated.last(), new int[] {1, n, model.config().dModel()}); // [1, n, dModel]
        for (Chunk chunk : chunks(scope, IntStream.range(0, n).toArray(), slots)) {
            cancel.check();
            if (!leaves(source, chunk.span)) continue;
            try (Scope pass = torch.scope()) {
                Tensor mixed = mix(pass, at(pass, in, chunk), slots, chunk); // [1, place, dModel]
                Tensor normed = model.norm(pass, mixed, model.layer(layer).mlpNorm()); // [1, place, dModel]
                Tensor carried = at(pass, ablated.mlpOut().get(layer), chunk); // [1, place, dModel]
                Tensor change = torch.subtract(pass, model.mlp(pass, layer, normed), carried); // [1, place, dModel]
                torch.putPlaces(pass, mlps[layer], 0, chunk.positions, change);
            }
        }
    }

    private boolean leaves(int source, int span) {
        return IntStream.range(0, graph.slots()).anyMatch(slot -> circuit.contains(source, slot, span));
    }

    /** The inputs of some slots at some positions. base: there, {@code [1, place, dModel]} → {@code [slot, place, dModel]} */
    private Tensor mix(Scope pass, Tensor base, int[] slots, Chunk chunk) {
        int before = Arrays.stream(slots).map(graph::sourcesBefore).max().orElse(0);
        if (!model.normsAttentionOut()) return mix(pass, base, slots, IntStream.range(0, before), chunk);
        Tensor mixed = mix(
                pass,
                base,
                slots,
                IntStream.range(0, before).filter(it -> !isHead(it)),
                chunk); // [slot, place, dModel]
        for (int layer = 0; layer < graph.layers() && graph.firstHead(layer) < before; layer++) {
            if (z[layer] != null) mixed = withNormed(pass, mixed, slots, layer, chunk);
        }
        return mixed;
    }

    private boolean isHead(int source) {
        return source > 0 && (source - 1) % (graph.heads() + 1) != graph.heads();
    }

    /** The inputs of some slots with a layer's heads, gone through their norm together. */
    private Tensor withNormed(Scope pass, Tensor mixed, int[] slots, int layer, Chunk chunk) {
        int first = graph.firstHead(layer);
        int[] fed = IntStream.range(0, slots.length)
                .filter(i -> first < graph.sourcesBefore(slots[i])
                        && Arrays.stream(heads[layer])
                                .anyMatch(head -> circuit.contains(first + head, slots[i], chunk.span)))
                .toArray();
        if (fed.length == 0) return mixed;
        int[] theirs = Arrays.stream(fed).map(i -> slots[i]).toArray();
        LayerWeights w = model.layer(layer);
        Norm norm = w.attentionOutNorm();
        Tensor alone =
                torch.headsOut(pass, at(pass, ablated.z().get(layer), chunk), w.wO(), w.bO()); // [1, place, dModel]
        Tensor sum = mix(pass, alone, theirs, IntStream.range(first, first + graph.heads()), chunk);
        Tensor change = torch.subtract(
                pass, model.norm(pass, sum, norm), model.norm(pass, alone, norm)); // [slot, place, dModel]
        return torch.addToRows(pass, mixed, longs(pass, fed), change); // [slot, place, dModel]
    }

    /** A base plus what kept edges bring from some sources. */
    private Tensor mix(Scope pass, Tensor base, int[] slots, IntStream from, Chunk chunk) {
        int[] used = from.filter(this::isComputed)
                .filter(source -> Arrays.stream(slots).anyMatch(slot -> isKept(source, slot, chunk.span)))
                .toArray();
        if (used.length == 0) return torch.repeatBase(pass, base, slots.length); // [slot, place, dModel]
        double[] keep = new double[slots.length * used.length];
        for (int i = 0; i < keep.length; i++)
            keep[i] = isKept(used[i % used.length], slots[i / used.length], chunk.span) ? 1 : 0;
        try (Scope part = torch.scope()) {
            Tensor kept = torch.numbers(part, keep, slots.length, used.length); // [slot, source]
            return torch.mix(pass, base, kept, changes(part, used, chunk)); // [slot, place, dModel]
        }
    }

    private boolean isKept(int source, int slot, int span) {
        return source < graph.sourcesBefore(slot) && circuit.contains(source, slot, span);
    }

    private boolean isComputed(int source) {
        if (source == 0) return input != null;
        int layer = (source - 1) / (graph.heads() + 1);
        return isHead(source)
                ? Arrays.binarySearch(heads[layer], source - graph.firstHead(layer)) >= 0
                : mlps[layer] != null;
    }

    /** What some sources give less what an ablated edge carries, at some positions. {@code [source, place, dModel]} */
    private Tensor changes(Scope pass, int[] used, Chunk chunk) {
        int width = model.config().dModel();
        Tensor changes = torch.empty(pass, ablated.last(), new int[] {used.length, chunk.size, width});
        int i = 0;
        if (used[0] == 0) torch.put(pass, changes, i++, at(pass, input, chunk));
        for (int layer = 0; layer < graph.layers() && i < used.length; layer++) {
            int first = graph.firstHead(layer);
            int mlp = first + graph.heads();
            int[] its = Arrays.stream(used)
                    .filter(source -> source >= first && source < mlp)
                    .map(source -> source - first)
                    .toArray();
            if (its.length > 0) {
                putHeads(changes, i, layer, its, chunk);
                i += its.length;
            }
            if (i < used.length && used[i] == mlp)
                torch.putRows(pass, changes, i++, torch.atPositions(pass, mlps[layer], chunk.positions));
        }
        if (circuit.choosesNeurons()) {
            double[] kept = new double[used.length * width];
            for (int j = 0; j < kept.length; j++) kept[j] = circuit.containsNeuron(used[j / width], j % width) ? 1 : 0;
            Tensor cut = torch.numbers(pass, kept, used.length, 1, width); // [source, 1, dModel]
            torch.cutNeurons(pass, changes, 0, cut, model.centres());
        }
        return changes;
    }

    private void putHeads(Tensor changes, int at, int layer, int[] its, Chunk chunk) {
        try (Scope pass = torch.scope()) {
            int[] places = Arrays.stream(its)
                    .map(head -> Arrays.binarySearch(heads[layer], head))
                    .toArray();
            Tensor there = at(pass, z[layer], chunk); // [1, place, head, dHead]
            Tensor mixed = places.length == heads[layer].length
                    ? there
                    : torch.pickHeads(pass, there, longs(pass, places)); // [1, place, head, dHead]
            Tensor base = at(pass, ablated.z().get(layer), chunk); // [1, place, head, dHead]
            torch.putHeadsChange(
                    pass, changes, at, mixed, base, model.layer(layer).wO(), graph.heads(), longs(pass, its));
        }
    }
}
