package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.SavedNumbers;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How far a fold has come: its result so far, the batches that are in it, and the finished steps of the current batch.
 * It is offered for saving after each step, so that another process can continue as if nothing had happened.
 *
 * @param <P> what some of the batches give together
 */
final class FoldCheckpoint<P> implements CheckpointStore.Content {
    /** A finished batch. @param changes what running it changed in the values that the batch keeps */
    record Cut(int examples, List<Batch.Change> changes) {}

    /** An unfinished batch. @param given the result of its first steps */
    private record Begun<P>(int examples, int steps, List<Batch.Change> changes, P given) {}

    private static final Batch.Change[] CHANGES = Batch.Change.values();

    private final Fold<P> fold;
    private final CheckpointStore.Piece piece;

    /** How many examples there are in all. */
    private final int examples;

    private P result;
    private final List<Cut> cuts = new ArrayList<>();

    /** The batches that an earlier run finished and that this one has not reached yet. */
    private final Deque<Cut> left = new ArrayDeque<>();

    private Begun<P> begun;
    private boolean whole;

    FoldCheckpoint(Fold<P> fold, CheckpointStore.Piece piece, int examples) {
        this.fold = fold;
        this.piece = piece;
        this.examples = examples;
        result = fold.zero();
        piece.saved().ifPresent(this::goOn);
    }

    private void goOn(CheckpointStore.Saved from) {
        try {
            read(new DataInputStream(new ByteArrayInputStream(from.content())), from.whole());
            whole = from.whole();
        } catch (IOException | RuntimeException e) {
            // It was not written by this program: start as if it were not there.
            result = fold.zero();
            left.clear();
            begun = null;
        }
    }

    /** The next batch that an earlier run has done; null where this one is to do it. */
    Cut next() {
        Cut cut = left.poll();
        if (cut != null) cuts.add(cut);
        return cut;
    }

    /** Whether the next batch was tried with so many examples, which were too many. */
    boolean wasHalved(int examples) {
        int known = !left.isEmpty() ? left.peek().examples() : begun != null ? begun.examples() : examples;
        return known < examples;
    }

    /**
     * The steps of the batch that comes next.
     *
     * @param before how many changes of the batch there were before this
     */
    ResumableSteps<P> steps(int examples, Batch batch, int before) {
        Begun<P> from = begun;
        return new ResumableSteps<>() {
            @Override
            public int done() {
                return from == null ? 0 : from.steps();
            }

            @Override
            public P partial() {
                return from == null ? null : from.given();
            }

            @Override
            public void stepDone(int count, P partial) {
                begun = new Begun<>(examples, count, since(batch, before), partial);
                piece.checkpoint(FoldCheckpoint.this);
            }
        };
    }

    /** What the steps that are done changed in the batch. */
    List<Batch.Change> begunChanges() {
        return begun == null ? List.of() : begun.changes();
    }

    /** @param before how many changes of the batch there were before this */
    void add(int examples, P given, Batch batch, int before) {
        begun = null;
        result = fold.merge(result, given);
        cuts.add(new Cut(examples, since(batch, before)));
        piece.checkpoint(this);
    }

    private static List<Batch.Change> since(Batch batch, int before) {
        List<Batch.Change> all = batch.changes();
        return all.subList(before, all.size());
    }

    /** Drops the steps of a batch that was too large. */
    void giveUp() {
        begun = null;
    }

    P result() {
        if (!whole) piece.completed(this);
        return result;
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(cuts.size() + left.size());
        for (Cut cut : cuts) write(cut, out);
        for (Cut cut : left) write(cut, out);
        fold.write(result, out);
        out.writeBoolean(begun != null);
        if (begun == null) return;
        write(new Cut(begun.examples(), begun.changes()), out);
        out.writeInt(begun.steps());
        fold.write(begun.given(), out);
    }

    private static void write(Cut cut, DataOutput out) throws IOException {
        out.writeInt(cut.examples());
        out.writeByte(cut.changes().size());
        for (Batch.Change change : cut.changes()) out.writeByte(change.ordinal());
    }

    private void read(DataInputStream in, boolean ended) throws IOException {
        int rest = examples;
        for (int i = SavedNumbers.count(in, Integer.BYTES + 1); i > 0; i--) {
            Cut cut = cut(in, rest);
            left.add(cut);
            rest -= cut.examples();
        }
        if (ended && rest > 0) throw new IOException("without " + rest + " examples");
        result =
                fold.merge(fold.zero(), fold.read(in, examples - rest)); // which fails here where it is of another kind
        if (!in.readBoolean()) return;
        Cut cut = cut(in, rest);
        int steps = in.readInt();
        begun = new Begun<>(cut.examples(), steps, cut.changes(), fold.read(in, cut.examples()));
    }

    private static Cut cut(DataInputStream in, int most) throws IOException {
        int examples = in.readInt();
        if (examples < 1 || examples > most) throw new IOException("a batch of " + examples + " examples");
        List<Batch.Change> changes = new ArrayList<>();
        for (int i = in.readUnsignedByte(); i > 0; i--) changes.add(CHANGES[in.readUnsignedByte()]);
        return new Cut(examples, List.copyOf(changes));
    }
}
