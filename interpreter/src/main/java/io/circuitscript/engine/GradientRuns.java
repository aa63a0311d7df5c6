package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;

/** Goes along a {@link GradientPath}: says for each of its runs where it begins and what is put into it. */
final class GradientRuns {
    /** Takes the gradients of one run and adds them up. */
    interface Taker {
        /** @param differences what ablating changes in each source's output */
        void take(Scope pass, Forward run, SourceDifferences differences);
    }

    /**
     * A run up to the last block, of which gradients can be taken.
     *
     * @param embedded what {@code input} gives, {@code [batch, pos, dModel]}
     * @param stream after the last block, {@code [batch, pos, dModel]}
     * @param startsAtInput as in {@link Intervention#startsAtInput}
     * @param relevance as in {@link Intervention#relevance}
     */
    record Forward(Tensor embedded, Tensor stream, ActivationCache cache, boolean startsAtInput, boolean relevance) {}

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final Scope scope;
    private final RunOptions options;
    private final GradientPath path;
    private final AblatedRun ablated;
    private final Tensor clean;
    private final Taker taker;

    /** Known before the first gradient is taken. */
    private SourceDifferences differences;

    private GradientRuns(
            Batch batch,
            GradientPath path,
            Ablation ablation,
            Scope scope,
            Taker taker,
            RunOptions options) {
        this.batch = batch;
        this.path = path;
        this.model = batch.model();
        this.torch = model.torch();
        this.scope = scope;
        this.options = options;
        this.taker = taker;
        this.clean = model.embed(scope, batch.cleanIds()); // [batch, pos, dModel]
        this.ablated = batch.ablated(ablation, options.cancel());
    }

    /**
     * @param scope outlives the runs
     * @param options whose progress advances by the batch's examples for each run, where there are several
     */
    static void each(
            Batch batch,
            GradientPath path,
            Ablation ablation,
            Scope scope,
            Taker taker,
            RunOptions options) {
        GradientRuns runs = new GradientRuns(batch, path, ablation, scope, taker, options);
        path.along(runs);
    }

    void clean() {
        try (Scope pass = torch.scope()) {
            Forward run = forward(pass, clean, path.rules().intervention());
            differences = SourceDifferences.of(scope, batch, ablated, clean, run.cache());
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
        return new Intervention() {
            @Override
            public Tensor z(Scope pass, int at, Tensor z) {
                return attention && at == layer ? torch.between(pass, start, end, part) : z;
            }

            @Override
            public Tensor mlpOut(Scope pass, int at, Tensor out) {
                return !attention && at == layer ? torch.between(pass, start, end, part) : out;
            }
        };
    }

    /** The clean run without gradients, which gives {@link #differences}. */
    private ActivationCache plainRun(Scope owner) {
        ActivationCache cache = new ActivationCache();
        batch.cleanRun(owner, clean, cache, options.cancel());
        differences = SourceDifferences.of(scope, batch, ablated, clean, cache);
        return cache;
    }

    private void take(Tensor embedded, Intervention intervention) {
        options.cancel().check();
        try (Scope pass = torch.scope()) {
            taker.take(pass, forward(pass, embedded, intervention), differences);
        }
        options.progress().advance(batch.examples());
    }

    private Forward forward(Scope pass, Tensor embedded, Intervention intervention) {
        CancelToken cancel = options.cancel();
        ActivationCache cache = new ActivationCache();
        Tensor leaf = torch.leaf(pass, embedded); // [batch, pos, dModel]
        Tensor x = model.withPositions(pass, leaf, batch.start()); // [batch, pos, dModel]
        Tensor stream = model.blocks(
                pass,
                0,
                x,
                batch.positionsRead(),
                batch.prefix(cancel),
                cache,
                intervention,
                cancel); // [batch, pos, dModel]
        return new Forward(leaf, stream, cache, intervention.startsAtInput(), intervention.relevance());
    }
}
