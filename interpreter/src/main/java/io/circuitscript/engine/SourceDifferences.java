package io.circuitscript.engine;

import io.circuitscript.engine.positions.ReadPoints;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What each source gives at each position, or what ablating changes in it: ablated less clean. Of heads only what they mix is kept, and of a source
 * the full {@code [n, dModel]}, n = batch * pos, is made where it is asked for, for some positions or all of them.
 */
final class SourceDifferences {
    private final Transformer model;
    private final Torch torch;
    private final int places;

    /** {@code [n, dModel]} */
    private final Tensor input;

    /** For each layer {@code [n, head, dHead]}. */
    private final List<Tensor> z = new ArrayList<>();

    /** For each layer {@code [n, dModel]}. */
    private final List<Tensor> mlp = new ArrayList<>();

    private SourceDifferences(Scope owner, Batch batch, Tensor input) {
        this(owner, batch.model(), batch.size() * batch.width(), input);
    }

    private SourceDifferences(Scope owner, Transformer model, int places, Tensor input) {
        this.model = model;
        this.torch = model.torch();
        this.places = places;
        this.input = torch.flatRows(owner, input); // [n, dModel]
    }

    /** @param cleanInput what {@code input} gives on the clean run, and {@code cache} what the other sources give there */
    static SourceDifferences of(
            Scope owner, Batch batch, AblatedRun ablated, Tensor cleanInput, ActivationCache cache) {
        Torch torch = batch.model().torch();
        try (Scope pass = torch.scope()) {
            SourceDifferences found =
                    new SourceDifferences(owner, batch, torch.subtract(pass, ablated.input(), cleanInput));
            for (int layer = 0; layer < batch.model().graph().layers(); layer++)
                found.add(
                        owner,
                        torch.subtract(pass, ablated.z().get(layer), cache.z.get(layer)), // [batch, pos, head, dHead]
                        torch.subtract(
                                pass, ablated.mlpOut().get(layer), cache.mlpOut.get(layer))); // [batch, pos, dModel]
            return found;
        }
    }

    /** What each source gives itself. */
    static SourceDifferences outputs(Scope owner, Batch batch, Tensor input, ActivationCache cache) {
        SourceDifferences found = new SourceDifferences(owner, batch, input);
        for (int layer = 0; layer < batch.model().graph().layers(); layer++)
            found.add(owner, cache.z.get(layer), cache.mlpOut.get(layer));
        return found;
    }

    private void add(Scope owner, Tensor z, Tensor mlp) {
        this.z.add(torch.flatPositions(owner, z)); // [n, head, dHead]
        this.mlp.add(torch.flatRows(owner, mlp)); // [n, dModel]
    }

    /** All of them at all positions. {@code [source, n, dModel]} */
    Tensor whole(Scope scope) {
        int[] shape = {model.graph().sources(), places, model.config().dModel()};
        return filled(scope, model.finalNorm().weight(), shape, 0);
    }

    /** The same at positions from one up to another, in another type. {@code [source, place, dModel]} */
    Tensor some(Scope scope, Tensor like, int from, int to) {
        int[] shape = {model.graph().sources(), to - from, model.config().dModel()};
        return filled(scope, like, shape, from);
    }

    /** Some of them at all positions: {@code input}, an MLP, or heads of a layer. {@code [source, n, dModel]} */
    Tensor sources(Scope scope, int first, int end) {
        if (end > endOfKind(first)) throw new IllegalArgumentException("sources of several kinds");
        if (first == 0) return torch.flatOne(scope, input);
        int layer = (first - 1) / (model.graph().heads() + 1);
        if (!isHead(first)) return torch.flatOne(scope, mlp.get(layer));
        int head = model.graph().firstHead(layer);
        return torch.headsThrough(scope, z.get(layer), model.layer(layer).wO(), first - head, end - head);
    }

    boolean isHead(int source) {
        return source > 0
                && (source - 1) % (model.graph().heads() + 1) < model.graph().heads();
    }

    /** The end of those that {@link #sources} gives together, from one on. */
    int endOfKind(int source) {
        if (!isHead(source)) return source + 1;
        int heads = model.graph().heads();
        return source + heads - (source - 1) % (heads + 1);
    }

    private Tensor filled(Scope scope, Tensor like, int[] shape, int from) {
        Tensor out = torch.empty(scope, like, shape);
        List<Tensor> wO = new ArrayList<>();
        for (int layer = 0; layer < z.size(); layer++) wO.add(model.layer(layer).wO());
        try (Scope pass = torch.scope()) {
            torch.expandSources(pass, out, input, z, mlp, wO, from, from + shape[1]);
        }
        return out;
    }

    /**
     * Where a norm stands between what heads give and the stream: each head's difference becomes what changes in the stream with it alone.
     *
     * @param clean of the run in which the rest stays as it is
     */
    static void throughNorms(Scope pass, Tensor delta, Transformer model, ActivationCache clean) {
        if (!model.normsAttentionOut()) return;
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        for (int layer = 0; layer < graph.layers(); layer++) {
            int first = graph.firstHead(layer);
            Tensor heads = torch.rows(pass, delta, first, first + graph.heads()); // [head, n, dModel]
            Norm norm = model.layer(layer).attentionOutNorm();
            torch.putRows(pass, delta, first, norm.change(torch, pass, clean.attentionSum.get(layer), heads));
        }
    }

    /**
     * The same to first order, as a score takes it, with the norms as they are in a run.
     *
     * @param delta {@code [source, place, dModel]}, changed in place
     * @param sums what attention adds at these places, before its norm: for each layer {@code [place, dModel]}
     * @param fixed whether the norms' scales stay as they are
     */
    static void alongNorms(Scope pass, Tensor delta, Transformer model, List<Tensor> sums, boolean fixed) {
        ModelGraph graph = model.graph();
        for (int layer = 0; layer < graph.layers(); layer++)
            model.layer(layer)
                    .attentionOutNorm()
                    .through(model.torch(), pass, delta, graph.firstHead(layer), graph.heads(), sums.get(layer), fixed);
    }

    /** The same at the points at which a batch's logits are read. */
    SourceDifferences at(Scope owner, ReadPoints points, int rows) {
        try (Scope pass = torch.scope()) {
            SourceDifferences there =
                    new SourceDifferences(owner, model, points.count(), point(pass, points, rows, input));
            for (int layer = 0; layer < z.size(); layer++) {
                Tensor heads = point(pass, points, rows, z.get(layer)); // [point, head * dHead]
                Tensor split = torch.splitHeads(pass, heads, model.config().heads()); // [point, head, dHead]
                there.z.add(pass.moveTo(owner, split));
                there.mlp.add(pass.moveTo(owner, point(pass, points, rows, mlp.get(layer)))); // [point, dModel]
            }
            return there;
        }
    }

    /** x {@code [n, ..]} → {@code [point, ..]}, what is behind in one */
    private Tensor point(Scope pass, ReadPoints points, int rows, Tensor x) {
        Tensor at = points.of(torch, pass, torch.asBatchRows(pass, x, rows)); // [row, ..]
        return torch.rows(pass, at, 0, points.count());
    }

    /** The spans at which something changes in what each source gives, by number {@code source * spans + span}. graph: with spans */
    static BitSet spansMoved(Tensor delta, Batch batch, ModelGraph graph) {
        return spansMoved(delta, batch, graph, 0);
    }

    /** The same of some sources. @param first the number of the first of them */
    static BitSet spansMoved(Tensor delta, Batch batch, ModelGraph graph, int first) {
        Torch torch = batch.model().torch();
        int[] spanOf = batch.spanOfPosition();
        BitSet real = batch.realPositions();
        BitSet moved = new BitSet();
        try (Scope pass = torch.scope()) {
            double[] largest = torch.toHost(torch.largestAt(pass, delta)); // [source, n]
            for (int source = 0; source < largest.length / spanOf.length; source++) {
                for (int i = real.nextSetBit(0); i >= 0; i = real.nextSetBit(i + 1))
                    if (largest[source * spanOf.length + i] != 0)
                        moved.set((first + source) * graph.perEdge() + spanOf[i]);
            }
        }
        return moved;
    }
}
