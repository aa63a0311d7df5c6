package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Identity;
import io.circuitscript.analysis.KeptBetweenFolds;
import io.circuitscript.analysis.MetricReader;
import io.circuitscript.analysis.SumFold;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.EdgeRemovals;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.graph.Circuit;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The metric of each example in a circuit with sets of further edges into one slot removed: {@code [set * example]}, zero for the examples of other
 * batches. What is asked follows from this object alone; what batches keep between two of them saves computing the circuit again.
 *
 * @param start the circuit at the slot's start
 * @param removed sources whose edges into the slot were removed since, in order
 * @param more for each set, the sources whose edges are removed beside those
 */
record AcdcFold(
        Transformer model,
        Pairs pairs,
        Metric metric,
        Ablation ablation,
        States states,
        Circuit start,
        int slot,
        int[] removed,
        List<BitSet> more)
        implements SumFold {

    /** What batches keep of a search. Close it at the search's end. */
    static final class States implements KeptBetweenFolds {
        private final String id = UUID.randomUUID().toString();
        private transient Map<Batch, EdgeRemovals> kept = new IdentityHashMap<>();
        private transient long bytes;

        @Override
        public String id() {
            return id;
        }

        /** Of a search that another process makes: what is kept of it stays there. */
        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            kept = new IdentityHashMap<>();
        }

        /** @param limit bytes that all of them may hold */
        private double[] values(
                AcdcFold fold, List<BitSet> sets, Batch batch, int[] examples, long limit, RunOptions options) {
            EdgeRemovals known = kept.get(batch);
            EdgeRemovals run = known != null ? known : new EdgeRemovals(batch, fold.ablation, options);
            long size = EdgeRemovals.bytes(batch);
            if (known == null && bytes + size <= limit) {
                kept.put(batch, run);
                bytes += size;
                batch.onClose(() -> drop(batch, size));
            }
            try {
                return run.values(
                        fold.start,
                        fold.slot,
                        fold.removed,
                        sets,
                        new MetricReader(fold.model, fold.pairs, fold.metric).ofCircuits(batch, examples, options),
                        options);
            } finally {
                if (!kept.containsKey(batch)) run.close();
            }
        }

        private void drop(Batch batch, long size) {
            EdgeRemovals run = kept.remove(batch);
            if (run == null) return;
            bytes -= size;
            run.close();
        }

        @Override
        public void close() {
            kept.values().forEach(EdgeRemovals::close);
            kept.clear();
            bytes = 0;
        }
    }

    @Override
    public double[] zero() {
        return new double[more.size() * pairs.size()];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        return some(batch, examples, 0, more.size(), options);
    }

    /** A step is as many sets as are run at once. */
    @Override
    public int steps(Shape batch) {
        return Math.ceilDiv(more.size(), atOnce(batch));
    }

    private int atOnce(Shape batch) {
        return EdgeRemovals.atOnce(model, slot, batch.rows(), batch.width(), batch.points());
    }

    @Override
    public double[] run(Batch batch, int[] examples, int from, int to, RunOptions options) {
        int each = atOnce(new Shape(batch.size(), batch.width(), batch.points()));
        return some(batch, examples, from * each, Math.min(more.size(), to * each), options);
    }

    /** Of some of the sets, the others staying zero. */
    private double[] some(Batch batch, int[] examples, int first, int end, RunOptions options) {
        // Before the runs themselves, which are then those that are kept.
        if (ablation == Ablation.PATCHING) batch.bothRuns(options.cancel());
        if (metric.readsPlainRuns()) batch.keptCleanLogits(options.cancel());
        long limit = MemoryBudget.bytes(options, model.device()) / 2;
        double[] values = states.values(this, more.subList(first, end), batch, examples, limit, options);
        double[] all = zero();
        for (int set = first; set < end; set++) {
            for (int i = 0; i < examples.length; i++)
                all[set * pairs.size() + examples[i]] = values[(set - first) * examples.length + i];
        }
        return all;
    }

    @Override
    public Identity identify(Identity identity) {
        identity.add(what()).add(metric).add(ablation).add(start).add(slot).add(removed);
        more.forEach(identity::add);
        return identity;
    }

    @Override
    public Continuations continuations(int example) {
        return metric.continuations(example);
    }

    @Override
    public String what() {
        return "acdc";
    }

    @Override
    public boolean sharesPrefix() {
        return ablation == Ablation.PATCHING;
    }
}
