package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.EdgeAttribution;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.model.Family;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.List;

/** Folds over batches one after the other on this machine. */
final class LocalRunner {
    /** Numbers in an activation {@code [row, dModel]} beyond which more at once gains nothing: a product of this size fills the machine. */
    private static final int ENOUGH = 1 << 19;

    private final Transformer model;
    private final Pairs pairs;
    private final BatchStore store;

    /** What part of the usual number of examples at once the device has had memory for. */
    private double share = 1;

    LocalRunner(Transformer model, Pairs pairs, BatchStore store) {
        this.model = model;
        this.pairs = pairs;
        this.store = store;
    }

    <P> P run(Fold<P> fold, RunOptions options) {
        FoldCheckpoint<P> checkpoint =
                new FoldCheckpoint<>(fold, options.checkpoints().begin(() -> identity(fold, options)), pairs.size());
        options.progress().begin(fold.what(), pairs.size() * fold.units(), fold.unit());
        try {
            for (Group group : Group.of(pairs)) {
                int start = fold.sharesPrefix() ? group.start() : 0;
                int usual = size(group.length() - start, start, options);
                int to;
                for (int from = 0; from < group.examples().size(); from = to) {
                    to = Math.min(
                            from + Math.max(1, (int) Math.round(usual * share)),
                            group.examples().size());
                    batch(fold, checkpoint, group.examples().subList(from, to), start, usual, options);
                }
            }
        } finally {
            options.progress().end();
        }
        return checkpoint.result();
    }

    /** What a result follows from, beside the files that a run depends on. */
    private byte[] identity(Fold<?> fold, RunOptions options) {
        return fold.identify(new Identity().add(pairs).add(model, options)).bytes();
    }

    /** @param usual how many examples at once there are where memory is not short */
    private <P> void batch(
            Fold<P> fold, FoldCheckpoint<P> checkpoint, List<Integer> part, int start, int usual, RunOptions options) {
        options.cancel().check();
        if (whole(fold, checkpoint, part, start, options)) return;
        int half = part.size() / 2;
        share = Math.min(share, (double) half / usual); // of the batches that follow too
        batch(fold, checkpoint, part.subList(0, half), start, usual, options);
        batch(fold, checkpoint, part.subList(half, part.size()), start, usual, options);
    }

    /** @return whether the device had memory for so many examples at once */
    private <P> boolean whole(
            Fold<P> fold, FoldCheckpoint<P> checkpoint, List<Integer> part, int start, RunOptions options) {
        if (checkpoint.wasHalved(part.size())) {
            store.close();
            return false;
        }
        int width = pairs.pairs().get(part.getFirst()).length() - start;
        // What is kept lies beside what a batch takes.
        long limit = MemoryBudget.bytes(options, model.device()) / 8;
        try (BatchStore.Loan loan =
                store.borrow(part, start, part.size() * keptBytes(width, start), limit, () -> make(part, start))) {
            FoldCheckpoint.Cut done = checkpoint.next();
            if (done == null) run(fold, checkpoint, part, loan, options);
            else leave(fold, done, loan, options);
            return true;
        } catch (OutOfDeviceMemory e) {
            // Nothing of this batch was merged: halves of it can take its place.
            checkpoint.giveUp();
            store.close();
            if (part.size() == 1) throw tooLarge(e);
            options.notes().accept("out of memory with " + part.size() + " examples at once; trying with half");
            return false;
        }
    }

    private static <P> void run(
            Fold<P> fold, FoldCheckpoint<P> checkpoint, List<Integer> part, BatchStore.Loan loan, RunOptions options) {
        Batch batch = loan.batch();
        for (var due = loan.due().poll(); due != null; due = loan.due().poll()) due.accept(batch);
        int before = batch.changes().size();
        ResumableSteps<P> steps = checkpoint.steps(part.size(), batch, before);
        for (Batch.Change change : checkpoint.begunChanges()) batch.replay(change, fold.ablation(), options.cancel());
        int[] examples = part.stream().mapToInt(i -> i).toArray();
        checkpoint.add(part.size(), fold.run(batch, examples, steps, options), batch, before);
    }

    /** Leaves a batch that an earlier run has done. The work that comes next finds it as it was after that. */
    private static void leave(Fold<?> fold, FoldCheckpoint.Cut done, BatchStore.Loan loan, RunOptions options) {
        for (Batch.Change change : done.changes())
            loan.due().add(batch -> batch.replay(change, fold.ablation(), options.cancel()));
        options.progress().advance(done.examples() * fold.units());
    }

    private static UserError tooLarge(OutOfDeviceMemory e) {
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.OUT_OF_MEMORY,
                "the device does not have enough memory for a single example",
                List.of(String.valueOf(e.getMessage())),
                "use a smaller model, shorter texts, or a device with more memory");
    }

    private Batch make(List<Integer> examples, int start) {
        List<Pair> chosen = examples.stream().map(pairs.pairs()::get).toList();
        return Batch.of(
                model,
                chosen.stream().map(Pair::clean).toList(),
                chosen.stream().map(Pair::corrupted).toList(),
                start);
    }

    /** How many examples at once: follows from script, data, model, settings and machine, never from what happens to be free. */
    private int size(int width, int prefix, RunOptions options) {
        if (options.batch() > 0) return options.batch();
        long fit = MemoryBudget.bytes(options, model.device()) / 2 / bytes(width, prefix);
        return (int) Math.clamp(fit, 1, Math.ceilDiv(ENOUGH / model.config().dModel(), width));
    }

    /**
     * About what an example takes in the hungriest analysis, attribution: the differences of all sources, some layers' slots, a pass with
     * gradients, and what the steps gather. The same for all, so that they share batches.
     */
    private long bytes(int width, int prefix) {
        ModelConfig config = model.config();
        long slots = Math.min(model.graph().slots(), EdgeAttribution.SLOTS_AT_ONCE + 3L * config.heads() + 1);
        // Where a norm follows the heads, their differences are kept as they are and as they come through it.
        long sources = model.graph().sources() * (config.has(Family.Part.ATTENTION_OUT_NORM) ? 2L : 1L);
        // Heads together may be wider than the stream, and differ from it in queries, keys, values and what they mix.
        long wider = Math.max(0, 16L * (config.heads() * config.dHead() - config.dModel()));
        long hidden = (config.family().gated() ? 6L : 3L) * config.dMlp();
        // With a cap, weights of attention are kept for the way back.
        long weights = capped(config) ? 4L * config.heads() * (width + prefix) : 0;
        long perPosition = config.dModel() * (sources + slots + 48L * config.layers())
                + config.layers() * (hidden + wider + weights);
        long numbers = width * perPosition
                + 8L * config.layers() * prefix * Math.max(config.dModel(), config.heads() * config.dHead())
                + 8L * config.dVocab();
        return numbers * model.precision().bytes();
    }

    private static boolean capped(ModelConfig config) {
        return config.attention().stream().anyMatch(shape -> shape.cap() > 0);
    }

    /** What an example holds between analyses: keys and values of the prefix, and the run in which everything is ablated. */
    private long keptBytes(int width, int prefix) {
        ModelConfig config = model.config();
        long numbers = (2L * prefix + 8L * width)
                * config.layers()
                * Math.max(config.dModel(), config.heads() * config.dHead());
        return numbers * model.precision().bytes();
    }
}
