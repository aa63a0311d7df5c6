package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.task.Metric;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Attribution patching with attention computed anew, and with gradients dropped (Kramár et al. 2024). */
final class AtpStar implements AttributionMethod {
    private static final MethodOption GRAD_DROP = MethodOption.truth(
            "graddrop",
            true,
            "whether each score is a mean over passes back that leave one layer out, of sizes, without a sign");

    @Override
    public String word() {
        return "atp*";
    }

    @Override
    public String title(MethodSettings settings) {
        return drops(settings) ? "AtP*" : "AtP* without GradDrop";
    }

    @Override
    public List<MethodOption> options() {
        return List.of(GRAD_DROP);
    }

    @Override
    public boolean signed(MethodSettings settings) {
        return !drops(settings);
    }

    @Override
    public List<String> levels() {
        return List.of("edge", "position");
    }

    @Override
    public Optional<String> notDerivatives() {
        return Optional.of("it computes attention's probabilities anew for queries and keys");
    }

    @Override
    public void check(Metric metric) {
        Analyses.requireGradient(word(), true, metric);
    }

    @Override
    public Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        return Found.of(analyses.atpStar(drops(settings), ablation.get(), options));
    }

    private static boolean drops(MethodSettings settings) {
        return settings.truth(GRAD_DROP.name());
    }
}
