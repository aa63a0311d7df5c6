package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeAttribution;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.TextSpans;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.Family;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.List;

/** Folds over batches one after the other on this machine. */
public final class LocalRunner {
    /** Numbers in an activation {@code [row, dModel]} beyond which more at once gains nothing: a product of this size fills the machine. */
    private static final int ENOUGH = 1 << 19;

    private final Transformer model;
    private final Pairs pairs;
    private final BatchStore store;

    /**
     * How a group is cut into batches.
     *
     * @param start the first position of the window
     * @param width how many positions it has
     * @param usual how many rows, or examples, there are at once where memory is not short
     * @param point what part of a row's memory the logits of one point take
     */
    private record Window(int start, int width, int usual, double point) {
        /** What an example counts, in rows: a row's own memory is that of one point. */
        int rows(Continuations then) {
            int rows = then.sequences().size();
            return rows + (int) Math.ceil(point * (then.points().size() - rows));
        }
    }

    /** What part of the usual number of examples at once the device has had memory for. */
    private double share = 1;

    public LocalRunner(Transformer model, Pairs pairs, BatchStore store) {
        this.model = model;
        this.pairs = pairs;
        this.store = store;
    }

    public <P> P run(Fold<P> fold, RunOptions options) {
        List<Integer> chosen = fold.chosen(pairs.size());
        FoldCheckpoint<P> checkpoint =
                new FoldCheckpoint<>(fold, options.checkpoints().begin(() -> identity(fold, options)), chosen.size());
        options.progress().begin(fold.what(), chosen.size() * fold.units(), fold.unit());
        try {
            for (Group group : Group.of(pairs, chosen, fold::continuations)) {
                int start = fold.sharesPrefix() ? group.start() : 0;
                Window window = window(fold, start, group.length() - start, options);
                int to;
                for (int from = 0; from < group.examples().size(); from = to) {
                    to = end(fold, group.examples(), from, window, options);
                    batch(fold, checkpoint, group.examples().subList(from, to), window, options);
                }
            }
        } finally {
            options.progress().end();
        }
        return checkpoint.result();
    }

    private Window window(Fold<?> fold, int start, int width, RunOptions options) {
        long row = bytes(width, start)
                + fold.furtherNumbers(width) * model.precision().bytes();
        return new Window(start, width, size(row, width, options), (double) logits() / row);
    }

    /** Where the batch that begins with an example ends, which takes no more than so much. */
    private int end(Fold<?> fold, List<Integer> examples, int from, Window window, RunOptions options) {
        long most = Math.round(window.usual * share);
        int taken = count(fold, examples.get(from), window, options);
        int to = from + 1;
        while (to < examples.size()) {
            taken += count(fold, examples.get(to), window, options);
            if (taken > most) break;
            to++;
        }
        return to;
    }

    /** What an example counts in a batch: 1 where the script says how many examples there are, else its rows. */
    private static int count(Fold<?> fold, int example, Window window, RunOptions options) {
        return options.batch() > 0 ? 1 : window.rows(fold.continuations(example));
    }

    private static int count(Fold<?> fold, List<Integer> examples, Window window, RunOptions options) {
        return examples.stream()
                .mapToInt(it -> count(fold, it, window, options))
                .sum();
    }

    /** What a result follows from, beside the files that a run depends on. */
    private byte[] identity(Fold<?> fold, RunOptions options) {
        return fold.identify(new Identity().add(pairs).add(model, options)).bytes();
    }

    private <P> void batch(
            Fold<P> fold, FoldCheckpoint<P> checkpoint, List<Integer> part, Window window, RunOptions options) {
        options.cancel().check();
        if (whole(fold, checkpoint, part, window, options)) return;
        int half = part.size() / 2;
        List<Integer> first = part.subList(0, half);
        share = Math.min(
                share, (double) count(fold, first, window, options) / window.usual); // of the batches that follow too
        batch(fold, checkpoint, first, window, options);
        batch(fold, checkpoint, part.subList(half, part.size()), window, options);
    }

    /** @return whether the device had memory for so many examples at once */
    private <P> boolean whole(
            Fold<P> fold, FoldCheckpoint<P> checkpoint, List<Integer> part, Window window, RunOptions options) {
        if (checkpoint.wasHalved(part.size())) {
            store.close();
            return false;
        }
        List<Continuations> then = part.stream().map(fold::continuations).toList();
        long rows = then.stream().mapToLong(it -> it.sequences().size()).sum();
        // What is kept lies beside what a batch takes.
        long limit = MemoryBudget.bytes(options, model.device()) / 8;
        try (BatchStore.Loan loan = store.borrow(
                part, then, window.start, rows * keptBytes(window), limit, () -> make(part, then, window.start))) {
            loan.batch().setSpans(spans(part)); // rows of a batch that was kept may have got theirs since
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

    private Batch make(List<Integer> examples, List<Continuations> then, int start) {
        List<Pair> chosen = examples.stream().map(pairs.pairs()::get).toList();
        return Batch.of(
                model,
                chosen.stream().map(Pair::clean).toList(),
                chosen.stream().map(Pair::corrupted).toList(),
                then,
                spans(examples),
                start);
    }

    private List<TextSpans> spans(List<Integer> examples) {
        return examples.stream().map(pairs.pairs()::get).map(this::spans).toList();
    }

    private TextSpans spans(Pair pair) {
        if (pairs.spans().isNone()) return TextSpans.none(pair.length());
        return new TextSpans(pair.spans(), Math.max(0, pairs.spans().named(Spans.ANSWER)));
    }

    /** How many rows at once, or examples where the script says how many: follows from script, data, model, settings and machine, never from what happens to be free. */
    private int size(long row, int width, RunOptions options) {
        if (options.batch() > 0) return options.batch();
        long fit = MemoryBudget.bytes(options, model.device()) / 2 / row;
        return (int) Math.clamp(fit, 1, Math.ceilDiv(ENOUGH / model.config().dModel(), width));
    }

    /**
     * About what a row takes in the hungriest analysis, attribution: the differences of all sources, some layers' slots, a pass with
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

    /** What the logits of one point take, with their gradients and what a metric makes of them. */
    private long logits() {
        return 8L * model.config().dVocab() * model.precision().bytes();
    }

    private static boolean capped(ModelConfig config) {
        return config.attention().stream().anyMatch(shape -> shape.cap() > 0);
    }

    /** What a row holds between analyses: keys and values of the prefix, and the run in which everything is ablated. */
    private long keptBytes(Window window) {
        ModelConfig config = model.config();
        long numbers = (2L * window.start + 8L * window.width)
                * config.layers()
                * Math.max(config.dModel(), config.heads() * config.dHead());
        return numbers * model.precision().bytes();
    }
}
