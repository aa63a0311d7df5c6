package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps batches from one analysis to the next, with the runs that they share: the prefix, and the run in which everything is ablated. Keeps the
 * first that fit, so that the same script keeps the same ones. For one model and one set of pairs; close it with them.
 */
public final class BatchStore implements AutoCloseable {
    private record Key(List<Integer> examples, List<Continuations> then, int start, boolean savesMemory) {}

    /** A batch, and what is to be done to it before its next use. */
    private record Kept(Batch batch, Deque<Consumer<Batch>> due) {}

    private final Map<Key, Kept> kept = new HashMap<>();
    private long bytes;
    private boolean full;

    /**
     * A batch to work on. Closing the loan closes the batch where it is not kept.
     *
     * @param due takes what is to be done to the batch before its next use
     */
    record Loan(Batch batch, boolean keeps, Deque<Consumer<Batch>> due) implements AutoCloseable {
        @Override
        public void close() {
            if (!keeps) batch.close();
        }
    }

    /**
     * @param then what follows each example's texts
     * @param savesMemory whether the batch does
     * @param size bytes that the batch holds between analyses
     * @param limit bytes that all kept batches may hold
     */
    Loan borrow(
            List<Integer> examples,
            List<Continuations> then,
            int start,
            boolean savesMemory,
            long size,
            long limit,
            Supplier<Batch> make) {
        Key key = new Key(List.copyOf(examples), List.copyOf(then), start, savesMemory);
        Kept known = kept.get(key);
        if (known != null) return new Loan(known.batch, true, known.due);
        Batch batch = make.get();
        Deque<Consumer<Batch>> due = new ArrayDeque<>();
        if (bytes + size > limit) {
            full = true;
            return new Loan(batch, false, due);
        }
        bytes += size;
        kept.put(key, new Kept(batch, due));
        return new Loan(batch, true, due);
    }

    /** Whether there was no room for a batch, so that it has to be made anew for each analysis. */
    public boolean isFull() {
        return full;
    }

    /** The batches that workers make, as if they were here: how much they hold decides which of them are kept. */
    private final Map<Key, List<PastChange>> there = new HashMap<>();

    private final Set<String> said = new HashSet<>();

    /** Whether a note has not been made before. */
    boolean isNews(String note) {
        return said.add(note);
    }

    private final WorkStream.Sent sent = new WorkStream.Sent();

    /**
     * What analyses have changed in a batch that workers make; to be added to. Empty, and forgotten, where it would not be kept here either.
     *
     * @param size bytes that the batch holds between analyses
     * @param limit bytes that all kept batches may hold
     */
    List<PastChange> past(
            List<Integer> examples, List<Continuations> then, int start, boolean savesMemory, long size, long limit) {
        Key key = new Key(List.copyOf(examples), List.copyOf(then), start, savesMemory);
        List<PastChange> known = there.get(key);
        if (known != null) return known;
        List<PastChange> past = new ArrayList<>();
        if (bytes + size > limit) {
            full = true;
            return past;
        }
        bytes += size;
        there.put(key, past);
        return past;
    }

    /** What was written for workers. */
    WorkStream.Sent sent() {
        return sent;
    }

    /** Gives all kept batches back. */
    @Override
    public void close() {
        full = false;
        there.clear();
        sent.clear();
        kept.values().forEach(it -> it.batch.close());
        kept.clear();
        bytes = 0;
    }
}
