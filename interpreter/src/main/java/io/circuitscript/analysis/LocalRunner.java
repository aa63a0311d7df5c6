package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.task.Pairs;
import java.util.List;
import java.util.Optional;

/** Folds over batches one after the other on this machine. */
final class LocalRunner {
    private final Batches batches;
    private final BatchStore store;

    /** What part of the usual number of examples at once the device has had memory for. */
    private double share = 1;

    LocalRunner(Transformer model, Pairs pairs, BatchStore store) {
        this.batches = new Batches(model, pairs);
        this.store = store;
    }

    <P> P run(Fold<P> fold, RunOptions options) {
        int count = fold.chosen(batches.pairs().size()).size();
        FoldCheckpoint<P> checkpoint =
                new FoldCheckpoint<>(fold, options.checkpoints().begin(() -> identity(batches, fold, options)), count);
        checkpoint.goOnInOrder();
        options.progress().begin(fold.what(), count * fold.units(), fold.unit());
        try {
            for (Group group : batches.groups(fold)) {
                Batches.Window window = batches.window(fold, group, options);
                say(store, batches.tooLong(fold, window, options), options);
                int to;
                for (int from = 0; from < group.examples().size(); from = to) {
                    to = batches.end(fold, group.examples(), from, window, share, options);
                    batch(fold, checkpoint, new Batches.Cut(group.examples().subList(from, to), window), options);
                }
            }
        } finally {
            options.progress().end();
        }
        return checkpoint.result();
    }

    /** Passes a note on that has not been made before. */
    static void say(BatchStore store, Optional<String> note, RunOptions options) {
        note.filter(store::isNews).ifPresent(options.notes());
    }

    /** What a result follows from, beside the files that a run depends on. */
    static byte[] identity(Batches of, Fold<?> fold, RunOptions options) {
        return fold.identify(new Identity().add(of.pairs()).add(of.model(), options))
                .bytes();
    }

    private <P> void batch(Fold<P> fold, FoldCheckpoint<P> checkpoint, Batches.Cut cut, RunOptions options) {
        options.cancel().check();
        if (whole(fold, checkpoint, cut, options)) return;
        int half = cut.examples().size() / 2;
        Batches.Cut first = new Batches.Cut(cut.examples().subList(0, half), cut.window());
        Batches.Cut second =
                new Batches.Cut(cut.examples().subList(half, cut.examples().size()), cut.window());
        // Of the batches that follow too.
        share = Math.min(share, batches.share(fold, first.examples(), cut.window(), options));
        batch(fold, checkpoint, first, options);
        batch(fold, checkpoint, second, options);
    }

    /** @return whether the device had memory for so many examples at once */
    private <P> boolean whole(Fold<P> fold, FoldCheckpoint<P> checkpoint, Batches.Cut cut, RunOptions options) {
        List<Integer> part = cut.examples();
        if (checkpoint.wasHalved(part.size())) {
            store.close();
            return false;
        }
        List<Continuations> then = part.stream().map(fold::continuations).toList();
        int start = cut.window().start();
        long size = batches.keptBytes(then, cut.window());
        boolean savesMemory = cut.window().savesMemory();
        try (BatchStore.Loan loan = store.borrow(
                part,
                then,
                start,
                savesMemory,
                size,
                batches.mostKept(options),
                () -> batches.make(part, then, start, savesMemory))) {
            loan.batch().setSpans(batches.spans(part)); // rows of a batch that was kept may have got theirs since
            FoldCheckpoint.Cut done = checkpoint.next();
            if (done == null) run(fold, checkpoint, part, loan, options);
            else leave(fold, done, loan, options);
            return true;
        } catch (OutOfDeviceMemory e) {
            // Nothing of this batch was merged: halves of it can take its place.
            checkpoint.giveUp();
            store.close();
            if (part.size() == 1) throw Batches.tooLarge(e);
            options.notes().accept(Batches.halved(part.size()));
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
}
