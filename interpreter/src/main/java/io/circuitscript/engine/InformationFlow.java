package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;

/**
 * Scores every edge of one batch by how much of a slot's input its source is (information flow routes; Ferrando and Voita 2024), as EAP-IG does: with
 * u what the source gives and v the slot's input, {@code max(0, |v| − |v − u|)} in the L1 norm, as a part of what all sources before the slot have, and a
 * mean over positions. Reads the clean run alone. A head's output is taken as it leaves the head, before a norm that may follow.
 */
public final class InformationFlow {
    private InformationFlow() {}

    /**
     * @param batch without a prefix of its own
     * @return for each edge number, the sum over the batch's examples
     */
    public static double[] scores(Batch batch, RunOptions options) {
        Transformer model = batch.model();
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        double[] scores = new double[graph.edgeIndexBound()];
        try (Scope scope = torch.scope()) {
            ActivationCache cache = new ActivationCache();
            Tensor embedded = model.embed(scope, batch.cleanIds()); // [batch, pos, dModel]
            Tensor last = model.blocks(
                    scope,
                    model.withPositions(scope, embedded, 0),
                    batch.positions(),
                    Prefix.NONE,
                    cache,
                    options.cancel()); // [batch, pos, dModel]
            Tensor outputs = SourceDifferences.empty(scope, batch); // [source, n, dModel]
            SourceDifferences.fillOutputs(scope, outputs, batch, embedded, cache);
            for (int layer = 0; layer < graph.layers(); layer++) {
                options.cancel().check();
                int first = graph.firstSlot(layer);
                int mlp = graph.firstSlot(layer, Slot.Port.WHOLE);
                LayerWeights w = model.layer(layer);
                double[] heads =
                        parts(batch, outputs, cache.residPre.get(layer), graph.sourcesBefore(first), w.attentionNorm());
                for (int slot = first; slot < mlp; slot++) put(graph, scores, slot, heads);
                put(
                        graph,
                        scores,
                        mlp,
                        parts(batch, outputs, cache.mlpIn.get(layer), graph.sourcesBefore(mlp), w.mlpNorm()));
            }
            put(graph, scores, graph.slots() - 1, parts(batch, outputs, last, graph.sources(), model.finalNorm()));
        }
        options.progress().advance(batch.examples());
        return scores;
    }

    /** Of the sources before a slot, from its input {@code [batch, pos, dModel]}: a sum over examples of means over positions, {@code [source]}. */
    private static double[] parts(Batch batch, Tensor outputs, Tensor in, int before, Norm norm) {
        Torch torch = batch.model().torch();
        try (Scope pass = torch.scope()) {
            return torch.toHost(torch.flowParts(
                    pass, outputs, before, in, norm.kind() == Norm.Kind.LAYER_NORM, batch.width())); // [source]
        }
    }

    private static void put(ModelGraph graph, double[] scores, int slot, double[] parts) {
        for (int source = 0; source < parts.length; source++) scores[graph.edge(source, slot)] = parts[source];
    }
}
