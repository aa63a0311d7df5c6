package io.circuitscript.runtime.statements;

import io.circuitscript.analysis.Bootstrap;
import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Means;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Span;
import java.util.List;

/** Warns of results that are correct but mean little: an empty circuit, a metric that corrupting hardly changes. */
final class ResultWarnings {
    /** A smaller difference, as a share of the larger number, is little to measure a circuit against. */
    private static final double LITTLE = 0.01;

    private ResultWarnings() {}

    /** @param pruned what is left of the circuit once its dead ends are gone */
    static void ofCircuit(Circuit circuit, Circuit pruned, Span at, State state) {
        if (pruned.edgeCount() > 0) return;
        state.sayOnce(
                at,
                circuit.edgeCount() == 0
                        ? "the circuit has no edges: every edge of the model is ablated"
                        : "nothing reaches logits from input: the circuit is empty once pruned, and every edge of the model is ablated");
    }

    /**
     * Once in a run for one cause, however many results it touches.
     *
     * @param model the metric of each example on clean inputs
     * @param other of each example, what it is compared with
     * @param where what {@code other} is the metric of: {@code on corrupted inputs}
     */
    static void ofBaseline(double[] model, double[] other, String where, State state) {
        double sign = state.experiment().metric().lessIsBetter() ? -1 : 1;
        double better = sign * (Means.of(model) - Means.of(other));
        String both = shown(Means.of(model)) + " on clean inputs, " + shown(Means.of(other)) + " " + where;
        if (better <= 0) {
            state.sayOnce("the model is no better on clean inputs: " + both
                    + "; faithfulness means little with this data and metric");
        } else if (better < LITTLE * Math.max(Math.abs(Means.of(model)), Math.abs(Means.of(other)))) {
            state.sayOnce("faithfulness is measured against a difference of " + shown(better) + " (" + both
                    + "); it means little");
        } else {
            Bootstrap.of(List.of(model, other), state.settings().seed())
                    .interval(means -> sign * (means[0] - means[1]))
                    .filter(it -> it.low() <= 0)
                    .ifPresent(it -> state.sayOnce("with other examples the model may be no better on clean inputs: "
                            + both + ", a difference in [" + shown(it.low()) + ", " + shown(it.high())
                            + "]; faithfulness means little"));
        }
    }

    private static String shown(double value) {
        return new Value.Number(value).rounded();
    }
}
