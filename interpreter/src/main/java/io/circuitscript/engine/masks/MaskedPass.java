package io.circuitscript.engine.masks;

import io.circuitscript.engine.Attention;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.LayerWeights;
import io.circuitscript.engine.Norm;
import io.circuitscript.engine.PerPort;
import io.circuitscript.engine.Prefix;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A run in which each edge is kept in part: the input of slot v is {@code Σ_u m_uv · out_u + (1 − m_uv) · ablated_u} over the sources u before it, with
 * out_u what the source gives in this same run; and the gradients of a loss of its logits with respect to the shares m, and to what ablated
 * edges carry where that is constants. With shares of 0 and 1 it is the run of a circuit.
 *
 * <p>Slots' inputs are products of shares and changes, {@code change_u = out_u − ablated_u}, so that their gradients are products too: with g_v the
 * gradient at the input of v, that at m_uv is {@code Σ g_v · change_u}, that at change_u is {@code Σ_v m_uv g_v}, and that at the constant of u is
 * {@code Σ_v (1 − m_uv) g_v}. Only what lies between a block's slots and what its sources give is left to the library, one block at a time from the
 * last to the first, and no copy of the changes is kept for it. Where a norm follows the attention block, a layer's heads are mixed for each slot and go
 * through the norm together; those mixtures are computed again on the way back.
 */
public final class MaskedPass implements AutoCloseable {
    /** Gradients of small losses vanish at float16 unless they grow before. */
    private static final double GROW_AT_FLOAT16 = 256;

    /** What one or several sources compute from their slots. Inputs are {@code [slot, n, dModel]}, outputs {@code [source, n, dModel]}. */
    private record Block(Slots slots, Tensor inputs, int firstSource, int sources, Tensor outputs) {}

    /** Some slots that are mixed together, and what they read: the sources before a number. base: the stream of nothing but ablated edges. */
    private record Slots(int first, int end, int before, Tensor base) {}

    /**
     * @param masks at the shares, {@code [1 or example, source, slot]} as these are, in float64; zero where there is no edge
     * @param constants at the constants, {@code [source, dModel]} in float64; null where ablated edges carry none
     */
    public record Gradients(Tensor masks, Tensor constants) {}

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final ModelGraph graph;
    private final CancelToken cancel;
    private final Scope scope;
    private final AblatedValues ablated;

    /** The shares, {@code [1 or row, source, slot]}. */
    private final Tensor masks;

    /** The same with zeros for heads, where these are mixed apart. */
    private final Tensor masksOfOthers;

    /** How many sets of shares there are, where the examples have several rows; 0: as many as {@link #masks}. */
    private final int sets;

    /** What each source gives less what an ablated edge carries. {@code [source, n, dModel]}, n = batch * pos */
    private final Tensor changes;

    private final Deque<Block> blocks = new ArrayDeque<>();
    private Slots lastSlot;
    private Tensor lastInput;
    private Tensor logits;

    private MaskedPass(Batch batch, Tensor masks, AblatedValues ablated, CancelToken cancel) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.graph = model.graph();
        this.cancel = cancel;
        this.ablated = ablated;
        this.scope = torch.scope();
        int several = (int) masks.size(0);
        if (masks.size(1) != graph.sources()
                || masks.size(2) != graph.slots()
                || several != 1 && several != batch.examples()) throw new IllegalArgumentException("masks " + masks);
        boolean spread = several > 1 && batch.size() > batch.examples();
        this.sets = spread ? several : 0;
        this.masks = spread ? torch.pickRows(scope, masks, rows(scope)) : torch.alias(scope, masks);
        this.masksOfOthers = model.normsAttentionOut()
                ? torch.multiply(scope, this.masks, othersThanHeads()) // [1 or row, source, slot]
                : this.masks;
        this.changes = torch.empty(scope, ablated.last(), new int[] {
            graph.sources(), batch.size() * batch.width(), model.config().dModel()
        });
    }

    /**
     * @param masks what share of each edge is kept, 0 … 1, the same for all examples or for each its own. {@code [1 or example, source, slot]}; what is no
     *     edge is not read
     */
    public static MaskedPass of(Batch batch, Tensor masks, AblatedValues ablated, CancelToken cancel) {
        MaskedPass pass = new MaskedPass(batch, masks, ablated, cancel);
        try {
            pass.run();
            return pass;
        } catch (RuntimeException | Error e) {
            pass.close();
            throw e;
        }
    }

    /** The logits at each point that is read, of which a loss can be made. This pass owns them. {@code [point, dVocab]} */
    public Tensor logits() {
        return logits;
    }

    private Tensor rows(Scope pass) {
        long[] rows = batch.exampleOfRow();
        return torch.longs(pass, rows, rows.length); // [row]
    }

    /** {@code [1, source, 1]} */
    private Tensor othersThanHeads() {
        double[] flags = new double[graph.sources()];
        for (int source = 0; source < flags.length; source++)
            flags[source] = source == 0 || (source - 1) % (graph.heads() + 1) == graph.heads() ? 1 : 0;
        return torch.numbers(scope, flags, 1, flags.length, 1);
    }

    private void run() {
        try (Scope pass = torch.scope()) {
            Tensor clean = model.embed(pass, batch.cleanIds()); // [batch, pos, dModel]
            torch.put(pass, changes, 0, ablated.inputChange(pass, clean));
        }
        for (int layer = 0; layer < graph.layers(); layer++) {
            cancel.check();
            int heads = graph.firstHead(layer);
            int mlp = heads + graph.heads();
            int mlpSlot = graph.firstSlot(layer, Slot.Port.WHOLE);
            Slots ofHeads = new Slots(graph.firstSlot(layer), mlpSlot, heads, ablated.residPre(layer));
            Slots ofMlp = new Slots(mlpSlot, mlpSlot + 1, graph.sourcesBefore(mlpSlot), ablated.mlpIn(layer));
            int at = layer;
            block(ofHeads, heads, graph.heads(), (pass, inputs) -> heads(pass, at, inputs));
            block(ofMlp, mlp, 1, (pass, inputs) -> mlp(pass, at, inputs));
        }
        lastSlot = new Slots(graph.slots() - 1, graph.slots(), graph.sources(), ablated.last());
        lastInput = torch.asLeaf(scope, mixed(scope, lastSlot)); // [1, n, dModel]
        Tensor stream = torch.asBatch(scope, lastInput, batch.size()); // [batch, pos, dModel]
        logits = batch.logits(scope, stream); // [point, dVocab]
    }

    private interface Computed {
        /** {@code [slot, n, dModel]} → what the sources give less what ablated edges carry, {@code [source, n, dModel]} */
        Tensor of(Scope pass, Tensor inputs);
    }

    private void block(Slots slots, int firstSource, int sources, Computed computed) {
        try (Scope pass = torch.scope()) {
            Tensor inputs = torch.asLeaf(scope, mixed(pass, slots)); // [slot, n, dModel]
            Tensor outputs = computed.of(pass, inputs); // [source, n, dModel]
            for (int i = 0; i < sources; i++)
                torch.put(pass, changes, firstSource + i, torch.rows(pass, outputs, i, i + 1));
            blocks.push(new Block(slots, inputs, firstSource, sources, pass.moveTo(scope, outputs)));
        }
    }

    /** What some slots take in. {@code [slot, n, dModel]} */
    private Tensor mixed(Scope owner, Slots slots) {
        try (Scope pass = torch.scope()) {
            Tensor mixed = torch.maskedMix(
                    owner,
                    slots.base,
                    masksOfOthers,
                    changes,
                    0,
                    slots.before,
                    slots.first,
                    slots.end); // [slot, n, dModel]
            for (int layer : normedLayers(slots)) {
                Norm norm = model.layer(layer).attentionOutNorm();
                Tensor alone = torch.flatOne(pass, ablated.attentionSum(layer)); // [1, n, dModel]
                Tensor change = torch.subtract(
                        pass,
                        model.norm(pass, headsTogether(pass, slots, layer), norm),
                        model.norm(pass, alone, norm)); // [slot, n, dModel]
                torch.addInto(pass, mixed, change);
            }
            return mixed;
        }
    }

    /** The layers whose heads come to some slots through a norm. */
    private int[] normedLayers(Slots slots) {
        if (!model.normsAttentionOut()) return new int[0];
        return IntStream.range(0, graph.layers())
                .filter(layer -> graph.firstHead(layer) + graph.heads() <= slots.before)
                .toArray();
    }

    /** A layer's heads as some slots see them, before their norm. {@code [slot, n, dModel]} */
    private Tensor headsTogether(Scope pass, Slots slots, int layer) {
        int first = graph.firstHead(layer);
        return torch.maskedMix(
                pass,
                ablated.attentionSum(layer),
                masks,
                changes,
                first,
                first + graph.heads(),
                slots.first,
                slots.end); // [slot, n, dModel]
    }

    private Tensor heads(Scope pass, int layer, Tensor inputs) {
        LayerWeights w = model.layer(layer);
        Attention attention = model.attention();
        int heads = graph.heads();
        Tensor normed = model.norm(pass, inputs, w.attentionNorm()); // [slot, n, dModel]
        PerPort<Tensor> ports = PerPort.of(port -> {
            int group = model.group(port);
            int from = port.ordinal() * heads;
            long[] which =
                    IntStream.range(0, heads).mapToLong(head -> head / group).toArray();
            return torch.projectHeads(
                    pass,
                    torch.rows(pass, normed, from, from + heads), // [head, n, dModel]
                    w.w(port),
                    w.b(port),
                    heads / group,
                    torch.longs(pass, which, heads),
                    batch.size()); // [batch, pos, head, dHead]
        });
        Prefix prefix = batch.prefix(cancel);
        Tensor z = attention.mix(
                pass,
                layer,
                attention.query(pass, w, layer, ports.q(), batch.positions()),
                attention.key(pass, w, layer, ports.k(), batch.positions()),
                ports.v(),
                prefix.keys(layer),
                prefix.values(layer),
                batch.positions(),
                null); // [batch, pos, head, dHead]
        return ablated.headsChange(pass, layer, z); // [head, n, dModel]
    }

    private Tensor mlp(Scope pass, int layer, Tensor inputs) {
        Tensor normed = model.norm(pass, inputs, model.layer(layer).mlpNorm()); // [1, n, dModel]
        Tensor out = model.mlp(pass, layer, torch.asBatch(pass, normed, batch.size())); // [batch, pos, dModel]
        return ablated.mlpChange(pass, layer, out); // [1, n, dModel]
    }

    /**
     * Of a loss. Can be asked once: what the way back needs is given up along it.
     *
     * @param result owns the gradients
     * @param loss a single number that was made of {@link #logits}
     */
    public Gradients gradients(Scope result, Tensor loss) {
        Tensor atInput = torch.gradients(scope, loss, List.of(lastInput)).getFirst(); // [1, n, dModel]
        Tensor atMasks = torch.cast(
                scope,
                torch.zeros(scope, masks, new int[] {Math.toIntExact(masks.size(0)), graph.sources(), graph.slots()}),
                Precision.FLOAT64.scalarType()); // [1 or row, source, slot]
        Tensor atConstants = ablated.constants() == null
                ? null
                : torch.cast(
                        result,
                        torch.zeros(scope, masks, new int[] {
                            graph.sources(), model.config().dModel()
                        }),
                        Precision.FLOAT64.scalarType()); // [source, dModel]
        Tensor atChanges = torch.zeros(scope, changes, new int[] {
            graph.sources(), batch.size() * batch.width(), model.config().dModel()
        }); // [source, n, dModel]
        Back back = new Back(atMasks, atConstants, atChanges);
        back.through(lastSlot, atInput);
        double grow = model.precision() == Precision.FLOAT16 ? GROW_AT_FLOAT16 : 1;
        while (!blocks.isEmpty()) {
            cancel.check();
            Block block = blocks.pop();
            try (Scope pass = torch.scope()) {
                Tensor at = torch.rows(
                        pass, atChanges, block.firstSource, block.firstSource + block.sources); // [source, n, dModel]
                List<Tensor> found = torch.gradientsAlong(pass, block.outputs, List.of(block.inputs), at, grow);
                scope.release(block.outputs);
                scope.release(block.inputs);
                back.through(block.slots, found.getFirst());
            }
        }
        if (sets > 0) return new Gradients(torch.sumRows(result, atMasks, rows(scope), sets), atConstants);
        return new Gradients(scope.moveTo(result, atMasks), atConstants);
    }

    /** The way back through the mixtures, with what it has gathered. */
    private final class Back {
        private final Tensor atMasks;
        private final Tensor atConstants;
        private final Tensor atChanges;

        private Back(Tensor atMasks, Tensor atConstants, Tensor atChanges) {
            this.atMasks = atMasks;
            this.atConstants = atConstants;
            this.atChanges = atChanges;
        }

        /** @param g the gradient at the slots' inputs, {@code [slot, n, dModel]} */
        private void through(Slots slots, Tensor g) {
            if (!model.normsAttentionOut()) {
                gather(slots, g, 0, slots.before);
                return;
            }
            gather(slots, g, 0, 1);
            for (int layer = 0; layer < graph.layers(); layer++) {
                int mlp = graph.firstHead(layer) + graph.heads();
                if (mlp < slots.before) gather(slots, g, mlp, mlp + 1);
            }
            for (int layer : normedLayers(slots)) {
                int first = graph.firstHead(layer);
                try (Scope pass = torch.scope()) {
                    Tensor sum = torch.asLeaf(pass, headsTogether(pass, slots, layer)); // [slot, n, dModel]
                    Tensor normed = model.norm(pass, sum, model.layer(layer).attentionOutNorm());
                    Tensor before = torch.gradientsAlong(pass, normed, List.of(sum), g, 1)
                            .getFirst(); // [slot, n, dModel]
                    gather(slots, before, first, first + graph.heads());
                }
            }
        }

        private void gather(Slots slots, Tensor g, int from, int to) {
            try (Scope pass = torch.scope()) {
                torch.maskGradients(pass, atMasks, changes, g, batch.size(), from, to, slots.first, slots.end);
                torch.maskedMixBack(pass, atChanges, masks, g, from, to, slots.first, slots.end);
                if (atConstants != null)
                    torch.constantGradients(pass, atConstants, masks, g, from, to, slots.first, slots.end);
            }
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
