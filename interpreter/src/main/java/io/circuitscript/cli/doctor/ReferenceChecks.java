package io.circuitscript.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Scores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers of a tiny model with random weights against what transformers and EAP-IG compute for it, in float64 on a CPU. They are those that the
 * program's tests compare with.
 */
final class ReferenceChecks {
    /** A folder each, in the standard library's {@code fixtures}: together they have all that families differ in. */
    static final List<String> FAMILIES = List.of("gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2");

    /** More than there are. */
    private static final int ROWS = 1000;

    private static final List<String> TASKS = List.of("greater-than", "ioi");

    /** EAP-IG ignores a norm of this family that ours go through, and adds means to its clean outputs too. */
    private static final String PARTLY = "gemma2";

    private final String name;
    private final CheckedModel model;
    private final RunOptions options;
    private final JsonNode expected;

    /** @param name of the family */
    ReferenceChecks(String name, CheckedModel model, RunOptions options) {
        this.name = name;
        this.model = model;
        this.options = options;
        this.expected = model.json("expected.json");
    }

    List<NumbersCheck> all() {
        boolean partly = name.equals(PARTLY);
        Tolerance tolerance =
                partly ? Tolerance.ofRoundedReference(model.precision()) : Tolerance.ofRandom(model.precision());
        List<NumbersCheck> checks = new ArrayList<>();
        checks.add(new NumbersCheck("baseline", tolerance, this::baseline));
        if (!partly) {
            checks.add(new NumbersCheck("scores", tolerance, this::scores));
            checks.add(new NumbersCheck("scores, zero and mean", tolerance, this::scoresOfOtherAblations));
        }
        checks.add(new NumbersCheck("exact scores", tolerance, this::exact));
        checks.add(new NumbersCheck("circuits", tolerance, this::circuits));
        return checks;
    }

    private Analyses analyses(String task) {
        Path file = model.folder().resolveSibling(task + ".csv");
        return model.ofFile(task, file, ROWS);
    }

    private void baseline(Deviation deviation) {
        for (String task : TASKS) {
            Analyses.Baseline found = analyses(task).baseline(options);
            deviation.metric(task + ", clean", numbers(expected.get(task).get("baseline")), found.clean());
            deviation.metric(task + ", corrupted", numbers(expected.get(task).get("corrupted")), found.corrupted());
        }
    }

    private void scores(Deviation deviation) {
        for (String task : TASKS) {
            Analyses analyses = analyses(task);
            Analyses.Method both = new Analyses.Method(new GradientPath(GradientPath.Kind.CLEAN_CORRUPTED, 0));
            compare(deviation, task, "eap", analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, options));
            compare(
                    deviation,
                    task,
                    "eap-ig/5",
                    analyses.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, options));
            compare(deviation, task, "clean-corrupted", analyses.attribute(both, Ablation.PATCHING, options));
            compare(deviation, task, "information-flow-routes", analyses.informationFlow(options));
        }
    }

    private void scoresOfOtherAblations(Deviation deviation) {
        for (String task : TASKS) {
            Analyses analyses = analyses(task);
            ablations(analyses).forEach((word, ablation) -> {
                if (ablation != Ablation.PATCHING
                        && expected.get(task).get("scores").has("eap/" + word))
                    compare(
                            deviation,
                            task,
                            "eap/" + word,
                            analyses.attribute(Analyses.Method.eap(), ablation, options));
            });
        }
    }

    private void exact(Deviation deviation) {
        for (String task : TASKS)
            compare(deviation, task, "exact", analyses(task).exact(Ablation.PATCHING, options));
    }

    private void compare(Deviation deviation, String task, String method, Scores found) {
        double[] table = model.scores(expected.get(task).get("scores").get(method));
        deviation.scores(task + ", " + method, model.graph(), table, found.toArray());
    }

    private void circuits(Deviation deviation) {
        for (String task : TASKS) {
            Analyses analyses = analyses(task);
            Map<String, Ablation> ablations = ablations(analyses);
            for (var circuit : expected.get(task).get("circuits").properties()) {
                JsonNode table = circuit.getValue();
                ablations.forEach((word, ablation) -> {
                    if (!table.has(word) || name.equals(PARTLY) && ablation instanceof Ablation.Mean) return;
                    deviation.metric(
                            task + ", circuit '" + circuit.getKey() + "' with " + word,
                            numbers(table.get(word)),
                            analyses.evaluate(model.circuit(table.get("edges")), ablation, options));
                });
            }
        }
    }

    /** By the reference's words for them. */
    private Map<String, Ablation> ablations(Analyses analyses) {
        return new TreeMap<>(Map.of(
                "patching", Ablation.PATCHING,
                "zero", Ablation.ZERO,
                "mean-positional", Analyses.mean(model.transformer(), analyses.pairs(), true, options)));
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = list.get(i).doubleValue();
        return numbers;
    }
}
