package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.CheckpointStore;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.SourceMeans;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.runtime.metric.MetricBinder;
import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.task.Metric;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Constants that are learned, against {@code tools/optimal-ablation}, and what must hold of them. */
class OptimalConstantsTest {
    private static final RunOptions QUIET = RunOptions.quiet();

    private static RunOptions batches(int size) {
        return new RunOptions(Progress.NONE, new CancelToken(), size, 0);
    }

    /** The divergence from the model as the metric. */
    private static Analyses loss(Fixture fixture, Analyses of) {
        Metric kl = MetricBinder.bind(StandardLibrary.get().metrics().get("kl"), of.pairs(), fixture.tokenizer)
                .metric();
        return new Analyses(of.model(), of.pairs(), kl, fixture.batches);
    }

    private static Ablation.Mean mean(Analyses of) {
        return (Ablation.Mean) Analyses.mean(of.model(), of.pairs(), false, QUIET);
    }

    private static double[] gradient(double[] sums, int losses, int examples) {
        return Arrays.stream(sums, losses, sums.length).map(it -> it / examples).toArray();
    }

    private static void assertNear(double[] expected, double[] found, double part, String what) {
        double largest = DoubleStream.of(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, found, part * largest, what);
    }

    @ParameterizedTest
    @CsvSource({"gpt2, 5", "llama, 0", "gpt_neox, 7"})
    void agreesWithAProgramInPyTorch(String family, int batch) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Files.readString(Fixture.resource("/fixtures/" + family + "/optimal.json")));
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Analyses loss = loss(fixture, fixture.analyses("greater-than"));
            SourceConstants start = mean(loss).means().constants(fixture.model.graph());
            assertNear(fixture.numbers(expected.get("means")), start.values(), 1e-12, "means");
            int steps = expected.get("steps").asInt();
            double rate = expected.get("rate").asDouble();
            int examples = loss.pairs().size();
            FoldRunner runner = new FoldRunner(fixture.model, loss.pairs(), fixture.batches);
            for (var circuit : expected.get("circuits").properties()) {
                JsonNode names = fixture.expected
                        .get("greater-than")
                        .get("circuits")
                        .get(circuit.getKey())
                        .get("edges");
                Optional<Circuit> of = Optional.of(fixture.circuit(names));
                double[] sums = runner.run(new OptimalConstants.Gradients(loss, of, start), batches(batch));
                JsonNode table = circuit.getValue();
                assertEquals(table.get("loss").asDouble(), sums[0] / examples, 1e-10);
                assertNear(fixture.numbers(table.get("gradient")), gradient(sums, 1, examples), 1e-9, circuit.getKey());
                List<Double> losses = OptimalConstants.of(loss, of, start, steps, rate, batches(batch))
                        .losses();
                assertNear(fixture.numbers(table.get("losses")), numbers(losses), 1e-7, circuit.getKey());
            }
            int sources = fixture.model.graph().sources();
            double[] alone = runner.run(new OptimalConstants.Gradients(loss, Optional.empty(), start), batches(batch));
            JsonNode table = expected.get("alone");
            assertNear(
                    fixture.numbers(table.get("loss")), gradient(Arrays.copyOf(alone, sources), 0, examples), 1e-9, "");
            assertNear(fixture.numbers(table.get("gradient")), gradient(alone, sources, examples), 1e-9, "alone");
            List<Double> losses = OptimalConstants.of(loss, Optional.empty(), start, steps, rate, batches(batch))
                    .losses();
            assertNear(fixture.numbers(table.get("losses")), numbers(losses), 1e-7, "alone");
            fixture.batches.close();
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    private static double[] numbers(List<Double> list) {
        return list.stream().mapToDouble(it -> it).toArray();
    }

    /** gemma2, whose heads go through a norm together: the gradient against differences of the loss. */
    @Test
    void gradientsGoThroughTheNormAfterAttention() {
        try (Fixture fixture = new Fixture("gemma2", Precision.FLOAT64)) {
            Analyses loss = loss(fixture, fixture.analyses("greater-than"));
            SourceConstants start = mean(loss).means().constants(fixture.model.graph());
            JsonNode circuits = fixture.expected.get("greater-than").get("circuits");
            String name = circuits.properties().stream()
                    .map(it -> it.getKey())
                    .filter(it -> it.startsWith("greedy"))
                    .findFirst()
                    .orElseThrow();
            FoldRunner runner = new FoldRunner(fixture.model, loss.pairs(), fixture.batches);
            for (Optional<Circuit> of :
                    List.of(Optional.of(fixture.circuit(circuits.get(name).get("edges"))), Optional.<Circuit>empty())) {
                OptimalConstants.Gradients fold = new OptimalConstants.Gradients(loss, of, start);
                double[] sums = runner.run(fold, QUIET);
                double[] direction = new double[start.values().length];
                for (int i = 0; i < direction.length; i++) direction[i] = Math.sin(1.0 + i);
                double slope = 0;
                for (int i = 0; i < direction.length; i++) slope += direction[i] * sums[fold.losses() + i];
                double far = total(runner, loss, of, start, direction, 1e-5);
                double back = total(runner, loss, of, start, direction, -1e-5);
                assertEquals(slope, (far - back) / 2e-5, 1e-6 * Math.abs(slope), name);
            }
        }
    }

    private static double total(
            FoldRunner runner,
            Analyses loss,
            Optional<Circuit> of,
            SourceConstants start,
            double[] direction,
            double by) {
        double[] moved = start.values().clone();
        for (int i = 0; i < moved.length; i++) moved[i] += by * direction[i];
        OptimalConstants.Gradients fold = new OptimalConstants.Gradients(loss, of, start.with(moved));
        double[] sums = runner.run(fold, QUIET);
        return Arrays.stream(sums, 0, fold.losses()).sum();
    }

    @Test
    void hurtsNoMoreThanTheMean() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses loss = loss(fixture, fixture.analyses("greater-than"));
            Ablation.Mean mean = mean(loss);
            JsonNode names =
                    fixture.expected.get("greater-than").get("circuits").get("greedy 32 abs=true");
            Circuit circuit = fixture.circuit(names.get("edges")).pruned();
            Ablation.Mean optimal = loss.optimal(circuit, mean, QUIET);
            double byMean = average(loss.evaluate(circuit, mean, QUIET));
            double byOptimal = average(loss.evaluate(circuit, optimal, QUIET));
            assertTrue(byOptimal < 0.6 * byMean, byOptimal + " and with means " + byMean);
            Circuit full = Circuit.full(fixture.model.graph());
            assertEquals(mean, loss.optimal(full, mean, QUIET), "nothing is carried, and nothing learned");

            SourceConstants start = mean.means().constants(fixture.model.graph());
            SourceConstants learned = OptimalConstants.of(loss, Optional.empty(), start, 25, 1e-2, QUIET)
                    .constants();
            Ablation.Mean alone = new Ablation.Mean(SourceMeans.of(learned, "learned"));
            double[] drops = loss.exactNodes(alone, QUIET).nodes();
            double[] meanDrops = loss.exactNodes(mean, QUIET).nodes();
            for (int source = 0; source < drops.length; source++)
                assertTrue(drops[source] < meanDrops[source], "source " + source);
        }
    }

    /** Scores read constants as they read means of these values. */
    @Test
    void scoresUnderMeansAsConstantsAreThoseUnderMeans() {
        try (Fixture fixture = new Fixture("llama", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Ablation.Mean mean = mean(analyses);
            SourceConstants constants = mean.means().constants(fixture.model.graph());
            Ablation same = new Ablation.Mean(SourceMeans.of(constants, "means"));
            Scores byMean = analyses.attribute(Analyses.Method.eap(), mean, QUIET);
            Scores byConstants = analyses.attribute(Analyses.Method.eap(), same, QUIET);
            assertArrayEquals(byMean.toArray(), byConstants.toArray());
        }
    }

    private static double average(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Keeps the last checkpoint, and stops the run there. */
    private static final class Stopping implements CheckpointStore, CheckpointStore.Piece {
        private final CancelToken cancel;
        private int left;
        private Optional<Saved> saved = Optional.empty();

        Stopping(CancelToken cancel, int after) {
            this.cancel = cancel;
            this.left = after;
        }

        @Override
        public Piece begin(Supplier<byte[]> identity) {
            return this;
        }

        @Override
        public Optional<Saved> saved() {
            return saved;
        }

        @Override
        public void checkpoint(Content soFar) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                soFar.writeTo(new DataOutputStream(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            saved = Optional.of(new Saved(false, bytes.toByteArray()));
            if (--left == 0) cancel.cancel();
        }

        @Override
        public void completed(Content result) {}
    }

    @Test
    void aLearningThatWasCancelledGoesOnToTheSameBits() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses loss = loss(fixture, fixture.analyses("greater-than"));
            SourceConstants start = mean(loss).means().constants(fixture.model.graph());
            for (Optional<Circuit> of :
                    List.of(Optional.of(Circuit.empty(fixture.model.graph())), Optional.<Circuit>empty())) {
                var whole = OptimalConstants.of(loss, of, start, 20, 1e-2, QUIET);
                CancelToken cancel = new CancelToken();
                Stopping store = new Stopping(cancel, 3);
                RunOptions first = new RunOptions(Progress.NONE, cancel, 0, 0, note -> {}, store);
                assertThrows(CancellationException.class, () -> OptimalConstants.of(loss, of, start, 20, 1e-2, first));
                RunOptions second = new RunOptions(Progress.NONE, new CancelToken(), 0, 0, note -> {}, store);
                var resumed = OptimalConstants.of(loss, of, start, 20, 1e-2, second);
                assertEquals(whole.losses(), resumed.losses());
                assertArrayEquals(
                        whole.constants().values(), resumed.constants().values());
            }
        }
    }
}
