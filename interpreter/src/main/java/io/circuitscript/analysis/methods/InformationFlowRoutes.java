package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import java.util.List;
import java.util.function.Supplier;

/** How much of each slot's input a source is, in the clean run. */
final class InformationFlowRoutes implements AttributionMethod {
    @Override
    public String word() {
        return "information-flow-routes";
    }

    @Override
    public String title(MethodSettings settings) {
        return "information flow routes";
    }

    @Override
    public boolean ablates() {
        return false;
    }

    @Override
    public List<String> levels() {
        return List.of("edge", "position");
    }

    @Override
    public Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        return Found.of(analyses.informationFlow(options));
    }
}
