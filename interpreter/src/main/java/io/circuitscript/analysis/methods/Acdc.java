package io.circuitscript.analysis.methods;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.task.AnswerPoints;
import io.circuitscript.task.Formula;
import io.circuitscript.task.FormulaMetric;
import io.circuitscript.task.Metric;
import io.circuitscript.task.RunFunction;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Removes edges from the logits down as long as that changes little (Conmy et al. 2023). */
final class Acdc implements AttributionMethod {
    private static final MethodOption THRESHOLD = MethodOption.number(
            "threshold",
            0.01,
            "from 0",
            it -> it >= 0 && Double.isFinite(it),
            "how much worse removing one edge may make things");
    private static final MethodOption BY = MethodOption.choice(
            "by",
            List.of("kl", "metric"),
            "what gets worse: the divergence of the circuit's next token from the model's, or the metric");

    @Override
    public String word() {
        return "acdc";
    }

    @Override
    public String title(MethodSettings settings) {
        String threshold = String.format(Locale.ROOT, "%s", settings.number(THRESHOLD.name()));
        return "ACDC, threshold " + threshold + (settings.text(BY.name()).equals("kl") ? "" : " by the metric");
    }

    @Override
    public List<MethodOption> options() {
        return List.of(THRESHOLD, BY);
    }

    @Override
    public boolean findsCircuit() {
        return true;
    }

    @Override
    public List<String> levels() {
        return List.of("edge");
    }

    @Override
    public Found edges(Analyses analyses, MethodSettings settings, Supplier<Ablation> ablation, RunOptions options) {
        Metric metric = settings.text(BY.name()).equals("kl") ? divergence(analyses) : analyses.metric();
        Ablation chosen = ablation.get();
        analyses.requireDifference(chosen);
        return Found.of(new AcdcSearch(analyses, metric, chosen, settings.number(THRESHOLD.name()), analyses.runner())
                .run(options));
    }

    /** How far the next token after the text is from the model's. */
    private static Metric divergence(Analyses analyses) {
        return new FormulaMetric(
                "kl",
                "kl(clean)",
                true,
                new Formula.Divergence(RunFunction.KL, Formula.Run.CLEAN),
                new AnswerPoints(analyses.pairs().size()));
    }
}
