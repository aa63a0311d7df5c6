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

    /** @param scope owns the weights */
    WeightLoader(Torch torch, Scope scope, Checkpoint checkpoint) {
        this.torch = torch;
        this.scope = scope;
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
    }

    Tensor load(String name) {
        Weight weight = checkpoint.weight(name);
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
        Tensor fused = load(at + ".attn.c_attn.weight"); // [dModel, (q, k, v) * head * dHead]
        Tensor bias = load(at + ".attn.c_attn.bias"); // [(q, k, v) * head * dHead]
        Tensor wO = load(at + ".attn.c_proj.weight"); // [head * dHead, dModel]
        Tensor bV = part(bias, 2);
        Tensor bO = torch.call(scope, "fold_bias", bV, wO, load(at + ".attn.c_proj.bias")); // [dModel]
        Tensor noBias = torch.call(scope, "zeros", bV, new int[] {width()});
        return new LayerWeights(
                norm(at + ".ln_1"),
                part(fused, 0), part(bias, 0),
                part(fused, 1), part(bias, 1),
                part(fused, 2), noBias,
                wO, bO,
                norm(at + ".ln_2"),
                load(at + ".mlp.c_fc.weight"), load(at + ".mlp.c_fc.bias"),
                load(at + ".mlp.c_proj.weight"), load(at + ".mlp.c_proj.bias"));
    }

    private int width() {
        return config.heads() * config.dHead();
    }

    private Tensor part(Tensor fused, int port) {
        return torch.call(scope, "columns", fused, port * width(), (port + 1) * width());
    }
}
