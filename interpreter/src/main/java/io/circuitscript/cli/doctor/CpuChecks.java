package io.circuitscript.cli.doctor;

import io.circuitscript.analysis.Analyses;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.files.StandardData;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The numbers of a model on a device against those that the CPU computes in float64: of texts that no reference has, longer ones and more. */
final class CpuChecks {
    private static final int CHOSEN = 40;
    private static final int STEPS = 5;
    private static final int ROWS = 4;
    private static final int EXAMPLES = 40;
    private static final int LONG = 300;
    private static final int FEW = 2;
    private static final int SHORT = 40;

    private final String name;
    private final CheckedModel model;
    private final RunOptions options;

    CpuChecks(String name, CheckedModel model, RunOptions options) {
        this.name = name;
        this.model = model;
        this.options = options;
    }

    /** Of a tiny model with random weights. */
    NumbersCheck ofRandomWeights() {
        Tolerance tolerance = Tolerance.ofRandom(model.precision());
        if (model.hasLearnedPositions()) return longest(tolerance);
        return new NumbersCheck(tokens(LONG), tolerance, deviation -> {
            try (TemporaryModel longer = TemporaryModel.longer(model.folder(), LONG);
                    CheckedModel here =
                            CheckedModel.open(name, longer.folder(), model.device(), model.precision(), options)) {
                compare(here, it -> it.ofRandomTokens(ROWS, LONG), deviation);
            }
        });
    }

    /** Of a wide model. */
    NumbersCheck ofWide() {
        return new NumbersCheck(
                tokens(SHORT),
                Tolerance.ofRandom(model.precision()),
                deviation -> compare(model, it -> it.ofRandomTokens(FEW, SHORT), deviation));
    }

    /** Of the trained model. */
    List<NumbersCheck> ofTrained() {
        Tolerance tolerance = Tolerance.ofTrained(model.precision());
        List<NumbersCheck> checks = new ArrayList<>();
        for (String task : StandardData.NAMES) {
            Function<CheckedModel, Analyses> texts =
                    it -> it.ofFile(task, StandardData.file(task).orElseThrow(), EXAMPLES);
            String work = task.substring(StandardData.PREFIX.length());
            checks.add(new NumbersCheck(work, tolerance, deviation -> compare(model, texts, deviation)));
        }
        checks.add(longest(Tolerance.ofRandom(model.precision())));
        checks.add(twice(tolerance));
        return checks;
    }

    /** Of texts as long as the model's table of positions. */
    private NumbersCheck longest(Tolerance tolerance) {
        int length = model.positions();
        return new NumbersCheck(
                tokens(length),
                tolerance,
                deviation -> compare(model, it -> it.ofRandomTokens(ROWS, length), deviation));
    }

    private static String tokens(int length) {
        return length + " random tokens";
    }

    /** The same scores twice, each time from nothing: a device that adds in another order each time differs in the last bits. */
    private NumbersCheck twice(Tolerance tolerance) {
        return new NumbersCheck("the same twice", tolerance, deviation -> {
            double[] first = fromNothing();
            deviation.scores("the second time, eap-ig/5", model.graph(), first, fromNothing());
            deviation.remark(
                    deviation.error() == 0
                            ? "the same bits both times"
                            : "not the same bits both times: this device adds in another order each time");
        });
    }

    private double[] fromNothing() {
        model.forget();
        return scores(model.ofRandomTokens(ROWS, model.positions())).toArray();
    }

    /** @param texts of the model on either device */
    private void compare(CheckedModel here, Function<CheckedModel, Analyses> texts, Deviation deviation) {
        Numbers expected;
        try (CheckedModel cpu = CheckedModel.open(name, here.folder(), "cpu", Precision.FLOAT64, options)) {
            expected = numbers(texts.apply(cpu), Optional.empty());
        }
        expected.compare(numbers(texts.apply(here), Optional.of(expected.circuit())), deviation);
    }

    private Scores scores(Analyses analyses) {
        return analyses.attribute(Analyses.Method.eapIg(STEPS), Ablation.PATCHING, options);
    }

    private Numbers numbers(Analyses analyses, Optional<Circuit> given) {
        Analyses.Baseline baseline = analyses.baseline(options);
        Scores scores = scores(analyses);
        Scores zero = analyses.attribute(Analyses.Method.eap(), Ablation.ZERO, options);
        Circuit circuit =
                given.orElseGet(() -> Selection.greedy(scores, CHOSEN, true).pruned());
        return new Numbers(
                baseline,
                scores,
                zero,
                circuit,
                analyses.evaluate(circuit, Ablation.PATCHING, options),
                analyses.evaluate(circuit, Ablation.ZERO, options));
    }

    /** @param circuit chosen by the CPU's scores */
    private record Numbers(
            Analyses.Baseline baseline,
            Scores scores,
            Scores zero,
            Circuit circuit,
            double[] patching,
            double[] ablated) {

        void compare(Numbers found, Deviation deviation) {
            deviation.metric("clean", baseline.clean(), found.baseline.clean());
            deviation.metric("corrupted", baseline.corrupted(), found.baseline.corrupted());
            deviation.scores("eap-ig/5", scores.graph(), scores.toArray(), found.scores.toArray());
            deviation.scores("eap/zero", zero.graph(), zero.toArray(), found.zero.toArray());
            deviation.metric("circuit with patching", patching, found.patching);
            deviation.metric("circuit with zero", ablated, found.ablated);
        }
    }
}
