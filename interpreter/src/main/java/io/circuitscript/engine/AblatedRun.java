package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The run in which every edge is ablated: what each source gives to an ablated edge, and the residual stream that nothing but ablated edges
 * enter. Under patching it is the corrupted run; under zero and means, what positions, the attention's output biases and what is carried give.
 *
 * <p>Of a batch that saves memory, the lists of what lies between sources are empty at first: all of it follows from what sources give ({@link #whole}).
 *
 * @param input what {@code input} gives. {@code [batch, pos, dModel]}
 * @param z each head's weighted values, for each layer {@code [batch, pos, head, dHead]}; a head gives this times its part of W_O
 * @param attentionSum what attention adds, before the norm over it, for each layer {@code [batch, pos, dModel]}; empty where there is no such norm
 * @param mlpOut what MLPs give, for each layer {@code [batch, pos, dModel]}
 * @param ports queries, keys and values, for each layer {@code [batch, pos, head, dHead]}
 * @param residPre the stream before each attention's norm
 * @param mlpIn the stream before each MLP's norm
 * @param last the stream after the last block
 */
public record AblatedRun(
        Tensor input,
        List<Tensor> z,
        List<Tensor> attentionSum,
        List<Tensor> mlpOut,
        PerPort<List<Tensor>> ports,
        List<Tensor> residPre,
        List<Tensor> mlpIn,
        Tensor last) {

    /** @param scope owns what the run keeps */
    static AblatedRun of(Scope scope, Batch batch, Ablation ablation, CancelToken cancel) {
        return switch (ablation) {
            case Ablation.Patching it -> patching(scope, batch, cancel);
            case Ablation.Zero it -> constant(scope, batch, zeros(scope, batch), !batch.savesMemory());
            case Ablation.Mean(SourceMeans means) ->
                constant(scope, batch, means(scope, batch, means), !batch.savesMemory());
        };
    }

    private static AblatedRun patching(Scope scope, Batch batch, CancelToken cancel) {
        Transformer model = batch.model();
        ActivationCache cache = batch.savesMemory()
                ? ActivationCache.of(ActivationCache.Kept.Z, ActivationCache.Kept.MLP_OUT)
                : new ActivationCache();
        Tensor embedded = model.embed(scope, batch.corruptedIds()); // [batch, pos, dModel]
        Tensor last = batch.corruptedRun(scope, embedded, cache, cancel); // [batch, pos, dModel]
        cache.mlpNormed.forEach(scope::release);
        if (model.config().parallel()) cache.residMid.forEach(scope::release);
        return of(embedded, cache, last);
    }

    /** @param cache of the corrupted run */
    static AblatedRun of(Tensor input, ActivationCache cache, Tensor last) {
        return new AblatedRun(
                input, cache.z, cache.attentionSum, cache.mlpOut, cache.ports, cache.residPre, cache.mlpIn, last);
    }

    /** The same run with what lies between its sources. @param scope owns that */
    AblatedRun whole(Scope scope, Batch batch) {
        AblatedRun run = constant(scope, batch, new Carried(input, z, mlpOut), true);
        scope.release(run.last);
        return new AblatedRun(input, z, run.attentionSum, mlpOut, run.ports, run.residPre, run.mlpIn, last);
    }

    /** What sources give that do not depend on the run: {@code [batch, pos, …]} each. */
    record Carried(Tensor input, List<Tensor> z, List<Tensor> mlpOut) {}

    /** The run under constants, through which gradients at them can be taken. @param constants {@code [1, 1, …]} each */
    static AblatedRun of(Scope scope, Batch batch, Carried constants) {
        Torch torch = batch.model().torch();
        // The same for each example, so that it is computed for one.
        int[] one = {1, batch.width(), 1};
        Tensor nothing = torch.zeros(scope, constants.input, one); // [1, pos, 1]
        int[] oneOfHeads = {1, batch.width(), 1, 1};
        Tensor noHeads = torch.zeros(scope, constants.input, oneOfHeads); // [1, pos, 1, 1]
        List<Tensor> z = new ArrayList<>();
        for (int layer = 0; layer < constants.z.size(); layer++) {
            Tensor wide = torch.add(scope, noHeads, constants.z.get(layer)); // [1, pos, head, dHead]
            z.add(torch.copyAs(scope, wide, batch.model().layer(layer).wO()));
        }
        Carried carried = new Carried(
                torch.add(scope, nothing, constants.input), // [1, pos, dModel]
                z,
                constants.mlpOut.stream()
                        .map(out -> torch.add(scope, nothing, out)) // [1, pos, dModel]
                        .toList());
        return constant(scope, batch, carried, true).map(x -> torch.repeatBatch(scope, x, batch.size()));
    }

    private AblatedRun map(UnaryOperator<Tensor> each) {
        return new AblatedRun(
                each.apply(input),
                z.stream().map(each).toList(),
                attentionSum.stream().map(each).toList(),
                mlpOut.stream().map(each).toList(),
                PerPort.of(port -> ports.get(port).stream().map(each).toList()),
                residPre.stream().map(each).toList(),
                mlpIn.stream().map(each).toList(),
                each.apply(last));
    }

    private static Tensor nothing(Scope scope, Batch batch) {
        Transformer model = batch.model();
        int[] shape = {batch.size(), batch.width(), model.config().dModel()};
        return model.torch().zeros(scope, model.finalNorm().weight(), shape); // [batch, pos, dModel]
    }

    private static Tensor noHeads(Scope scope, Batch batch, Tensor like) {
        Transformer model = batch.model();
        int[] shape = {
            batch.size(), batch.width(), model.config().heads(), model.config().dHead()
        };
        return model.torch().zeros(scope, like, shape); // [batch, pos, head, dHead]
    }

    private static Carried zeros(Scope scope, Batch batch) {
        Tensor nothing = nothing(scope, batch);
        int layers = batch.model().config().layers();
        Tensor noHeads = noHeads(scope, batch, batch.model().layer(0).wO());
        return new Carried(nothing, Collections.nCopies(layers, noHeads), Collections.nCopies(layers, nothing));
    }

    private static Carried means(Scope scope, Batch batch, SourceMeans means) {
        Transformer model = batch.model();
        Torch torch = model.torch();
        means.check(batch.width());
        List<Tensor> z = new ArrayList<>();
        List<Tensor> mlpOut = new ArrayList<>();
        try (Scope pass = torch.scope()) {
            Tensor nothing = nothing(pass, batch);
            Tensor noHeads = noHeads(pass, batch, nothing);
            for (int layer = 0; layer < model.config().layers(); layer++) {
                Tensor mean = torch.add(
                        pass,
                        noHeads,
                        means.z(
                                torch,
                                pass,
                                layer,
                                batch.width(),
                                model.config().heads())); // [batch, pos, head, dHead]
                // In a type of its own, so that what leaves the stream is what came into it.
                z.add(torch.copyAs(scope, mean, model.layer(layer).wO()));
                mlpOut.add(torch.add(
                        scope, nothing, means.mlpOut(torch, pass, layer, batch.width()))); // [batch, pos, dModel]
            }
            Tensor input = torch.add(scope, nothing, means.input(torch, pass, batch.width())); // [batch, pos, dModel]
            return new Carried(input, z, mlpOut);
        }
    }

    /**
     * What lies between the sources of a layer.
     *
     * @param attentionSum what attention adds, before a norm over it; {@code mlpIn} the stream before the MLP's norm, and {@code out} that after the layer.
     *     {@code [batch, pos, dModel]} each
     */
    public record Between(Tensor attentionSum, Tensor mlpIn, Tensor out) {}

    /** Of a layer. @param stream before it, {@code [batch, pos, dModel]} */
    public Between between(Scope scope, Transformer model, int layer, Tensor stream) {
        return between(scope, model, layer, stream, z.get(layer), mlpOut.get(layer));
    }

    private static Between between(Scope scope, Transformer model, int layer, Tensor stream, Tensor z, Tensor mlpOut) {
        Torch torch = model.torch();
        LayerWeights w = model.layer(layer);
        Tensor sum = torch.headsOut(scope, z, w.wO(), w.bO()); // [batch, pos, dModel]
        Tensor mid = torch.add(scope, stream, model.norm(scope, sum, w.attentionOutNorm())); // [batch, pos, dModel]
        return new Between(sum, model.config().parallel() ? stream : mid, torch.add(scope, mid, mlpOut));
    }

    /** The stream before the first layer. {@code [batch, pos, dModel]} */
    public Tensor stream(Scope scope, Batch batch) {
        return batch.model().withPositions(scope, input, batch.start()); // [batch, pos, dModel]
    }

    /** The run in which every source gives what it carries. @param whole whether what lies between them is kept */
    private static AblatedRun constant(Scope scope, Batch batch, Carried carried, boolean whole) {
        Transformer model = batch.model();
        Tensor stream = model.withPositions(scope, carried.input, batch.start()); // [batch, pos, dModel]
        List<Tensor> sums = new ArrayList<>();
        PerPort<List<Tensor>> ports = PerPort.lists();
        List<Tensor> residPre = new ArrayList<>();
        List<Tensor> mlpIn = new ArrayList<>();
        for (int layer = 0; layer < model.config().layers(); layer++) {
            try (Scope pass = model.torch().scope()) {
                Between between = between(pass, model, layer, stream, carried.z.get(layer), carried.mlpOut.get(layer));
                if (whole) {
                    PerPort<Tensor> projected = model.project(pass, layer, stream); // [batch, pos, head, dHead] each
                    for (Slot.Port port : Slot.Port.OF_HEAD)
                        ports.get(port).add(pass.moveTo(scope, projected.get(port)));
                    residPre.add(stream);
                    mlpIn.add(model.config().parallel() ? stream : pass.moveTo(scope, between.mlpIn));
                    if (model.normsAttentionOut()) sums.add(pass.moveTo(scope, between.attentionSum));
                } else scope.release(stream);
                pass.moveTo(scope, between.out);
                stream = between.out;
            }
        }
        return new AblatedRun(carried.input, carried.z, sums, carried.mlpOut, ports, residPre, mlpIn, stream);
    }
}
