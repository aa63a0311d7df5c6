package io.circuitscript.analysis.methods;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import java.util.List;
import java.util.Optional;

/**
 * What a method found: scores of edges, or a circuit.
 *
 * @param losses what a method that learns had to make small, from its first step to its last; empty where it learns nothing
 */
public record Found(Optional<Scores> scores, Optional<Circuit> circuit, List<Double> losses) {
    public Found {
        losses = List.copyOf(losses);
    }

    public static Found of(Scores scores) {
        return new Found(Optional.of(scores), Optional.empty(), List.of());
    }

    public static Found of(Circuit circuit) {
        return new Found(Optional.empty(), Optional.of(circuit), List.of());
    }

    public Found with(List<Double> curve) {
        return new Found(scores, circuit, curve);
    }
}
