package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metrics written in the language against the reference's numbers, on a tiny GPT-2 in float64. */
class WrittenMetricTest {
    private static final RunOptions IN_SEVENS = new RunOptions(Progress.NONE, new CancelToken(), 7, 0);
    private static Fixture fixture;

    @BeforeAll
    static void open() {
        fixture = new Fixture("gpt2", Precision.FLOAT64);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    private static Analyses analyses(String task, String metric) {
        Analyses plain = fixture.analyses(task);
        return new Analyses(
                plain.model(),
                plain.pairs(),
                WrittenMetrics.of(metric, plain.pairs(), fixture.tokenizer),
                plain.store());
    }

    private static JsonNode expected(String task) {
        return fixture.expected.get(task);
    }

    /** The same metric in several ways of writing it: by slices, by a sum of parts, by comparing, by logarithms. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(p[start_year + 1 .. 99]) - sum(p[0 .. start_year]) where p = prob([\"00\" .. \"99\"])",
                "sum(p) - 2 * sum(p[0 .. start_year]) where p = exp(logprob([\"00\" .. \"99\"]))",
                "sum(abs(after)) - sum(before ^ 1) where p = prob([\"00\" .. \"99\"]), after = p[start_year + 1 .. 99], before = p[0 .. start_year]",
                "mean(p[start_year + 1 .. 99] + 0) * (99 - start_year) - mean(p[0 .. start_year]) * (start_year + 1) where p = prob([\"00\" .. \"99\"])",
                "sum(p * (2 * (years > start_year) - 1)) where p = prob([\"00\" .. \"99\"]), years = 0 * p + [0..99]",
            })
    void probabilitiesOfYears(String expression) {
        Analyses analyses = analyses("greater-than", "metric years(start_year) = " + expression);
        Analyses.Baseline baseline = analyses.baseline(IN_SEVENS);
        assertArrayEquals(fixture.numbers(expected("greater-than").get("baseline")), baseline.clean(), 1e-9);
        assertArrayEquals(fixture.numbers(expected("greater-than").get("corrupted")), baseline.corrupted(), 1e-9);
        Scores scores = analyses.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, IN_SEVENS);
        assertTrue(fixture.worst(scores, expected("greater-than").get("scores").get("eap-ig/5")) < 1e-12);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logit(correct) - logit(incorrect)",
                "l[0] - l[1] where l = logit([correct, incorrect])",
                "logprob(correct) - logprob(incorrect)",
                "log(prob(correct) / prob(incorrect))",
                "sum([logit(correct), -logit(incorrect)])",
                "max(d, d - 1) where d = logit(\"{correct}\") - logit(incorrect)",
            })
    void logitsOfNames(String expression) {
        Analyses analyses = analyses("ioi", "metric names(correct, incorrect) = " + expression);
        assertArrayEquals(
                fixture.numbers(expected("ioi").get("baseline")),
                analyses.baseline(IN_SEVENS).clean(),
                1e-9);
        Scores scores = analyses.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, IN_SEVENS);
        assertTrue(fixture.worst(scores, expected("ioi").get("scores").get("eap-ig/5")) < 1e-12);
        Scores exact = analyses.exact(Ablation.PATCHING, IN_SEVENS);
        assertTrue(fixture.worst(exact, expected("ioi").get("scores").get("exact")) < 1e-11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"greater-than", "ioi"})
    void divergenceOfACircuit(String task) {
        Analyses analyses = analyses(task, "loss far() = kl(clean)");
        var circuit = fixture.circuit(
                expected(task).get("circuits").get("greedy 32 abs=true").get("edges"));
        double[] values = analyses.evaluate(circuit, Ablation.PATCHING, IN_SEVENS);
        assertArrayEquals(fixture.numbers(expected(task).get("kl of greedy abs")), values, 1e-9);
        assertArrayEquals(
                new double[values.length], analyses.baseline(IN_SEVENS).clean(), 1e-12);
    }

    /** Where less is better the sign is turned, so that a positive score means that ablating hurts. */
    @Test
    void aLossScoresAsItsNegativeDoes() {
        Analyses loss = analyses("ioi", "loss worse(correct, incorrect) = logit(incorrect) - logit(correct)");
        Scores scores = loss.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, IN_SEVENS);
        assertTrue(fixture.worst(scores, expected("ioi").get("scores").get("eap-ig/5")) < 1e-12);
        Scores exact = loss.exact(Ablation.PATCHING, IN_SEVENS);
        assertTrue(fixture.worst(exact, expected("ioi").get("scores").get("exact")) < 1e-11);
    }

    @Test
    void ablatingAnEdgeOfDivergenceNeverHelpsTheCleanRun() {
        Analyses analyses = analyses("ioi", "loss far() = kl(clean)");
        Scores exact = analyses.exact(Ablation.PATCHING, IN_SEVENS);
        Scores same = analyses.exact(Ablation.PATCHING, new RunOptions(Progress.NONE, new CancelToken(), 3, 0));
        double largest = 0;
        for (int edge = 0; edge < fixture.model.graph().edgeIndexBound(); edge++) {
            if (!fixture.model.graph().exists(edge)) continue;
            assertTrue(exact.of(edge) >= -1e-12);
            assertEquals(exact.of(edge), same.of(edge), 1e-12);
            largest = Math.max(largest, exact.of(edge));
        }
        assertTrue(largest > 1e-3);
        assertEquals(
                ErrorCode.SCORES_ALL_ZERO,
                assertThrows(
                                UserError.class,
                                () -> analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, IN_SEVENS))
                        .code());
    }

    @Test
    void comparedWithBothPlainRuns() {
        String metric =
                "metric share(correct) = (p - low) / (high - low) where p = prob(correct), high = clean.prob(correct), low = corrupted.prob(correct)";
        Analyses.Baseline baseline = analyses("ioi", metric).baseline(IN_SEVENS);
        for (double value : baseline.clean()) assertEquals(1, value, 1e-9);
        for (double value : baseline.corrupted()) assertEquals(0, value, 1e-9);
    }

    @Test
    void whatOnlyComparesHasNoGradient() {
        Analyses analyses = analyses("ioi", "metric right(correct, incorrect) = logit(correct) > logit(incorrect)");
        double[] values = analyses.baseline(IN_SEVENS).clean();
        double[] differences = fixture.numbers(expected("ioi").get("baseline"));
        for (int i = 0; i < values.length; i++) assertEquals(differences[i] > 0 ? 1 : 0, values[i]);
        assertEquals(
                ErrorCode.NO_GRADIENT,
                assertThrows(
                                UserError.class,
                                () -> analyses.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, IN_SEVENS))
                        .code());
    }
}
