package io.circuitscript.engine;

import io.circuitscript.engine.ActivationCache.Kept;
import io.circuitscript.engine.positions.SharedPositions;
import io.circuitscript.engine.torch.EngineStart;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Slot;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.ModelConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model's weights on a device, and its plain passes. Close it to give the memory back.
 *
 * <p>A pass works on a window of positions, {@code [batch, pos, …]}, that follows a {@link Prefix}; or on what its texts share, {@code [1, node, …]}
 * ({@link SharedPositions}). Padding stands to the right; attention is
 * causal, so that it never reaches a real position.
 */
public final class Transformer implements AutoCloseable {
    /** Numbers of back projections that are kept at most: of a model like GPT-2 small, 21 million. */
    private static final long MOST_KEPT_BACK = 1L << 25;

    private final Checkpoint checkpoint;
    private final ModelConfig config;
    private final Torch torch;
    private final Scope weights;
    private final Tensor tokenTable;
    private final Tensor positionTable;
    private final Norm embeddingNorm;
    private final List<LayerWeights> layers;
    private final Norm finalNorm;
    private final Tensor unembedding;
    private final Tensor unembeddingBias;
    private final Attention attention;
    private final long parameters;
    private final Map<Integer, PerPort<Tensor>> backProjections = new HashMap<>();

    private Transformer(Checkpoint checkpoint, Torch torch, CancelToken cancel) {
        this.checkpoint = checkpoint;
        this.config = checkpoint.config();
        this.torch = torch;
        this.weights = torch.scope();
        try {
            WeightLoader loader = new WeightLoader(torch, weights, checkpoint);
            Tensor tokens = loader.table(Part.TOKENS); // [dVocab, dEmbedding]
            tokenTable = loader.embedding(tokens); // [dVocab, dModel]
            positionTable = config.has(Part.POSITIONS) ? loader.table(Part.POSITIONS) : null; // [position, dModel]
            embeddingNorm = loader.norm(Part.EMBEDDING_NORM, 0);
            layers = loader.layers(cancel);
            finalNorm = loader.norm(Part.FINAL_NORM, 0);
            unembedding = loader.unembedding(
                    checkpoint.unembedding().isPresent() ? loader.table(Part.UNEMBEDDING) : tokens); // [dVocab, dModel]
            unembeddingBias = loader.bias(Part.UNEMBEDDING); // [dVocab]
            attention = new Attention(torch, config);
            parameters = loader.parameters();
            checkpoint.closeFiles();
        } catch (RuntimeException | Error e) {
            weights.close();
            throw e;
        }
    }

    /**
     * Puts a checkpoint's weights on a device. The model owns the checkpoint from then on: where nothing has to be converted, its weights lie in
     * the checkpoint's memory.
     *
     * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}
     * @throws io.circuitscript.source.UserError where the device is not there
     */
    public static Transformer load(Checkpoint checkpoint, String device, Precision precision, RunOptions options) {
        try (EngineStart start = EngineStart.begin(device, options.unpacking())) {
            return load(checkpoint, start, precision, options);
        }
    }

    /** The same with an engine that is being started. */
    public static Transformer load(Checkpoint checkpoint, EngineStart start, Precision precision, RunOptions options) {
        Torch torch = Torch.of(start, precision, options.notes());
        try {
            ModelMemory.check(checkpoint, precision, torch.device(), options);
            checkpoint
                    .notes()
                    .forEach(note -> options.notes().accept(checkpoint.config().name() + ": " + note));
            return new Transformer(checkpoint, torch, options.cancel());
        } catch (RuntimeException | Error e) {
            torch.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    /** Where its weights were read from. */
    public Checkpoint.Origin origin() {
        return checkpoint.origin();
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

    /** What is to be said where not so many threads are used. @param asked as it was asked for, such as {@code threads=8} */
    public static Optional<String> fewerThreads(String asked, int count) {
        int used = Torch.threadsOf(count);
        if (used == count) return Optional.empty();
        return Optional.of(asked + ": " + (used == 1 ? "1 is used" : used + " are used") + ", one for each core");
    }

    /** How many tensors are alive beside the weights: 0 between runs. */
    public long liveTensors() {
        return torch.liveTensors() - weights.size();
    }

    public Torch torch() {
        return torch;
    }

    public LayerWeights layer(int layer) {
        return layers.get(layer);
    }

    /**
     * What carries a gradient at a layer's q, k and v back to its stream, {@code [kvHead, dHead, dModel]} each: the projection with its norm's weight and
     * centring inside, in the type of the stream: bfloat16 would round the largest score by up to 0.4 %. Kept with the model where that is little memory,
     * and made by one thread at a time: the workers of a process share their model.
     *
     * @param pass owns it otherwise
     */
    synchronized PerPort<Tensor> backProjections(Scope pass, int layer) {
        PerPort<Tensor> known = backProjections.get(layer);
        if (known != null) return known;
        boolean keeps = 3L * config.layers() * config.dModel() * config.heads() * config.dHead() <= MOST_KEPT_BACK;
        LayerWeights w = layers.get(layer);
        try (Scope here = torch.scope()) {
            PerPort<Tensor> made = PerPort.of(port -> {
                Tensor back = w.attentionNorm()
                        .backProjection(
                                torch, here, w.w(port), config.heads() / group(port)); // [kvHead, dHead, dModel]
                return torch.contiguousAs(keeps ? weights : pass, back, finalNorm.weight());
            });
            if (keeps) backProjections.put(layer, made);
            return made;
        }
    }

    /** Whether positions are added to the stream. */
    boolean addsPositions() {
        return positionTable != null;
    }

    public Norm finalNorm() {
        return finalNorm;
    }

    public Attention attention() {
        return attention;
    }

    /** How many heads share what a port takes: 1 for queries, and for keys and values where each head has its own. */
    public int group(Slot.Port port) {
        return port == Slot.Port.Q ? 1 : config.heads() / config.kvHeads();
    }

    /** Whether a norm stands between what heads give and the stream: those of a layer go through it together. */
    public boolean normsAttentionOut() {
        return config.has(Part.ATTENTION_OUT_NORM);
    }

    /**
     * Whether the norms that read the stream take its mean out, so that a source's mean over dModel is nobody's. A neuron is then one dimension of
     * what the source gives less that mean, as EAP-IG has it, whose weights that write to the stream are centred.
     */
    public boolean centres() {
        return finalNorm.kind() == Norm.Kind.LAYER_NORM;
    }

    /** What the source {@code input} gives. ids {@code [batch, pos]} → {@code [batch, pos, dModel]} */
    public Tensor embed(Scope scope, Tensor ids) {
        Tensor embedded = torch.embed(scope, tokenTable, ids); // [batch, pos, dModel]
        double scale = config.scales().embedding();
        if (scale != 1) embedded = torch.scale(scope, embedded, scale);
        return embeddingNorm.present() ? embeddingNorm.of(torch, scope, embedded) : embedded;
    }

    /** The residual stream before the first block: what {@code input} gives and what positions add, which belongs to no node. */
    public Tensor withPositions(Scope scope, Tensor embedded, int firstPosition) {
        if (positionTable == null) return torch.alias(scope, embedded); // [batch, pos, dModel]
        return torch.addPositions(
                scope, embedded, positionTable, firstPosition + config.positionOffset()); // [batch, pos, dModel]
    }

    public Tensor norm(Scope scope, Tensor x, Norm norm) {
        return norm.of(torch, scope, x); // [batch, pos, dModel]
    }

    /** Queries, keys and values of a layer, {@code [batch, pos, head, dHead]} each. x: the stream before the norm, {@code [batch, pos, dModel]} */
    public PerPort<Tensor> project(Scope scope, int layer, Tensor x) {
        return project(scope, layer, x, false);
    }

    /** @param fixed whether the norm's scale is a constant on the way back */
    private PerPort<Tensor> project(Scope scope, int layer, Tensor x, boolean fixed) {
        LayerWeights w = layers.get(layer);
        // Rounded for each of the three, so that on the way back their gradients are summed before they are rounded.
        Tensor normed = w.attentionNorm().of(torch, scope, x, fixed); // [batch, pos, dModel]
        return PerPort.of(port -> {
            int group = group(port);
            Tensor shared = torch.project(
                    scope, normed, w.w(port), w.b(port), config.heads() / group); // [batch, pos, kvHead, dHead]
            return group == 1 ? shared : torch.spread(scope, shared, group); // [batch, pos, head, dHead]
        });
    }

    public Tensor mlp(Scope scope, int layer, Tensor normed) {
        return mlp(scope, layer, normed, false);
    }

    /** @param rules whether the way back follows the rules of {@link Intervention#relevance} */
    private Tensor mlp(Scope scope, int layer, Tensor normed, boolean rules) {
        LayerWeights w = layers.get(layer);
        String activation = config.activation().name();
        Tensor out = w.wGate() == null
                ? torch.mlp(
                        scope, normed, w.wIn(), w.bIn(), w.wOut(), w.bOut(), activation, rules) // [batch, pos, dModel]
                : torch.gatedMlp(
                        scope,
                        normed,
                        w.wGate(),
                        w.bGate(),
                        w.wIn(),
                        w.bIn(),
                        w.wOut(),
                        w.bOut(),
                        activation,
                        rules); // [batch, pos, dModel]
        if (!w.mlpOutNorm().present()) return out;
        return w.mlpOutNorm().of(torch, scope, torch.wide(scope, out), rules); // [batch, pos, dModel]
    }

    /** The logits of a residual stream at one position for each example. {@code [batch, dModel]} → {@code [batch, dVocab]} */
    Tensor unembed(Scope scope, Tensor normed) {
        Tensor logits = unembeddingBias == null
                ? torch.unembed(scope, normed, unembedding) // [batch, dVocab]
                : torch.unembedBiased(scope, normed, unembedding, unembeddingBias);
        double scale = config.scales().logits();
        if (scale != 1) logits = torch.scale(scope, logits, scale);
        return config.logitCap() > 0 ? torch.cap(scope, logits, config.logitCap()) : logits;
    }

    /** All blocks. Gives the residual stream after the last; fills {@code cache}, of the same scope, where it is not null. */
    Tensor blocks(
            Scope scope,
            Tensor x,
            AttentionPositions positions,
            Prefix prefix,
            ActivationCache cache,
            CancelToken cancel) {
        return blocks(scope, 0, x, positions, prefix, cache, cancel);
    }

    /** The blocks from a layer on. */
    Tensor blocks(
            Scope scope,
            int firstLayer,
            Tensor x,
            AttentionPositions positions,
            Prefix prefix,
            ActivationCache cache,
            CancelToken cancel) {
        return blocks(scope, firstLayer, x, positions, prefix, cache, Intervention.NONE, cancel);
    }

    /** The same with activations of another run put in place. */
    Tensor blocks(
            Scope scope,
            int firstLayer,
            Tensor x,
            AttentionPositions positions,
            Prefix prefix,
            ActivationCache cache,
            Intervention intervention,
            CancelToken cancel) {
        Tensor stream = x; // [batch, pos, dModel]
        for (int layer = firstLayer; layer < config.layers(); layer++) {
            cancel.check();
            Tensor next;
            try (Scope pass = torch.scope()) {
                next = pass.moveTo(scope, block(pass, scope, layer, stream, positions, prefix, cache, intervention));
            }
            if ((cache == null || !cache.keepsStream()) && layer > firstLayer) scope.release(stream);
            stream = next;
        }
        return stream;
    }

    private Tensor block(
            Scope pass,
            Scope kept,
            int layer,
            Tensor x,
            AttentionPositions positions,
            Prefix prefix,
            ActivationCache cache,
            Intervention intervention) {
        LayerWeights w = layers.get(layer);
        boolean rules = intervention.relevance();
        PerPort<Tensor> ports = project(pass, layer, x, rules); // [batch, pos, head, dHead] each
        Tensor q = attention.query(pass, w, layer, ports.q(), positions, rules); // [batch, pos, head, dHead]
        Tensor k = attention.key(pass, w, layer, ports.k(), positions, rules); // [batch, pos, head, dHead]
        boolean held = intervention.holdsPatterns();
        Tensor mixed = attention.mix(
                pass,
                layer,
                held ? torch.constant(pass, q) : q,
                held ? torch.constant(pass, k) : k,
                ports.v(),
                prefix.keys(layer),
                prefix.values(layer),
                positions,
                null); // [batch, pos, head, dHead]
        Tensor z = intervention.z(pass, layer, mixed); // [batch, pos, head, dHead]
        // What comes after the last layer's attention is asked for where logits are read, and nowhere else.
        ReadRows read = new ReadRows(pass, layer == config.layers() - 1 ? positions.read() : null);
        Tensor zThere = read.of(z); // [batch, pos, head, dHead]
        Tensor xThere = read.of(x); // [batch, pos, dModel]
        Tensor sum = normsAttentionOut()
                ? read.ontoNothing(x, torch.headsOut(pass, zThere, w.wO(), w.bO()))
                : null; // [batch, pos, dModel]
        Tensor midThere = sum == null
                ? torch.attentionOut(pass, xThere, zThere, w.wO(), w.bO()) // [batch, pos, dModel]
                : torch.add(
                        pass,
                        xThere,
                        w.attentionOutNorm().of(torch, pass, read.of(sum), rules)); // [batch, pos, dModel]
        Tensor residMid = read.onto(x, midThere); // [batch, pos, dModel]
        Tensor into = config.parallel() ? x : residMid; // [batch, pos, dModel]
        // Of its own, so that a gradient there is what comes through the MLP alone.
        Tensor mlpIn = cache != null && cache.keepsAll() && cache.keeps(Kept.MIDDLE) ? torch.alias(pass, into) : into;
        Tensor mlpNormed =
                read.ontoNothing(x, w.mlpNorm().of(torch, pass, read.of(mlpIn), rules)); // [batch, pos, dModel]
        Tensor mlpThere = mlp(pass, layer, read.of(mlpNormed), rules); // [batch, pos, dModel]
        Tensor mlpOut = intervention.mlpOut(pass, layer, read.ontoNothing(x, mlpThere)); // [batch, pos, dModel]
        Tensor out = torch.add(pass, residMid, mlpOut); // [batch, pos, dModel]
        if (cache != null) {
            if (cache.keeps(Kept.STREAM)) cache.residPre.add(cache.keepsAll() ? x : cache.keep(torch, pass, kept, x));
            if (cache.keeps(Kept.PORTS)) cache.keepPorts(torch, pass, kept, ports, k);
            if (cache.keeps(Kept.Z)) cache.z.add(cache.keep(torch, pass, kept, z));
            if (sum != null && cache.keeps(Kept.ATTENTION_SUM))
                cache.attentionSum.add(cache.keep(torch, pass, kept, sum));
            if (cache.keeps(Kept.MIDDLE)) {
                cache.residMid.add(cache.keep(torch, pass, kept, residMid));
                cache.mlpIn.add(
                        cache.keepsAll()
                                ? pass.moveTo(kept, mlpIn)
                                : (config.parallel() ? cache.residPre : cache.residMid).getLast());
            }
            if (cache.keepsAll() && cache.keeps(Kept.MLP_NORMED)) cache.mlpNormed.add(pass.moveTo(kept, mlpNormed));
            if (cache.keeps(Kept.MLP_OUT)) cache.mlpOut.add(cache.keep(torch, pass, kept, mlpOut));
        }
        return out;
    }

    /** Some positions of a pass, as rows; or all of them as they are, where {@code places} is null. */
    private final class ReadRows {
        private final Scope pass;
        private final Tensor places;

        private ReadRows(Scope pass, Tensor places) {
            this.pass = pass;
            this.places = places;
        }

        /** {@code [batch, pos, ..]} → {@code [1, row, ..]}; a single one stands there twice, as in {@link ReadPoints#of} */
        private Tensor of(Tensor x) {
            return places == null ? x : torch.readRows(pass, x, places);
        }

        /** Rows in place of those of a stream. {@code [1, row, dModel]} → {@code [batch, pos, dModel]} */
        private Tensor onto(Tensor stream, Tensor rows) {
            return places == null ? rows : torch.placeRows(pass, stream, places, rows);
        }

        /** Rows among zeros. @param like of the shape and type */
        private Tensor ontoNothing(Tensor like, Tensor rows) {
            return places == null ? rows : torch.placeRowsInZeros(pass, like, places, rows);
        }
    }

    /** One block alone, as {@link #blocks} has it. */
    Tensor block(
            Scope scope,
            int layer,
            Tensor x,
            AttentionPositions positions,
            Prefix prefix,
            ActivationCache cache,
            Intervention intervention) {
        try (Scope pass = torch.scope()) {
            return pass.moveTo(
                    scope,
                    block(pass, scope, layer, x, positions, prefix, cache, intervention)); // [batch, pos, dModel]
        }
    }

    @Override
    public void close() {
        weights.close();
        torch.close();
        checkpoint.close();
    }
}
