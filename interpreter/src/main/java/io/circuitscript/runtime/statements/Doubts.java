package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Circuit;
import io.circuitscript.runtime.State;
import io.circuitscript.runtime.Value;
import io.circuitscript.source.Span;

/** Says where a result is right and means little: an empty circuit, a baseline that the inputs hardly move. */
final class Doubts {
    /** A smaller difference, as a share of the larger number, is little to measure a circuit against. */
    private static final double LITTLE = 0.01;

    private Doubts() {}

    /** @param pruned what is left of the circuit once its dead ends are gone */
    static void ofCircuit(Circuit circuit, Circuit pruned, Span at, State state) {
        if (pruned.edgeCount() > 0) return;
        state.sayOnce(at, circuit.edgeCount() == 0
                ? "the circuit has no edges: every edge of the model is ablated"
                : "nothing reaches logits from input: the circuit is empty once pruned, and every edge of the model is ablated");
    }

    /**
     * @param model the metric of the model on clean inputs
     * @param other the metric that it is compared with
     * @param where what {@code other} is the metric of: {@code on corrupted inputs}
     */
    static void ofBaseline(double model, double other, String where, Span at, State state) {
        double better = state.metric().lessIsBetter() ? other - model : model - other;
        String both = shown(model) + " on clean inputs, " + shown(other) + " " + where;
        if (better <= 0) {
            state.sayOnce(at, "the model is no better on clean inputs: " + both + "; faithfulness means little with this data and metric");
        } else if (better < LITTLE * Math.max(Math.abs(model), Math.abs(other))) {
            state.sayOnce(at, "faithfulness is measured against a difference of " + shown(better) + " (" + both + "); it means little");
        }
    }

    private static String shown(double value) {
        return new Value.Number(value).rounded();
    }
}
