package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.Scores;
import io.circuitscript.task.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are too long for the memory budget: a layer at a time and some positions at a time give what everything at once gives, in float64. */
class MemorySavingTest {
    /** Of the largest number. */
    private static final double BOUND = 1e-12;

    private static final RunOptions WHOLE = new RunOptions(Progress.NONE, new CancelToken(), 2, 0);

    /** For which no text is short enough. */
    private static final long NOTHING = 1;

    /** Several rows at once, and one. */
    private static final List<RunOptions> SAVING = List.of(
            new RunOptions(Progress.NONE, new CancelToken(), 2, NOTHING),
            new RunOptions(Progress.NONE, new CancelToken(), 0, NOTHING));

    private static Fixture fixture(String family) {
        Fixture fixture = new Fixture(family, Precision.FLOAT64);
        Transformer.threads(1);
        return fixture;
    }

    private static Analyses few(Fixture fixture, String task) {
        Analyses all = fixture.analyses(task);
        List<Pair> rows = all.pairs().pairs();
        return new Analyses(all.model(), all.pairs().with(rows.subList(0, 3)), all.metric(), all.store());
    }

    private static void agree(double[] expected, double[] found, String what) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertArrayEquals(expected, found, BOUND * largest, what);
    }

    private static double[] numbers(Scores scores) {
        return IntStream.range(0, scores.graph().edgeIndexBound())
                .filter(scores.graph()::exists)
                .mapToDouble(scores::of)
                .toArray();
    }

    private static List<GradientPath> paths() {
        return List.of(
                new GradientPath(GradientPath.Kind.EAP, 0),
                new GradientPath(GradientPath.Kind.EAP_IG, 3),
                new GradientPath(GradientPath.Kind.CLEAN_CORRUPTED, 0),
                new GradientPath(GradientPath.Kind.EAP_IG_ACTIVATIONS, 1),
                GradientPath.relevance(false),
                GradientPath.relevance(true));
    }

    /** gemma2's first token is embedded as zero, which norm after norm makes of the rounding of a mean something large. */
    private static List<Ablation> ablations(Analyses analyses) {
        List<Ablation> ablations = new ArrayList<>(List.of(Ablation.PATCHING, Ablation.ZERO));
        if (!analyses.model().normsAttentionOut())
            ablations.add(Analyses.mean(analyses.model(), analyses.pairs(), false, WHOLE));
        return ablations;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2"})
    void scoresAreTheSame(String family) {
        try (Fixture fixture = fixture(family)) {
            for (String task : List.of("greater-than", "ioi")) {
                Analyses analyses = few(fixture, task);
                for (GradientPath path : paths()) {
                    Analyses.Method method = new Analyses.Method(path);
                    double[] edges = numbers(analyses.attribute(method, Ablation.PATCHING, WHOLE));
                    String what = family + " " + task + " " + path;
                    boolean both = task.equals("ioi");
                    for (RunOptions options : SAVING.subList(0, both ? 2 : 1))
                        agree(edges, numbers(analyses.attribute(method, Ablation.PATCHING, options)), what);
                    if (!both) continue;
                    double[] neurons = analyses.attributeNodes(method, Ablation.PATCHING, WHOLE)
                            .neurons();
                    for (RunOptions options : SAVING.subList(0, 1)) {
                        NodeScores found = analyses.attributeNodes(method, Ablation.PATCHING, options);
                        agree(neurons, found.neurons(), what);
                    }
                }
                for (Ablation ablation : ablations(analyses)) {
                    double[] edges = numbers(analyses.attribute(Analyses.Method.eap(), ablation, WHOLE));
                    Scores found = analyses.attribute(Analyses.Method.eap(), ablation, SAVING.getFirst());
                    agree(edges, numbers(found), family + " " + task + " " + ablation);
                }
                fixture.batches.close(); // of one set of pairs
            }
            leavesNothing(fixture);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2"})
    void scoresAtSpansAreTheSame(String family) {
        try (Fixture fixture = fixture(family)) {
            for (RunOptions options : SAVING.subList(1, 2)) {
                Analyses whole = SpanScoresTest.withSpans(few(fixture, "ioi")).atSpans(WHOLE);
                for (GradientPath path : paths()) {
                    Analyses.Method method = new Analyses.Method(path);
                    double[] expected = numbers(whole.attribute(method, Ablation.PATCHING, WHOLE));
                    agree(expected, numbers(whole.attribute(method, Ablation.PATCHING, options)), family + " " + path);
                }
                BitSet some = some(whole.graph());
                agree(
                        whole.exact(Ablation.PATCHING, some, WHOLE),
                        whole.exact(Ablation.PATCHING, some, options),
                        family + " exact");
            }
            leavesNothing(fixture);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2"})
    void ablatedEdgesAreTheSame(String family) {
        try (Fixture fixture = fixture(family)) {
            Analyses analyses = few(fixture, "greater-than");
            BitSet edges = some(analyses.graph());
            for (Ablation ablation : List.of(Ablation.PATCHING, Ablation.ZERO)) {
                double[] expected = analyses.exact(ablation, edges, WHOLE);
                for (RunOptions options : SAVING)
                    agree(expected, analyses.exact(ablation, edges, options), family + " " + ablation);
            }
            leavesNothing(fixture);
        }
    }

    private static BitSet some(ModelGraph graph) {
        BitSet some = new BitSet();
        Random random = new Random(3);
        while (some.cardinality() < 30) {
            int edge = random.nextInt(graph.edgeIndexBound());
            if (graph.exists(edge)) some.set(edge);
        }
        return some;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2"})
    void circuitsAreTheSame(String family) {
        try (Fixture fixture = fixture(family)) {
            Analyses plain = few(fixture, "ioi");
            Analyses spanned = SpanScoresTest.withSpans(plain);
            for (Analyses analyses : List.of(plain, spanned.atSpans(WHOLE))) {
                List<Circuit> circuits = circuits(analyses.graph());
                circuits.add(withNeurons(fixture, circuits.getLast()));
                for (Ablation ablation : ablations(analyses)) {
                    List<double[]> expected = analyses.evaluate("whole", circuits, ablation, WHOLE);
                    for (RunOptions options : SAVING) {
                        List<double[]> found = analyses.evaluate("saving", circuits, ablation, options);
                        for (int i = 0; i < circuits.size(); i++)
                            agree(expected.get(i), found.get(i), family + " " + ablation + " " + i);
                    }
                }
            }
            for (RunOptions options : SAVING) {
                agree(plain.baseline(WHOLE).clean(), plain.baseline(options).clean(), family);
                agree(plain.baseline(WHOLE).corrupted(), plain.baseline(options).corrupted(), family);
            }
            leavesNothing(fixture);
        }
    }

    /** All edges, none, and some at random. */
    private static List<Circuit> circuits(ModelGraph graph) {
        Random random = new Random(11);
        List<Circuit> circuits = new ArrayList<>(List.of(Circuit.full(graph), Circuit.empty(graph)));
        for (double share : new double[] {0.1, 0.7}) circuits.add(SpannedRows.circuit(graph, share, random));
        return circuits;
    }

    /** Some neurons of some nodes. */
    private static Circuit withNeurons(Fixture fixture, Circuit circuit) {
        int width = fixture.model.config().dModel();
        BitSet neurons = new BitSet();
        Random random = new Random(12);
        for (int i = 0; i < width * circuit.graph().sources(); i++) neurons.set(i, random.nextBoolean());
        return circuit.withNeurons(width, neurons);
    }

    /** Once for each analysis, and not where a text fits. */
    @Test
    void saysWhatATextTakesThatIsTooLong() {
        try (Fixture fixture = fixture("gpt2")) {
            Analyses analyses = few(fixture, "ioi");
            List<String> notes = new ArrayList<>();
            RunOptions nothing = new RunOptions(Progress.NONE, new CancelToken(), 0, NOTHING, notes::add);
            for (int i = 0; i < 2; i++) analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, nothing);
            analyses.baseline(nothing);
            int length = analyses.pairs().pairs().getFirst().length();
            assertEquals(2, notes.size(), notes.toString());
            String expected = ": a text of " + length + " tokens takes about ";
            assertTrue(notes.getFirst().startsWith("eap" + expected), notes.getFirst());
            assertTrue(notes.getLast().startsWith("baseline" + expected), notes.getLast());
            RunOptions enough = new RunOptions(Progress.NONE, new CancelToken(), 0, 1L << 30, notes::add);
            analyses.attribute(Analyses.Method.eap(), Ablation.PATCHING, enough);
            assertEquals(2, notes.size());
            leavesNothing(fixture);
        }
    }

    private static void leavesNothing(Fixture fixture) {
        fixture.batches.close();
        assertEquals(0, fixture.model.liveTensors());
    }
}
