package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.analysis.methods.Found;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What half precision costs in agreement with float32: the table in docs/running.md, with some room. */
class PrecisionTest {
    private static final RunOptions QUIET = RunOptions.quiet();
    private static final int CHOSEN = 40;

    /**
     * How one precision agrees with another.
     *
     * @param error of a score, the largest, as a part of the largest score
     * @param common of the edges with the largest scores
     * @param metric the difference of the metric of one circuit
     * @param faithfulness the same, as a part of what the model's metric is above the empty circuit's: of no meaning in a random model
     */
    private record Agreement(double correlation, double error, int common, double metric, double faithfulness) {}

    private record Found(double[] scores, BitSet top, double model, double empty, double circuit) {}

    static Stream<Arguments> cases() {
        return Stream.of("greater-than", "ioi")
                .flatMap(task -> Stream.of(
                        Arguments.of("demo", task, Precision.BFLOAT16, 0.005, 0.005),
                        Arguments.of("demo", task, Precision.FLOAT16, 0.001, 0.0005),
                        // Random weights: everything is a small difference of large numbers.
                        Arguments.of("gpt2", task, Precision.BFLOAT16, 0.06, 0.005),
                        Arguments.of("gpt2", task, Precision.FLOAT16, 0.01, 0.001)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void halfPrecisionAgrees(String model, String task, Precision precision, double scoreError, double metricError) {
        assumeTrue(runsHere(precision), "this CPU has no instructions for it");
        Circuit chosen = chosen(model, task);
        Agreement agreement =
                agreement(found(model, task, precision, chosen), found(model, task, Precision.FLOAT32, chosen));
        assertTrue(agreement.correlation > 1 - scoreError / 50, agreement::toString);
        assertTrue(agreement.error < scoreError, agreement::toString);
        assertTrue(agreement.common >= CHOSEN - 4, agreement::toString);
        assertEquals(0, agreement.metric, metricError, agreement::toString);
        if (model.equals("demo")) assertEquals(0, agreement.faithfulness, metricError, agreement::toString);
    }

    static Stream<Arguments> traits() {
        // Caps and norms after blocks, norms over all queries, slopes, neighbours turned, fused matrices, windows with
        // a turn of their own.
        return Stream.of("gemma2", "olmo2", "bloom", "gptj", "phi3", "gemma3_text")
                .flatMap(family -> Stream.of(
                        Arguments.of(family, Precision.BFLOAT16, 0.12), Arguments.of(family, Precision.FLOAT16, 0.02)));
    }

    /** What each family adds to the passes holds at half precision too. */
    @ParameterizedTest
    @MethodSource("traits")
    void everyTraitRunsInHalfPrecision(String family, Precision precision, double bound) {
        assumeTrue(runsHere(precision), "this CPU has no instructions for it");
        double[] half = ofFamily(family, precision);
        double[] full = ofFamily(family, Precision.FLOAT32);
        double largest = Arrays.stream(full).map(Math::abs).max().orElseThrow();
        double worst = 0;
        for (int i = 0; i < full.length; i++) worst = Math.max(worst, Math.abs(half[i] - full[i]));
        assertTrue(worst < bound * largest, "a score is " + worst / largest + " of the largest off");
        assertTrue(correlation(half, full) > 1 - bound / 50, () -> "correlation " + correlation(half, full));
    }

    /** Scores, in a fixed order. */
    private static double[] ofFamily(String family, Precision precision) {
        boolean reference = family.equals("gemma2");
        try (Fixture fixture = reference ? new Fixture(family, precision) : Fixture.family(family, precision)) {
            Analyses analyses = fixture.analyses("greater-than", Fixture.resource("/families/greater-than.csv"));
            double[] scores = analyses.attribute(Analyses.Method.eapIg(2), Ablation.PATCHING, QUIET)
                    .toArray();
            analyses.exact(Ablation.ZERO, QUIET);
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
            return scores;
        }
    }

    private static boolean runsHere(Precision precision) {
        try (Fixture fixture = Fixture.demo(precision)) {
            return true;
        } catch (UserError e) {
            assertEquals(ErrorCode.DTYPE_UNAVAILABLE, e.code());
            return false;
        }
    }

    private static Fixture fixture(String model, Precision precision) {
        return model.equals("demo") ? Fixture.demo(precision) : new Fixture(model, precision);
    }

    private static Analyses analyses(Fixture fixture, String model, String task) {
        return model.equals("demo")
                ? fixture.analyses(task, Path.of("..", "examples", task + ".csv"))
                : fixture.analyses(task);
    }

    private static Circuit chosen(String model, String task) {
        try (Fixture fixture = fixture(model, Precision.FLOAT32)) {
            return Selection.top(scores(analyses(fixture, model, task)), CHOSEN, true)
                    .pruned();
        }
    }

    private static Scores scores(Analyses analyses) {
        return analyses.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, QUIET);
    }

    private static Found found(String model, String task, Precision precision, Circuit circuit) {
        try (Fixture fixture = fixture(model, precision)) {
            Analyses analyses = analyses(fixture, model, task);
            Scores scores = scores(analyses);
            Analyses.Baseline baseline = analyses.baseline(QUIET);
            double metric = mean(analyses.evaluate(circuit, Ablation.PATCHING, QUIET));
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
            BitSet top = Selection.top(scores, CHOSEN, true).edges();
            return new Found(scores.toArray(), top, mean(baseline.clean()), mean(baseline.corrupted()), metric);
        }
    }

    private static Agreement agreement(Found a, Found b) {
        double largest = 0;
        double error = 0;
        for (int i = 0; i < a.scores.length; i++) {
            largest = Math.max(largest, Math.abs(b.scores[i]));
            error = Math.max(error, Math.abs(a.scores[i] - b.scores[i]));
        }
        BitSet common = (BitSet) a.top.clone();
        common.and(b.top);
        return new Agreement(
                correlation(a.scores, b.scores),
                error / largest,
                common.cardinality(),
                a.circuit - b.circuit,
                faithfulness(a) - faithfulness(b));
    }

    private static double faithfulness(Found found) {
        return (found.circuit - found.empty) / (found.model - found.empty);
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = mean(a);
        double meanB = mean(b);
        double both = 0;
        double ofA = 0;
        double ofB = 0;
        for (int i = 0; i < a.length; i++) {
            both += (a[i] - meanA) * (b[i] - meanB);
            ofA += (a[i] - meanA) * (a[i] - meanA);
            ofB += (b[i] - meanB) * (b[i] - meanB);
        }
        return both / Math.sqrt(ofA * ofB);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
