package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What EAP-IG finds in the bundled model, found by ours; and that batches do not change it. */
class DemoTest {
    private static final RunOptions QUIET = RunOptions.quiet();

    private static Path data(String task) {
        return Path.of("..", "examples", task + ".csv");
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"greater-than", "ioi"})
    void findsWhatTheReferenceFinds(String task) {
        try (Fixture demo = Fixture.demo()) {
            Analyses analyses = demo.analyses(task, data(task));
            JsonNode expected = demo.expected.get(task);
            Analyses.Baseline baseline = analyses.baseline(QUIET);
            double model = mean(baseline.clean());
            double corrupted = mean(baseline.corrupted());
            assertEquals(expected.get("baseline").asDouble(), model, 1e-4);
            assertEquals(expected.get("corrupted").asDouble(), corrupted, 1e-4);
            assertEquals(expected.get("edges").asInt(), demo.model.graph().edgeCount());

            for (var ablated : expected.get("ablate").properties()) {
                BitSet edge = new BitSet();
                edge.set(demo.edge(ablated.getKey()));
                Circuit rest = Circuit.full(demo.model.graph()).without(edge);
                assertEquals(
                        ablated.getValue().asDouble(),
                        mean(analyses.evaluate(rest, Ablation.PATCHING, QUIET)),
                        1e-4,
                        ablated.getKey());
            }

            Map<String, Scores> scores = Map.of(
                    "EAP", analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, QUIET),
                    "EAP-IG-inputs",
                            analyses.attribute(
                                    Analyses.Method.eapIg(
                                            expected.get("ig_steps").asInt()),
                                    Ablation.PATCHING,
                                    QUIET));
            for (var entry : expected.get("circuits").properties()) {
                String[] words = entry.getKey().split(" "); // EAP greedy 40 abs=false
                Circuit circuit = select(scores.get(words[0]), words[1], Integer.parseInt(words[2]))
                        .pruned();
                double metric = mean(analyses.evaluate(circuit, Ablation.PATCHING, QUIET));
                assertEquals(entry.getValue().get("edges").asInt(), circuit.edgeCount(), entry.getKey());
                assertEquals(entry.getValue().get("metric").asDouble(), metric, 1e-4, entry.getKey());
                assertEquals(
                        entry.getValue().get("faithfulness").asDouble(),
                        (metric - corrupted) / (model - corrupted),
                        1e-4,
                        entry.getKey());
            }
        }
    }

    private static Circuit select(Scores scores, String how, int count) {
        return how.equals("greedy") ? Selection.greedy(scores, count, false) : Selection.top(scores, count, true);
    }

    @Test
    void theSizeOfABatchDoesNotChangeAScore() {
        // In float64: products of other numbers of rows round otherwise on some processors, in float32 by up to 2e-6.
        try (Fixture demo = Fixture.demo(Precision.FLOAT64);
                Fixture tiny = new Fixture("gpt2", Precision.FLOAT64)) {
            for (Analyses analyses : new Analyses[] {
                demo.analyses("ioi", data("ioi")), tiny.analyses("greater-than"), tiny.analyses("ioi")
            }) {
                double[] whole = scores(analyses, 0);
                double largest = Arrays.stream(whole).map(Math::abs).max().orElseThrow();
                for (int size : new int[] {1, 7, 64}) {
                    double[] other = scores(analyses, size);
                    double worst = 0;
                    for (int i = 0; i < whole.length; i++) worst = Math.max(worst, Math.abs(whole[i] - other[i]));
                    assertTrue(
                            worst < 1e-12 * largest,
                            "batch " + size + " is " + worst / largest + " of the largest off");
                }
            }
        }
    }

    private static double[] scores(Analyses analyses, int batch) {
        RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), batch, 0);
        return analyses.attribute(Analyses.Method.eapIg(2), Ablation.PATCHING, options)
                .toArray();
    }
}
