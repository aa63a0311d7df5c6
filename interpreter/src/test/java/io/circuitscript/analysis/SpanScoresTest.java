package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import io.circuitscript.runtime.WrittenMetrics;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.PairsReader;
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
import org.junit.jupiter.api.Test;
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
    private static final int SAMPLE = 25;

    private static final boolean EVERY = Boolean.getBoolean("spans.every");

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

    /** Rows of two lengths. */
    private static Analyses few(Analyses analyses) {
        List<Pair> all = analyses.pairs().pairs();
        int length = all.getFirst().length();
        List<Pair> rows = new ArrayList<>(
                all.stream().filter(it -> it.length() == length).limit(3).toList());
        all.stream().filter(it -> it.length() != length).limit(1).forEach(rows::add);
        return withRows(analyses, rows);
    }

    private static Map<String, Function<Analyses, Scores>> methods(RunOptions options) {
        Map<String, Function<Analyses, Scores>> methods = new LinkedHashMap<>();
        for (Analyses.Method method : List.of(
                Analyses.Method.eap(),
                Analyses.Method.eapIg(2),
                new Analyses.Method(new GradientPath(GradientPath.Kind.CLEAN_CORRUPTED, 0)),
                new Analyses.Method(new GradientPath(GradientPath.Kind.EAP_IG_ACTIVATIONS, 1)),
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
            for (String task : EVERY ? List.of("greater-than", "ioi") : List.of("ioi")) {
                Analyses rows = EVERY ? fixture.analyses(task) : few(fixture.analyses(task));
                Analyses analyses = withSpans(rows).atSpans(batches(0));
                areFiniteDifferences(family, analyses, Analyses.Method.eapIg(2), Ablation.PATCHING);
                areThoseOfBothEnds(family, analyses);
                if (!EVERY) continue;
                areFiniteDifferences(family, analyses, Analyses.Method.eap(), Ablation.PATCHING);
                areFiniteDifferences(family, analyses, Analyses.Method.eap(), Ablation.ZERO);
            }
        }
    }

    private static void areFiniteDifferences(
            String family, Analyses analyses, Analyses.Method method, Ablation ablation) {
        Scores scores = analyses.attribute(method, ablation, RunOptions.quiet());
        BitSet elements = elements(scores.graph());
        double[] found = analyses.differences(method, ablation, elements, RunOptions.quiet());
        agree(
                family + " " + method.path().word() + " " + (ablation == Ablation.ZERO ? "zero" : "patching"),
                analyses,
                elements,
                found,
                scores);
    }

    /** The gradients of clean-corrupted are those of the clean run and of the corrupted one, which is the first step of eap-ig. */
    private static void areThoseOfBothEnds(String family, Analyses analyses) {
        GradientPath path = new GradientPath(GradientPath.Kind.CLEAN_CORRUPTED, 0);
        Scores scores = analyses.attribute(new Analyses.Method(path), Ablation.PATCHING, RunOptions.quiet());
        BitSet elements = elements(scores.graph());
        double[] clean = analyses.differences(Analyses.Method.eap(), Ablation.PATCHING, elements, RunOptions.quiet());
        double[] corrupted =
                analyses.differences(Analyses.Method.eapIg(1), Ablation.PATCHING, elements, RunOptions.quiet());
        double[] found = new double[clean.length];
        for (int i = 0; i < found.length; i++) found[i] = (clean[i] + corrupted[i]) / 2;
        agree(family + " clean-corrupted patching", analyses, elements, found, scores);
    }

    private static BitSet elements(ModelGraph graph) {
        BitSet elements = new BitSet();
        int[] exist =
                IntStream.range(0, graph.edgeIndexBound()).filter(graph::exists).toArray();
        if (!EVERY) new Random(2).ints(SAMPLE, 0, exist.length).forEach(it -> elements.set(exist[it]));
        else IntStream.of(exist).forEach(elements::set);
        return elements;
    }

    private static void agree(String what, Analyses analyses, BitSet elements, double[] found, Scores scores) {
        double largest = largest(scores.toArray());
        double worst = elements.stream()
                .mapToDouble(it -> Math.abs(found[it] - scores.of(it)))
                .max()
                .orElseThrow();
        assertTrue(worst < 1e-5 * largest, "a score is " + worst / largest + " of the largest off");
        if (EVERY)
            System.out.printf(
                    "%s, %s: %d elements, off by %.1e of the largest%n",
                    what, analyses.pairs().name(), elements.cardinality(), worst / largest);
    }

    /** Whether a row's clean and corrupted text differ at a position of a span or before it. */
    private static boolean differs(Pairs pairs, int span) {
        return pairs.pairs().stream()
                .anyMatch(it -> IntStream.range(Arrays.mismatch(it.clean(), it.corrupted()), it.length())
                        .anyMatch(at -> it.spans()[at] == span));
    }

    /** The methods whose sums are made each in its own way. */
    private static Map<String, Function<Analyses, Scores>> some(RunOptions options) {
        Map<String, Function<Analyses, Scores>> methods = methods(options);
        methods.keySet().retainAll(Set.of("eap-ig", "flow", "atp*"));
        return methods;
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
        Analyses plain = few(fixture.analyses(task)); // what it keeps is of rows without spans
        Analyses at = withSpans(plain).atSpans(options);
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

    /** Neither how many examples share a batch nor how many sources fit the memory changes more than rounding. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma2"})
    void areTheSameInAnyBatchAndMemory(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Analyses all = withSpans(fixture.analyses("greater-than"));
            Analyses few = withRows(all, all.pairs().pairs().subList(0, 7)).atSpans(RunOptions.quiet());
            Map<String, Function<Analyses, Scores>> whole = some(batches(0));
            for (RunOptions options :
                    List.of(batches(1), batches(3), new RunOptions(Progress.NONE, new CancelToken(), 7, 1))) {
                some(options).forEach((name, method) -> {
                    double[] expected = whole.get(name).apply(few).toArray();
                    assertArrayEquals(expected, method.apply(few).toArray(), BOUND * largest(expected), name);
                });
            }
        }
    }

    private static Analyses withRows(Analyses analyses, List<Pair> rows) {
        return new Analyses(analyses.model(), analyses.pairs().with(rows), analyses.metric(), analyses.store());
    }

    /** Rows whose runs go on with answers of several tokens, of which an example has several: the answer's tokens are a span. */
    @Test
    void addUpWhereAnswersFollow() {
        try (Fixture fixture = new Fixture("gemma2", Precision.FLOAT64);
                BatchStore store = new BatchStore()) {
            Pairs all = PairsReader.read(
                    "answers.csv",
                    Fixture.resource("/answers/answers.csv"),
                    PairsReader.Options.none(),
                    fixture.tokenizer,
                    fixture.model.config().positions());
            Pairs pairs = all.with(all.pairs().subList(0, 3));
            Metric metric = WrittenMetrics.of(
                    "metric m(answers, wrong) = log(sum(prob(answers))) - log(sum(prob(wrong)))",
                    pairs,
                    fixture.tokenizer);
            Analyses plain = new Analyses(fixture.model, pairs, metric, store);
            Analyses at = new Analyses(fixture.model, SpannedRows.inOrder(pairs, true, new Random(4)), metric, store)
                    .atSpans(RunOptions.quiet());
            Map<String, Function<Analyses, Scores>> small = some(batches(1));
            some(batches(0)).forEach((name, method) -> {
                double[] edges = method.apply(plain).toArray();
                Scores apart = method.apply(at);
                assertArrayEquals(edges, apart.overSpans().toArray(), BOUND * largest(edges), name);
                assertArrayEquals(apart.toArray(), small.get(name).apply(at).toArray(), BOUND * largest(edges), name);
                int end = fixture.model.graph().slots() - 1;
                boolean reads = IntStream.range(0, apart.graph().sources())
                        .anyMatch(it -> apart.of(apart.graph().edge(it, end, 4)) != 0);
                assertEquals(!name.equals("flow"), reads, name);
            });
            areFiniteDifferences("gemma2", at, Analyses.Method.eapIg(2), Ablation.PATCHING);
        }
    }

    /** What {@code input} gives differs at the positions where the tokens do: a query's, a key's and a value's part are at those alone. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gemma2"})
    void areWhereTheSourceDiffers(String family) {
        try (Fixture fixture = new Fixture(family, Precision.FLOAT64)) {
            Analyses all = fixture.analyses("ioi");
            Pairs pairs = SpannedRows.of(
                    all.pairs(),
                    List.of("same", "differs"),
                    pair -> IntStream.range(0, pair.length())
                            .map(at -> pair.clean()[at] == pair.corrupted()[at] ? 0 : 1)
                            .toArray());
            Analyses at = new Analyses(fixture.model, pairs, all.metric(), all.store()).atSpans(RunOptions.quiet());
            for (Scores scores : List.of(
                    at.attribute(Analyses.Method.eap(), Ablation.PATCHING, RunOptions.quiet()),
                    at.atpStar(false, Ablation.PATCHING, RunOptions.quiet()),
                    at.atpStar(true, Ablation.PATCHING, RunOptions.quiet()))) {
                ModelGraph graph = scores.graph();
                double largest = 0;
                for (int slot = 0; slot < graph.slots() - 1; slot++) {
                    assertEquals(0, scores.of(graph.edge(0, slot, 0)), 1e-15, graph.edgeName(graph.edge(0, slot, 0)));
                    largest = Math.max(largest, Math.abs(scores.of(graph.edge(0, slot, 1))));
                }
                assertTrue(largest > 1e-6);
            }
        }
    }

    /** Sizes do not add up: of two spans with opposite parts, each counts. */
    @Test
    void sizesAreNoLessThanTheEdges() {
        try (Fixture fixture = new Fixture("llama", Precision.FLOAT64)) {
            Analyses plain = fixture.analyses("ioi");
            double[] whole =
                    plain.atpStar(true, Ablation.PATCHING, RunOptions.quiet()).toArray();
            double[] apart = withSpans(plain)
                    .atSpans(RunOptions.quiet())
                    .atpStar(true, Ablation.PATCHING, RunOptions.quiet())
                    .overSpans()
                    .toArray();
            double most = 0;
            for (int edge = 0; edge < whole.length; edge++) {
                assertTrue(apart[edge] >= whole[edge] * (1 - BOUND));
                most = Math.max(most, apart[edge] - whole[edge]);
            }
            assertTrue(most > 1e-3 * largest(whole), "by " + most);
        }
    }

    /** What was saved of edges is never taken for what edges at spans give. */
    @Test
    void haveAnIdentityOfTheirOwn() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses plain = withSpans(fixture.analyses("ioi"));
            Analyses at = plain.atSpans(RunOptions.quiet());
            for (Function<Analyses, Fold<double[]>> fold : List.<Function<Analyses, Fold<double[]>>>of(
                    it -> AttributionFold.ofEdges(
                            it.graph(),
                            it.model(),
                            it.pairs(),
                            it.metric(),
                            Analyses.Method.eap().path(),
                            Ablation.PATCHING),
                    it -> new FlowFold(it.model(), it.pairs(), it.graph()),
                    it -> new AtpStarFold(it.model(), it.pairs(), it.metric(), false, Ablation.PATCHING, it.graph()),
                    it -> new ExactFold(it.model(), it.pairs(), it.metric(), Ablation.PATCHING, it.graph()))) {
                byte[] ofEdges = fold.apply(plain).identify(new Identity()).bytes();
                assertArrayEquals(
                        ofEdges, fold.apply(plain).identify(new Identity()).bytes());
                assertFalse(Arrays.equals(
                        ofEdges, fold.apply(at).identify(new Identity()).bytes()));
            }
        }
    }

    @Test
    void tooManySpansAreRefusedBeforeAnythingRuns() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses plain = fixture.analyses("ioi");
            List<String> names =
                    IntStream.range(0, 9000).mapToObj(it -> "t" + it).toList();
            Analyses many = new Analyses(
                    fixture.model, plain.pairs().withSpans(Spans.inAnyOrder(names)), plain.metric(), plain.store());
            UserError e = assertThrows(
                    UserError.class, () -> many.atSpans(new RunOptions(Progress.NONE, new CancelToken(), 0, 1)));
            assertEquals(ErrorCode.OUT_OF_MEMORY, e.code());
            assertTrue(
                    e.getMessage()
                            .matches(
                                    "\\d+ edges at 9,000 spans are [0-9,]+ scores: working with them takes 0\\.\\d GB, and there is room for 0\\.1 GB"),
                    e.getMessage());
        }
    }
}
