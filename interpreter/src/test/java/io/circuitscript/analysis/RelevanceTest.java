package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Slot;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RelP and AtP* against a program on transformers (tools/relevance), in float64. */
class RelevanceTest {
    /** Of the largest score. */
    private static final double BOUND = 1e-9;

    private static RunOptions options(int batch, long memory) {
        return new RunOptions(Progress.NONE, new CancelToken(), batch, memory);
    }

    private static Analyses few(Fixture fixture, int rows) {
        Analyses all = fixture.analyses("ioi");
        Pairs pairs = all.pairs();
        return new Analyses(fixture.model, pairs.with(pairs.pairs().subList(0, rows)), all.metric(), fixture.batches);
    }

    private static Scores scores(Analyses analyses, String method, Ablation ablation, RunOptions options) {
        return switch (method) {
            case "relp" -> analyses.attribute(relp(false), ablation, options);
            case "relp/attention=fixed" -> analyses.attribute(relp(true), ablation, options);
            case "atp*" -> analyses.atpStar(true, ablation, options);
            case "atp*/graddrop=false" -> analyses.atpStar(false, ablation, options);
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Analyses.Method relp(boolean fixed) {
        return new Analyses.Method(GradientPath.relevance(fixed));
    }

    /** In the program's order: slot by slot. */
    private static double[] numbers(Scores scores) {
        ModelGraph graph = scores.graph();
        return IntStream.range(0, graph.slots())
                .flatMap(slot -> IntStream.range(0, graph.sourcesBefore(slot)).map(source -> graph.edge(source, slot)))
                .mapToDouble(scores::of)
                .toArray();
    }

    private static double largest(double[] scores) {
        return Arrays.stream(scores).map(Math::abs).max().orElseThrow();
    }

    private static void assertClose(double[] expected, double[] found, double bound, String what) {
        assertArrayEquals(expected, found, bound * largest(expected), what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"gpt2", "llama", "gpt_neox", "gemma2", "qwen2", "mistral", "qwen3", "olmo2", "opt", "bloom"})
    void asTransformers(String model) throws IOException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(Fixture.resource("/relevance/relevance.json")));
        boolean fixture = Files.exists(Fixture.resource("/fixtures").resolve(model));
        try (Fixture of = fixture ? new Fixture(model, Precision.FLOAT64) : Fixture.family(model, Precision.FLOAT64)) {
            Analyses analyses = few(of, all.get("rows").asInt());
            RunOptions options = options(2, 0);
            int compared = 0;
            for (var expected : all.get(model).properties()) {
                double[] values = of.numbers(expected.getValue());
                if (expected.getKey().equals("baseline")) {
                    assertArrayEquals(values, analyses.baseline(options).clean(), 1e-9);
                    continue;
                }
                int slash = expected.getKey().lastIndexOf('/');
                Ablation ablation = switch (expected.getKey().substring(slash + 1)) {
                    case "zero" -> Ablation.ZERO;
                    case "mean" -> Analyses.mean(of.model, analyses.pairs(), false, options);
                    default -> Ablation.PATCHING;
                };
                String method = expected.getKey().substring(0, slash);
                assertClose(values, numbers(scores(analyses, method, ablation, options)), BOUND, expected.getKey());
                compared++;
            }
            assertTrue(compared >= 4);
        }
    }

    /** Neither how many examples share a batch nor how many sources fit the memory changes more than rounding. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma2"})
    void sameInAnyBatchAndMemory(String model) {
        try (Fixture fixture = new Fixture(model, Precision.FLOAT64)) {
            Analyses analyses = few(fixture, 7);
            for (String method : List.of("relp", "atp*", "atp*/graddrop=false")) {
                double[] whole = numbers(scores(analyses, method, Ablation.PATCHING, options(0, 0)));
                for (RunOptions options : List.of(options(1, 0), options(3, 0), options(3, 1))) {
                    assertClose(whole, numbers(scores(analyses, method, Ablation.PATCHING, options)), 1e-12, method);
                }
                assertArrayEquals(whole, numbers(scores(analyses, method, Ablation.PATCHING, options(0, 0))));
            }
            assertEquals(0, fixture.model.liveTensors() - kept(fixture));
        }
    }

    /** Tensors that the batches keep for the next analysis. */
    private static long kept(Fixture fixture) {
        long before = fixture.model.liveTensors();
        fixture.batches.close();
        return before - fixture.model.liveTensors();
    }

    @Test
    void fixedAttentionGivesNothingToQueriesAndKeys() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Scores scores = scores(few(fixture, 2), "relp/attention=fixed", Ablation.PATCHING, options(0, 0));
            ModelGraph graph = scores.graph();
            for (int layer = 0; layer < graph.layers(); layer++) {
                for (int slot = graph.firstSlot(layer); slot < graph.firstSlot(layer, Slot.Port.V); slot++) {
                    for (int source = 0; source < graph.sourcesBefore(slot); source++)
                        assertEquals(0, scores.of(graph.edge(source, slot)));
                }
            }
            assertTrue(largest(numbers(scores)) > 0);
        }
    }

    /** A node's relevance is that of the edges that leave it, since every way from it begins with one of them. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void nodesAreSumsOfPaths(String model) {
        try (Fixture fixture = new Fixture(model, Precision.FLOAT64)) {
            Analyses analyses = few(fixture, 3);
            NodeScores nodes = analyses.attributeNodes(relp(false), Ablation.PATCHING, options(0, 0));
            Scores edges = scores(analyses, "relp", Ablation.PATCHING, options(0, 0));
            ModelGraph graph = edges.graph();
            for (int source = 0; source < graph.sources(); source++) {
                double leaving = 0;
                for (int slot = 0; slot < graph.slots(); slot++)
                    if (source < graph.sourcesBefore(slot)) leaving += edges.of(graph.edge(source, slot));
                assertEquals(leaving, nodes.of(source), 1e-10);
            }
        }
    }

    /** Where nothing but v, the MLP and logits is asked, AtP* without GradDrop is attribution patching. */
    @Test
    void elsewhereItIsAttributionPatching() {
        try (Fixture fixture = new Fixture("gemma2", Precision.FLOAT64)) {
            Analyses analyses = few(fixture, 3);
            Scores eap = analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, options(0, 0));
            Scores atp = scores(analyses, "atp*/graddrop=false", Ablation.PATCHING, options(0, 0));
            ModelGraph graph = eap.graph();
            double bound = 1e-12 * largest(numbers(eap));
            boolean differs = false;
            for (int slot = 0; slot < graph.slots(); slot++) {
                Slot.Port port = graph.slotAt(slot).port();
                for (int source = 0; source < graph.sourcesBefore(slot); source++) {
                    int edge = graph.edge(source, slot);
                    boolean attention = port == Slot.Port.Q || port == Slot.Port.K;
                    if (attention) differs |= Math.abs(eap.of(edge) - atp.of(edge)) > 1e3 * bound;
                    else assertEquals(eap.of(edge), atp.of(edge), bound);
                }
            }
            assertTrue(differs);
        }
    }

    /** An example of several rows has one score, of which the size is taken: the same in every batch, and linear without GradDrop. */
    @Test
    void answersOfSeveralTokens() {
        String expression = "metric answers_diff(answers, wrong) = log(sum(prob(answers))) - log(sum(prob(wrong)))";
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64);
                BatchStore store = new BatchStore()) {
            Pairs pairs = PairsReader.read(
                    "answers.csv",
                    Fixture.resource("/answers/answers.csv"),
                    PairsReader.Options.none(),
                    fixture.tokenizer,
                    fixture.model.config().positions());
            Metric metric = WrittenMetrics.of(expression, pairs, fixture.tokenizer);
            Analyses analyses = new Analyses(fixture.model, pairs, metric, store);
            for (String method : List.of("relp", "atp*", "atp*/graddrop=false")) {
                double[] alone = numbers(scores(analyses, method, Ablation.PATCHING, options(1, 0)));
                assertClose(alone, numbers(scores(analyses, method, Ablation.PATCHING, options(4, 0))), 1e-12, method);
            }
            double[] sum = new double[numbers(scores(analyses, "atp*", Ablation.PATCHING, options(1, 0))).length];
            for (int i = 0; i < pairs.size(); i++) {
                Pairs one = pairs.with(pairs.pairs().subList(i, i + 1));
                try (BatchStore own = new BatchStore()) {
                    Metric ofOne = WrittenMetrics.of(expression, one, fixture.tokenizer);
                    double[] more = numbers(scores(
                            new Analyses(fixture.model, one, ofOne, own), "atp*", Ablation.PATCHING, options(0, 0)));
                    for (int j = 0; j < sum.length; j++) sum[j] += more[j] / pairs.size();
                }
            }
            assertClose(
                    sum, numbers(scores(analyses, "atp*", Ablation.PATCHING, options(4, 0))), 1e-12, "of each example");
        }
    }

    /** In float32 the scores are those of float64 to rounding, and a score is finite where attention is all but certain. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2"})
    void float32IsNear(String model) {
        for (String method : List.of("relp", "atp*", "atp*/graddrop=false")) {
            double[][] found = new double[2][];
            for (Precision precision : List.of(Precision.FLOAT32, Precision.FLOAT64)) {
                try (Fixture fixture = new Fixture(model, precision)) {
                    found[precision == Precision.FLOAT32 ? 0 : 1] =
                            numbers(scores(few(fixture, 3), method, Ablation.PATCHING, options(0, 0)));
                }
            }
            assertClose(found[1], found[0], 2e-5, method);
        }
    }

    @Test
    void progressAddsUpAndCancels() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = few(fixture, 3);
            for (boolean drops : List.of(true, false)) {
                AtomicLong wanted = new AtomicLong();
                AtomicLong done = new AtomicLong();
                CancelToken cancel = new CancelToken();
                Progress progress = new Progress() {
                    @Override
                    public void begin(String what, long total, String unit) {
                        wanted.set(total);
                    }

                    @Override
                    public void advance(long by) {
                        done.addAndGet(by);
                    }

                    @Override
                    public void end() {}
                };
                analyses.atpStar(drops, Ablation.PATCHING, new RunOptions(progress, cancel, 2, 0));
                assertEquals(wanted.get(), done.get());
                cancel.cancel();
                assertThrows(
                        CancellationException.class,
                        () -> analyses.atpStar(drops, Ablation.PATCHING, new RunOptions(progress, cancel, 2, 0)));
            }
        }
    }
}
