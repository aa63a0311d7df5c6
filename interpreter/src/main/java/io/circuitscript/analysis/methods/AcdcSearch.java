package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.FoldRunner;
import io.circuitscript.analysis.Identity;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * ACDC (Conmy et al. 2023): removes edges from the logits down, each for good where that worsens a number by less than a threshold, against the
 * circuit so far. Slots and, in a slot, sources are visited from the last to the first: "from later-layer MLPs and heads to earlier-layer MLPs
 * and heads, and from higher- to lower-indexed heads", as the paper has it.
 *
 * <p>Decisions are those of the program that runs the circuit once for each edge. Several edges share a run by guessing: the next edges are tried
 * as if the guesses about those before them were right, and where one was wrong, what was tried after it is tried again. A guess is that an edge
 * goes; or what the last try said, if it was tried in vain.
 */
final class AcdcSearch implements CheckpointStore.Content {
    /** How many edges are tried at once at first, and at most. */
    private static final int FEWEST = 4;

    private static final int MOST = 32;

    /** Numbers that a round gives at most: a value for each example and edge. */
    private static final int MOST_VALUES = 1 << 21;

    private final Transformer model;
    private final Pairs pairs;
    private final Metric metric;
    private final Ablation ablation;
    private final double threshold;
    private final FoldRunner runner;
    private final ModelGraph graph;

    /** The circuit at the start of {@link #slot}. */
    private BitSet start;

    private int slot;

    /** Sources whose edges into the slot went, in order. */
    private int[] removed = new int[0];

    /** The next source to decide on; those after it are decided. */
    private int next;

    /** The number's mean in the circuit so far. */
    private double value;

    private int window = FEWEST;

    /** Sources that are guessed to stay. */
    private BitSet staying = new BitSet();

    private boolean begun;

    AcdcSearch(Analyses of, Metric metric, Ablation ablation, double threshold, FoldRunner runner) {
        this.model = of.model();
        this.pairs = of.pairs();
        this.metric = metric;
        this.ablation = ablation;
        this.threshold = threshold;
        this.runner = runner;
        this.graph = model.graph();
        start = Circuit.full(graph).edges();
        slot = graph.slots() - 1;
        next = graph.sourcesBefore(slot) - 1;
    }

    Circuit run(RunOptions options) {
        CheckpointStore.Piece piece = options.checkpoints().begin(() -> identity(options));
        boolean whole = piece.saved().map(this::goOn).orElse(false);
        RunOptions inner = options.within();
        options.progress().begin("acdc", graph.edgeCount(), "edges");
        try (AcdcFold.States states = new AcdcFold.States()) {
            // Also where all is known: later work finds batches as it would have found them then.
            double ofModel =
                    means(states, Circuit.full(graph), graph.slots() - 1, new int[0], List.of(new BitSet()), inner)[0];
            if (!begun) value = ofModel;
            begun = true;
            options.progress().advance(decided());
            while (slot >= 0) {
                if (next == graph.sourcesBefore(slot) - 1 && leadsNowhere(slot)) removeAll(options);
                while (next >= 0) {
                    round(states, inner, options);
                    options.progress().note(kept() + " kept");
                    piece.checkpoint(this);
                }
                leaveSlot();
            }
        } finally {
            options.progress().end();
        }
        if (!whole) piece.completed(this);
        return new Circuit(graph, start);
    }

    /** How many edges are decided on. */
    private long decided() {
        long undecided = next + 1;
        for (int before = 0; before < slot; before++) undecided += graph.sourcesBefore(before);
        return graph.edgeCount() - undecided;
    }

    /** How many edges are decided on and kept. */
    private long kept() {
        long kept = graph.sourcesBefore(slot) - 1 - next - removed.length;
        for (int slot = this.slot + 1; slot < graph.slots(); slot++) {
            for (int source = 0; source < graph.sourcesBefore(slot); source++)
                if (start.get(graph.edge(source, slot))) kept++;
        }
        return kept;
    }

    /** Whether no kept edge leaves the slot's node: what enters it changes nothing. */
    private boolean leadsNowhere(int slot) {
        int source = graph.sourceOfSlot(slot);
        if (source < 0) return false;
        int edge = start.nextSetBit(graph.edge(source, 0));
        return edge < 0 || edge >= graph.edge(source, 0) + graph.slots();
    }

    private void removeAll(RunOptions options) {
        for (int source = 0; source <= next; source++) start.clear(graph.edge(source, slot));
        options.progress().advance(next + 1);
        next = -1;
    }

    private void leaveSlot() {
        for (int source : removed) start.clear(graph.edge(source, slot));
        removed = new int[0];
        staying = new BitSet();
        slot--;
        if (slot >= 0) next = graph.sourcesBefore(slot) - 1;
    }

    /** Tries the next edges, and decides on as many of them as the guesses were right about, and one more. */
    private void round(AcdcFold.States states, RunOptions inner, RunOptions options) {
        int count = Math.min(Math.min(window, Math.max(1, MOST_VALUES / pairs.size())), next + 1);
        List<BitSet> sets = new ArrayList<>();
        BitSet gone = new BitSet();
        for (int source = next; source > next - count; source--) {
            BitSet set = (BitSet) gone.clone();
            set.set(source);
            sets.add(set);
            if (!staying.get(source)) gone = set;
        }
        double[] means = means(states, new Circuit(graph, start), slot, removed, sets, inner);
        double before = value;
        boolean right = true;
        int first = next;
        for (int i = 0; i < count; i++) {
            int source = first - i;
            boolean goes = worse(means[i], before) < threshold;
            boolean guessed = !staying.get(source);
            if (right) {
                decide(source, goes, means[i]);
                right = goes == guessed;
            } else {
                staying.set(source, !goes);
            }
            if (guessed) before = means[i];
        }
        options.progress().advance(first - next);
        window = right ? Math.min(MOST, 2 * window) : Math.max(FEWEST, window / 2);
    }

    private void decide(int source, boolean goes, double with) {
        next = source - 1;
        if (!goes) return;
        removed = Arrays.copyOf(removed, removed.length + 1);
        removed[removed.length - 1] = source;
        value = with;
    }

    private double worse(double now, double before) {
        return metric.lessIsBetter() ? now - before : before - now;
    }

    /** The number's mean over examples with each of some sets of edges into the slot removed. Summed in the order of the examples. */
    private double[] means(
            AcdcFold.States states, Circuit circuit, int slot, int[] removed, List<BitSet> sets, RunOptions options) {
        double[] values =
                runner.run(new AcdcFold(model, pairs, metric, ablation, states, circuit, slot, removed, sets), options);
        double[] means = new double[sets.size()];
        for (int i = 0; i < values.length; i++) means[i / pairs.size()] += values[i];
        for (int i = 0; i < means.length; i++) means[i] /= pairs.size();
        return means;
    }

    // ---- saved and gone on with

    private byte[] identity(RunOptions options) {
        return new Identity()
                .add("acdc")
                .add(pairs)
                .add(model, options)
                .add(metric)
                .add(ablation)
                .add(threshold)
                .bytes();
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.writeInt(slot);
        out.writeInt(next);
        out.writeInt(window);
        out.writeDouble(value);
        write(start, out);
        write(staying, out);
        out.writeInt(removed.length);
        for (int source : removed) out.writeInt(source);
    }

    private static void write(BitSet set, DataOutput out) throws IOException {
        long[] words = set.toLongArray();
        out.writeInt(words.length);
        for (long word : words) out.writeLong(word);
    }

    /** @return whether the search had come to its end */
    private boolean goOn(CheckpointStore.Saved saved) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(saved.content()))) {
            int slot = in.readInt();
            int next = in.readInt();
            int window = in.readInt();
            double value = in.readDouble();
            BitSet start = read(in, graph.edgeIndexBound());
            BitSet staying = read(in, graph.sources());
            int count = in.readInt();
            if (slot >= graph.slots()
                    || next >= graph.sources()
                    || window < 1
                    || window > MOST
                    || count > graph.sources()) throw new IOException("a place that the search does not come to");
            int[] removed = new int[Math.max(0, count)];
            for (int i = 0; i < count; i++) removed[i] = in.readInt();
            this.slot = slot;
            this.next = next;
            this.window = window;
            this.value = value;
            this.start = start;
            this.staying = staying;
            this.removed = removed;
            begun = true;
            return saved.whole();
        } catch (IOException e) {
            return false; // somebody wrote it who is not this program: as if it were not there
        }
    }

    private static BitSet read(DataInputStream in, int bound) throws IOException {
        int words = in.readInt();
        if (words < 0 || words > bound / Long.SIZE + 1) throw new IOException(words + " words");
        long[] read = new long[words];
        for (int i = 0; i < words; i++) read[i] = in.readLong();
        return BitSet.valueOf(read);
    }
}
