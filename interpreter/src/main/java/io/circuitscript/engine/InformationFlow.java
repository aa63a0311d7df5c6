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
 *
 * <p>Of a graph with spans, the sum that makes the mean is over a span's positions, and its divisor is that of all: an edge's scores at its spans add up
 * to the edge's.
 */
public final class InformationFlow {
    private InformationFlow() {}

    /**
     * @param batch without a prefix of its own
     * @param graph whose edges are scored: the model's, at spans where the batch's positions are told apart
     * @return for each edge number, the sum over the batch's examples
     */
    public static double[] scores(Batch batch, ModelGraph graph, RunOptions options) {
        Transformer model = batch.model();
        Torch torch = model.torch();
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
            Tensor outputs =
                    SourceDifferences.outputs(scope, batch, embedded, cache).whole(scope); // [source, n, dModel]
            Tensor bySpan = graph.hasSpans() ? batch.positionsBySpan(scope, graph.perEdge()) : null; // [span, n]
            for (int layer = 0; layer < graph.layers(); layer++) {
                options.cancel().check();
                int first = graph.firstSlot(layer);
                int mlp = graph.firstSlot(layer, Slot.Port.WHOLE);
                LayerWeights w = model.layer(layer);
                double[] heads = parts(
                        batch,
                        outputs,
                        cache.residPre.get(layer),
                        graph.sourcesBefore(first),
                        w.attentionNorm(),
                        bySpan);
                for (int slot = first; slot < mlp; slot++) put(graph, scores, slot, heads);
                put(
                        graph,
                        scores,
                        mlp,
                        parts(batch, outputs, cache.mlpIn.get(layer), graph.sourcesBefore(mlp), w.mlpNorm(), bySpan));
            }
            put(
                    graph,
                    scores,
                    graph.slots() - 1,
                    parts(batch, outputs, last, graph.sources(), model.finalNorm(), bySpan));
        }
        options.progress().advance(batch.examples());
        return scores;
    }

    /**
     * Of the sources before a slot, from its input {@code [batch, pos, dModel]}: a sum over examples of means over positions, {@code [source]}.
     *
     * @param bySpan which position is in which span, {@code [span, n]}, for {@code [span, source]}; or null
     */
    private static double[] parts(Batch batch, Tensor outputs, Tensor in, int before, Norm norm, Tensor bySpan) {
        Torch torch = batch.model().torch();
        boolean centred = norm.kind() == Norm.Kind.LAYER_NORM;
        try (Scope pass = torch.scope()) {
            return torch.toHost(
                    bySpan == null
                            ? torch.flowParts(pass, outputs, before, in, centred, batch.width()) // [source]
                            : torch.flowPartsBySpan(
                                    pass, outputs, before, in, centred, batch.width(), bySpan)); // [span, source]
        }
    }

    private static void put(ModelGraph graph, double[] scores, int slot, double[] parts) {
        int sources = parts.length / graph.perEdge();
        for (int i = 0; i < parts.length; i++) scores[graph.edge(i % sources, slot, i / sources)] = parts[i];
    }
}
