package io.circuitscript.analysis.circuits;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Circuit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Many circuits, and the metric of each example with each of them. They share the run in which everything is ablated.
 *
 * @param circuits without their dead ends
 * @param values for each circuit, the metric of each example
 */
public record EvaluatedCircuits(List<Circuit> circuits, List<double[]> values) {

    /**
     * Prunes circuits and evaluates them. Those that are then the same are run once, and those that have no edge are not run.
     *
     * @param what a few words for the progress display
     * @param ablations what an ablated edge of a circuit carries, which is asked for as it runs: pruned
     * @param empty the metric of each example with every edge ablated
     */
    public static EvaluatedCircuits of(
            String what,
            Analyses analyses,
            List<Circuit> circuits,
            Function<Circuit, Ablation> ablations,
            double[] empty,
            RunOptions options) {
        List<Circuit> pruned = new ArrayList<>(circuits.size());
        Map<Circuit, Integer> places = new LinkedHashMap<>();
        for (Circuit circuit : circuits) {
            options.cancel().check();
            pruned.add(circuit.pruned());
            if (pruned.getLast().edgeCount() > 0) places.putIfAbsent(pruned.getLast(), places.size());
        }
        List<double[]> run = places.isEmpty()
                ? List.of()
                : analyses.evaluate(what, List.copyOf(places.keySet()), ablations, options);
        List<double[]> values = pruned.stream()
                .map(it -> it.edgeCount() == 0 ? empty : run.get(places.get(it)))
                .toList();
        return new EvaluatedCircuits(List.copyOf(pruned), values);
    }
}
