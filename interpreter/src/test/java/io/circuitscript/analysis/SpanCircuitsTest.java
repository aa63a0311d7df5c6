package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.ConstantGradients;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold of circuits whose edges are told apart by spans of positions, in float64. */
class SpanCircuitsTest {
    private static final RunOptions QUIET = RunOptions.quiet();
    private static final String ANSWERS_DIFF =
            "metric answers_diff(answers, wrong) = log(sum(prob(answers))) - log(sum(prob(wrong)))";

    /** Two threads would wait for each other most of the time. */
    private static Fixture tiny(String family) {
        Fixture fixture = new Fixture(family, Precision.FLOAT64);
        Transformer.threads(1);
        return fixture;
    }

    private static RunOptions batches(int size) {
        return new RunOptions(Progress.NONE, new CancelToken(), size, 0);
    }

    /** A few rows of different lengths; of answers, with several texts a row. */
    private static Pairs rows(Fixture fixture, String file, int count) {
        return PairsReader.read(
                file,
                Fixture.resource(file),
                new PairsReader.Options(Map.of(), count),
                fixture.tokenizer,
                fixture.model.config().positions());
    }

    private static Analyses answers(Fixture fixture, Pairs pairs) {
        return new Analyses(
                fixture.model, pairs, WrittenMetrics.of(ANSWERS_DIFF, pairs, fixture.tokenizer), fixture.batches);
    }

    private static Analyses inferred(Fixture fixture, Pairs pairs) {
        return new Analyses(fixture.model, pairs, StandardMetrics.inferred(pairs, fixture.tokenizer), fixture.batches);
    }

    private static ModelGraph graph(Analyses analyses) {
        return analyses.model().graph().at(analyses.pairs().spans());
    }

    private static List<Ablation> ablations(Analyses analyses) {
        return List.of(
                Ablation.PATCHING,
                Ablation.ZERO,
                Analyses.mean(analyses.model(), analyses.pairs(), false, Optional.of(analyses.metric()), QUIET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "gpt_neox"})
    void edgesAtAllSpansAreThePlainCircuit(String family) {
        try (Fixture fixture = tiny(family)) {
            Pairs rows = rows(fixture, "/answers/answers.csv", 3);
            Randomly.check(2, random -> {
                Pairs spanned = SpannedRows.random(rows, 1 + random.nextInt(5), true, random);
                Analyses analyses = answers(fixture, spanned);
                ModelGraph plain = fixture.model.graph();
                List<Circuit> circuits = new ArrayList<>(List.of(Circuit.full(plain), Circuit.empty(plain)));
                for (int i = 0; i < 3; i++)
                    circuits.add(SpannedRows.circuit(plain, 0.1 + 0.8 * random.nextDouble(), random));
                List<Circuit> atAll =
                        circuits.stream().map(it -> it.on(graph(analyses))).toList();
                for (Ablation ablation : ablations(analyses)) {
                    List<double[]> expected = analyses.evaluate("plain", circuits, ablation, QUIET);
                    List<double[]> found = analyses.evaluate("spans", atAll, ablation, QUIET);
                    for (int i = 0; i < circuits.size(); i++)
                        assertArrayEquals(expected.get(i), found.get(i), 1e-12, ablation + " " + i);
                }
                fixture.batches.close();
            });
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    /** An edge ablated alone is the whole model without it, which another program of ours runs. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma2", "gpt_neox"})
    void anEdgeAloneIsTheModelWithoutIt(String family) {
        try (Fixture fixture = tiny(family)) {
            Pairs rows = SpannedRows.inOrder(
                    rows(fixture, "/answers/answers.csv", 3), true, Randomly.generator(family.length()));
            Analyses analyses = answers(fixture, rows).atSpans(QUIET);
            ModelGraph graph = graph(analyses);
            for (Ablation ablation : List.of(Ablation.PATCHING, Ablation.ZERO)) {
                Scores scores = analyses.exact(ablation, QUIET);
                Random random = Randomly.generator(3);
                BitSet some = new BitSet();
                while (some.cardinality() < 12) {
                    int edge = random.nextInt(graph.edgeIndexBound());
                    if (graph.exists(edge)) some.set(edge);
                }
                List<Circuit> circuits = new ArrayList<>(List.of(Circuit.full(graph)));
                some.stream().forEach(edge -> circuits.add(without(graph, edge)));
                List<double[]> values = analyses.evaluate("alone", circuits, ablation, QUIET);
                double[] alone = analyses.exact(ablation, some, QUIET);
                int[] edges = some.stream().toArray();
                for (int i = 0; i < edges.length; i++) {
                    double drop = mean(values.getFirst()) - mean(values.get(i + 1));
                    assertEquals(drop, scores.of(edges[i]), 1e-10, graph.edgeName(edges[i]));
                    assertEquals(drop, alone[edges[i]], 1e-10, graph.edgeName(edges[i]));
                }
            }
        }
    }

    private static Circuit without(ModelGraph graph, int edge) {
        BitSet one = new BitSet();
        one.set(edge);
        return Circuit.full(graph).without(one);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Counts what is done. */
    private static final class Counting implements Progress {
        private long total;
        private long done;

        @Override
        public void begin(String what, long total, String unit) {
            this.total = total;
            this.done = 0;
        }

        @Override
        public void advance(long by) {
            done += by;
        }

        @Override
        public void end() {}
    }

    @Test
    void whatChangesNothingScoresZeroAndBatchesChangeNothing() {
        try (Fixture fixture = tiny("llama")) {
            Pairs plain = rows(fixture, "/fixtures/ioi.csv", 2);
            int first = plain.pairs().stream()
                    .mapToInt(it -> Arrays.mismatch(it.clean(), it.corrupted()))
                    .min()
                    .orElseThrow();
            Pairs rows = SpannedRows.of(plain, List.of("before", "from", "absent", "end"), pair -> {
                int[] spans = new int[pair.length()];
                for (int i = 0; i < spans.length; i++) spans[i] = i == spans.length - 1 ? 3 : i < first ? 0 : 1;
                return spans;
            });
            Analyses analyses = inferred(fixture, rows).atSpans(QUIET);
            ModelGraph graph = analyses.graph();
            Counting counting = new Counting();
            double[] whole = analyses.exact(Ablation.PATCHING, new RunOptions(counting, new CancelToken(), 0, 0))
                    .toArray();
            assertEquals(2L * graph.edgeCount(), counting.total);
            assertEquals(counting.total, counting.done);
            fixture.batches.close();
            assertArrayEquals(
                    whole, analyses.exact(Ablation.PATCHING, batches(1)).toArray(), 1e-10);
            int moving = 0;
            for (int edge = 0; edge < whole.length; edge++) {
                String span = graph.spans().name(graph.spanOf(edge));
                boolean read = graph.slotOf(edge) < graph.slots() - 1 || span.equals("end");
                boolean same = graph.sourceOf(edge) == 0 && span.equals("end");
                if (span.equals("before") || span.equals("absent") || !read || same)
                    assertEquals(0, whole[edge], graph.edgeName(edge));
                else if (graph.exists(edge) && whole[edge] != 0) moving++;
            }
            assertTrue(moving > graph.edgeCount() / 4, "moving: " + moving);
        }
    }

    @Test
    void aCircuitOfOtherSpansIsRefused() {
        try (Fixture fixture = tiny("llama")) {
            Pairs rows = SpannedRows.random(rows(fixture, "/fixtures/ioi.csv", 2), 2, false, new Random(1));
            ModelGraph graph = fixture.model.graph();
            Analyses analyses = inferred(fixture, rows);
            Circuit other = Circuit.full(graph.at(Spans.inAnyOrder(List.of("x", "y"))));
            assertThrows(UserError.class, () -> analyses.evaluate(other, Ablation.PATCHING, QUIET));
            int[] text = rows.pairs().getFirst().clean();
            assertThrows(
                    IllegalStateException.class,
                    () -> Generation.ofCircuit(fixture.model, other, text, text, 1, QUIET));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> MetricFold.ofCircuits(
                            "x", fixture.model, rows, analyses.metric(), List.of(other), Ablation.PATCHING));
        }
    }

    /** The constants' gradient against differences of the loss, and the plain circuit's where it is the same one. */
    @Test
    void constantsHaveTheirGradientAtSpansToo() {
        try (Fixture fixture = tiny("gpt2")) {
            Pairs rows = SpannedRows.random(rows(fixture, "/answers/answers.csv", 3), 3, true, new Random(4));
            Analyses analyses = answers(fixture, rows);
            ModelGraph plain = fixture.model.graph();
            Random random = Randomly.generator(9);
            Circuit circuit = SpannedRows.circuit(graph(analyses), 0.4, random).pruned();
            Ablation.Mean mean = (Ablation.Mean) ablations(analyses).getLast();
            SourceConstants start = mean.means().constants(plain);
            double[] sums = gradient(analyses, circuit, start);
            double[] direction = random.doubles(start.values().length, -1, 1).toArray();
            double slope = 0;
            int losses = sums.length - direction.length;
            for (int i = 0; i < direction.length; i++) slope += direction[i] * sums[losses + i];
            double far = gradient(analyses, circuit, moved(start, direction, 1e-5))[0];
            double near = gradient(analyses, circuit, moved(start, direction, -1e-5))[0];
            assertEquals((far - near) / 2e-5, slope, 1e-6 * Math.abs(slope));
            assertEquals(Arrays.stream(analyses.evaluate(circuit, mean, QUIET)).sum(), sums[0], 1e-9);
            Circuit whole = SpannedRows.circuit(plain, 0.4, random).pruned();
            assertArrayEquals(
                    gradient(analyses, whole, start), gradient(analyses, whole.on(graph(analyses)), start), 1e-9);
            assertTrue(ConstantGradients.carried(Circuit.full(graph(analyses)).pruned())
                    .isEmpty());
        }
    }

    private static double[] gradient(Analyses analyses, Circuit circuit, SourceConstants constants) {
        return analyses.runner().run(new OptimalConstants.Gradients(analyses, Optional.of(circuit), constants), QUIET);
    }

    private static SourceConstants moved(SourceConstants start, double[] direction, double by) {
        double[] values = start.values().clone();
        for (int i = 0; i < values.length; i++) values[i] += by * direction[i];
        return start.with(values);
    }

    @Test
    void pruningChangesNoMetricUnderPatching() {
        int[] smaller = {0};
        try (Fixture fixture = Fixture.family("gpt2-by-layer", Precision.FLOAT64)) {
            Transformer.threads(1);
            Pairs file = rows(fixture, "/answers/answers.csv", 6);
            Pairs several = file.with(List.of(file.pairs().get(3), file.pairs().get(5)));
            Pairs single = rows(fixture, "/fixtures/ioi.csv", 2);
            Randomly.check(10, random -> {
                boolean answers = random.nextBoolean();
                Pairs rows = answers ? several : single;
                Pairs spanned = random.nextInt(3) > 0
                        ? SpannedRows.inOrder(rows, answers, random)
                        : SpannedRows.random(rows, 1 + random.nextInt(4), answers, random);
                Analyses analyses = answers ? answers(fixture, spanned) : inferred(fixture, spanned);
                List<Circuit> circuits = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    double share = Math.pow(random.nextDouble(), 2);
                    circuits.add(SpannedRows.circuit(graph(analyses), share, random));
                }
                List<Circuit> pruned = circuits.stream().map(Circuit::pruned).toList();
                List<double[]> expected = analyses.evaluate("whole", circuits, Ablation.PATCHING, QUIET);
                List<double[]> found = analyses.evaluate("pruned", pruned, Ablation.PATCHING, QUIET);
                for (int i = 0; i < circuits.size(); i++) {
                    assertArrayEquals(expected.get(i), found.get(i), 1e-9);
                    if (pruned.get(i).edgeCount() < circuits.get(i).edgeCount()) smaller[0]++;
                }
                fixture.batches.close();
            });
        }
        assertTrue(smaller[0] > 400, "pruned: " + smaller[0]);
    }
}
