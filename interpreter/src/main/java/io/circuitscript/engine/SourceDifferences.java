package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import java.util.BitSet;

/** What each source gives, {@code [source, n, dModel]} with n = batch * pos: what ablating changes in it, ablated less clean. */
final class SourceDifferences {
    private SourceDifferences() {}

    static Tensor empty(Scope scope, Batch batch) {
        Transformer model = batch.model();
        int n = batch.size() * batch.width();
        int[] shape = {model.graph().sources(), n, model.config().dModel()};
        return model.torch().empty(scope, model.finalNorm().weight(), shape);
    }

    /** @param cleanInput what {@code input} gives on the clean run, and {@code cache} what the other sources give there */
    static void fill(
            Scope pass, Tensor delta, Batch batch, AblatedRun ablated, Tensor cleanInput, ActivationCache cache) {
        Transformer model = batch.model();
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        torch.put(pass, delta, 0, torch.subtract(pass, ablated.input(), cleanInput));
        for (int layer = 0; layer < graph.layers(); layer++) {
            int first = graph.firstHead(layer);
            Tensor z = torch.subtract(pass, ablated.z().get(layer), cache.z.get(layer)); // [batch, pos, head, dHead]
            torch.headOutputs(pass, delta, first, z, model.layer(layer).wO());
            Tensor mlp =
                    torch.subtract(pass, ablated.mlpOut().get(layer), cache.mlpOut.get(layer)); // [batch, pos, dModel]
            torch.put(pass, delta, first + graph.heads(), mlp);
        }
    }

    /** What each source gives itself, in place of a difference. {@code [source, n, dModel]} */
    static void fillOutputs(Scope pass, Tensor outputs, Batch batch, Tensor input, ActivationCache cache) {
        Transformer model = batch.model();
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        torch.put(pass, outputs, 0, input);
        for (int layer = 0; layer < graph.layers(); layer++) {
            int first = graph.firstHead(layer);
            Tensor z = torch.wide(pass, cache.z.get(layer)); // [batch, pos, head, dHead]
            torch.headOutputs(pass, outputs, first, z, model.layer(layer).wO());
            torch.put(pass, outputs, first + graph.heads(), cache.mlpOut.get(layer));
        }
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
     * The same to first order, as a score takes it: a copy of the differences with the heads' taken through the norms as they are in a run.
     *
     * @param fixed whether the norms' scales stay as they are
     */
    static Tensor alongNorms(Scope pass, Tensor delta, Transformer model, ActivationCache run, boolean fixed) {
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        Tensor along = torch.copyRows(pass, delta, 0, graph.sources()); // [source, n, dModel]
        for (int layer = 0; layer < graph.layers(); layer++) {
            int first = graph.firstHead(layer);
            model.layer(layer)
                    .attentionOutNorm()
                    .through(torch, pass, along, first, graph.heads(), run.attentionSum.get(layer), fixed);
        }
        return along;
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
                    if (largest[source * spanOf.length + i] != 0) moved.set((first + source) * graph.perEdge() + spanOf[i]);
            }
        }
        return moved;
    }
}
