package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A way to score edges, nodes or neurons: all that {@code attribute} needs to know of it. */
public interface AttributionMethod {
    /** As a script has it. */
    String word();

    /** As a picture's title names it. */
    String title();

    /** Whether it integrates over steps. */
    default boolean stepped() {
        return false;
    }

    /** Whether it asks what ablating changes: else it reads the clean run alone. */
    default boolean ablates() {
        return true;
    }

    /** What it can score: {@code edge}, {@code node}, {@code neuron}. */
    List<String> levels();

    /** How its gradients are taken; empty where it takes none. @param steps 0 where it is not stepped */
    default Optional<Analyses.Method> gradients(int steps) {
        return Optional.empty();
    }

    /** @param ablation asked only where the method ablates */
    Scores edges(Analyses analyses, int steps, Supplier<Ablation> ablation, RunOptions options);

    /** Of nodes, and of neurons where it scores them. */
    NodeScores nodes(Analyses analyses, int steps, Supplier<Ablation> ablation, RunOptions options);
}
