package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Activation patching (Meng et al. 2022; Wang et al. 2023): the run on a corrupted text with some activations of the clean run put in place. Each layer
 * and position, or head, is a variant; those of a layer stand side by side as examples of one pass from that layer on.
 */
public final class ActivationPatches {
    /** Numbers in an activation of a pass beyond which more variants at once gain nothing. */
    private static final int ENOUGH = 1 << 19;

    /** What is put in place. */
    public enum Over {
        /** The stream before a layer, at one position. */
        RESID,
        /** What a layer's attention adds, at one position. */
        ATTN,
        /** What a layer's MLP adds, at one position. */
        MLP,
        /** What one head gives, at all positions. */
        HEAD
    }

    /**
     * Differences of the logits of two tokens after the last position.
     *
     * @param patched {@code [layer][position]}, or {@code [layer][head]}
     */
    public record Grid(double clean, double corrupted, double[][] patched) {}

    private final Batch batch;
    private final Transformer model;
    private final Torch torch;
    private final Scope scope;
    private final Over over;
    private final Tensor tokens;
    private final RunOptions options;
    private final ActivationCache clean = new ActivationCache();
    private final ActivationCache corrupted = new ActivationCache();

    private ActivationPatches(Batch batch, Scope scope, Over over, int[] tokens, RunOptions options) {
        this.batch = batch;
        this.model = batch.model();
        this.torch = model.torch();
        this.scope = scope;
        this.over = over;
        this.tokens = torch.longs(scope, new long[] {tokens[0], tokens[1]}, 2);
        this.options = options;
    }

    /**
     * @param clean token ids
     * @param corrupted as many
     * @param first the token whose logit counts, and the one whose logit is taken from it
     * @param steps a row of the grid each
     */
    public static Grid of(
            Transformer model,
            int[] clean,
            int[] corrupted,
            Over over,
            int first,
            int second,
            ResumableSteps<List<double[]>> steps,
            RunOptions options) {
        int[] changed = over == Over.HEAD
                ? IntStream.range(0, model.config().heads()).toArray()
                : IntStream.range(Math.max(0, Arrays.mismatch(clean, corrupted)), clean.length)
                        .toArray();
        int layers = model.config().layers();
        options.progress().begin("patch", (long) layers * changed.length, "runs");
        try (Batch batch = Batch.of(model, List.of(clean), List.of(corrupted), 0);
                Scope scope = model.torch().scope()) {
            return new ActivationPatches(batch, scope, over, new int[] {first, second}, options)
                    .grid(changed, over == Over.HEAD ? changed.length : clean.length, steps);
        } finally {
            options.progress().end();
        }
    }

    /** Before the first position in which the texts differ, there is nothing to put in place. */
    private Grid grid(int[] changed, int columns, ResumableSteps<List<double[]>> steps) {
        double cleanValue = run(batch.cleanIds(), clean);
        double corruptedValue = run(batch.corruptedIds(), corrupted);
        List<double[]> patched = new ArrayList<>();
        if (steps.done() > 0) patched.addAll(steps.partial());
        options.progress().advance((long) patched.size() * changed.length);
        while (patched.size() < model.config().layers()) {
            double[] row = new double[columns];
            Arrays.fill(row, corruptedValue);
            fill(row, patched.size(), changed);
            patched.add(row);
            steps.stepDone(patched.size(), patched);
        }
        return new Grid(cleanValue, corruptedValue, patched.toArray(double[][]::new));
    }

    private void fill(double[] row, int layer, int[] changed) {
        int together = together();
        for (int from = 0; from < changed.length; from += together) {
            options.cancel().check();
            int[] some = Arrays.copyOfRange(changed, from, Math.min(from + together, changed.length));
            double[] values = patched(layer, some);
            for (int i = 0; i < some.length; i++) row[some[i]] = values[i];
            options.progress().advance(some.length);
        }
    }

    /** How many variants at once: follows from texts, model and settings. */
    private int together() {
        long numbers = (long) batch.width() * model.config().dModel();
        long hidden = (long) batch.width()
                        * 3
                        * Math.max(model.config().dMlp(), 4 * model.config().dModel())
                + 4L * model.config().dVocab();
        long fit = MemoryBudget.bytes(options, model.device())
                / 4
                / (hidden * model.precision().bytes());
        return (int) Math.clamp(Math.min(fit, ENOUGH / numbers), 1, Integer.MAX_VALUE);
    }

    private double run(Tensor ids, ActivationCache cache) {
        Tensor x = model.withPositions(scope, model.embed(scope, ids), 0); // [batch, pos, dModel]
        Tensor stream =
                model.blocks(scope, x, batch.positions(), Prefix.NONE, cache, options.cancel()); // [batch, pos, dModel]
        try (Scope pass = torch.scope()) {
            return measured(pass, stream, 1)[0];
        }
    }

    private double[] patched(int layer, int[] which) {
        try (Scope pass = torch.scope()) {
            long[] places = Arrays.stream(which).asLongStream().toArray();
            Tensor at = torch.longs(pass, places, places.length); // [variant]
            Tensor before = corrupted.residPre.get(layer); // [batch, pos, dModel]
            Tensor x = over == Over.RESID
                    ? torch.patchPositions(pass, before, clean.residPre.get(layer), at) // [variant, pos, dModel]
                    : torch.repeatBatch(pass, before, which.length);
            Tensor stream = model.blocks(
                    pass,
                    layer,
                    x,
                    batch.positions(),
                    Prefix.NONE,
                    null,
                    intervention(layer, at),
                    options.cancel()); // [variant, pos, dModel]
            return measured(pass, stream, which.length);
        }
    }

    private Intervention intervention(int layer, Tensor at) {
        return switch (over) {
            case RESID -> Intervention.NONE;
            case ATTN, HEAD ->
                new Intervention() {
                    @Override
                    public Tensor z(Scope pass, int here, Tensor z) {
                        if (here != layer) return z;
                        Tensor base = corrupted.z.get(layer);
                        Tensor other = clean.z.get(layer);
                        return over == Over.HEAD
                                ? torch.patchHeads(pass, base, other, at) // [variant, pos, head, dHead]
                                : torch.patchPositions(pass, base, other, at); // [variant, pos, head, dHead]
                    }
                };
            case MLP ->
                new Intervention() {
                    @Override
                    public Tensor mlpOut(Scope pass, int here, Tensor out) {
                        return here == layer
                                ? torch.patchPositions(pass, corrupted.mlpOut.get(layer), clean.mlpOut.get(layer), at)
                                : out;
                    }
                };
        };
    }

    private double[] measured(Scope pass, Tensor stream, int variants) {
        int n = batch.size() * batch.width();
        Tensor last = batch.readPoints().repeated(torch, pass, variants, n).of(torch, pass, stream); // [row, dModel]
        Tensor logits = model.unembed(pass, model.norm(pass, last, model.finalNorm())); // [row, dVocab]
        double[] two = torch.toHost(torch.take(pass, logits, tokens)); // [row, 2]
        double[] values = new double[variants];
        for (int i = 0; i < variants; i++) {
            values[i] = two[2 * i] - two[2 * i + 1];
            if (!Double.isFinite(values[i])) {
                throw UserError.failure(
                        ErrorCode.NOT_FINITE,
                        "a NaN or an infinity in the logits",
                        "compute in a wider dtype, or check the weights");
            }
        }
        return values;
    }
}
