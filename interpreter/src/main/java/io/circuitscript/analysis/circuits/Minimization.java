package io.circuitscript.analysis.circuits;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Identity;
import io.circuitscript.analysis.StepCheckpoint;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Circuit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Tries the edges of a circuit once, in a given order, and removes each without which faithfulness stays high enough. An edge is tried without
 * those that are already gone. Dead ends are gone too, as they are in every evaluation.
 *
 * <p>What an edge is tried without depends on the edges before it. Where batches have to be made anew for each evaluation, several circuits share
 * them all the same: the one that is due, and those that are due next if each edge goes, or stays, as the last one did. From the first wrong
 * guess on they are thrown away, so that the result is that of trying one edge after the other.
 */
public final class Minimization {
    /** So many circuits share batches at most: more of them would seldom all be guessed rightly. */
    private static final int MOST_AHEAD = 16;

    /**
     * An edge that was tried.
     *
     * @param faithfulness of the circuit without it and without those that were gone before
     * @param removed whether it went
     */
    public record Trial(int edge, double faithfulness, boolean removed) {}

    /**
     * What is left.
     *
     * @param before, after the faithfulness of the whole circuit and of what is left
     * @param trials in their order; an edge that was a dead end by then has none
     */
    public record Result(Circuit circuit, double before, double after, List<Trial> trials) {
        public Result {
            trials = List.copyOf(trials);
        }
    }

    private final Analyses analyses;
    private final Ablation ablation;
    private final ToDoubleFunction<double[]> faithfulness;
    private final double[] empty;
    private final RunOptions options;
    private final RunOptions inner;

    /** The edges, those to try first in front. */
    private final int[] order;

    private final StepCheckpoint checkpoint;

    /** How faithful each circuit was that was due so far; those of an earlier run at first. {@code [step][0]} */
    private final List<double[]> known = new ArrayList<>();

    /** How many of these were due in this run. */
    private int done;

    /** What was run beside a circuit that was due. */
    private final Map<Circuit, Double> guessed = new HashMap<>();

    private int ahead = 1;

    private Minimization(
            Analyses analyses,
            Ablation ablation,
            ToDoubleFunction<double[]> faithfulness,
            double[] empty,
            int[] order,
            CheckpointStore.Piece piece,
            RunOptions options) {
        this.analyses = analyses;
        this.ablation = ablation;
        this.faithfulness = faithfulness;
        this.empty = empty;
        this.order = order.clone();
        this.options = options;
        this.inner = options.within();
        this.checkpoint = new StepCheckpoint(piece, order.length + 1, 1);
        if (checkpoint.done() > 0) known.addAll(checkpoint.partial());
    }

    /**
     * @param order the numbers of all edges of the circuit, those to try first in front
     * @param tolerance how much faithfulness may fall in all, from that of the whole circuit
     * @param faithfulness by the metric of each example
     * @param empty the metric of each example with every edge ablated
     */
    public static Result run(
            Analyses analyses,
            Circuit circuit,
            int[] order,
            double tolerance,
            Ablation ablation,
            ToDoubleFunction<double[]> faithfulness,
            double[] empty,
            RunOptions options) {
        CheckpointStore.Piece piece = options.checkpoints()
                .begin(() -> new Identity()
                        .add("minimize")
                        .add(analyses.pairs())
                        .add(analyses.model(), options)
                        .add(analyses.metric())
                        .add(ablation)
                        .add(circuit)
                        .add(order)
                        .add(tolerance)
                        .bytes());
        var work = new Minimization(analyses, ablation, faithfulness, empty, order, piece, options);
        Progress progress = options.progress();
        progress.begin("minimize", order.length, "edges");
        try {
            return work.of(circuit.pruned(), tolerance);
        } finally {
            progress.end();
        }
    }

    private Result of(Circuit start, double tolerance) {
        double before = faithfulness(start, () -> List.of(start));
        Circuit circuit = start;
        double after = before;
        boolean last = true;
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < order.length; i++) {
            if (circuit.contains(order[i])) {
                Circuit from = circuit;
                Circuit without = without(circuit, order[i]);
                int place = i;
                boolean goes = last;
                double left = faithfulness(without, () -> next(from, place, goes));
                last = left >= before - tolerance;
                trials.add(new Trial(order[i], left, last));
                if (last) {
                    circuit = without;
                    after = left;
                }
            }
            options.progress().advance(1);
        }
        checkpoint.end();
        return new Result(circuit, before, after, trials);
    }

    private static Circuit without(Circuit circuit, int edge) {
        BitSet one = new BitSet();
        one.set(edge);
        return circuit.without(one).pruned();
    }

    /** The circuits that are due from an edge's place in the order on, if each edge goes, or if each stays. */
    private List<Circuit> next(Circuit circuit, int place, boolean goes) {
        List<Circuit> due = new ArrayList<>();
        Circuit from = circuit;
        for (int i = place; i < order.length && due.size() < ahead; i++) {
            if (!from.contains(order[i])) continue;
            due.add(without(from, order[i]));
            if (goes) from = due.getLast();
        }
        return due;
    }

    /** @param due the circuit, and those that may be due after it */
    private double faithfulness(Circuit circuit, Supplier<List<Circuit>> due) {
        if (done < known.size()) return known.get(done++)[0];
        Double value = guessed.remove(circuit);
        if (value == null) {
            boolean wrong = !guessed.isEmpty();
            ahead = wrong || !analyses.store().isFull() ? 1 : Math.min(2 * ahead, MOST_AHEAD);
            guessed.clear();
            List<Circuit> circuits = due.get();
            List<double[]> values = EvaluatedCircuits.of("minimize", analyses, circuits, it -> ablation, empty, inner)
                    .values();
            for (int i = 0; i < circuits.size(); i++)
                guessed.put(circuits.get(i), faithfulness.applyAsDouble(values.get(i)));
            value = guessed.remove(circuit);
        }
        known.add(new double[] {value});
        done++;
        checkpoint.stepDone(done, List.copyOf(known));
        return value;
    }
}
