package io.circuitscript.engine;

import io.circuitscript.engine.LayerWeights.NormWeights;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Weight;
import java.util.ArrayList;
import java.util.List;

/** Takes a checkpoint's tensors to a device, in the shapes that the passes use. */
final class WeightLoader {
    private final Torch torch;
    private final Scope scope;
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private long parameters;

    /** @param scope owns the weights */
    WeightLoader(Torch torch, Scope scope, Checkpoint checkpoint) {
        this.torch = torch;
        this.scope = scope;
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
    }

    /** How many numbers were loaded so far. */
    long parameters() {
        return parameters;
    }

    Tensor load(String name) {
        Weight weight = checkpoint.weight(name);
        parameters += weight.elements();
        return torch.weight(scope, weight.bytes(), weight.format(), weight.shape());
    }

    NormWeights norm(String name) {
        return new NormWeights(load(name + ".weight"), load(name + ".bias"));
    }

    List<LayerWeights> layers(CancelToken cancel) {
        List<LayerWeights> layers = new ArrayList<>(config.layers());
        for (int layer = 0; layer < config.layers(); layer++) {
            cancel.check();
            layers.add(layer("h." + layer));
        }
        return layers;
    }

    private LayerWeights layer(String at) {
        NormWeights norm = norm(at + ".ln_1");
        Tensor fused = load(at + ".attn.c_attn.weight"); // [dModel, (q, k, v) * head * dHead]
        Tensor bias = load(at + ".attn.c_attn.bias"); // [(q, k, v) * head * dHead]
        Tensor wV = part(fused, 2); // [dModel, head * dHead]
        Tensor wO = load(at + ".attn.c_proj.weight"); // [head * dHead, dModel]
        // What every value gets whatever the stream: its bias, and the norm's through W_V. [head * dHead]
        Tensor constant = constant(norm, wV, part(bias, 2));
        Tensor normShare = torch.call(scope, "subtract", part(bias, 2), constant); // [head * dHead]
        Tensor bO = torch.call(scope, "affine", constant, wO, load(at + ".attn.c_proj.bias")); // [dModel]
        Tensor wQ = part(fused, 0);
        Tensor wK = part(fused, 1);
        List<Tensor> constants =
                List.of(constant(norm, wQ, part(bias, 0)), constant(norm, wK, part(bias, 1)), constant(norm, wV, normShare));
        return new LayerWeights(
                norm,
                wQ, part(bias, 0),
                wK, part(bias, 1),
                wV, normShare,
                constants,
                wO, bO,
                norm(at + ".ln_2"),
                load(at + ".mlp.c_fc.weight"), load(at + ".mlp.c_fc.bias"),
                load(at + ".mlp.c_proj.weight"), load(at + ".mlp.c_proj.bias"));
    }

    private Tensor constant(NormWeights norm, Tensor w, Tensor b) {
        return torch.call(scope, "affine", norm.bias(), w, b); // [head * dHead]
    }

    private int width() {
        return config.heads() * config.dHead();
    }

    private Tensor part(Tensor fused, int port) {
        return torch.call(scope, "columns", fused, port * width(), (port + 1) * width());
    }
}
