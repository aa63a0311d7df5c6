package io.circuitscript.engine;

import io.circuitscript.engine.positions.SharedPositions;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.model.AttentionShape;
import io.circuitscript.model.Family;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Rotary;
import java.util.List;

/** From queries, keys and values as they are projected, {@code [batch, pos, head, dHead]} each, to what heads mix. */
public final class Attention {
    private final Torch torch;
    private final ModelConfig config;

    /** Whether queries and keys are to be computed for all heads: heads share a norm, or each has a weight of its own in it. */
    private final boolean whole;

    Attention(Torch torch, ModelConfig config) {
        this.torch = torch;
        this.config = config;
        this.whole = config.normsAllHeads();
    }

    public boolean whole() {
        return whole;
    }

    /** A query as scores take it: normed, then turned. Of some heads; of all in their order where {@link #whole} says so. The same tensor where nothing is done. */
    public Tensor query(Scope scope, LayerWeights w, int layer, Tensor q, AttentionPositions positions) {
        return query(scope, w, layer, q, positions, false);
    }

    /** @param fixed whether the scale of a norm over queries is a constant on the way back */
    Tensor query(Scope scope, LayerWeights w, int layer, Tensor q, AttentionPositions positions, boolean fixed) {
        return turned(scope, layer, normed(scope, q, w.qNorm(), fixed), positions);
    }

    /** A key alike. */
    public Tensor key(Scope scope, LayerWeights w, int layer, Tensor k, AttentionPositions positions) {
        return key(scope, w, layer, k, positions, false);
    }

    Tensor key(Scope scope, LayerWeights w, int layer, Tensor k, AttentionPositions positions, boolean fixed) {
        return turned(scope, layer, normed(scope, k, w.kNorm(), fixed), positions);
    }

    private Tensor normed(Scope scope, Tensor x, HeadNorm norm, boolean fixed) {
        if (norm == null) return x;
        return fixed ? norm.fixed(torch, scope, x) : norm.of(torch, scope, x); // [batch, pos, head, dHead]
    }

    /**
     * What a change of projected queries or keys changes in them as scores take them, a norm's scale being that of {@code at}.
     *
     * @param norm over them; null where there is none
     * @param at {@code [batch, pos, head, dHead]}
     * @param change {@code [source * batch, pos, head, dHead]}
     */
    Tensor change(Scope scope, HeadNorm norm, int layer, Tensor at, Tensor change, AttentionPositions positions) {
        Tensor normed = norm == null ? change : norm.change(torch, scope, at, change);
        return turned(scope, layer, normed, positions); // [source * batch, pos, head, dHead]
    }

    private Tensor turned(Scope scope, int layer, Tensor x, AttentionPositions positions) {
        if (config.attention().get(layer).rotary().isEmpty()) return x;
        Rotary rotary = config.attention().get(layer).rotary().get();
        List<Tensor> rope = positions.rope(rotary); // [pos, pair] each
        Tensor cos = rope.get(0); // [pos, pair]
        Tensor sin = rope.get(1); // [pos, pair]
        return rotary.pairs()
                ? torch.turnPairs(scope, x, cos, sin) // [batch, pos, head, dHead]
                : torch.turnHalves(scope, x, cos, sin); // [batch, pos, head, dHead]
    }

    /**
     * @param q of {@link #query}, and k of {@link #key}
     * @param pastKeys of the positions before this pass's, {@code [batch, prefixPos, head, dHead]}; null where there are none. pastValues alike
     * @param heads which heads these are, {@code [place]}; null: all
     * @return {@code [batch, pos, head, dHead]}
     */
    public Tensor mix(
            Scope scope,
            int layer,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor pastKeys,
            Tensor pastValues,
            AttentionPositions positions,
            Tensor heads) {
        SharedPositions nodes = positions.nodes();
        if (nodes == null) return mixRows(scope, layer, q, k, v, pastKeys, pastValues, positions, heads);
        try (Scope pass = torch.scope()) {
            Tensor rows = mixRows(
                    pass,
                    layer,
                    nodes.spread(pass, q),
                    nodes.spread(pass, k),
                    nodes.spread(pass, v),
                    pastKeys == null ? null : nodes.ofRows(pass, pastKeys),
                    pastValues == null ? null : nodes.ofRows(pass, pastValues),
                    positions,
                    heads); // [row, pos, head, dHead]
            return nodes.collect(scope, rows); // [1, node, head, dHead]
        }
    }

    private Tensor mixRows(
            Scope scope,
            int layer,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor pastKeys,
            Tensor pastValues,
            AttentionPositions positions,
            Tensor heads) {
        AttentionShape shape = config.attention().get(layer);
        Tensor keys = pastKeys == null ? k : torch.catPast(scope, pastKeys, k); // [batch, keyPos, head, dHead]
        Tensor values = pastValues == null ? v : torch.catPast(scope, pastValues, v); // [batch, keyPos, head, dHead]
        if (shape.cap() > 0)
            return torch.attendCapped(scope, q, keys, values, positions.mask(shape), shape.scale(), shape.cap());
        if (positions.causal(shape)) return torch.attend(scope, q, keys, values, shape.scale());
        Tensor mask = positions.mask(shape); // [queryPos, keyPos] or [1, head, queryPos, keyPos]
        boolean byHead = config.family().positions() == Family.Positions.ALIBI;
        if (byHead && heads != null) mask = torch.pickSlopes(scope, mask, heads);
        return torch.attendMasked(scope, q, keys, values, mask, shape.scale());
    }
}
