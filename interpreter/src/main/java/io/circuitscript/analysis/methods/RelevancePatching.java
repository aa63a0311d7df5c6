package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.task.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Relevance in place of gradients (RelP; Jafari et al. 2025). */
final class RelevancePatching implements AttributionMethod {
    private static final MethodOption ATTENTION = MethodOption.choice(
            "attention",
            List.of("differentiated", "fixed"),
            "whether attention's probabilities are differentiated, or constants, so that edges into q and k score 0");

    @Override
    public String word() {
        return GradientPath.relevance(false).word();
    }

    @Override
    public String title(MethodSettings settings) {
        return fixed(settings) ? "RelP with fixed attention" : "RelP";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(ATTENTION);
    }

    @Override
    public List<String> levels() {
        return List.of("edge", "position", "node", "neuron");
    }

    @Override
    public Optional<String> notDerivatives() {
        return Optional.of("the relevance rules take the place of derivatives");
    }

    @Override
    public void check(Metric metric) {
        Analyses.requireGradient(word(), true, metric);
    }

    @Override
    public Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        return Found.of(analyses.attribute(method(settings), ablation.get(), options));
    }

    @Override
    public NodeScores nodes(
            Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        return analyses.attributeNodes(method(settings), ablation.get(), options);
    }

    private static Analyses.Method method(MethodSettings settings) {
        return new Analyses.Method(GradientPath.relevance(fixed(settings)));
    }

    private static boolean fixed(MethodSettings settings) {
        return settings.text(ATTENTION.name()).equals("fixed");
    }
}
