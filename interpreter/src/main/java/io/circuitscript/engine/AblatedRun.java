package io.circuitscript.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * The run in which every edge is ablated: what each source gives to an ablated edge, and the residual stream that nothing but ablated edges
 * enter. Under patching it is the corrupted run; under zero, what positions and the attention's output biases leave.
 *
 * @param input what {@code input} gives. {@code [batch, pos, dModel]}
 * @param mixed what heads mixed, for each layer {@code [batch, pos, head, dHead]}; a head gives this times its part of W_O
 * @param attentionSum what attention adds, before the norm over it, for each layer {@code [batch, pos, dModel]}; empty where there is no such norm
 * @param mlpOut what MLPs give, for each layer {@code [batch, pos, dModel]}
 * @param ports queries, keys and values: three lists, for each layer {@code [batch, pos, head, dHead]}
 * @param attentionIn the stream before each attention's norm
 * @param mlpIn the stream before each MLP's norm
 * @param last the stream after the last block
 */
record AblatedRun(
        Tensor input,
        List<Tensor> mixed,
        List<Tensor> attentionSum,
        List<Tensor> mlpOut,
        List<List<Tensor>> ports,
        List<Tensor> attentionIn,
        List<Tensor> mlpIn,
        Tensor last) {

    /** @param scope owns what the run keeps */
    static AblatedRun of(Scope scope, Batch batch, Ablation ablation, CancelToken cancel) {
        return switch (ablation) {
            case PATCHING -> patching(scope, batch, cancel);
            case ZERO -> zero(scope, batch);
        };
    }

    private static AblatedRun patching(Scope scope, Batch batch, CancelToken cancel) {
        Transformer model = batch.model();
        Recording record = new Recording();
        Tensor embedded = model.embed(scope, batch.corruptedIds()); // [batch, pos, dModel]
        Tensor x = model.withPositions(scope, embedded, batch.start()); // [batch, pos, dModel]
        Tensor last = model.blocks(scope, x, batch.sight(), batch.prefix(cancel), record, cancel); // [batch, pos, dModel]
        record.mlpNormed.forEach(scope::release);
        if (model.config().parallel()) record.middle.forEach(scope::release);
        return of(embedded, record, last);
    }

    /** @param record of the corrupted run */
    static AblatedRun of(Tensor input, Recording record, Tensor last) {
        return new AblatedRun(input, record.mixed, record.attentionSum, record.mlpOut, record.ports, record.attentionIn, record.mlpIn, last);
    }

    private static AblatedRun zero(Scope scope, Batch batch) {
        Transformer model = batch.model();
        Torch torch = model.torch();
        Tensor nothing = torch.call(scope, "scale", model.embed(scope, batch.corruptedIds()), 0.0); // [batch, pos, dModel]
        Tensor stream = model.withPositions(scope, nothing, batch.start()); // [batch, pos, dModel]
        int heads = model.config().heads();
        Tensor noHeads = torch.call(scope, "zeros", nothing, new int[] {
            batch.size(), batch.width(), heads, model.config().dHead()
        }); // [batch, pos, head, dHead]
        List<Tensor> mixed = new ArrayList<>();
        List<Tensor> sums = new ArrayList<>();
        List<Tensor> mlpOut = new ArrayList<>();
        List<List<Tensor>> ports = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Tensor> attentionIn = new ArrayList<>();
        List<Tensor> mlpIn = new ArrayList<>();
        for (int layer = 0; layer < model.config().layers(); layer++) {
            attentionIn.add(stream);
            try (Scope pass = torch.scope()) {
                Tensor[] projected = model.project(pass, layer, stream); // [batch, pos, head, dHead] each
                for (int port = 0; port < 3; port++) ports.get(port).add(pass.moveTo(scope, projected[port]));
            }
            if (model.config().parallel()) mlpIn.add(stream);
            Tensor sum = torch.call(scope, "add", nothing, model.attentionBias(layer)); // [batch, pos, dModel]
            stream = torch.call(scope, "add", stream, model.norm(scope, sum, model.layer(layer).attentionOutNorm())); // [batch, pos, dModel]
            if (model.normsAttentionOut()) sums.add(sum);
            if (!model.config().parallel()) mlpIn.add(stream);
            mixed.add(noHeads);
            mlpOut.add(nothing);
        }
        return new AblatedRun(nothing, mixed, sums, mlpOut, ports, attentionIn, mlpIn, stream);
    }
}
