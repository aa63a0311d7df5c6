package io.circuitscript.engine;

import io.circuitscript.engine.positions.SharedPositions;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a pass through the blocks kept, a tensor a layer. Whoever opened the pass's scope owns them. */
final class ActivationCache {
    /** What of each layer is kept, by the lists below. */
    enum Kept {
        STREAM,
        PORTS,
        Z,
        ATTENTION_SUM,
        MIDDLE,
        MLP_NORMED,
        MLP_OUT
    }

    private final Set<Kept> parts;

    /** Of so many positions at the start, keys and values are kept. */
    private final int prefix;

    /** Positions before this one are let go otherwise: they only pass through beside the ones recorded. */
    private final int from;

    /** In a pass over nodes, those of the positions that are kept; null where none is, or the pass is over rows. */
    private SharedPositions.Nodes keptNodes;

    /** Those of the first positions. */
    private SharedPositions.Nodes prefixNodes;

    private boolean ofNodes;

    /** The residual stream before each attention's norm. {@code [batch, pos, dModel]} */
    final List<Tensor> residPre = new ArrayList<>();

    /** Queries, keys and values as they are projected. {@code [batch, pos, head, dHead]} */
    final PerPort<List<Tensor>> ports = PerPort.lists();

    /** Keys of the first positions as scores take them, where they are asked for. {@code [batch, prefixPos, head, dHead]} */
    final List<Tensor> prefixKeys = new ArrayList<>();

    /** Values alike. */
    final List<Tensor> prefixValues = new ArrayList<>();

    /** Each head's weighted values, before its output projection. {@code [batch, pos, head, dHead]} */
    final List<Tensor> z = new ArrayList<>();

    /** What attention adds, before the norm over it; empty where there is no such norm. {@code [batch, pos, dModel]} */
    final List<Tensor> attentionSum = new ArrayList<>();

    /** The residual stream with what attention adds. {@code [batch, pos, dModel]} */
    final List<Tensor> residMid = new ArrayList<>();

    /** The residual stream before each MLP's norm: of {@link #residMid}, or, in a parallel block, of {@link #residPre}. {@code [batch, pos, dModel]} */
    final List<Tensor> mlpIn = new ArrayList<>();

    /** The output of each MLP's norm, in a pass of which everything is kept as it is. {@code [batch, pos, dModel]} */
    final List<Tensor> mlpNormed = new ArrayList<>();

    /** What each MLP adds to the residual stream, its bias included. {@code [batch, pos, dModel]} */
    final List<Tensor> mlpOut = new ArrayList<>();

    /** Keeps every position. */
    ActivationCache() {
        this(0, 0);
    }

    /** Keeps positions from {@code from} on, and keys and values of the first {@code prefix}. */
    ActivationCache(int prefix, int from) {
        this(prefix, from, EnumSet.allOf(Kept.class));
    }

    private ActivationCache(int prefix, int from, Set<Kept> parts) {
        this.prefix = prefix;
        this.from = from;
        this.parts = parts;
    }

    /** Keeps every position, of these parts only: the lists of the others stay empty. */
    static ActivationCache of(Kept first, Kept... others) {
        return new ActivationCache(0, 0, EnumSet.of(first, others));
    }

    boolean keeps(Kept part) {
        return parts.contains(part);
    }

    /** Whether the stream itself is kept, and not a copy of some positions. */
    boolean keepsStream() {
        return keepsAll() && keeps(Kept.STREAM);
    }

    /** Says that the pass is over nodes, of which it keeps those. Null: none. */
    void keepNodes(SharedPositions.Nodes kept, SharedPositions.Nodes first) {
        ofNodes = true;
        keptNodes = kept;
        prefixNodes = first;
    }

    /** Whether what a pass computes is kept as it is. */
    boolean keepsAll() {
        return from == 0 && !ofNodes;
    }

    /** Moves what a pass computed to a scope that outlives it, as far as it is kept. {@code [batch, pos, …]} */
    Tensor keep(Torch torch, Scope pass, Scope kept, Tensor x) {
        if (keepsAll()) return pass.moveTo(kept, x);
        if (keptNodes != null) return SharedPositions.spread(torch, kept, x, keptNodes);
        int end = Math.toIntExact(x.size(1));
        return torch.copyPositions(kept, x, ofNodes ? end : from, end);
    }

    /** Keeps queries, keys and values of a layer, and its keys as scores take them. {@code [batch, pos, head, dHead]} each */
    void keepPorts(Torch torch, Scope pass, Scope kept, PerPort<Tensor> found, Tensor keys) {
        if (prefixNodes != null) {
            prefixKeys.add(SharedPositions.spread(torch, kept, keys, prefixNodes));
            prefixValues.add(SharedPositions.spread(torch, kept, found.v(), prefixNodes));
        } else if (prefix > 0) {
            prefixKeys.add(torch.copyPositions(kept, keys, 0, prefix));
            prefixValues.add(torch.copyPositions(kept, found.v(), 0, prefix));
        }
        for (Slot.Port port : Slot.Port.OF_HEAD) ports.get(port).add(keep(torch, pass, kept, found.get(port)));
    }
}
