package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.analysis.circuits.Minimization;
import io.circuitscript.analysis.methods.AttributionMethod;
import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.analysis.methods.MethodSettings;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.ActivationPatches;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.EdgeOrder;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Work that is stopped anywhere and gone on with gives the same bytes. */
final class ResumeTest {
    /** Some work, in pieces. */
    interface Work {
        List<double[]> of(Analyses analyses, RunOptions options);
    }

    /** Keeps what a run has reached when it is stopped, and gives it to the next. */
    static final class Kept implements CheckpointStore {
        record Entry(byte[] identity, Saved saved) {}

        private final List<Entry> before;
        private final List<Optional<Entry>> now = new ArrayList<>();
        private final CancelToken cancel;
        private final int stopAt;
        private int reached;

        Kept(List<Entry> before, CancelToken cancel, int stopAt) {
            this.before = before;
            this.cancel = cancel;
            this.stopAt = stopAt;
        }

        @Override
        public Piece begin(Supplier<byte[]> identity) {
            int at = now.size();
            Optional<Entry> known = at < before.size() ? Optional.of(before.get(at)) : Optional.empty();
            now.add(known);
            known.ifPresent(it -> assertArrayEquals(it.identity, identity.get(), "piece " + at));
            return new Piece() {
                @Override
                public Optional<Saved> saved() {
                    return known.map(Entry::saved);
                }

                @Override
                public void checkpoint(Content soFar) {
                    now.set(at, Optional.of(new Entry(identity.get(), new Saved(false, bytes(soFar)))));
                    if (++reached == stopAt) cancel.cancel();
                }

                @Override
                public void completed(Content result) {
                    now.set(at, Optional.of(new Entry(identity.get(), new Saved(true, bytes(result)))));
                }
            };
        }

        private static byte[] bytes(Content content) {
            var bytes = new ByteArrayOutputStream();
            try {
                content.writeTo(new DataOutputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        /** Up to the piece that the run was at. */
        List<Entry> entries() {
            return now.stream()
                    .takeWhile(Optional::isPresent)
                    .map(Optional::get)
                    .toList();
        }
    }

    static List<double[]> everything(Analyses analyses, RunOptions options) {
        List<double[]> found = new ArrayList<>();
        Analyses.Baseline baseline = analyses.baseline(options);
        found.add(baseline.clean());
        found.add(baseline.corrupted());
        Scores scores = analyses.attribute(Analyses.Method.eapIg(3), Ablation.PATCHING, options);
        found.add(scores.toArray());
        List<Circuit> circuits = List.of(
                Selection.top(scores, 20, true),
                Selection.top(scores, 30, true),
                Circuit.empty(analyses.model().graph()));
        found.addAll(analyses.evaluate("some", circuits, Ablation.PATCHING, options));
        found.add(analyses.exact(Ablation.PATCHING, options).toArray());
        BitSet sample = new BitSet();
        for (int edge = 0; edge < 60; edge += 7) if (analyses.model().graph().exists(edge)) sample.set(edge);
        found.add(analyses.differences(Analyses.Method.eapIg(2), Ablation.PATCHING, sample, options));
        Ablation mean =
                Analyses.mean(analyses.model(), analyses.pairs(), true, Optional.of(analyses.metric()), options);
        found.addAll(analyses.evaluate("some", circuits, mean, options));
        found.add(analyses.attribute(Analyses.Method.eap(), Ablation.ZERO, options)
                .toArray());
        found.add(analyses.exactNodes(mean, options).nodes());
        found.add(
                analyses.attributeNodes(Analyses.Method.eapIg(2), mean, options).neurons());
        found.add(analyses.informationFlow(options).toArray());
        found.add(analyses.evaluate(circuits.getFirst(), Ablation.PATCHING, options));
        Pair pair = analyses.pairs().pairs().getFirst();
        for (ActivationPatches.Over over : ActivationPatches.Over.values()) {
            found.addAll(List.of(Patching.of(analyses.model(), pair.clean(), pair.corrupted(), over, 3, 5, options)
                    .patched()));
        }
        found.add(numbers(Generation.ofModel(analyses.model(), pair.clean(), 3, options)));
        found.add(numbers(
                Generation.ofCircuit(analyses.model(), circuits.get(1), pair.clean(), pair.corrupted(), 3, options)));
        return found;
    }

    private static double[] numbers(List<Analyses.Likely> said) {
        return said.stream()
                .flatMapToDouble(it -> DoubleStream.of(it.id(), it.probability()))
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({"gpt2, 4, false", "gpt2, 0, true", "llama, 2, false", "demo, 3, true"})
    void whatIsStoppedAndGoneOnWithGivesTheSameBytes(String name, int batch, boolean comparing) {
        try (Fixture fixture = name.equals("demo") ? Fixture.demo() : new Fixture(name, Precision.FLOAT32)) {
            Analyses analyses = some(fixture, comparing);
            assertSameBytes(analyses, batch, batch + name.hashCode(), ResumeTest::everything);
        }
    }

    /** Rows whose runs go on with answers of several tokens. */
    @Test
    void soDoAnswersOfSeveralTokens() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Pairs few = some(fixture, false).pairs();
            String metric =
                    "metric m(correct, incorrect) = logprob(\"{correct} and\") - log(sum(prob([incorrect, \"{incorrect} and\"])))";
            assertSameBytes(
                    new Analyses(
                            fixture.model, few, WrittenMetrics.of(metric, few, fixture.tokenizer), fixture.batches),
                    2,
                    23,
                    ResumeTest::everything);
        }
    }

    /** Edges at spans of positions, some of which are left out. */
    @Test
    void soDoEdgesAtSpans() {
        try (Fixture fixture = Fixture.family("gpt2-by-layer", Precision.FLOAT32)) {
            Analyses all = some(fixture, false);
            Pairs two = SpannedRows.inOrder(all.pairs().with(all.pairs().pairs().subList(0, 2)), false, new Random(3));
            Analyses at = new Analyses(fixture.model, two, all.metric(), fixture.batches).atSpans(RunOptions.quiet());
            Work work = (analyses, options) -> {
                Scores scores = analyses.exact(Ablation.PATCHING, options);
                BitSet sample = new BitSet();
                for (int edge = 0; edge < 500; edge += 17) if (analyses.graph().exists(edge)) sample.set(edge);
                Circuit circuit = Selection.top(scores, 60, true);
                return List.of(
                        scores.toArray(),
                        analyses.exact(Ablation.PATCHING, sample, options),
                        analyses.evaluate(circuit, Ablation.PATCHING, options));
            };
            assertSameBytes(at, 1, 11, work);
        }
    }

    /** A search whose next step depends on all before it. */
    @Test
    void soDoesAcdc() {
        try (Fixture fixture = new Fixture("llama", Precision.FLOAT32)) {
            Work work = (analyses, options) -> {
                List<double[]> found = new ArrayList<>();
                for (double threshold : new double[] {0.0003, 0.003, 0.03, 0.1, 0.3}) {
                    for (Ablation ablation : List.of(Ablation.PATCHING, Ablation.ZERO)) {
                        AttributionMethod acdc = AttributionMethods.named("acdc");
                        MethodSettings settings = new MethodSettings(
                                acdc.options(), Map.of("threshold", threshold, "by", "metric"), () -> 0);
                        Circuit circuit = acdc.edges(analyses, settings, () -> ablation, options)
                                .circuit()
                                .orElseThrow();
                        found.add(circuit.edges().stream().asDoubleStream().toArray());
                        found.add(analyses.evaluate(circuit, ablation, options));
                    }
                }
                return found;
            };
            assertSameBytes(some(fixture, true), 4, 5, work);
        }
    }

    /** What was decided on is known, and the rest is decided on as before. */
    @ParameterizedTest
    @CsvSource({"gpt2, 4, false", "gpt2, 0, true"})
    void soDoesMinimizing(String name, int batch, boolean comparing) {
        try (Fixture fixture = new Fixture(name, Precision.FLOAT32)) {
            Analyses analyses = some(fixture, comparing);
            Scores scores = analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, RunOptions.quiet());
            Circuit circuit = Selection.top(scores, 60, true);
            Work work = (it, options) -> {
                List<double[]> found = new ArrayList<>();
                double[] empty = it.baseline(options).corrupted();
                Minimization.Result result = Minimization.run(
                        it,
                        circuit,
                        EdgeOrder.weakestFirst(circuit, scores),
                        0.3,
                        Ablation.PATCHING,
                        values -> DoubleStream.of(values).average().orElseThrow(),
                        empty,
                        options);
                found.add(result.trials().stream()
                        .mapToDouble(Minimization.Trial::faithfulness)
                        .toArray());
                found.add(result.circuit().edges().stream()
                        .mapToDouble(edge -> edge)
                        .toArray());
                found.add(it.evaluate(result.circuit(), Ablation.PATCHING, options));
                return found;
            };
            assertSameBytes(analyses, batch, batch + 7, 15, work); // it is saved once for each of 60 edges or fewer
        }
    }

    /** A few rows. @param comparing whether the metric compares with the plain runs, so that batches keep those */
    static Analyses some(Fixture fixture, boolean comparing) {
        Analyses all = fixture.model.config().dVocab() < 1000
                ? fixture.analyses("ioi")
                : fixture.analyses("ioi", Path.of("..", "examples", "ioi.csv"));
        Pairs few = new Pairs("few", all.pairs().columns(), all.pairs().pairs().subList(0, 6));
        return new Analyses(
                fixture.model,
                few,
                comparing
                        ? WrittenMetrics.of(
                                "metric m(correct, incorrect) = logit(correct) - logit(incorrect) + 0.5 * kl(clean) - corrupted.prob(correct)",
                                few,
                                fixture.tokenizer)
                        : WrittenMetrics.of(
                                "metric m(correct, incorrect) = logit(correct) - logit(incorrect)",
                                few,
                                fixture.tokenizer),
                fixture.batches);
    }

    private static void assertSameBytes(Analyses analyses, int batch, long seed, Work work) {
        assertSameBytes(analyses, batch, seed, 80, work);
    }

    /** @param most after how many times that it was saved a run is stopped at the latest */
    static void assertSameBytes(Analyses analyses, int batch, long seed, int most, Work work) {
        analyses.store().close();
        List<double[]> whole = work.of(analyses, new RunOptions(Progress.NONE, new CancelToken(), batch, 0));
        Random random = new Random(seed);
        List<Kept.Entry> kept = List.of();
        for (int runs = 1; ; runs++) {
            analyses.store().close();
            CancelToken cancel = new CancelToken();
            Kept saving = new Kept(kept, cancel, 1 + random.nextInt(random.nextInt(4) == 0 ? 3 : most));
            try {
                List<double[]> found =
                        work.of(analyses, new RunOptions(Progress.NONE, cancel, batch, 0, note -> {}, saving));
                assertEquals(whole.size(), found.size());
                for (int i = 0; i < whole.size(); i++)
                    assertArrayEquals(whole.get(i), found.get(i), 0, "result " + i + ", after " + runs + " runs");
                assertTrue(runs > 2, "stopped only " + (runs - 1) + " times");
                return;
            } catch (CancellationException stopped) {
                kept = saving.entries();
            }
        }
    }

    /** A fold on a device that has memory for two examples at once. */
    record Tight(AttributionFold fold) implements SumFold {
        @Override
        public double[] run(Batch batch, int[] examples, RunOptions options) {
            if (examples.length > 2) throw outOfMemory();
            return fold.run(batch, examples, options);
        }

        private static RuntimeException outOfMemory() {
            try {
                Constructor<OutOfDeviceMemory> constructor =
                        OutOfDeviceMemory.class.getDeclaredConstructor(String.class);
                constructor.setAccessible(true);
                return constructor.newInstance("full");
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public double[] zero() {
            return fold.zero();
        }

        @Override
        public Identity identify(Identity identity) {
            return fold.identify(identity);
        }

        @Override
        public String what() {
            return fold.what();
        }

        @Override
        public boolean sharesPrefix() {
            return fold.sharesPrefix();
        }
    }

    @Test
    void batchesThatWereHalvedStayHalved() {
        try (Fixture fixture = Fixture.demo()) {
            Analyses few = some(fixture, false);
            Work work = (analyses, options) -> {
                List<double[]> found =
                        new ArrayList<>(List.of(analyses.baseline(options).clean()));
                for (int steps = 1; steps < 4; steps++) {
                    GradientPath path = Analyses.Method.eapIg(steps).path();
                    Tight fold = new Tight(AttributionFold.ofEdges(
                            analyses.graph(),
                            analyses.model(),
                            analyses.pairs(),
                            analyses.metric(),
                            path,
                            Ablation.PATCHING));
                    found.add(new FoldRunner(analyses.model(), analyses.pairs(), analyses.store()).run(fold, options));
                }
                return found;
            };
            assertStoppedEverywhere(few, work);
        }
    }

    @Test
    void whatTheDeviceHasMemoryForIsLearntOnce() {
        try (Fixture fixture = Fixture.demo()) {
            Analyses few = some(fixture, false);
            Tight fold = new Tight(AttributionFold.ofEdges(
                    few.graph(),
                    few.model(),
                    few.pairs(),
                    few.metric(),
                    Analyses.Method.eapIg(1).path(),
                    Ablation.PATCHING));
            List<String> notes = new ArrayList<>();
            few.store().close();
            new FoldRunner(few.model(), few.pairs(), few.store())
                    .run(fold, new RunOptions(Progress.NONE, new CancelToken(), 3, 0, notes::add));
            assertEquals(List.of("out of memory with 3 examples at once; trying with half"), notes);
        }
    }

    /** Stops after every single step. */
    private static void assertStoppedEverywhere(Analyses analyses, Work work) {
        analyses.store().close();
        List<double[]> whole = work.of(analyses, new RunOptions(Progress.NONE, new CancelToken(), 5, 0));
        List<Kept.Entry> kept = List.of();
        while (true) {
            analyses.store().close();
            CancelToken cancel = new CancelToken();
            Kept saving = new Kept(kept, cancel, 1);
            try {
                List<double[]> found =
                        work.of(analyses, new RunOptions(Progress.NONE, cancel, 5, 0, note -> {}, saving));
                for (int i = 0; i < whole.size(); i++) assertArrayEquals(whole.get(i), found.get(i), 0, "result " + i);
                return;
            } catch (CancellationException stopped) {
                assertTrue(
                        saving.entries().size() > kept.size()
                                || !saving.entries()
                                        .getLast()
                                        .saved()
                                        .equals(kept.getLast().saved()),
                        "stands still");
                kept = saving.entries();
            }
        }
    }
}
