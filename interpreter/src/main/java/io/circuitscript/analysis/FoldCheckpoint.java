package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.SavedNumbers;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How far a fold has come: which batches are done, what they gave, and the finished steps of one more.
 * It is offered for saving after each step, so that another process can continue as if nothing had happened, alone or with others.
 *
 * @param <P> what some of the batches give together
 */
final class FoldCheckpoint<P> implements CheckpointStore.Content {
    /** A finished batch. @param changes what running it changed in the values that the batch keeps */
    record Cut(int examples, List<Batch.Change> changes) {
        Cut {
            changes = List.copyOf(changes);
        }
    }

    /** An unfinished batch. @param given the result of its first steps */
    record Begun<P>(int batch, Cut cut, int steps, P given) {}

    private static final Batch.Change[] CHANGES = Batch.Change.values();

    private final Fold<P> fold;
    private final CheckpointStore.Piece piece;

    /** How many examples there are in all. */
    private final int examples;

    /** The batches that are done, by number. */
    private final NavigableMap<Integer, Cut> done = new TreeMap<>();

    private MergeTree<P> tree;
    private Begun<P> begun;

    /** What all give, where an earlier run had come to the end. */
    private P result;

    /** The batch that comes next, where they come in order. */
    private int at;

    FoldCheckpoint(Fold<P> fold, CheckpointStore.Piece piece, int examples) {
        this.fold = fold;
        this.piece = piece;
        this.examples = examples;
        startAnew();
        piece.saved().ifPresent(this::goOn);
    }

    private void goOn(CheckpointStore.Saved from) {
        try {
            read(new DataInputStream(new ByteArrayInputStream(from.content())), from.whole());
        } catch (IOException | RuntimeException e) {
            startAnew(); // it was not written by this program: as if it were not there
        }
    }

    private void startAnew() {
        done.clear();
        tree = new MergeTree<>(fold::merge);
        begun = null;
        result = null;
    }

    // ---- batches in order

    /** Keeps of an earlier run what comes before the first batch that is missing. */
    void goOnInOrder() {
        if (result != null) return;
        int end = 0;
        while (done.containsKey(end)) end++;
        done.tailMap(end, true).clear();
        List<MergeTree.Node<P>> nodes = tree.nodes();
        tree = new MergeTree<>(fold::merge);
        for (MergeTree.Node<P> node : nodes) if (node.end() <= end) tree.add(node);
        if (begun != null && begun.batch != end) begun = null;
    }

    /** The next batch that an earlier run has done; null where this one is to do it. */
    Cut next() {
        Cut cut = done.get(at);
        if (cut != null) at++;
        return cut;
    }

    /** Whether the next batch was tried with so many examples, which were too many. */
    boolean wasHalved(int examples) {
        Cut known = done.getOrDefault(at, begun != null ? begun.cut : null);
        return known != null && known.examples < examples;
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
                return from == null ? 0 : from.steps;
            }

            @Override
            public P partial() {
                return from == null ? null : from.given;
            }

            @Override
            public void stepDone(int count, P partial) {
                setBegun(new Begun<>(at, new Cut(examples, since(batch, before)), count, partial));
            }
        };
    }

    /** What the steps that are done changed in the batch. */
    List<Batch.Change> begunChanges() {
        return begun == null ? List.of() : begun.cut.changes;
    }

    /** @param before how many changes of the batch there were before this */
    void add(int examples, P given, Batch batch, int before) {
        begun = null;
        add(List.of(new Cut(examples, since(batch, before))), List.of(new MergeTree.Node<>(0, at, given)), at);
        at++;
    }

    private static List<Batch.Change> since(Batch batch, int before) {
        List<Batch.Change> all = batch.changes();
        return all.subList(before, all.size());
    }

    /** Drops the steps of a batch that was too large. */
    void giveUp() {
        begun = null;
    }

    // ---- batches in any order

    /** Forgets what an earlier run did where it had cut the examples otherwise. @param sizes how many each batch has */
    void goOnWith(List<Integer> sizes) {
        boolean same = done.entrySet().stream()
                .allMatch(it -> it.getKey() < sizes.size() && sizes.get(it.getKey()) == it.getValue().examples);
        boolean sameBegun = begun == null || begun.batch < sizes.size() && sizes.get(begun.batch) == begun.cut.examples;
        if (!same || !sameBegun) startAnew();
    }

    /** A batch that is done; null where it is not. */
    Cut done(int batch) {
        return done.get(batch);
    }

    /** The batch some of whose steps are done; null where there is none. */
    Begun<P> begun() {
        return begun;
    }

    void setBegun(Begun<P> of) {
        begun = of;
        piece.checkpoint(this);
    }

    /**
     * Adds batches that follow one another.
     *
     * @param nodes what they gave
     * @param first the number of the first
     */
    void add(List<Cut> cuts, List<MergeTree.Node<P>> nodes, int first) {
        for (int i = 0; i < cuts.size(); i++) done.put(first + i, cuts.get(i));
        nodes.forEach(tree::add);
        if (begun != null && done.containsKey(begun.batch)) begun = null;
        piece.checkpoint(this);
    }

    /** Whether an earlier run had come to the end. */
    boolean isWhole() {
        return result != null;
    }

    P result() {
        if (result != null) return result;
        result = tree.whole(fold.zero());
        piece.completed(this);
        return result;
    }

    // ---- saved and gone on with

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(done.size());
        for (var each : done.entrySet()) {
            out.writeInt(each.getKey());
            write(each.getValue(), out);
        }
        out.writeBoolean(result != null);
        if (result != null) fold.write(result, out);
        List<MergeTree.Node<P>> nodes = tree.nodes();
        out.writeInt(nodes.size());
        for (MergeTree.Node<P> node : nodes) {
            out.writeByte(node.level());
            out.writeInt(node.index());
            fold.write(node.value(), out);
        }
        out.writeBoolean(begun != null);
        if (begun == null) return;
        out.writeInt(begun.batch);
        write(begun.cut, out);
        out.writeInt(begun.steps);
        fold.write(begun.given, out);
    }

    private static void write(Cut cut, DataOutput out) throws IOException {
        out.writeInt(cut.examples);
        out.writeByte(cut.changes.size());
        for (Batch.Change change : cut.changes) out.writeByte(change.ordinal());
    }

    private void read(DataInputStream in, boolean ended) throws IOException {
        int rest = examples;
        for (int i = SavedNumbers.count(in, 2 * Integer.BYTES + 1); i > 0; i--) {
            int batch = in.readInt();
            Cut cut = cut(in, rest);
            if (batch < 0 || batch >= examples || done.put(batch, cut) != null) throw new IOException("batch " + batch);
            rest -= cut.examples;
        }
        boolean whole = in.readBoolean();
        if (whole != ended || ended && rest > 0) throw new IOException("without " + rest + " examples");
        if (whole) result = value(in, examples);
        int covered = 0;
        for (int i = SavedNumbers.count(in, 1 + Integer.BYTES); i > 0; i--) {
            MergeTree.Node<P> node = node(in);
            tree.add(node);
            covered += node.end() - node.first();
        }
        if (covered != (whole ? 0 : done.size())) throw new IOException(covered + " batches");
        if (!in.readBoolean()) return;
        int batch = in.readInt();
        Cut cut = cut(in, rest);
        int steps = in.readInt();
        begun = new Begun<>(batch, cut, steps, fold.read(in, cut.examples));
    }

    private MergeTree.Node<P> node(DataInputStream in) throws IOException {
        int level = in.readUnsignedByte();
        int index = in.readInt();
        if (level > 30 || index < 0 || (long) (index + 1) << level > Integer.MAX_VALUE)
            throw new IOException("node " + index + " of level " + level);
        int end = (index + 1) << level;
        int given = 0;
        for (int batch = index << level; batch < end; batch++) {
            Cut cut = done.get(batch);
            if (cut == null) throw new IOException("batch " + batch);
            given += cut.examples;
        }
        return new MergeTree.Node<>(level, index, value(in, given));
    }

    /** A result, which fails here where it is of another kind. */
    private P value(DataInputStream in, int of) throws IOException {
        return fold.merge(fold.zero(), fold.read(in, of));
    }

    private static Cut cut(DataInputStream in, int most) throws IOException {
        int examples = in.readInt();
        if (examples < 1 || examples > most) throw new IOException("a batch of " + examples + " examples");
        List<Batch.Change> changes = new ArrayList<>();
        for (int i = in.readUnsignedByte(); i > 0; i--) changes.add(CHANGES[in.readUnsignedByte()]);
        return new Cut(examples, changes);
    }
}
