package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.analysis.methods.AttributionMethod;
import io.circuitscript.analysis.methods.AttributionMethods;
import io.circuitscript.analysis.methods.MethodSettings;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.Workers;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Scores;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What workers compute, who see nothing but bytes, is what is computed alone, to the last bit. */
final class SpreadTest {
    private static final long MEMORY = 1_000_000_000L;

    private static RunOptions options(
            int batch, CancelToken cancel, CheckpointStore saving, Optional<Workers> workers) {
        return new RunOptions(Progress.NONE, cancel, batch, MEMORY, note -> {}, saving, 1, workers);
    }

    private static RunOptions options(int batch, Optional<Workers> workers) {
        return options(batch, new CancelToken(), CheckpointStore.NONE, workers);
    }

    private static void assertSame(List<double[]> alone, List<double[]> found, String what) {
        assertEquals(alone.size(), found.size());
        for (int i = 0; i < alone.size(); i++)
            assertArrayEquals(alone.get(i), found.get(i), 0, "result " + i + ", " + what);
    }

    /** A worker has one thread. */
    private static Fixture fixture(String name) {
        Fixture fixture = name.equals("demo") ? Fixture.demo() : new Fixture(name, Precision.FLOAT32);
        Transformer.threads(1);
        return fixture;
    }

    @ParameterizedTest
    @CsvSource({"gpt2, 1, true", "gpt2, 4, false", "gpt2, 0, true", "llama, 2, false", "demo, 3, true"})
    void anyNumberOfWorkersGivesTheSameBytes(String name, int batch, boolean comparing) {
        try (Fixture fixture = fixture(name)) {
            Analyses analyses = ResumeTest.some(fixture, comparing);
            analyses.store().close();
            List<double[]> alone = ResumeTest.everything(analyses, options(batch, Optional.empty()));
            for (int places : List.of(1, 2, 5)) {
                analyses.store().close();
                try (ThreadWorkers workers = new ThreadWorkers(places)) {
                    List<double[]> found = ResumeTest.everything(analyses, options(batch, Optional.of(workers)));
                    assertSame(alone, found, places + " workers");
                    assertTrue(workers.tasks() > 15, workers.tasks() + " tasks");
                }
            }
        }
    }

    /** Searches and learning, each step of which is a fold. */
    @ParameterizedTest
    @CsvSource({"acdc", "edge-pruning", "ugs", "relp", "atp*"})
    void soDoesEveryOtherMethod(String name) {
        try (Fixture fixture = fixture("gpt2")) {
            Analyses analyses = ResumeTest.some(fixture, false);
            AttributionMethod method = AttributionMethods.named(name);
            Map<String, Object> settings = switch (name) {
                case "acdc" -> Map.of("threshold", 0.003, "by", "metric");
                case "edge-pruning", "ugs" -> Map.of("steps", 7);
                default -> Map.of();
            };
            ResumeTest.Work work = (it, options) -> {
                var found = method.edges(
                        it, new MethodSettings(method.options(), settings, () -> 0), () -> Ablation.PATCHING, options);
                return List.of(found.scores()
                        .map(Scores::toArray)
                        .orElseGet(() -> found.circuit().orElseThrow().edges().stream()
                                .asDoubleStream()
                                .toArray()));
            };
            analyses.store().close();
            List<double[]> alone = work.of(analyses, options(4, Optional.empty()));
            analyses.store().close();
            try (ThreadWorkers workers = new ThreadWorkers(3)) {
                assertSame(alone, work.of(analyses, options(4, Optional.of(workers))), name);
            }
        }
    }

    /** A run that is stopped goes on alone or with any number of workers, whoever did what came before. */
    @Test
    void whatIsStoppedGoesOnAloneOrWithOthers() {
        try (Fixture fixture = fixture("gpt2")) {
            Analyses analyses = ResumeTest.some(fixture, true);
            analyses.store().close();
            List<double[]> alone = ResumeTest.everything(analyses, options(1, Optional.empty()));
            Random random = new Random(27);
            List<ResumeTest.Kept.Entry> kept = List.of();
            List<String> history = new ArrayList<>();
            for (boolean ended = false; !ended; ) {
                analyses.store().close();
                CancelToken cancel = new CancelToken();
                ResumeTest.Kept saving = new ResumeTest.Kept(kept, cancel, 1 + random.nextInt(5));
                int places = random.nextInt(4);
                history.add(places + " workers");
                try (ThreadWorkers workers = new ThreadWorkers(Math.max(1, places))) {
                    Optional<Workers> with = places == 0 ? Optional.empty() : Optional.of(workers);
                    assertSame(alone, ResumeTest.everything(analyses, options(1, cancel, saving, with)), "" + history);
                    ended = true;
                } catch (CancellationException stopped) {
                    kept = saving.entries();
                }
            }
            assertTrue(history.size() > 3, "" + history);
        }
    }

    /** A worker without memory for a batch computes halves of it, says so, and what follows is cut into smaller ones. */
    @Test
    void aWorkerWithoutMemoryHalvesItsBatch() {
        try (Fixture fixture = fixture("demo")) {
            Analyses few = ResumeTest.some(fixture, false);
            var fold = new ResumeTest.Tight(AttributionFold.ofEdges(
                    few.graph(),
                    few.model(),
                    few.pairs(),
                    few.metric(),
                    Analyses.Method.eapIg(1).path(),
                    Ablation.PATCHING));
            few.store().close();
            double[] alone =
                    new FoldRunner(few.model(), few.pairs(), few.store()).run(fold, options(2, Optional.empty()));
            few.store().close();
            List<String> notes = new ArrayList<>();
            try (ThreadWorkers workers = new ThreadWorkers(2)) {
                RunOptions options = new RunOptions(
                        Progress.NONE,
                        new CancelToken(),
                        5,
                        MEMORY,
                        notes::add,
                        CheckpointStore.NONE,
                        1,
                        Optional.of(workers));
                FoldRunner runner = new FoldRunner(few.model(), few.pairs(), few.store());
                double[] found = runner.run(fold, options);
                for (int i = 0; i < alone.length; i++)
                    assertEquals(alone[i], found[i], 1e-6 * Math.max(1, Math.abs(alone[i])));
                assertEquals(1, notes.size(), "" + notes);
                assertTrue(notes.getFirst().startsWith("out of memory with 5 examples at once; trying with half, on "));
                runner.run(fold, options);
                assertEquals(1, notes.size(), "" + notes);
            }
        }
    }

    /** A mistake in a row is told as alone, and of several the first. */
    @Test
    void aMistakeIsThatOfTheFirstBatch() {
        try (Fixture fixture = fixture("gpt2")) {
            Analyses some = ResumeTest.some(fixture, false);
            Metric wrong = WrittenMetrics.of(
                    "metric m(correct, incorrect) = log(logit(correct) - logit(correct))",
                    some.pairs(),
                    fixture.tokenizer);
            Analyses analyses = new Analyses(fixture.model, some.pairs(), wrong, fixture.batches);
            analyses.store().close();
            UserError alone = assertThrows(UserError.class, () -> analyses.baseline(options(2, Optional.empty())));
            try (ThreadWorkers workers = new ThreadWorkers(3)) {
                analyses.store().close();
                UserError found =
                        assertThrows(UserError.class, () -> analyses.baseline(options(2, Optional.of(workers))));
                assertEquals(alone.getMessage(), found.getMessage());
                assertEquals(alone.notes(), found.notes());
                assertEquals(alone.help(), found.help());
                assertEquals(alone.code(), found.code());
            }
        }
    }
}
