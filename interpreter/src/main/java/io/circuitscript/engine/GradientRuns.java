package io.circuitscript.engine;

import io.circuitscript.engine.ActivationCache.Kept;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Goes along a {@link GradientPath}: says for each of its runs where it begins and what is put into it.
 *
 * <p>Of a batch that saves memory, a run keeps the stream before each layer alone. Each layer is then run once more, from the last to the first, and its
 * gradients are taken from the one at the stream after it: one more pass without gradients, and no more than one layer's way back is held.
 */
final class GradientRuns {
    /** Takes the gradients of one run and adds them up. */
    interface Taker {
        /** @param differences what ablating changes in each source's output */
        void take(Scope pass, Forward run, SourceDifferences differences);
    }

    /** Which gradients are wanted of a run, and where they go. */
    interface Wanted {
        /** Where in a layer. at: the layer's place in the cache */
        List<Tensor> in(ActivationCache cache, int at);

        /** Whether they are wanted at what {@code input} gives and at the stream after each layer. */
        default boolean atStreams() {
            return false;
        }

        /** At the stream after a layer, or with -1 at what {@code input} gives. {@code [batch, pos, dModel]} */
        default void stream(int layer, Tensor gradient) {}

        /** Those of a layer, in the order of {@link #in}. */
        void layer(int layer, ActivationCache cache, int at, List<Tensor> gradients);

        /** That at the normed stream at each point. last: before the norm. {@code [row, dModel]} each */
        default void logits(Tensor last, Tensor gradient) {}
    }

    /**
     * A run up to the last block, of which gradients can be taken.
     *
     * @param embedded what {@code input} gives, {@code [batch, pos, dModel]}
     * @param stream after the last block, {@code [batch, pos, dModel]}
     * @param cache what was kept of it: of a batch that saves memory, the stream before each layer, which is let go as gradients are taken, and what
     *     attention adds before a norm
     */
    record Forward(
            Batch batch,
            Tensor embedded,
            Tensor stream,
            ActivationCache cache,
            Intervention intervention,
            CancelToken cancel) {
        /** As in {@link Intervention#startsAtInput}. */
        boolean startsAtInput() {
            return intervention.startsAtInput();
        }

        /** As in {@link Intervention#relevance}. */
        boolean relevance() {
            return intervention.relevance();
        }

        /** Takes gradients of a number that is made of the logits. */
        void gradients(Scope pass, BiFunction<Scope, Tensor, Tensor> metric, Wanted wanted) {
            if (batch.savesMemory()) byLayer(pass, metric, wanted);
            else atOnce(pass, metric, wanted);
        }

        private void atOnce(Scope pass, BiFunction<Scope, Tensor, Tensor> metric, Wanted wanted) {
            Transformer model = batch.model();
            int layers = model.config().layers();
            Tensor last = batch.lastStream(pass, stream); // [row, dModel]
            Tensor normed = model.finalNorm().of(model.torch(), pass, last, relevance()); // [row, dModel]
            Tensor total = metric.apply(pass, batch.unembed(pass, normed));
            List<Tensor> at = new ArrayList<>();
            for (int layer = 0; layer < layers; layer++) at.addAll(wanted.in(cache, layer));
            int each = at.size() / layers;
            if (wanted.atStreams()) {
                at.add(embedded);
                at.addAll(cache.residPre.subList(1, layers));
                at.add(stream);
            }
            at.add(normed);
            List<Tensor> found = model.torch().gradients(pass, total, at);
            for (int layer = 0; layer < layers; layer++) {
                cancel.check();
                wanted.layer(layer, cache, layer, found.subList(layer * each, (layer + 1) * each));
            }
            if (wanted.atStreams())
                for (int layer = -1; layer < layers; layer++)
                    wanted.stream(layer, found.get(layers * each + layer + 1));
            wanted.logits(last, found.getLast());
        }

        private void byLayer(Scope pass, BiFunction<Scope, Tensor, Tensor> metric, Wanted wanted) {
            Torch torch = batch.model().torch();
            Tensor after = end(pass, metric, wanted); // [batch, pos, dModel]
            for (int layer = batch.model().config().layers() - 1; layer >= 0; layer--) {
                cancel.check();
                if (wanted.atStreams()) wanted.stream(layer, after);
                try (Scope alone = torch.scope()) {
                    ActivationCache one = new ActivationCache();
                    Tensor leaf = torch.asLeaf(alone, cache.residPre.get(layer)); // [batch, pos, dModel]
                    Tensor out = batch.model()
                            .block(
                                    alone,
                                    layer,
                                    leaf,
                                    batch.positionsRead(),
                                    batch.prefix(cancel),
                                    one,
                                    intervention.withGradients());
                    List<Tensor> at = new ArrayList<>(wanted.in(one, 0));
                    at.add(leaf);
                    List<Tensor> found = torch.gradientsBack(alone, out, after, at);
                    wanted.layer(layer, one, 0, found.subList(0, found.size() - 1));
                    pass.release(after);
                    after = alone.moveTo(pass, found.getLast());
                }
                pass.release(cache.residPre.get(layer));
            }
            if (wanted.atStreams()) wanted.stream(-1, after);
        }

        /** The gradient at the stream after the last block. {@code [batch, pos, dModel]} */
        private Tensor end(Scope pass, BiFunction<Scope, Tensor, Tensor> metric, Wanted wanted) {
            Transformer model = batch.model();
            Torch torch = model.torch();
            try (Scope end = torch.scope()) {
                Tensor leaf = torch.asLeaf(end, stream); // [batch, pos, dModel]
                Tensor last = batch.lastStream(end, leaf); // [row, dModel]
                Tensor normed = model.finalNorm().of(torch, end, last, relevance()); // [row, dModel]
                Tensor total = metric.apply(end, batch.unembed(end, normed));
                List<Tensor> found = torch.gradients(end, total, List.of(normed, leaf));
                wanted.logits(last, found.getFirst());
                return end.moveTo(pass, found.getLast());
            }
        }
    }

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final Scope scope;
    private final RunOptions options;
    private final GradientPath path;
    private final AblatedRun ablated;
    private final Tensor clean;
    private final Taker taker;

    /** Whether runs keep no more than what their gradients by layer need. */
    private final boolean savesMemory;

    /** Known before the first gradient is taken. */
    private SourceDifferences differences;

    private GradientRuns(
            Batch batch,
            GradientPath path,
            Ablation ablation,
            Scope scope,
            Taker taker,
            boolean whole,
            RunOptions options) {
        this.batch = batch;
        this.savesMemory = batch.savesMemory() && !whole;
        this.path = path;
        this.model = batch.model();
        this.torch = model.torch();
        this.scope = scope;
        this.options = options;
        this.taker = taker;
        this.clean = model.embed(scope, batch.cleanIds()); // [batch, pos, dModel]
        this.ablated = batch.ablatedSources(ablation, options.cancel());
    }

    /**
     * @param scope outlives the runs
     * @param options whose progress advances by the batch's examples for each run, where there are several
     */
    static void each(Batch batch, GradientPath path, Ablation ablation, Scope scope, Taker taker, RunOptions options) {
        path.along(new GradientRuns(batch, path, ablation, scope, taker, false, options));
    }

    /** The same of the clean run, with all that it computes: also of a batch that saves memory. */
    static void cleanWhole(Batch batch, Ablation ablation, Scope scope, Taker taker, RunOptions options) {
        GradientPath clean = new GradientPath(GradientPath.Kind.EAP, 0);
        clean.along(new GradientRuns(batch, clean, ablation, scope, taker, true, options));
    }

    void clean() {
        try (Scope pass = torch.scope()) {
            Forward run = forward(pass, clean, path.rules().intervention(), true);
            differences = SourceDifferences.of(scope, batch, ablated, clean, run.cache());
            if (savesMemory) {
                run.cache().z.forEach(pass::release);
                run.cache().mlpOut.forEach(pass::release);
            }
            taker.take(pass, run, differences);
        }
    }

    void bothEnds() {
        clean();
        options.progress().advance(batch.examples());
        take(ablated.input(), Intervention.NONE);
    }

    void betweenInputs(int steps) {
        try (Scope pass = torch.scope()) {
            plainRun(pass);
        }
        for (int step = 0; step < steps; step++) between(step, steps, Intervention.NONE);
    }

    private void between(int step, int steps, Intervention intervention) {
        try (Scope pass = torch.scope()) {
            Tensor at = torch.between(pass, ablated.input(), clean, (double) step / steps); // [batch, pos, dModel]
            take(at, intervention);
        }
    }

    /** The steps of one block end at its clean output and begin one step from the ablated one, as EAP-IG's do. */
    void betweenOutputs(int steps) {
        try (Scope kept = torch.scope()) {
            ActivationCache plain = plainRun(kept);
            for (int block = 0; block < 1 + 2 * model.config().layers(); block++) {
                for (int step = 1; step <= steps; step++) {
                    double part = (double) step / steps;
                    if (block == 0) between(step, steps, Intervention.INPUT);
                    else take(clean, block(plain, (block - 1) / 2, block % 2 == 1, part));
                }
            }
        }
    }

    private Intervention block(ActivationCache plain, int layer, boolean attention, double part) {
        Tensor start = (attention ? ablated.z() : ablated.mlpOut()).get(layer);
        Tensor end = (attention ? plain.z : plain.mlpOut).get(layer);
        return new InPlace(attention, layer, start, end, part, false);
    }

    /** A block's output between two. @param leaf whether gradients can be taken at it, which has no past */
    private record InPlace(boolean attention, int layer, Tensor start, Tensor end, double part, boolean leaf)
            implements Intervention {
        @Override
        public Tensor z(Scope pass, int at, Tensor z) {
            return attention && at == layer ? between(pass) : z;
        }

        @Override
        public Tensor mlpOut(Scope pass, int at, Tensor out) {
            return !attention && at == layer ? between(pass) : out;
        }

        @Override
        public Intervention withGradients() {
            return new InPlace(attention, layer, start, end, part, true);
        }

        private Tensor between(Scope pass) {
            Tensor between = pass.torch().between(pass, start, end, part);
            return leaf ? pass.torch().asLeaf(pass, between) : between;
        }
    }

    /** The clean run without gradients, which gives {@link #differences}. */
    private ActivationCache plainRun(Scope owner) {
        ActivationCache cache = savesMemory ? ActivationCache.of(Kept.Z, Kept.MLP_OUT) : new ActivationCache();
        batch.cleanRun(owner, clean, cache, options.cancel());
        differences = SourceDifferences.of(scope, batch, ablated, clean, cache);
        return cache;
    }

    private void take(Tensor embedded, Intervention intervention) {
        options.cancel().check();
        try (Scope pass = torch.scope()) {
            taker.take(pass, forward(pass, embedded, intervention, false), differences);
        }
        options.progress().advance(batch.examples());
    }

    /** @param clean whether it is the clean run, of which differences are made */
    private Forward forward(Scope pass, Tensor embedded, Intervention intervention, boolean clean) {
        CancelToken cancel = options.cancel();
        ActivationCache cache = cache(clean);
        Tensor leaf = savesMemory ? embedded : torch.leaf(pass, embedded); // [batch, pos, dModel]
        Tensor x = model.withPositions(pass, leaf, batch.start()); // [batch, pos, dModel]
        Tensor stream = model.blocks(
                pass,
                0,
                x,
                batch.positionsRead(),
                batch.prefix(cancel),
                cache,
                savesMemory ? intervention : intervention.withGradients(),
                cancel); // [batch, pos, dModel]
        return new Forward(batch, leaf, stream, cache, intervention, cancel);
    }

    private ActivationCache cache(boolean clean) {
        if (!savesMemory) return new ActivationCache();
        return clean
                ? ActivationCache.of(Kept.STREAM, Kept.ATTENTION_SUM, Kept.Z, Kept.MLP_OUT)
                : ActivationCache.of(Kept.STREAM, Kept.ATTENTION_SUM);
    }
}
