package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Spans;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.runtime.metric.StandardMetrics;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        return new Analyses(
                fixture.model, pairs, StandardMetrics.inferred(pairs, fixture.tokenizer), fixture.batches);
    }

    private static ModelGraph graph(Analyses analyses) {
        return analyses.model().graph().at(analyses.pairs().spans());
    }

    private static List<Ablation> ablations(Analyses analyses) {
        return List.of(
                Ablation.PATCHING,
                Ablation.ZERO,
                Analyses.mean(
                        analyses.model(), analyses.pairs(), false, analyses.metric()::continuations, QUIET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "gpt_neox"})
    void edgesAtAllSpansAreThePlainCircuit(String family) {
        try (Fixture fixture = tiny(family)) {
            Pairs rows = rows(fixture, "/answers/answers.csv", 3);
            Randomly.check(4, random -> {
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

    /** Dead ends, as the rule of pruning says it: nodes at spans, one edge after the other, until nothing changes. */
    private static BitSet slowlyPruned(Circuit circuit) {
        ModelGraph graph = circuit.graph();
        Spans spans = graph.spans();
        BitSet kept = circuit.edges();
        BitSet before;
        do {
            before = (BitSet) kept.clone();
            for (int edge = kept.nextSetBit(0); edge >= 0; edge = kept.nextSetBit(edge + 1)) {
                int it = edge;
                boolean fed = graph.sourceOf(edge) == 0
                        || kept.stream().anyMatch(into -> leads(graph, into, graph.sourceOf(it), graph.spanOf(it)));
                boolean used = graph.slotOf(edge) == graph.slots() - 1
                        ? spans.isRead(graph.spanOf(edge))
                        : kept.stream().anyMatch(out -> leads(graph, it, graph.sourceOf(out), graph.spanOf(out)));
                if (!fed || !used) kept.clear(edge);
            }
        } while (!before.equals(kept));
        return kept;
    }

    /** Whether an edge at a span leads to a node's output at another. */
    private static boolean leads(ModelGraph graph, int edge, int node, int span) {
        int slot = graph.slotOf(edge);
        if (graph.sourceOfSlot(slot) != node || node == 0) return false;
        return switch (graph.slotAt(slot).port()) {
            case K, V -> graph.spans().sees(span, graph.spanOf(edge));
            case Q, WHOLE -> span == graph.spanOf(edge);
        };
    }

    @Test
    void pruningChangesNoMetricUnderPatching() {
        int[] smaller = {0};
        try (Fixture fixture = tiny("gpt2")) {
            Pairs several = rows(fixture, "/answers/answers.csv", 2);
            Pairs single = rows(fixture, "/fixtures/ioi.csv", 3);
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
