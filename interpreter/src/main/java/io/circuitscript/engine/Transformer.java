package io.circuitscript.engine;

import io.circuitscript.engine.LayerWeights.NormWeights;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import java.util.List;

/**
 * A model's weights on a device, and its plain passes. Close it to give the memory back.
 *
 * <p>A pass works on a window of positions, {@code [batch, pos, …]}, that follows a {@link Prefix}. Padding stands to the right; attention is
 * causal, so that it never reaches a real position.
 */
public final class Transformer implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final Torch torch;
    private final Scope weights;
    private final Tensor tokenTable;
    private final Tensor positionTable;
    private final List<LayerWeights> layers;
    private final NormWeights finalNorm;
    private final Tensor unembedding;
    private final long parameters;

    private Transformer(Checkpoint checkpoint, Torch torch, CancelToken cancel) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.torch = torch;
        this.weights = torch.scope();
        try {
            WeightLoader loader = new WeightLoader(torch, weights, checkpoint);
            tokenTable = loader.load("wte.weight"); // [dVocab, dModel]
            positionTable = loader.load("wpe.weight"); // [position, dModel]
            layers = loader.layers(cancel);
            finalNorm = loader.norm("ln_f");
            String untied = "lm_head.weight";
            unembedding = checkpoint.names().contains(untied) ? loader.load(untied) : tokenTable; // [dVocab, dModel]
            parameters = loader.parameters();
        } catch (RuntimeException | Error e) {
            weights.close();
            throw e;
        }
    }

    /**
     * Puts a checkpoint's weights on a device. The model owns the checkpoint from then on: where nothing has to be converted, its weights are the
     * mapped file.
     *
     * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}
     * @throws io.circuitscript.source.UserError where the device is not there
     */
    public static Transformer load(Checkpoint checkpoint, String device, Precision precision, RunOptions options) {
        Torch torch = Torch.on(device, precision, options);
        try {
            ModelMemory.check(checkpoint, precision, torch.device(), options);
            return new Transformer(checkpoint, torch, options.cancel());
        } catch (RuntimeException | Error e) {
            torch.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    public ModelGraph graph() {
        return config.graph();
    }

    /** {@code cpu} or {@code cuda:0}. */
    public String device() {
        return torch.device();
    }

    public Precision precision() {
        return torch.precision();
    }

    /** How many weights it has, each tied one counted once. */
    public long parameters() {
        return parameters;
    }

    /** How many threads an operation may use on the CPU; a setting of the whole process. */
    public static void threads(int count) {
        Torch.setThreads(count);
    }

    /** How many tensors are alive beside the weights: 0 between runs. */
    public long liveTensors() {
        return torch.liveTensors() - weights.size();
    }

    public Torch torch() {
        return torch;
    }

    LayerWeights layer(int layer) {
        return layers.get(layer);
    }

    NormWeights finalNorm() {
        return finalNorm;
    }

    /** The attention's output bias of a layer, {@code [dModel]}: what it adds though every head be ablated. */
    Tensor attentionBias(int layer) {
        return layers.get(layer).bO();
    }

    /** What the source {@code input} gives. ids {@code [batch, pos]} → {@code [batch, pos, dModel]} */
    Tensor embed(Scope scope, Tensor ids) {
        return torch.call(scope, "embed", tokenTable, ids); // [batch, pos, dModel]
    }

    /** The residual stream before the first block: what {@code input} gives and what positions add, which belongs to no node. */
    Tensor withPositions(Scope scope, Tensor embedded, int firstPosition) {
        return torch.call(scope, "add_positions", embedded, positionTable, firstPosition); // [batch, pos, dModel]
    }

    Tensor norm(Scope scope, Tensor x, NormWeights norm) {
        return torch.call(scope, "layer_norm", x, norm.weight(), norm.bias(), config.normEpsilon()); // [batch, pos, dModel]
    }

    /** Queries, keys and values of a layer, {@code [batch, pos, head, dHead]} each. x: the stream before the norm, {@code [batch, pos, dModel]} */
    Tensor[] project(Scope scope, int layer, Tensor x) {
        LayerWeights w = layers.get(layer);
        Tensor normed = norm(scope, x, w.attentionNorm()); // [batch, pos, dModel]
        Tensor[] ports = new Tensor[3];
        for (int port = 0; port < 3; port++) {
            ports[port] = torch.call(scope, "project", normed, w.w(port), w.b(port), config.heads()); // [batch, pos, head, dHead]
        }
        return ports;
    }

    Tensor attend(Scope scope, Tensor q, Tensor k, Tensor v, Tensor pastKeys, Tensor pastValues) {
        return pastKeys == null
                ? torch.call(scope, "attend", q, k, v) // [batch, pos, head, dHead]
                : torch.call(scope, "attend_after", q, k, v, pastKeys, pastValues); // [batch, pos, head, dHead]
    }

    Tensor mlp(Scope scope, int layer, Tensor normed) {
        LayerWeights w = layers.get(layer);
        return torch.call(
                scope, "mlp", normed, w.wIn(), w.bIn(), w.wOut(), w.bOut(), config.activation().name()); // [batch, pos, dModel]
    }

    /** The logits of a residual stream at one position for each example. {@code [batch, dModel]} → {@code [batch, dVocab]} */
    Tensor unembed(Scope scope, Tensor normed) {
        return torch.call(scope, "unembed", normed, unembedding); // [batch, dVocab]
    }

    /** All blocks. Gives the residual stream after the last; fills {@code record}, of the same scope, where it is not null. */
    Tensor blocks(Scope scope, Tensor x, Prefix prefix, Recording record, CancelToken cancel) {
        return blocks(scope, 0, x, prefix, record, cancel);
    }

    /** The blocks from a layer on. */
    Tensor blocks(Scope scope, int firstLayer, Tensor x, Prefix prefix, Recording record, CancelToken cancel) {
        return blocks(scope, firstLayer, x, prefix, null, record, cancel);
    }

    /** All blocks over positions that are not simply causal. mask: which see which, {@code [pos, pos]} */
    Tensor blocks(Scope scope, Tensor x, Tensor mask, Recording record, CancelToken cancel) {
        return blocks(scope, 0, x, Prefix.NONE, mask, record, cancel);
    }

    private Tensor blocks(Scope scope, int firstLayer, Tensor x, Prefix prefix, Tensor mask, Recording record, CancelToken cancel) {
        Tensor stream = x; // [batch, pos, dModel]
        for (int layer = firstLayer; layer < config.layers(); layer++) {
            cancel.check();
            Tensor next;
            try (Scope pass = torch.scope()) {
                next = pass.moveTo(scope, block(pass, scope, layer, stream, prefix, mask, record));
            }
            if ((record == null || !record.keepsAll()) && layer > firstLayer) scope.release(stream);
            stream = next;
        }
        return stream;
    }

    private Tensor block(Scope pass, Scope kept, int layer, Tensor x, Prefix prefix, Tensor mask, Recording record) {
        LayerWeights w = layers.get(layer);
        Tensor[] ports = project(pass, layer, x); // [batch, pos, head, dHead] each
        boolean past = prefix.length() > 0;
        Tensor z = mask != null
                ? torch.call(pass, "attend_masked", ports[0], ports[1], ports[2], mask) // [batch, pos, head, dHead]
                : attend(pass, ports[0], ports[1], ports[2],
                        past ? prefix.keys().get(layer) : null, past ? prefix.values().get(layer) : null);
        Tensor middle = torch.call(pass, "attention_out", x, z, w.wO(), w.bO()); // [batch, pos, dModel]
        Tensor mlpNormed = norm(pass, middle, w.mlpNorm()); // [batch, pos, dModel]
        Tensor mlpOut = mlp(pass, layer, mlpNormed); // [batch, pos, dModel]
        if (record != null) {
            Tensor out = torch.call(pass, "add", middle, mlpOut); // [batch, pos, dModel]
            record.attentionIn.add(record.keepsAll() ? x : record.keep(torch, pass, kept, x));
            record.keepPorts(torch, pass, kept, ports);
            record.mixed.add(record.keep(torch, pass, kept, z));
            record.mlpIn.add(record.keep(torch, pass, kept, middle));
            record.mlpNormed.add(record.keep(torch, pass, kept, mlpNormed));
            record.mlpOut.add(record.keep(torch, pass, kept, mlpOut));
            return out;
        }
        return torch.call(pass, "add", middle, mlpOut); // [batch, pos, dModel]
    }

    /** The logits after the last of some tokens, on the host. */
    public double[] logitsAfter(int[] tokens, CancelToken cancel) {
        try (Batch batch = Batch.of(this, List.of(tokens), List.of(tokens), 0); Scope scope = torch.scope()) {
            return torch.toHost(batch.clean(scope, cancel));
        }
    }

    @Override
    public void close() {
        weights.close();
        torch.close();
        checkpoint.close();
    }
}
