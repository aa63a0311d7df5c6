package io.circuitscript.engine;

import io.circuitscript.graph.ModelGraph;

/** What ablating changes in each source's output: ablated less clean, {@code [source, n, dModel]} with n = batch * pos. */
final class SourceDifferences {
    private SourceDifferences() {}

    static Tensor empty(Scope scope, Batch batch) {
        Transformer model = batch.model();
        int n = batch.size() * batch.width();
        int[] shape = {model.graph().sources(), n, model.config().dModel()};
        return model.torch().call(scope, "empty", model.finalNorm().weight(), shape);
    }

    /** @param cleanInput what {@code input} gives on the clean run, and {@code record} what the other sources give there */
    static void fill(Scope pass, Tensor delta, Batch batch, AblatedRun ablated, Tensor cleanInput, Recording record) {
        Transformer model = batch.model();
        Torch torch = model.torch();
        ModelGraph graph = model.graph();
        torch.call(pass, "put", delta, 0, torch.call(pass, "subtract", ablated.input(), cleanInput));
        for (int layer = 0; layer < graph.layers(); layer++) {
            int first = 1 + layer * (graph.heads() + 1);
            Tensor z = torch.call(pass, "subtract", ablated.mixed().get(layer), record.mixed.get(layer)); // [batch, pos, head, dHead]
            torch.call(pass, "head_outputs", delta, first, z, model.layer(layer).wO());
            Tensor mlp = torch.call(pass, "subtract", ablated.mlpOut().get(layer), record.mlpOut.get(layer)); // [batch, pos, dModel]
            torch.call(pass, "put", delta, first + graph.heads(), mlp);
        }
    }
}
