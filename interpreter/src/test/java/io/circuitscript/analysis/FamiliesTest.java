package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Scores;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A tiny model of each family against transformers, in float32 and in float64: what it predicts, its circuits, and the score of every edge. */
class FamiliesTest {
    private static final String TASK = "greater-than";
    private static final RunOptions OPTIONS = new RunOptions(Progress.NONE, new CancelToken(), 3, 0);

    /** Log-probabilities and metrics: absolute. Scores: parts of the largest of their table. */
    private record Bounds(double value, double score) {
        static Bounds of(String family, Precision precision) {
            if (precision == Precision.FLOAT32) return new Bounds(1e-4, 1e-4);
            // BLOOM's own code writes the square root of 2 / pi with eight digits.
            return family.startsWith("bloom") ? new Bounds(1e-8, 1e-8) : new Bounds(1e-10, 1e-12);
        }
    }

    /** These are loaded otherwise than another folder, and compute the same: float64 is enough. */
    private static final Set<String> AS_ANOTHER = Set.of(
            "gemma3",
            "llava",
            "qwen2_5_vl",
            "smolvlm",
            "granite-biases",
            "falcon-every-head",
            "falcon-one-norm",
            "falcon-two-norms");

    static Stream<Arguments> cases() throws IOException {
        try (Stream<Path> folders = Files.list(Fixture.resource("/families"))) {
            List<String> families = folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
            return families.stream()
                    .flatMap(family -> Stream.of(Precision.FLOAT32, Precision.FLOAT64)
                            .filter(precision -> precision == Precision.FLOAT64 || !AS_ANOTHER.contains(family))
                            .map(precision -> Arguments.of(family, precision)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithTransformers(String family, Precision precision) {
        Bounds bounds = Bounds.of(family, precision);
        try (Fixture fixture = Fixture.family(family, precision)) {
            predictions(fixture, bounds);
            Analyses analyses = fixture.analyses(TASK, Fixture.resource("/families/greater-than.csv"));
            circuits(fixture, analyses, bounds);
            // What sets llama's folders apart lies before the scores.
            boolean one = precision == Precision.FLOAT32 || family.startsWith("llama-");
            scores(fixture, analyses, bounds, one ? List.of("eap-ig/5") : List.of("eap", "eap-ig/5", "exact"));
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    private static void predictions(Fixture fixture, Bounds bounds) {
        int compared = 0;
        for (JsonNode text : fixture.expected.get("predict")) {
            int[] tokens = fixture.tokenizer.encode(text.get("text").asText());
            assertArrayEquals(
                    Arrays.stream(fixture.numbers(text.get("ids")))
                            .mapToInt(id -> (int) id)
                            .toArray(),
                    tokens);
            if (tokens.length > fixture.model.config().positions()) continue;
            double[] found = logProbabilities(RunLogits.afterLast(fixture.model, tokens, new CancelToken()));
            assertArrayEquals(
                    fixture.numbers(text.get("logprobs")),
                    found,
                    bounds.value(),
                    text.get("text").asText());
            compared++;
        }
        assertTrue(compared >= 2);
    }

    private static double[] logProbabilities(double[] logits) {
        double largest = Arrays.stream(logits).max().orElseThrow();
        double sum = Math.log(Arrays.stream(logits)
                        .map(logit -> Math.exp(logit - largest))
                        .sum())
                + largest;
        return Arrays.stream(logits).map(logit -> logit - sum).toArray();
    }

    private static void circuits(Fixture fixture, Analyses analyses, Bounds bounds) {
        JsonNode expected = fixture.expected.get(TASK);
        Analyses.Baseline baseline = analyses.baseline(OPTIONS);
        assertArrayEquals(fixture.numbers(expected.get("baseline")), baseline.clean(), bounds.value());
        assertArrayEquals(fixture.numbers(expected.get("corrupted")), baseline.corrupted(), bounds.value());
        assertEquals(expected.get("n_edges").asInt(), fixture.model.graph().edgeCount());
        for (var circuit : expected.get("circuits").properties()) {
            Map.of("patching", Ablation.PATCHING, "zero", Ablation.ZERO).forEach((name, ablation) -> {
                double[] found =
                        analyses.evaluate(fixture.circuit(circuit.getValue().get("edges")), ablation, OPTIONS);
                assertArrayEquals(
                        fixture.numbers(circuit.getValue().get(name)),
                        found,
                        bounds.value(),
                        circuit.getKey() + ", " + name);
            });
        }
    }

    private static void scores(Fixture fixture, Analyses analyses, Bounds bounds, List<String> methods) {
        for (String method : methods) {
            Scores found = switch (method) {
                case "eap" -> analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, OPTIONS);
                case "eap-ig/5" -> analyses.attribute(Analyses.Method.eapIg(5), Ablation.PATCHING, OPTIONS);
                default -> analyses.exact(Ablation.PATCHING, OPTIONS);
            };
            double worst = fixture.worst(
                    found, fixture.expected.get(TASK).get("scores").get(method));
            assertTrue(worst < bounds.score(), method + " is " + worst + " of the largest off");
        }
    }

    /** Nothing is converted then: the weights are the mapped file. */
    @ParameterizedTest
    @CsvSource({"llama-f16, FLOAT16, 0.06", "llama-bf16, BFLOAT16, 0.15"})
    void aFileOfHalfPrecisionComputesInItsOwnType(String family, Precision precision, double bound) {
        try (Fixture fixture = Fixture.family(family, precision)) {
            predictions(fixture, new Bounds(bound, bound));
        } catch (UserError e) {
            assumeTrue(e.code() != ErrorCode.DTYPE_UNAVAILABLE, e.getMessage());
            throw e;
        }
    }
}
