package io.circuitscript.engine;

import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.Slot;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.Family;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Weight;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Takes a checkpoint's tensors to a device, in the shapes that the passes use. */
final class WeightLoader {
    private final Torch torch;
    private final Scope scope;
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final Family family;
    private Tensor ones;
    private long parameters;

    /** @param scope owns the weights */
    WeightLoader(Torch torch, Scope scope, Checkpoint checkpoint) {
        this.torch = torch;
        this.scope = scope;
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.family = config.family();
    }

    /** How many numbers were loaded so far. */
    long parameters() {
        return parameters;
    }

    /** A tensor in the type that streams have: embeddings, the unembedding, norms. */
    private Tensor load(String name) {
        return load(name, torch.precision().wide());
    }

    /** A tensor in the type that the blocks' matrix products work in. */
    private Tensor factor(String name) {
        return load(name, torch.precision());
    }

    private Tensor load(String name, Precision as) {
        Weight weight = checkpoint.weight(name);
        parameters += weight.elements();
        boolean kept = torch.keeps(weight.format(), as);
        try (Arena passing = Arena.ofShared()) {
            MemorySegment bytes = weight.read(kept ? checkpoint.memory() : passing);
            Tensor tensor = torch.weight(scope, bytes, weight.format(), weight.shape(), as);
            if (as == Precision.FLOAT16 && weight.format() != Weight.Format.F16) checkRange(name, tensor);
            return tensor;
        } catch (OutOfDeviceMemory e) {
            throw UserError.failure(
                    ErrorCode.MODEL_TOO_LARGE,
                    "the weights of " + config.name() + " do not fit into the memory of " + torch.device() + " in "
                            + torch.precision().word(),
                    "dtype=bfloat16 takes about half of float32's; device=cpu has the machine's own memory");
        }
    }

    /** What float16 cannot hold has become infinite: its largest number is 65,504. */
    private void checkRange(String name, Tensor tensor) {
        try (Scope pass = torch.scope()) {
            for (double finite : torch.toHost(torch.finiteRows(pass, tensor))) {
                if (finite != 0) continue;
                throw UserError.input(
                        ErrorCode.WEIGHTS_OUT_OF_RANGE,
                        "tensor " + name + " of " + config.name() + " holds a number beyond the range of float16",
                        "dtype=bfloat16 has the range of float32");
            }
        }
    }

    Tensor table(Part part) {
        return load(family.weight(part, 0));
    }

    /** Token embeddings in the model's width. {@code [dVocab, dEmbedding]} → {@code [dVocab, dModel]} */
    Tensor embedding(Tensor tokens) {
        if (!config.has(Part.EMBEDDING_IN)) return tokens;
        return torch.unembed(scope, tokens, load(family.weight(Part.EMBEDDING_IN, 0)));
    }

    /** What gives logits from the model's width. {@code [dVocab, dEmbedding]} → {@code [dVocab, dModel]} */
    Tensor unembedding(Tensor table) {
        if (!config.has(Part.EMBEDDING_OUT)) return table;
        Tensor out = load(family.weight(Part.EMBEDDING_OUT, 0)); // [dEmbedding, dModel]
        return torch.unembed(scope, table, torch.transposed(scope, out));
    }

    /** A part's bias, in the type that streams have; null where the model has none. */
    Tensor bias(Part part) {
        return config.biased().contains(part) ? load(family.bias(part, 0)) : null;
    }

    /** A norm of the model's width; one that is absent lets everything through. */
    Norm norm(Part part, int layer) {
        if (!config.has(part)) return new Norm(Norm.Kind.ABSENT, ones(), null, config.normEpsilon());
        Tensor weight = normWeight(part, layer);
        return switch (family.norm()) {
            case LAYER_NORM ->
                new Norm(Norm.Kind.LAYER_NORM, weight, load(family.bias(part, layer)), config.normEpsilon());
            case LAYER_NORM_UNBIASED ->
                new Norm(Norm.Kind.LAYER_NORM, weight, asFactor(zeros(config.dModel()), weight), config.normEpsilon());
            case RMS, RMS_PLUS_ONE -> new Norm(Norm.Kind.RMS, weight, null, config.normEpsilon());
        };
    }

    private Tensor ones() {
        if (ones == null) ones = torch.plusNumber(scope, zeros(config.dModel()), 1.0);
        return ones;
    }

    private Tensor zeros(int size) {
        return torch.numbers(scope, new double[size], size);
    }

    private Tensor normWeight(Part part, int layer) {
        Tensor weight = load(family.weight(part, layer)); // [dModel], or of heads
        return switch (family.norm()) {
            case LAYER_NORM, LAYER_NORM_UNBIASED, RMS -> weight;
            case RMS_PLUS_ONE -> torch.plusNumber(scope, weight, 1.0);
        };
    }

    List<LayerWeights> layers(CancelToken cancel) {
        List<LayerWeights> layers = new ArrayList<>(config.layers());
        for (int layer = 0; layer < config.layers(); layer++) {
            cancel.check();
            layers.add(layer(layer));
        }
        return layers;
    }

    private LayerWeights layer(int layer) {
        Norm norm = norm(Part.ATTENTION_NORM, layer);
        Projections projections = projections(layer);
        PerPort<Tensor> w = projections.w();
        PerPort<Tensor> b = projections.b();
        Tensor wO = matrix(Part.O, layer); // [head * dHead, dModel]
        // What every value gets whatever the stream: its bias, and the norm's through W_V. [kvHead * dHead]
        Tensor constant = constant(norm, w.v(), b.v());
        Tensor bO = torch.affine(scope, spread(constant), wO, outBias(layer)); // [dModel]
        b = new PerPort<>(b.q(), b.k(), asFactor(torch.subtract(scope, b.v(), constant), w.v()));
        PerPort<Tensor> constants = new PerPort<>(
                constant(norm, w.q(), b.q()),
                spread(constant(norm, w.k(), b.k())),
                spread(constant(norm, w.v(), b.v()))); // [head * dHead] each
        Tensor[] gateIn = gateIn(layer);
        Tensor wOut = matrix(Part.MLP_OUT, layer); // [dMlp, dModel]
        return new LayerWeights(
                norm,
                w,
                b,
                constants,
                headNorm(layer, Part.Q_NORM, Part.Q_NORM_BY_HEAD, Part.Q_NORM_WHOLE),
                headNorm(layer, Part.K_NORM, Part.K_NORM_BY_HEAD, Part.K_NORM_WHOLE),
                wO,
                asFactor(bO, wO),
                norm(Part.ATTENTION_OUT_NORM, layer),
                sharesNorm() ? norm : norm(Part.MLP_NORM, layer),
                gateIn[0],
                gateIn[1],
                gateIn[2],
                gateIn[3],
                wOut,
                matrixBias(Part.MLP_OUT, layer, wOut),
                norm(Part.MLP_OUT_NORM, layer));
    }

    /** What a source gives is what it adds to the stream, so that a model's multiplier of blocks belongs to their last matrix. */
    private Tensor scaled(Part part, Tensor weight) {
        double scale = config.scales().block();
        if (scale == 1 || part != Part.O && part != Part.MLP_OUT) return weight;
        Tensor scaled = torch.scale(scope, weight, scale);
        scope.release(weight);
        return scaled;
    }

    /** Where attention and MLP read the same stream through one norm. */
    private boolean sharesNorm() {
        return config.parallel() && !config.has(Part.MLP_NORM);
    }

    /** w: q {@code [dModel, head * dHead]}, k and v {@code [dModel, kvHead * dHead]}; b as long as w is wide. */
    private record Projections(PerPort<Tensor> w, PerPort<Tensor> b) {}

    private Projections projections(int layer) {
        boolean byHead = config.has(Part.QKV_BY_HEAD);
        Part fusedPart = byHead ? Part.QKV_BY_HEAD : Part.QKV;
        if (!config.has(fusedPart)) {
            PerPort<Part> parts = new PerPort<>(Part.Q, Part.K, Part.V);
            PerPort<Tensor> w = PerPort.of(port -> matrix(parts.get(port), layer));
            return new Projections(w, PerPort.of(port -> matrixBias(parts.get(port), layer, w.get(port))));
        }
        Tensor fused = matrix(
                fusedPart, layer); // [dModel, (q, k, v) * head * dHead], or [dModel, kvHead * (q.., k, v) * dHead]
        Tensor bias = matrixBias(fusedPart, layer, fused);
        if (!byHead)
            return new Projections(PerPort.of(port -> block(fused, port)), PerPort.of(port -> block(bias, port)));
        PerPort<Tensor> w = PerPort.of(port -> byHead(fused, port));
        PerPort<Tensor> b = PerPort.of(port -> byHead(bias, port));
        scope.release(fused);
        return new Projections(w, b);
    }

    /** The columns of one port where those of a group of queries, their key and their value lie together. */
    private Tensor byHead(Tensor fused, Slot.Port port) {
        int group = config.heads() / config.kvHeads();
        PerPort<Integer> starts = new PerPort<>(0, group, group + 1);
        int start = starts.get(port);
        return torch.partByHead(
                scope, fused, config.kvHeads(), group + 2, start, start + (port == Slot.Port.Q ? group : 1));
    }

    /** The columns of one port where those of query, key and value lie one after the other. */
    private Tensor block(Tensor fused, Slot.Port port) {
        int kvWidth = config.kvHeads() * config.dHead();
        PerPort<Integer> starts = new PerPort<>(0, width(), width() + kvWidth);
        int start = starts.get(port);
        return torch.columns(scope, fused, start, start + (port == Slot.Port.Q ? width() : kvWidth));
    }

    /** W_gate and its bias, null where there is no gate, then W_in and its bias. */
    private Tensor[] gateIn(int layer) {
        if (config.has(Part.MLP_GATE_IN)) {
            Tensor fused = matrix(Part.MLP_GATE_IN, layer); // [dModel, (gate, in) * dMlp]
            Tensor bias = matrixBias(Part.MLP_GATE_IN, layer, fused);
            int width = config.dMlp();
            return new Tensor[] {
                torch.columns(scope, fused, 0, width), torch.columns(scope, bias, 0, width),
                torch.columns(scope, fused, width, 2 * width), torch.columns(scope, bias, width, 2 * width)
            };
        }
        Tensor in = matrix(Part.MLP_IN, layer); // [dModel, dMlp]
        Tensor inBias = matrixBias(Part.MLP_IN, layer, in);
        if (!config.has(Part.MLP_GATE)) return new Tensor[] {null, null, in, inBias};
        Tensor gate = matrix(Part.MLP_GATE, layer); // [dModel, dMlp]
        return new Tensor[] {gate, matrixBias(Part.MLP_GATE, layer, gate), in, inBias};
    }

    /** {@code [in, out]}: a view of the file's memory, whichever way it lies there. */
    private Tensor matrix(Part part, int layer) {
        Tensor stored = scaled(part, factor(family.weight(part, layer)));
        return family.inputFirst() ? stored : torch.transposed(scope, stored);
    }

    /** Zeros where the model has none, as long as the matrix {@code [in, out]} is wide. */
    private Tensor matrixBias(Part part, int layer, Tensor matrix) {
        if (config.biased().contains(part)) return scaled(part, factor(family.bias(part, layer)));
        return asFactor(zeros(Math.toIntExact(matrix.size(-1))), matrix);
    }

    /** The attention's output bias as the file has it: what is folded into it is added before it is rounded. */
    private Tensor outBias(int layer) {
        return config.biased().contains(Part.O)
                ? scaled(Part.O, load(family.bias(Part.O, layer)))
                : zeros(config.dModel()); // [dModel]
    }

    /** @param each with one weight for all heads, {@code byHead} with one for each; {@code whole}: of all together */
    private HeadNorm headNorm(int layer, Part each, Part byHead, Part whole) {
        boolean centred = family.norm().centred();
        if (config.has(each)) {
            Tensor weight = normWeight(each, layer); // [dHead]
            Tensor bias = config.biased().contains(each) ? load(family.bias(each, layer)) : null; // [dHead]
            return headNorm(centred ? HeadNorm.Kind.LAYER_NORM : HeadNorm.Kind.RMS, weight, bias);
        }
        if (config.has(byHead)) {
            Tensor weight = perHead(byHead, layer);
            return headNorm(HeadNorm.Kind.LAYER_NORM, byHead == Part.K_NORM_BY_HEAD ? spread(weight) : weight, null);
        }
        if (!config.has(whole)) return null;
        Tensor weight = normWeight(whole, layer);
        return headNorm(HeadNorm.Kind.RMS_TOGETHER, whole == Part.K_NORM_WHOLE ? spread(weight) : weight, null);
    }

    private HeadNorm headNorm(HeadNorm.Kind kind, Tensor weight, Tensor bias) {
        Tensor zeros = bias == null && kind == HeadNorm.Kind.LAYER_NORM
                ? asFactor(zeros(Math.toIntExact(weight.size(0))), weight)
                : bias;
        return new HeadNorm(kind, weight, zeros, config.normEpsilon());
    }

    /** The weights of all heads, one after the other. {@code [head * dHead]} */
    private Tensor perHead(Part part, int layer) {
        if (!family.perHead(part)) return torch.flat(scope, load(family.weight(part, layer)));
        List<Tensor> heads = new ArrayList<>();
        for (int head = 0; head < config.heads(part); head++) heads.add(load(family.weight(part, layer, head)));
        Tensor all = torch.catLast(scope, heads);
        heads.forEach(scope::release);
        return all;
    }

    private Tensor asFactor(Tensor bias, Tensor weight) {
        return torch.asTypeOf(scope, bias, weight);
    }

    private Tensor constant(Norm norm, Tensor w, Tensor b) {
        // In the type that sums have.
        if (norm.bias() == null) return torch.asTypeOf(scope, b, norm.weight());
        return torch.affine(scope, norm.bias(), w, b);
    }

    /** What the heads of a group share, for each of them. {@code [kvHead * dHead]} → {@code [head * dHead]} */
    private Tensor spread(Tensor shared) {
        int group = config.heads() / config.kvHeads();
        return group == 1 ? shared : torch.spreadFlat(scope, shared, config.kvHeads(), group);
    }

    private int width() {
        return config.heads() * config.dHead();
    }
}
