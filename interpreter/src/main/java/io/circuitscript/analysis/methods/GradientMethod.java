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

/** Scores by gradients, along one of the kinds of paths. */
record GradientMethod(GradientPath.Kind kind) implements AttributionMethod {
    private static final int MOST_STEPS = 10_000;
    private static final MethodOption STEPS =
            MethodOption.count("ig", 5, MOST_STEPS, "how many steps the gradients are integrated over");

    @Override
    public String word() {
        return kind.word();
    }

    @Override
    public String title(MethodSettings settings) {
        int steps = steps(settings);
        return kind.title() + (kind.stepped() ? " with " + steps + (steps == 1 ? " step" : " steps") : "");
    }

    @Override
    public List<MethodOption> options() {
        return kind.stepped() ? List.of(STEPS) : List.of();
    }

    @Override
    public int steps(MethodSettings settings) {
        return kind.stepped() ? settings.count(STEPS.name()) : 0;
    }

    @Override
    public List<String> levels() {
        return List.of("edge", "position", "node", "neuron");
    }

    @Override
    public void check(Metric metric) {
        Analyses.requireGradient(word(), kind == GradientPath.Kind.EAP, metric);
    }

    @Override
    public Optional<Analyses.Method> gradients(MethodSettings settings) {
        return Optional.of(method(settings));
    }

    private Analyses.Method method(MethodSettings settings) {
        return new Analyses.Method(new GradientPath(kind, steps(settings)));
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
}
