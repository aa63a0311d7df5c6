package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.analysis.circuits.SizeSweep;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Scores;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class SizeSweepTest {
    /** Counts what is told, and cancels after so much of it. */
    private static final class Counting implements Progress {
        private final CancelToken cancel = new CancelToken();
        private final long most;
        private long total;
        private long done;

        private Counting(long most) {
            this.most = most;
        }

        @Override
        public void begin(String what, long total, String unit) {
            this.total = total;
        }

        @Override
        public void advance(long by) {
            done += by;
            if (done >= most) cancel.cancel();
        }

        @Override
        public void end() {}

        private RunOptions options() {
            return new RunOptions(this, cancel, 0, 0);
        }
    }

    private static final double[] EMPTY = new double[12];

    private static Scores table(Fixture fixture, JsonNode scores) {
        double[] values = new double[fixture.model.graph().edgeIndexBound()];
        scores.properties()
                .forEach(score ->
                        values[fixture.edge(score.getKey())] = score.getValue().asDouble());
        return new Scores(fixture.model.graph(), values);
    }

    @Test
    void pointsAreTheReferencesCircuits() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            for (String task : List.of("greater-than", "ioi")) {
                JsonNode expected = fixture.expected.get(task);
                Scores scores = table(fixture, expected.get("scores").get("eap-ig/5"));
                for (SizeSweep.By by : SizeSweep.By.values()) {
                    String word = by == SizeSweep.By.GREEDY ? "greedy" : "top";
                    for (Ablation ablation : List.of(Ablation.PATCHING, Ablation.ZERO)) {
                        String name = ablation == Ablation.ZERO ? "zero" : "patching";
                        List<SizeSweep.Point> points = SizeSweep.run(
                                fixture.analyses(task),
                                SizeSweep.edges(scores, by),
                                List.of(32),
                                circuit -> ablation,
                                new double[0],
                                RunOptions.quiet());
                        assertEquals(
                                List.of(false, true),
                                points.stream().map(SizeSweep.Point::absolute).toList());
                        for (SizeSweep.Point point : points) {
                            JsonNode table = expected.get("circuits").get(word + " 32 abs=" + point.absolute());
                            assertEquals(fixture.circuit(table.get("edges")), point.circuit());
                            assertArrayEquals(fixture.numbers(table.get(name)), point.values(), 1e-4);
                        }
                    }
                }
                fixture.batches.close();
            }
        }
    }

    @Test
    void theSameCircuitIsRunOnceAndProgressCountsEveryRun() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = fixture.analyses("ioi");
            Scores scores =
                    table(fixture, fixture.expected.get("ioi").get("scores").get("eap-ig/5"));
            Counting counting = new Counting(Long.MAX_VALUE);
            List<Integer> sizes = List.of(0, 32, 262, 32);
            List<SizeSweep.Point> points = SizeSweep.run(
                    analyses,
                    SizeSweep.edges(scores, SizeSweep.By.GREEDY),
                    sizes,
                    circuit -> Ablation.PATCHING,
                    EMPTY,
                    counting.options());
            assertEquals(8, points.size());
            // Everything is one circuit, whatever the sign, and nothing was run before.
            assertEquals(3L * analyses.pairs().size(), counting.total);
            assertEquals(counting.total, counting.done);
            assertSame(EMPTY, points.get(4).values());
            assertSame(points.get(1).values(), points.get(3).values());
        }
    }

    @Test
    void stopsBetweenTwoCircuits() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = fixture.analyses("ioi");
            Scores scores =
                    table(fixture, fixture.expected.get("ioi").get("scores").get("eap-ig/5"));
            Counting counting = new Counting(1);
            assertThrows(
                    CancellationException.class,
                    () -> SizeSweep.run(
                            analyses,
                            SizeSweep.edges(scores, SizeSweep.By.GREEDY),
                            List.of(10, 20, 30),
                            circuit -> Ablation.PATCHING,
                            EMPTY,
                            counting.options()));
            assertEquals(true, counting.done < counting.total);
        }
    }
}
