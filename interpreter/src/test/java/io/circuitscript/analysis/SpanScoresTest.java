package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.GradientPath;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Scores;
import io.circuitscript.graph.Spans;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scores of edges at spans: sums over a span's positions of what is summed over all positions without spans. */
class SpanScoresTest {
    private static final Spans SPANS = Spans.inAnyOrder(List.of("bos", "first", "some", "rest", "end"));

    /** Of the largest score. */
    private static final double BOUND = 1e-12;

    /** Those that do not compare with a corrupted text. */
    private static final Set<String> DIFFERS_EVERYWHERE = Set.of("flow", "eap, zero");

    /** Elements of a model that are compared with finite differences: by {@code -Dspans.every=true} all of them, by more methods, which takes minutes. */
    private static final int SAMPLE = 60;

    private static final String EVERY = System.getProperty("spans.every", "");

    private static RunOptions batches(int size) {
        return new RunOptions(Progress.NONE, new CancelToken(), size, 0);
    }

    /** The same rows with spans: the first position and the last, and of the others the first half, and some of the second. */
    static Analyses withSpans(Analyses analyses) {
        Random random = new Random(5);
        List<Pair> rows = new ArrayList<>();
        for (Pair pair : analyses.pairs().pairs()) {
            int[] spans = new int[pair.length()];
            for (int i = 1; i < spans.length; i++) spans[i] = i < spans.length / 2 ? 1 : random.nextInt(2, 4);
            spans[spans.length - 1] = 4;
            rows.add(pair.withSpans(spans));
        }
        Pairs with = analyses.pairs().with(rows).withSpans(SPANS);
        return new Analyses(analyses.model(), with, analyses.metric(), analyses.store());
    }

    private static Map<String, Function<Analyses, Scores>> methods(RunOptions options) {
        Map<String, Function<Analyses, Scores>> methods = new LinkedHashMap<>();
        for (Analyses.Method method : List.of(
                Analyses.Method.eap(),
                Analyses.Method.eapIg(3),
                new Analyses.Method(new GradientPath(GradientPath.Kind.CLEAN_CORRUPTED, 0)),
                new Analyses.Method(new GradientPath(GradientPath.Kind.EAP_IG_ACTIVATIONS, 2)),
                new Analyses.Method(GradientPath.relevance(false))))
            methods.put(method.path().word(), it -> it.attribute(method, Ablation.PATCHING, options));
        methods.put("eap, zero", it -> it.attribute(Analyses.Method.eap(), Ablation.ZERO, options));
        methods.put("flow", it -> it.informationFlow(options));
        methods.put("atp*", it -> it.atpStar(false, Ablation.PATCHING, options));
        return methods;
    }

    /** A score is the derivative of what the metric loses where the slot's input moves at the span's positions alone. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2"})
    void areFiniteDifferences(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            for (String task : List.of("greater-than", "ioi")) {
                Analyses analyses = withSpans(fixture.analyses(task)).atSpans(batches(0));
                List<Analyses.Method> methods = EVERY.isEmpty()
                        ? List.of(task.equals("ioi") ? Analyses.Method.eap() : Analyses.Method.eapIg(2))
                        : List.of(Analyses.Method.eap(), Analyses.Method.eapIg(2));
                for (Analyses.Method method : methods) {
                    areFiniteDifferences(family, analyses, method, Ablation.PATCHING);
                    if (!EVERY.isEmpty()) areFiniteDifferences(family, analyses, method, Ablation.ZERO);
                }
            }
        }
    }

    private static void areFiniteDifferences(
            String family, Analyses analyses, Analyses.Method method, Ablation ablation) {
        Scores scores = analyses.attribute(method, ablation, RunOptions.quiet());
        ModelGraph graph = scores.graph();
        BitSet elements = new BitSet();
        int[] exist = IntStream.range(0, graph.edgeIndexBound())
                .filter(graph::exists)
                .toArray();
        if (EVERY.isEmpty()) new Random(2).ints(SAMPLE, 0, exist.length).forEach(it -> elements.set(exist[it]));
        else IntStream.of(exist).forEach(elements::set);
        double[] found = analyses.differences(method, ablation, elements, RunOptions.quiet());
        double largest = largest(scores.toArray());
        double worst = elements.stream()
                .mapToDouble(it -> Math.abs(found[it] - scores.of(it)))
                .max()
                .orElseThrow();
        assertTrue(worst < 1e-5 * largest, "a score is " + worst / largest + " of the largest off");
        if (!EVERY.isEmpty())
            System.out.printf(
                    "%s %s %s %s: %d elements, off by %.1e of the largest%n",
                    family,
                    analyses.pairs().name(),
                    method.path().word(),
                    ablation == Ablation.ZERO ? "zero" : "patching",
                    elements.cardinality(),
                    worst / largest);
    }

    /** Whether a row's clean and corrupted text differ at a position of a span or before it. */
    private static boolean differs(Pairs pairs, int span) {
        return pairs.pairs().stream()
                .anyMatch(it -> IntStream.range(Arrays.mismatch(it.clean(), it.corrupted()), it.length())
                        .anyMatch(at -> it.spans()[at] == span));
    }

    private static double largest(double[] numbers) {
        return Arrays.stream(numbers).map(Math::abs).max().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama", "mistral", "qwen2", "gemma2"})
    void addUpToTheEdges(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            for (String task : List.of("greater-than", "ioi")) addUpToTheEdges(fixture, task);
            assertEquals(0, fixture.model.liveTensors());
        }
    }

    private static void addUpToTheEdges(Fixture fixture, String task) {
        RunOptions options = batches(0);
        Analyses plain = withSpans(fixture.analyses(task));
        Analyses at = plain.atSpans(options);
        methods(options).forEach((name, method) -> {
            Scores whole = method.apply(plain);
            Scores apart = method.apply(at);
            assertEquals(SPANS, apart.graph().spans());
            double[] edges = whole.toArray();
            assertArrayEquals(edges, apart.overSpans().toArray(), BOUND * largest(edges), name);
            for (int span = 0; span < SPANS.size(); span++) {
                double share = 0;
                for (int edge = span; edge < apart.toArray().length; edge += SPANS.size())
                    share = Math.max(share, Math.abs(apart.of(edge)));
                if (DIFFERS_EVERYWHERE.contains(name)) continue;
                assertEquals(differs(at.pairs(), span), share > 0, name + " at " + SPANS.name(span));
            }
        });
        fixture.batches.close();
    }
}
