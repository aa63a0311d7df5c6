package io.circuitscript.analysis.circuits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Fixture;
import io.circuitscript.analysis.SpannedRows;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.EdgeOrder;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.RandomCircuits;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Selection;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is done with many circuits, on the bundled model, where their edges are told apart by spans. */
class SpanAnalysesTest {
    private static final RunOptions QUIET = RunOptions.quiet();

    private static Fixture demo;
    private static Analyses analyses;
    private static ModelGraph graph;
    private static Scores scores;
    private static Analyses.Baseline baseline;

    @BeforeAll
    static void load() {
        demo = Fixture.demo(Precision.FLOAT64);
        Transformer.threads(1); // a small model on a busy machine: two would wait for each other most of the time
        Pairs all = demo.analyses("greater-than", Fixture.resource("/tests-of-circuits/greater-than.csv"))
                .pairs();
        Pairs few = SpannedRows.inOrder(all.with(all.pairs().subList(0, 3)), false, Randomly.generator(2));
        analyses = new Analyses(demo.model, few, StandardMetrics.inferred(few, demo.tokenizer), demo.batches)
                .atSpans(QUIET);
        graph = analyses.graph();
        baseline = analyses.baseline(QUIET);
        scores = analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, QUIET);
    }

    @AfterAll
    static void close() {
        demo.close();
    }

    private static double[] run(Circuit circuit) {
        return analyses.evaluate(circuit, Ablation.PATCHING, QUIET);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static Circuit without(Circuit circuit, int edge) {
        BitSet one = new BitSet();
        one.set(edge);
        return circuit.without(one);
    }

    @Test
    void sweepsCountEdgesAtSpans() {
        for (SizeSweep.By by : SizeSweep.By.values()) {
            List<SizeSweep.Point> points = SizeSweep.run(
                    analyses,
                    SizeSweep.edges(scores, by),
                    List.of(0, 60, graph.edgeCount()),
                    circuit -> Ablation.PATCHING,
                    baseline.corrupted(),
                    QUIET);
            for (SizeSweep.Point point : points) {
                Circuit chosen = by == SizeSweep.By.GREEDY
                        ? Selection.greedy(scores, point.size(), point.absolute())
                        : Selection.top(scores, point.size(), point.absolute());
                assertEquals(chosen.pruned(), point.circuit());
                if (point.size() == 60) {
                    assertEquals(60, chosen.edgeCount());
                    assertArrayEquals(run(chosen), point.values(), 1e-10);
                }
                if (point.size() == graph.edgeCount()) {
                    assertEquals(Circuit.full(graph).pruned(), point.circuit());
                    assertArrayEquals(baseline.clean(), point.values(), 1e-10);
                }
            }
            assertSame(baseline.corrupted(), points.getFirst().values());
        }
    }

    @Test
    void whatCannotMatterChangesNothingAndIsNotDrawn() {
        Circuit full = Circuit.full(graph);
        Circuit live = analyses.live(full, Ablation.PATCHING);
        assertTrue(live.edgeCount() > 0 && live.edgeCount() < full.pruned().edgeCount(), "live: " + live.edgeCount());
        assertArrayEquals(baseline.clean(), run(live), 1e-10);
        Randomly.check(5, random -> {
            Circuit some = RandomCircuits.of(graph).uniform(graph.edgeCount() / 2, random::nextInt);
            assertArrayEquals(run(some), run(analyses.live(some, Ablation.PATCHING)), 1e-10);
        });
        // An edge that matters at all is among them.
        BitSet dead = full.without(live.edges()).edges();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
            if (graph.exists(edge) && scores.of(edge) != 0) assertTrue(!dead.get(edge), graph.edgeName(edge));
        assertEquals(full.pruned(), analyses.live(full, Ablation.ZERO));
    }

    @Test
    void randomCircuitsAreEvaluatedAsEachAlone() {
        List<Circuit> circuits = new ArrayList<>();
        for (boolean connected : new boolean[] {true, false})
            circuits.addAll(RandomSample.draw(RandomCircuits.of(graph), 80, 3, connected, 5, new CancelToken()));
        EvaluatedCircuits found = EvaluatedCircuits.of(
                "random", analyses, circuits, it -> Ablation.PATCHING, baseline.corrupted(), QUIET);
        for (int i = 0; i < circuits.size(); i++) {
            Circuit circuit = circuits.get(i);
            assertEquals(80, circuit.edgeCount());
            assertEquals(circuit.pruned(), found.circuits().get(i));
            if (i < 3) assertEquals(circuit.pruned(), circuit);
            assertArrayEquals(run(circuit), found.values().get(i), 1e-10);
        }
        assertTrue(mean(found.values().getFirst()) != mean(baseline.corrupted()));
    }

    /** One edge at a span after the other, without those that are gone. */
    @Test
    void minimizingTriesEdgesAtSpans() {
        Circuit circuit = Selection.greedy(scores, 40, true).pruned();
        int[] order = EdgeOrder.weakestFirst(circuit, scores);
        double tolerance = 0.05;
        Minimization.Result found = Minimization.run(
                analyses,
                circuit,
                order,
                tolerance,
                Ablation.PATCHING,
                SpanAnalysesTest::mean,
                baseline.corrupted(),
                QUIET);
        double before = mean(run(circuit));
        Circuit left = circuit;
        int trials = 0;
        for (int edge : order) {
            if (!left.contains(edge)) continue;
            Circuit less = without(left, edge).pruned();
            double faithfulness = mean(run(less));
            Minimization.Trial trial = found.trials().get(trials++);
            assertEquals(edge, trial.edge());
            assertEquals(faithfulness, trial.faithfulness(), 1e-10);
            assertEquals(faithfulness >= before - tolerance, trial.removed());
            if (trial.removed()) left = less;
        }
        assertEquals(trials, found.trials().size());
        assertEquals(left, found.circuit());
        assertTrue(left.edgeCount() < circuit.edgeCount() && left.edgeCount() > 0, "left: " + left.edgeCount());
    }

    @Test
    void completenessTakesNodesAwayAtAllSpans() {
        Circuit circuit = Selection.greedy(scores, 60, true).pruned();
        List<Node> nodes = circuit.nodes();
        List<Node> subset = List.of(nodes.get(1), nodes.getLast());
        Completeness.Case found = Completeness.of(
                        analyses, circuit, List.of(subset), Ablation.PATCHING, baseline.corrupted(), QUIET)
                .getFirst();
        BitSet leaving = new BitSet();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
            if (graph.exists(edge) && subset.contains(graph.sourceNode(graph.sourceOf(edge)))) leaving.set(edge);
        assertArrayEquals(run(circuit.without(leaving)), found.circuit(), 1e-10);
        Circuit model = Circuit.full(graph.withoutSpans());
        assertArrayEquals(run(model.without(graph.withoutSpans(leaving))), found.model(), 1e-10);
        assertTrue(Math.abs(mean(found.circuit()) - mean(run(circuit))) > 1e-6);
    }

    private static CircuitTests tests(Circuit circuit, Set<CircuitTests.Kind> kinds, int count) {
        return CircuitTests.of(
                CircuitTests.Subject.of(circuit, Ablation.PATCHING, analyses, baseline.clean(), baseline.corrupted()),
                new CircuitTests.Settings(kinds, 0.1, 0.9, count, 50, 7),
                analyses,
                QUIET);
    }

    @Test
    void hypothesisTestsKnockOutEdgesAtSpans() {
        Circuit circuit = Selection.greedy(scores, 30, true).pruned();
        CircuitTests found = tests(circuit, EnumSet.allOf(CircuitTests.Kind.class), 5);
        CircuitTests.Minimality minimality = found.minimality().orElseThrow();
        assertArrayEquals(circuit.edges().stream().toArray(), minimality.edges());
        double[] whole = run(circuit);
        for (int i = 0; i < minimality.edges().length; i += 7) {
            double[] less = run(without(circuit, minimality.edges()[i]));
            double apart = 0;
            for (int row = 0; row < whole.length; row++) apart += Math.pow(whole[row] - less[row], 2) / whole.length;
            assertEquals(apart, minimality.effects()[i], 1e-12);
        }
        CircuitTests.Comparison sufficiency = found.sufficiency().orElseThrow();
        for (int size : sufficiency.sizes()) assertEquals(circuit.edgeCount(), size);
        assertEquals(5, found.partialNecessity().orElseThrow().random().length);
        assertTrue(found.independence().isPresent() && found.equivalence().isPresent());
    }

    /** Without what nothing reads it is the whole model, to which nothing can be added. */
    @Test
    void theWholeModelHasNoRandomCircuitsBesideIt() {
        CircuitTests found = tests(Circuit.full(graph).pruned(), EnumSet.allOf(CircuitTests.Kind.class), 3);
        assertTrue(found.minimality().isEmpty());
        assertTrue(found.sufficiency().isEmpty());
        assertTrue(found.partialNecessity().isEmpty());
        assertTrue(found.equivalence().isPresent());
    }
}
