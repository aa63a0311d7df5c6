package io.circuitscript.analysis.methods;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Fixture;
import io.circuitscript.analysis.FoldRunner;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.task.SeededRandom;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Masks that are learned, against a program in PyTorch that shares nothing with this one (tools/masks), and against themselves. */
class LearnedMasksTest {
    private static final long SEED = 7;

    private static Found learn(
            Analyses analyses, String word, Map<String, Object> given, Ablation ablation, RunOptions options) {
        AttributionMethod method = AttributionMethods.named(word);
        MethodSettings settings = new MethodSettings(method.options(), given, () -> SEED);
        return method.edges(analyses, settings, () -> ablation, options);
    }

    static Stream<JsonNode> cases() throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(Files.readString(Fixture.resource("/masks/expected.json")))
                .get("cases");
        return IntStream.range(0, cases.size()).mapToObj(cases::get);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithPyTorch(JsonNode expected) {
        Ablation ablation = expected.get("with").asText().equals("zero") ? Ablation.ZERO : Ablation.PATCHING;
        try (Fixture fixture = new Fixture(expected.get("model").asText(), Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("greater-than");
            int[] edges = IntStream.range(0, expected.get("edges").size())
                    .map(i -> fixture.edge(expected.get("edges").get(i).asText()))
                    .toArray();
            JsonNode given = expected.get("given");
            double[] sums = atDrawnMasks(fixture, analyses, ablation, edges);
            assertClose(new double[] {given.get("loss").asDouble()}, new double[] {sums[0]});
            assertClose(
                    fixture.numbers(given.get("gradient")),
                    IntStream.of(edges).mapToDouble(edge -> sums[1 + edge]).toArray());
            for (String word : List.of("edge-pruning", "ugs")) {
                JsonNode learned = expected.get(word);
                Map<String, Object> options = new HashMap<>();
                options.put("steps", learned.get("losses").size());
                if (word.equals("edge-pruning")) options.put("sparsity", 0.9);
                Found found = learn(analyses, word, options, ablation, RunOptions.quiet());
                assertClose(
                        fixture.numbers(learned.get("losses")),
                        found.losses().stream().mapToDouble(it -> it).toArray());
                Scores scores = found.scores().orElseThrow();
                assertClose(
                        fixture.numbers(learned.get("scores")),
                        IntStream.of(edges).mapToDouble(scores::of).toArray());
            }
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    private static void assertClose(double[] expected, double[] found) {
        assertEquals(expected.length, found.length);
        double largest = IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(expected[i]))
                .max()
                .orElseThrow();
        assertArrayEquals(expected, found, 1e-9 * largest);
    }

    /** Means over the rows. */
    private static double[] atDrawnMasks(Fixture fixture, Analyses analyses, Ablation ablation, int[] edges) {
        double[] shares = new double[fixture.model.graph().edgeIndexBound()];
        for (int i = 0; i < edges.length; i++) shares[edges[i]] = SeededRandom.uniform(SEED, i);
        MaskFold.Masks masks = new MaskFold.Masks() {
            @Override
            public boolean shared() {
                return true;
            }

            @Override
            public double[] of(int example) {
                return shares;
            }

            @Override
            public void gather(double[] gradient, int at, int example, double[] sums) {
                for (int edge : edges) sums[1 + edge] += gradient[at + edge];
            }
        };
        List<Integer> all = IntStream.range(0, analyses.pairs().size()).boxed().toList();
        MaskFold fold =
                new MaskFold(fixture.model, analyses.pairs(), analyses.metric(), MaskFold.By.KL, ablation, masks, all);
        double[] sums = new FoldRunner(fixture.model, analyses.pairs(), fixture.batches).run(fold, RunOptions.quiet());
        for (int i = 0; i < sums.length; i++) sums[i] /= all.size();
        return sums;
    }

    @ParameterizedTest
    @ValueSource(strings = {"edge-pruning", "ugs"})
    void theSizeOfABatchChangesNothingButRounding(String word) {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Map<String, Object> given = Map.of("steps", 2, "by", "metric");
            Found one = learn(analyses, word, given, Ablation.PATCHING, RunOptions.quiet());
            RunOptions small = new RunOptions(Progress.NONE, new CancelToken(), 5, 0);
            Found other = learn(analyses, word, given, Ablation.PATCHING, small);
            assertClose(all(one), all(other));
            assertTrue(one.losses().stream().allMatch(Double::isFinite));
        }
    }

    /** Losses, then scores. */
    private static double[] all(Found found) {
        return Stream.concat(
                        found.losses().stream(),
                        Arrays.stream(found.scores().orElseThrow().toArray()).boxed())
                .mapToDouble(it -> it)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"edge-pruning", "ugs"})
    void goesOnWhereItWasInterrupted(String word) {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = fixture.analyses("greater-than");
            Map<String, Object> given = Map.of("steps", 12);
            Kept kept = new Kept(Optional.empty());
            double[] whole = all(learn(analyses, word, given, Ablation.ZERO, options(kept, new CancelToken())));
            assertArrayEquals(whole, all(learn(analyses, word, given, Ablation.ZERO, RunOptions.quiet())));
            assertEquals(9, kept.checkpoints.size());
            assertTrue(kept.completed);
            for (int i : new int[] {0, 5, 8}) {
                Kept from = new Kept(Optional.of(new CheckpointStore.Saved(false, kept.checkpoints.get(i))));
                assertArrayEquals(
                        whole, all(learn(analyses, word, given, Ablation.ZERO, options(from, new CancelToken()))));
                assertEquals(8 - i, from.checkpoints.size());
            }
            // What somebody else wrote is passed over.
            Kept odd = new Kept(Optional.of(new CheckpointStore.Saved(false, new byte[] {1, 2, 3})));
            assertArrayEquals(whole, all(learn(analyses, word, given, Ablation.ZERO, options(odd, new CancelToken()))));
        }
    }

    private static RunOptions options(CheckpointStore store, CancelToken cancel) {
        return new RunOptions(Progress.NONE, cancel, 0, 0, note -> {}, store);
    }

    /** Keeps checkpoints in memory, as they are when they are offered. */
    private static final class Kept implements CheckpointStore {
        private final Optional<Saved> before;
        private final List<byte[]> checkpoints = new ArrayList<>();
        private boolean completed;

        Kept(Optional<Saved> before) {
            this.before = before;
        }

        @Override
        public Piece begin(Supplier<byte[]> identity) {
            assertEquals(32, identity.get().length);
            return new Piece() {
                @Override
                public Optional<Saved> saved() {
                    return before;
                }

                @Override
                public void checkpoint(Content soFar) {
                    checkpoints.add(bytes(soFar));
                }

                @Override
                public void completed(Content result) {
                    completed = true;
                }
            };
        }

        private static byte[] bytes(Content content) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                content.writeTo(new DataOutputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }

    @Test
    void canBeCancelledAndSaysItsLoss() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = fixture.analyses("greater-than");
            CancelToken cancel = new CancelToken();
            List<String> notes = new ArrayList<>();
            Progress progress = new Progress() {
                private int steps;

                @Override
                public void begin(String what, long total, String unit) {
                    assertEquals("ugs 300 steps", what + " " + total + " " + unit);
                }

                @Override
                public void advance(long by) {
                    steps += by;
                    if (steps == 6) cancel.cancel();
                }

                @Override
                public void note(String words) {
                    notes.add(words);
                }

                @Override
                public void end() {}
            };
            RunOptions options = new RunOptions(progress, cancel, 0, 0);
            assertThrows(
                    CancellationException.class, () -> learn(analyses, "ugs", Map.of(), Ablation.PATCHING, options));
            assertEquals(2, notes.size());
            assertTrue(notes.getFirst().matches("loss [0-9.]+(e-\\d+)?"), notes.getFirst());
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    @Test
    void aCostThatIsHighLeavesNothing() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = fixture.analyses("greater-than");
            ModelGraph graph = fixture.model.graph();
            double dear = sum(
                    learn(analyses, "ugs", Map.of("lambda", 10.0, "steps", 12), Ablation.PATCHING, RunOptions.quiet()));
            double cheap = sum(
                    learn(analyses, "ugs", Map.of("lambda", 0.0, "steps", 12), Ablation.PATCHING, RunOptions.quiet()));
            assertTrue(dear < 0.05 * graph.edgeCount(), "kept " + dear);
            assertTrue(cheap > 0.3 * graph.edgeCount(), "kept " + cheap);
        }
    }

    private static double sum(Found found) {
        double sum = 0;
        for (double score : found.scores().orElseThrow().toArray()) {
            assertTrue(score >= 0 && score <= 1);
            sum += score;
        }
        return sum;
    }
}
