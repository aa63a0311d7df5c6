package io.circuitscript.engine;

import io.circuitscript.engine.LayerWeights.NormWeights;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Weight;
import io.circuitscript.source.UserError;
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

    /** A tensor in the type that streams have: embeddings, the unembedding, norms. */
    Tensor load(String name) {
        return load(name, torch.precision().wide());
    }

    /** A tensor in the type that the blocks' matrix products work in. */
    private Tensor factor(String name) {
        return load(name, torch.precision());
    }

    private Tensor load(String name, Precision as) {
        Weight weight = checkpoint.weight(name);
        parameters += weight.elements();
        try {
            Tensor tensor = torch.weight(scope, weight.bytes(), weight.format(), weight.shape(), as);
            if (as == Precision.FLOAT16 && weight.format() != Weight.Format.F16) checkRange(name, tensor);
            return tensor;
        } catch (OutOfDeviceMemory e) {
            throw UserError.failure(
                    "model-too-large",
                    "the weights of " + config.name() + " do not fit into the memory of " + torch.device() + " in " + torch.precision().word(),
                    "dtype=bfloat16 takes about half of float32's; device=cpu has the machine's own memory");
        }
    }

    /** What float16 cannot hold has become infinite: its largest number is 65,504. */
    private void checkRange(String name, Tensor tensor) {
        try (Scope pass = torch.scope()) {
            for (double finite : torch.toHost(torch.call(pass, "finite_rows", tensor))) {
                if (finite != 0) continue;
                throw UserError.input(
                        "weights-out-of-range",
                        "tensor " + name + " of " + config.name() + " holds a number beyond the range of float16",
                        "dtype=bfloat16 has the range of float32");
            }
        }
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
        Tensor fused = factor(at + ".attn.c_attn.weight"); // [dModel, (q, k, v) * head * dHead]
        Tensor bias = factor(at + ".attn.c_attn.bias"); // [(q, k, v) * head * dHead]
        Tensor wV = part(fused, 2); // [dModel, head * dHead]
        Tensor wO = factor(at + ".attn.c_proj.weight"); // [head * dHead, dModel]
        // What every value gets whatever the stream: its bias, and the norm's through W_V. [head * dHead]
        Tensor constant = constant(norm, wV, part(bias, 2));
        Tensor normShare = torch.call(scope, "subtract", part(bias, 2), constant); // [head * dHead]
        Tensor bV = asFactor(normShare, wV);
        Tensor bO = torch.call(scope, "affine", constant, wO, load(at + ".attn.c_proj.bias")); // [dModel]
        Tensor wQ = part(fused, 0);
        Tensor wK = part(fused, 1);
        List<Tensor> constants =
                List.of(constant(norm, wQ, part(bias, 0)), constant(norm, wK, part(bias, 1)), constant(norm, wV, bV));
        return new LayerWeights(
                norm,
                wQ, part(bias, 0),
                wK, part(bias, 1),
                wV, bV,
                constants,
                wO, asFactor(bO, wO),
                norm(at + ".ln_2"),
                factor(at + ".mlp.c_fc.weight"), factor(at + ".mlp.c_fc.bias"),
                factor(at + ".mlp.c_proj.weight"), factor(at + ".mlp.c_proj.bias"));
    }

    private Tensor asFactor(Tensor bias, Tensor weight) {
        return torch.call(scope, "as_type_of", bias, weight);
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
