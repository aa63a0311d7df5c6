package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Answers of several tokens and several answers in a cell: values, scores and circuits against a program on transformers that reads every answer in a
 * text of its own (tools/answers), in float64.
 */
class AnswersTest {
    private static final String LOGPROB_DIFF =
            "metric logprob_diff(correct, incorrect) = logprob(correct) - logprob(incorrect)";
    private static final String ANSWERS_DIFF =
            "metric answers_diff(answers, wrong) = log(sum(prob(answers))) - log(sum(prob(wrong)))";
    private static final Path FILE = Fixture.resource("/answers/answers.csv");

    private static RunOptions batches(int size) {
        return new RunOptions(Progress.NONE, new CancelToken(), size, 0);
    }

    private static Analyses analyses(Fixture fixture, Tokenizer tokenizer, String metric, BatchStore store) {
        Pairs pairs = PairsReader.read(
                "answers.csv",
                FILE,
                PairsReader.Options.none(),
                tokenizer,
                fixture.model.config().positions());
        return new Analyses(fixture.model, pairs, WrittenMetrics.of(metric, pairs, tokenizer), store);
    }

    @ParameterizedTest
    @CsvSource({"gpt2, 1", "gpt2, 7", "qwen2, 1", "qwen2, 7", "gemma2, 7"})
    void asTransformers(String model, int batch) throws IOException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(Fixture.resource("/answers/answers.json")));
        BosChoice bos = model.equals("qwen2") ? new BosChoice.Without() : new BosChoice.Auto();
        try (Fixture fixture = new Fixture(model, Precision.FLOAT64);
                Tokenizer tokenizer = Tokenizer.open(Fixture.resource("/fixtures/" + model), bos)) {
            for (String metric : model.equals("gemma2") ? List.of(ANSWERS_DIFF) : List.of(LOGPROB_DIFF, ANSWERS_DIFF)) {
                try (BatchStore store = new BatchStore()) {
                    Analyses analyses = analyses(fixture, tokenizer, metric, store);
                    JsonNode expected = all.get(model).get(analyses.metric().name());
                    check(fixture, analyses, expected, batches(batch));
                }
            }
        }
    }

    private static void check(Fixture fixture, Analyses analyses, JsonNode expected, RunOptions options) {
        Analyses.Baseline baseline = analyses.baseline(options);
        assertArrayEquals(fixture.numbers(expected.get("baseline")), baseline.clean(), 1e-9);
        assertArrayEquals(fixture.numbers(expected.get("corrupted")), baseline.corrupted(), 1e-9);
        int[] edges = edges(fixture.model.graph());
        Circuit circuit = Circuit.full(fixture.model.graph()).without(every(edges, 3));
        Map<String, Ablation> ablations = Map.of(
                "patching",
                Ablation.PATCHING,
                "zero",
                Ablation.ZERO,
                "mean",
                mean(analyses, false, options),
                "mean-positional",
                mean(analyses, true, options));
        ablations.forEach((word, ablation) -> assertArrayEquals(
                fixture.numbers(expected.get("circuit").get(word)),
                analyses.evaluate(circuit, ablation, options),
                1e-9,
                word));
        scores(fixture.numbers(expected.get("eap")), edges, analyses.attribute(eap(), Ablation.PATCHING, options));
        scores(
                fixture.numbers(expected.get("eap-ig/3")),
                edges,
                analyses.attribute(Analyses.Method.eapIg(3), Ablation.PATCHING, options));
        BitSet sample = new BitSet();
        expected.get("exact").fieldNames().forEachRemaining(name -> sample.set(fixture.edge(name)));
        double[] drops = analyses.exact(Ablation.PATCHING, sample, options);
        expected.get("exact")
                .properties()
                .forEach(it -> assertEquals(it.getValue().asDouble(), drops[fixture.edge(it.getKey())], 1e-9));
    }

    private static Analyses.Method eap() {
        return Analyses.Method.eap();
    }

    private static Ablation mean(Analyses analyses, boolean positional, RunOptions options) {
        return Analyses.mean(analyses.model(), analyses.pairs(), positional, Optional.of(analyses.metric()), options);
    }

    /** In the program's order: slot by slot. */
    private static int[] edges(ModelGraph graph) {
        return IntStream.range(0, graph.slots())
                .flatMap(slot -> IntStream.range(0, graph.sourcesBefore(slot)).map(source -> graph.edge(source, slot)))
                .toArray();
    }

    /** Every so many, from the first on. */
    private static BitSet every(int[] edges, int step) {
        BitSet set = new BitSet();
        for (int i = 0; i < edges.length; i += step) set.set(edges[i]);
        return set;
    }

    private static void scores(double[] expected, int[] edges, Scores found) {
        assertEquals(expected.length, edges.length);
        assertArrayEquals(expected, Arrays.stream(edges).mapToDouble(found::of).toArray(), 1e-9);
    }

    /** An answer's log-probability is the sum over its tokens, each after those before it; so is all that follows from it linearly. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma2"})
    void isTheSumOverItsTokens(String model) {
        try (Fixture fixture = new Fixture(model, Precision.FLOAT64);
                BatchStore store = new BatchStore()) {
            Pairs all =
                    analyses(fixture, fixture.tokenizer, ANSWERS_DIFF, store).pairs();
            Pairs few = all.with(all.pairs().subList(2, 4));
            Metric metric = WrittenMetrics.of("metric m(correct) = logprob(correct)", few, fixture.tokenizer);
            Analyses whole = new Analyses(fixture.model, few, metric, store);
            List<Function<Analyses, double[]>> results = List.of(
                    it -> numbers(
                            it.attribute(method(GradientPath.Kind.CLEAN_CORRUPTED, 0), Ablation.PATCHING, batches(3))),
                    it -> numbers(it.attribute(
                            method(GradientPath.Kind.EAP_IG_ACTIVATIONS, 2), Ablation.PATCHING, batches(3))),
                    it -> numbers(it.attribute(Analyses.Method.eapIg(2), Ablation.ZERO, batches(3))),
                    it -> it.attributeNodes(Analyses.Method.eapIg(2), Ablation.PATCHING, batches(3))
                            .neurons(),
                    it -> it.exact(Ablation.PATCHING, every(edges(it.model().graph()), 41), batches(3)));
            for (Function<Analyses, double[]> result : results) {
                double[] expected = sum(fixture, whole.pairs(), result);
                double[] found = result.apply(whole);
                double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                assertTrue(largest > 1e-3);
                assertArrayEquals(expected, found, 1e-9 * largest);
            }
        }
    }

    private static Analyses.Method method(GradientPath.Kind kind, int steps) {
        return new Analyses.Method(new GradientPath(kind, steps));
    }

    private static double[] numbers(Scores scores) {
        return Arrays.stream(edges(scores.graph())).mapToDouble(scores::of).toArray();
    }

    /** Of texts that end before each of the answer's tokens, which are read one at a time. */
    private static double[] sum(Fixture fixture, Pairs pairs, Function<Analyses, double[]> result) {
        double[] sum = null;
        for (Pair pair : pairs.pairs()) {
            int[] tokens = fixture.tokenizer.encodePlain(pair.columns().get("correct"));
            for (int i = 0; i < tokens.length; i++) {
                Pair before = new Pair(
                        1,
                        "clean",
                        "corrupted",
                        with(pair.clean(), tokens, i),
                        with(pair.corrupted(), tokens, i),
                        Map.of("t", Integer.toString(tokens[i])));
                Pairs one = new Pairs("one", List.of("t"), List.of(before));
                try (BatchStore store = new BatchStore()) {
                    Metric metric = WrittenMetrics.of("metric m(t) = logprob(t)", one, fixture.tokenizer);
                    assertSame(Continuations.NONE, metric.continuations(0));
                    double[] more = result.apply(new Analyses(fixture.model, one, metric, store));
                    if (sum == null) sum = new double[more.length];
                    for (int j = 0; j < more.length; j++) sum[j] += more[j] / pairs.size();
                }
            }
        }
        return sum;
    }

    private static int[] with(int[] text, int[] tokens, int count) {
        return IntStream.concat(IntStream.of(text), IntStream.of(tokens).limit(count))
                .toArray();
    }

    /** Of single tokens the difference of log-probabilities is that of logits, and takes the same runs. */
    @Test
    void ofSingleTokensIsLogitDiff() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses logits = fixture.analyses("ioi");
            Pairs pairs = logits.pairs();
            Metric metric = WrittenMetrics.of(LOGPROB_DIFF, pairs, fixture.tokenizer);
            for (int i = 0; i < pairs.size(); i++) assertSame(Continuations.NONE, metric.continuations(i));
            Analyses logprobs = new Analyses(fixture.model, pairs, metric, logits.store());
            assertArrayEquals(
                    logits.baseline(batches(0)).clean(),
                    logprobs.baseline(batches(0)).clean(),
                    1e-12);
            assertArrayEquals(
                    numbers(logits.attribute(Analyses.Method.eapIg(3), Ablation.PATCHING, batches(0))),
                    numbers(logprobs.attribute(Analyses.Method.eapIg(3), Ablation.PATCHING, batches(0))),
                    1e-12);
        }
    }

    /** What ablating one edge costs is the difference of two evaluations, whatever is ablated with; and no batch size changes it. */
    @Test
    void exactIsADifferenceOfEvaluations() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64);
                BatchStore store = new BatchStore()) {
            Analyses analyses = analyses(fixture, fixture.tokenizer, ANSWERS_DIFF, store);
            ModelGraph graph = fixture.model.graph();
            for (Ablation ablation : List.of(Ablation.PATCHING, mean(analyses, true, batches(2)))) {
                double[] all = numbers(analyses.exact(ablation, batches(0)));
                int[] edges = edges(graph);
                for (int i = 0; i < edges.length; i += 61) {
                    BitSet one = new BitSet();
                    one.set(edges[i]);
                    List<double[]> values = analyses.evaluate(
                            "two",
                            List.of(Circuit.full(graph), Circuit.full(graph).without(one)),
                            ablation,
                            batches(5));
                    double drop = Arrays.stream(values.getFirst()).sum()
                            - Arrays.stream(values.getLast()).sum();
                    assertEquals(drop / analyses.pairs().size(), all[i], 1e-10);
                    assertEquals(all[i], analyses.exact(ablation, one, batches(3))[edges[i]], 1e-10);
                }
            }
        }
    }

    /** The gradient of what is measured is what finite differences show. */
    @Test
    void scoresAreDerivatives() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64);
                BatchStore store = new BatchStore()) {
            Analyses analyses = analyses(fixture, fixture.tokenizer, ANSWERS_DIFF, store);
            int[] edges = edges(fixture.model.graph());
            BitSet some = every(edges, 37);
            Analyses.Method method = Analyses.Method.eapIg(2);
            double[] differences = analyses.differences(method, Ablation.PATCHING, some, batches(4));
            Scores scores = analyses.attribute(method, Ablation.PATCHING, batches(4));
            double largest = Arrays.stream(numbers(scores)).map(Math::abs).max().orElseThrow();
            some.stream().forEach(edge -> assertEquals(differences[edge], scores.of(edge), 1e-6 * largest));
        }
    }

    /** The information flow reads the clean texts alone, whatever the metric puts behind them. */
    @Test
    void informationFlowReadsTheTextsAlone() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64);
                BatchStore store = new BatchStore()) {
            List<double[]> flows = new ArrayList<>();
            for (String metric : List.of(ANSWERS_DIFF, "loss far() = kl(clean)")) {
                Analyses analyses = analyses(fixture, fixture.tokenizer, metric, store);
                if (metric == ANSWERS_DIFF)
                    analyses.evaluate(Circuit.empty(fixture.model.graph()), Ablation.ZERO, batches(0));
                flows.add(numbers(analyses.informationFlow(batches(0))));
            }
            assertArrayEquals(flows.getFirst(), flows.getLast());
        }
    }
}
