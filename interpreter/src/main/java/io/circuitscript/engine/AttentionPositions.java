package io.circuitscript.engine;

import io.circuitscript.engine.positions.SharedPositions;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.model.AttentionShape;
import io.circuitscript.model.Family;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.Rotary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Where the positions of a pass stand and which of them see which. A pass works on a window that follows a prefix whose keys and values are known,
 * or on a prefix and two windows that follow it each, or on what rows of such positions share. Tables are made where they are first asked for.
 */
public final class AttentionPositions {
    private final Torch torch;
    private final ModelConfig config;
    private final Scope scope;
    private final long[] queries;
    private final long[] keys;
    /** Positions before the two windows of a pass that holds both runs; -1: of one run. */
    private final int shared;

    /** The nodes that a pass works on in place of rows, and what these rows see; null: it works on rows. */
    private final SharedPositions nodes;

    private final AttentionPositions ofRows;

    /** Where logits are read, as places among the positions of all rows, or as nodes; null: it is not known. {@code [point]} */
    private final Tensor read;

    private Tensor queryPositions;
    private Tensor keyPositions;
    private final Map<Rotary, List<Tensor>> rope;
    private final Map<Integer, Tensor> masks;

    private AttentionPositions(
            Torch torch,
            ModelConfig config,
            Scope scope,
            long[] queries,
            long[] keys,
            int shared,
            SharedPositions nodes,
            AttentionPositions ofRows,
            Tensor read,
            Map<Rotary, List<Tensor>> rope,
            Map<Integer, Tensor> masks) {
        this.torch = torch;
        this.config = config;
        this.scope = scope;
        this.queries = queries;
        this.keys = keys;
        this.shared = shared;
        this.nodes = nodes;
        this.ofRows = ofRows;
        this.read = read;
        this.rope = rope;
        this.masks = masks;
    }

    private AttentionPositions(Torch torch, ModelConfig config, Scope scope, long[] queries, long[] keys, int shared) {
        this(torch, config, scope, queries, keys, shared, null, null, null, new HashMap<>(), new HashMap<>());
    }

    /** The same for a pass of which nothing but logits is asked for, read at these places or nodes. @param owner of the indices */
    AttentionPositions reading(Scope owner, long[] at) {
        Tensor places = torch.longs(owner, at, at.length);
        return new AttentionPositions(torch, config, scope, queries, keys, shared, nodes, ofRows, places, rope, masks);
    }

    /** Where the stream after the last attention is asked for; null: everywhere. {@code [point]} */
    Tensor read() {
        return read;
    }

    /**
     * A window after so many positions.
     *
     * @param scope owns the tables
     */
    static AttentionPositions window(Torch torch, ModelConfig config, Scope scope, int start, int width) {
        long[] queries = LongStream.range(start, start + width).toArray();
        long[] keys = start == 0 ? queries : LongStream.range(0, start + width).toArray();
        return new AttentionPositions(torch, config, scope, queries, keys, -1);
    }

    /** A prefix, the window of one run, then that of another. */
    static AttentionPositions ofBothRuns(Torch torch, ModelConfig config, Scope scope, int start, int width) {
        long[] positions = LongStream.concat(LongStream.range(0, start + width), LongStream.range(start, start + width))
                .toArray();
        return new AttentionPositions(torch, config, scope, positions, positions, start);
    }

    /** The same for a pass that works on what such rows share. @param scope owns the tables of the nodes */
    AttentionPositions ofNodes(Scope scope, SharedPositions nodes) {
        return new AttentionPositions(
                torch, config, scope, queries, keys, shared, nodes, this, null, new HashMap<>(), new HashMap<>());
    }

    /** The nodes that the pass works on, {@code [1, node, …]}; null where it works on rows. */
    SharedPositions nodes() {
        return nodes;
    }

    /** Cosines and sines of the angles by which queries and keys of this pass are turned, {@code [pos, pair]} each. */
    List<Tensor> rope(Rotary rotary) {
        return rope.computeIfAbsent(rotary, it -> {
            int pairs = it.frequencies().size();
            long[] at = nodes == null ? queries : nodes.positions();
            double[] cos = new double[at.length * pairs];
            double[] sin = new double[cos.length];
            for (int i = 0; i < cos.length; i++) {
                double angle = at[i / pairs] * it.frequencies().get(i % pairs);
                cos[i] = Math.cos(angle) * it.factor();
                sin[i] = Math.sin(angle) * it.factor();
            }
            return List.of(torch.numbers(scope, cos, at.length, pairs), torch.numbers(scope, sin, at.length, pairs));
        });
    }

    /** Whether every position sees itself and all before it, and all of them are of this pass. */
    boolean causal(AttentionShape shape) {
        return shared < 0
                && keys.length == queries.length
                && (shape.window() == 0 || shape.window() >= keys.length)
                && config.family().positions() != Family.Positions.ALIBI;
    }

    /** Which position sees which, {@code [queryPos, keyPos]}; or what is added to scores, {@code [1, head, queryPos, keyPos]}. */
    Tensor mask(AttentionShape shape) {
        if (ofRows != null) return ofRows.mask(shape);
        int window = shape.window() >= keys.length ? 0 : shape.window();
        return masks.computeIfAbsent(window, this::mask);
    }

    private Tensor mask(int window) {
        if (queryPositions == null) {
            queryPositions = torch.longs(scope, queries, queries.length);
            keyPositions = torch.longs(scope, keys, keys.length);
        }
        try (Scope pass = torch.scope()) {
            Tensor mask = torch.visible(pass, queryPositions, keyPositions, window); // [queryPos, keyPos]
            if (shared >= 0) torch.hideOthers(pass, mask, shared, (queries.length - shared) / 2);
            if (config.family().positions() == Family.Positions.ALIBI) {
                Tensor slopes = torch.numbers(pass, slopes(config.heads()), config.heads());
                int type = torch.precision().scalarType();
                mask = torch.slopes(
                        pass, mask, queryPositions, keyPositions, slopes, type); // [1, head, queryPos, keyPos]
            }
            return pass.moveTo(scope, mask);
        }
    }

    /** As Press et al. 2021 choose them: powers of one number, and for heads beyond a power of two those between. */
    static double[] slopes(int heads) {
        int power = Integer.highestOneBit(heads);
        double[] slopes = new double[heads];
        for (int head = 0; head < heads; head++) {
            slopes[head] = head < power
                    ? Math.pow(2, -8.0 * (head + 1) / power)
                    : Math.pow(2, -4.0 * (2 * (head - power) + 1) / power);
        }
        return slopes;
    }
}
