package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import java.util.List;
import java.util.function.Supplier;

/** Ablates every edge, or every node, alone. */
final class ExactAblation implements AttributionMethod {
    @Override
    public String word() {
        return "exact";
    }

    @Override
    public String title(MethodSettings settings) {
        return "exact ablation";
    }

    @Override
    public List<String> levels() {
        return List.of("edge", "position", "node");
    }

    @Override
    public Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        return Found.of(analyses.exact(ablation.get(), options));
    }

    @Override
    public NodeScores nodes(
            Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        return analyses.exactNodes(ablation.get(), options);
    }
}
