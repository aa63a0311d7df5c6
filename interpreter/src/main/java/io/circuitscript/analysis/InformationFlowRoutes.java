package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import java.util.List;
import java.util.function.Supplier;

/** How much of each slot's input a source is, in the clean run. */
final class InformationFlowRoutes implements AttributionMethod {
    @Override
    public String word() {
        return "information-flow-routes";
    }

    @Override
    public String title() {
        return "information flow routes";
    }

    @Override
    public boolean ablates() {
        return false;
    }

    @Override
    public List<String> levels() {
        return List.of("edge");
    }

    @Override
    public Scores edges(Analyses analyses, int steps, Supplier<Ablation> ablation, RunOptions options) {
        return analyses.informationFlow(options);
    }

    @Override
    public NodeScores nodes(Analyses analyses, int steps, Supplier<Ablation> ablation, RunOptions options) {
        throw new IllegalStateException(word() + " scores edges");
    }
}
