package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Scores by gradients, along one of the kinds of paths. */
record GradientMethod(GradientPath.Kind kind) implements AttributionMethod {
    @Override
    public String word() {
        return kind.word();
    }

    @Override
    public String title() {
        return kind.title();
    }

    @Override
    public boolean stepped() {
        return kind.stepped();
    }

    @Override
    public List<String> levels() {
        return List.of("edge", "node", "neuron");
    }

    @Override
    public Optional<Analyses.Method> gradients(int steps) {
        return Optional.of(method(steps));
    }

    private Analyses.Method method(int steps) {
        return new Analyses.Method(new GradientPath(kind, steps));
    }

    @Override
    public Scores edges(Analyses analyses, int steps, Supplier<Ablation> ablation, RunOptions options) {
        return analyses.attribute(method(steps), ablation.get(), options);
    }

    @Override
    public NodeScores nodes(Analyses analyses, int steps, Supplier<Ablation> ablation, RunOptions options) {
        return analyses.attributeNodes(method(steps), ablation.get(), options);
    }
}
