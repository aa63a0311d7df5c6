package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.task.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A way to score edges, nodes or neurons, or to find a circuit: all that {@code attribute} needs to know of it. */
public interface AttributionMethod {
    /** As a script has it. */
    String word();

    /** As a picture's title names it. */
    String title(MethodSettings settings);

    /** What it adds to the options of {@code attribute}. */
    default List<MethodOption> options() {
        return List.of();
    }

    /** How many steps it takes; 0 where it takes none. */
    default int steps(MethodSettings settings) {
        return 0;
    }

    /** Whether it asks what ablating changes: else it reads the clean run alone. */
    default boolean ablates() {
        return true;
    }

    /** Why its scores are no derivatives of the metric, which finite differences would show, where there is something to say of it. */
    default Optional<String> notDerivatives() {
        return Optional.empty();
    }

    /** Whether a score tells by its sign if ablating hurts or helps. */
    default boolean signed(MethodSettings settings) {
        return true;
    }

    /** Whether it makes a circuit, and no scores. */
    default boolean findsCircuit() {
        return false;
    }

    /** What it can score: {@code edge}, {@code position} which is edges at spans, {@code node}, {@code neuron}. */
    List<String> levels();

    /** @throws io.circuitscript.source.UserError where it can find nothing by that metric, whatever the data and the model */
    default void check(Metric metric) {}

    /** How its gradients are taken, where it is one of those that {@link Analyses} takes by a path. */
    default Optional<Analyses.Method> gradients(MethodSettings settings) {
        return Optional.empty();
    }

    /** @param ablation asked only where the method ablates */
    Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options);

    /** Of nodes, and of neurons where it scores them. */
    default NodeScores nodes(
            Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        throw new IllegalStateException(word() + " scores edges");
    }
}
