package io.circuitscript.analysis.circuits;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.analysis.Analyses;
import io.circuitscript.analysis.Fixture;
import io.circuitscript.analysis.circuits.CircuitTests.Kind;
import io.circuitscript.analysis.statistics.EquivalenceTest;
import io.circuitscript.analysis.statistics.IndependenceTest;
import io.circuitscript.analysis.statistics.QuantileTest;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.RandomCircuits;
import io.circuitscript.graph.Selection;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which circuits the tests run and what they make of them; against the authors' program where both mean the same. */
class CircuitTestsTest {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    /** The authors' program has its distances in float32. */
    private static final double SINGLE = 1e-6;

    private static CircuitTests.Settings settings(Set<Kind> kinds, int count) {
        return new CircuitTests.Settings(kinds, 0.1, 0.9, count, 200, 7);
    }

    private static CircuitTests.Subject subject(Analyses analyses, Circuit circuit, Ablation ablation) {
        Analyses.Baseline baseline = analyses.baseline(RunOptions.quiet());
        double[] empty = ablation == Ablation.PATCHING
                ? baseline.corrupted()
                : analyses.evaluate(Circuit.empty(circuit.graph()), ablation, RunOptions.quiet());
        return CircuitTests.Subject.of(circuit, ablation, analyses, baseline.clean(), empty);
    }

    private static Circuit found(Analyses analyses, int size) {
        return Selection.greedy(
                        analyses.attribute(Analyses.Method.eapIg(3), Ablation.PATCHING, RunOptions.quiet()),
                        size,
                        false)
                .pruned();
    }

    private static double apart(double[] a, double[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> Math.pow(a[i] - b[i], 2))
                .average()
                .orElseThrow();
    }

    private static Circuit without(Circuit circuit, int edge) {
        BitSet one = new BitSet();
        one.set(edge);
        return circuit.without(one);
    }

    /** The metric of each row, and what blei-lab/circuitry makes of it: tools/circuit-tests. */
    @Test
    void theAuthorsProgramHasTheSameStatistics() throws IOException {
        JsonNode theirs =
                new ObjectMapper().readTree(Files.readString(Fixture.resource("/fixtures/circuit-tests.json")));
        JsonNode values = theirs.get("values");
        double[] model = numbers(values.get("model").get(0));
        double[] circuit = numbers(values.get("circuit").get(0));
        double[] rest = numbers(values.get("rest").get(0));

        // Their p-value of the share of rows; their program itself passes another number to it.
        EquivalenceTest equivalence = EquivalenceTest.of(circuit, model, 0, 0.1);
        assertEquals(theirs.at("/equivalence/share").asDouble(), equivalence.share());
        assertEquals(theirs.at("/equivalence/p_value").asDouble(), equivalence.pValue(), 1e-12);
        for (int k = 0; k <= 16; k++)
            assertEquals(
                    theirs.at("/equivalence/all_p_values").get(k).asDouble(),
                    new EquivalenceTest(k, 16, 0.1).pValue(),
                    1e-12,
                    k + " of 16");
        assertTrue(Math.abs(theirs.at("/equivalence/program_p_value").asDouble() - equivalence.pValue()) > 1e-4);

        IndependenceTest independence = IndependenceTest.of(model, rest, 2000, new Random(1)::nextInt, () -> {});
        assertEquals(theirs.at("/independence/hsic").asDouble(), independence.hsic(), 1e-12);
        // Other permutations: their shares agree to three standard errors of the difference.
        assertEquals(theirs.at("/independence/p_value").asDouble(), independence.pValue(), 0.042);

        CircuitTests.Minimality minimality = CircuitTests.Minimality.of(
                IntStream.range(0, values.get("single").size()).toArray(),
                circuit,
                lists(values.get("single")),
                lists(values.get("with")),
                lists(values.get("without")),
                0.9,
                0);
        JsonNode least = theirs.get("minimality");
        assertClose(numbers(least.get("effects")), minimality.effects());
        assertClose(numbers(least.get("random_effects")), minimality.random());
        for (int i = 0; i < minimality.edges().length; i++) {
            assertEquals(least.get("shares").get(i).asDouble(), minimality.share(i));
            double corrected = Math.min(1, 9 * least.get("p_values").get(i).asDouble()); // they have no correction
            assertEquals(corrected, minimality.pValue(i), 1e-12);
        }

        compare(theirs.get("sufficiency"), model, circuit, lists(values.get("random")), false);
        compare(theirs.get("partial-necessity"), model, rest, lists(values.get("random rest")), true);
    }

    private static void compare(JsonNode theirs, double[] model, double[] own, List<double[]> others, boolean farther) {
        CircuitTests.Comparison ours =
                CircuitTests.Comparison.of(model, own, others, new int[others.size()], farther, 0.9, 0);
        assertEquals(theirs.get("distance").asDouble(), ours.distance(), SINGLE * ours.distance());
        assertClose(numbers(theirs.get("random_distances")), ours.random());
        assertEquals(theirs.get("share").asDouble(), ours.test().share());
        assertEquals(theirs.get("p_value").asDouble(), ours.test().pOfBeatingMore(), 1e-12);
    }

    private static void assertClose(double[] theirs, double[] ours) {
        assertEquals(theirs.length, ours.length);
        for (int i = 0; i < ours.length; i++) assertEquals(theirs[i], ours[i], SINGLE * Math.max(ours[i], 1e-6));
    }

    private static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = list.get(i).asDouble();
        return numbers;
    }

    private static List<double[]> lists(JsonNode lists) {
        List<double[]> all = new ArrayList<>();
        lists.forEach(it -> all.add(numbers(it)));
        return all;
    }

    /** Every circuit that is compared is one that the statement could run by itself. */
    @Test
    void circuitsAreRunAloneAndKnockedOutOfTheModel() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Circuit circuit = found(analyses, 20);
            Circuit full = Circuit.full(circuit.graph());
            for (Ablation ablation : List.of(Ablation.PATCHING, Ablation.ZERO)) {
                CircuitTests.Subject subject = subject(analyses, circuit, ablation);
                CircuitTests tests = CircuitTests.of(subject, settings(ALL, 5), analyses, RunOptions.quiet());
                List<Circuit> random = RandomSample.draw(
                        RandomCircuits.of(circuit.graph()), circuit.edgeCount(), 5, true, 7, new CancelToken());
                double[] alone = run(analyses, random, ablation, subject.model());
                double[] rest = run(
                        analyses,
                        random.stream().map(it -> full.without(it.edges())).toList(),
                        ablation,
                        subject.model());
                assertArrayEquals(alone, tests.sufficiency().orElseThrow().random(), 1e-9);
                assertArrayEquals(rest, tests.partialNecessity().orElseThrow().random(), 1e-9);
                assertEquals(
                        run(analyses, List.of(circuit), ablation, subject.model())[0],
                        tests.sufficiency().orElseThrow().distance(),
                        1e-9);
                double[] restOfCircuit = analyses.evaluate(full.without(circuit.edges()), ablation, RunOptions.quiet());
                assertEquals(
                        apart(subject.model(), restOfCircuit),
                        tests.partialNecessity().orElseThrow().distance(),
                        1e-9);
                double[] itself = analyses.evaluate(circuit, ablation, RunOptions.quiet());
                double[] effects = run(
                        analyses,
                        circuit.edges().stream()
                                .mapToObj(it -> without(circuit, it))
                                .toList(),
                        ablation,
                        itself);
                assertArrayEquals(effects, tests.minimality().orElseThrow().effects(), 1e-9);
                long better = IntStream.range(0, itself.length)
                        .filter(i -> itself[i] > subject.model()[i])
                        .count();
                assertEquals(better, tests.equivalence().orElseThrow().better());
            }
        }
    }

    private static double[] run(Analyses analyses, List<Circuit> circuits, Ablation ablation, double[] from) {
        return circuits.stream()
                .mapToDouble(it -> apart(from, analyses.evaluate(it, ablation, RunOptions.quiet())))
                .toArray();
    }

    /** A circuit that lacks one edge can only be inflated by that edge, which is then the one that is knocked out. */
    @Test
    void aRandomEdgeIsOneThatWasAdded() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Circuit full = Circuit.full(fixture.model.graph());
            int missing = full.graph().edge(0, 0);
            Circuit circuit = without(full, missing);
            CircuitTests.Subject subject = subject(analyses, circuit, Ablation.PATCHING);
            CircuitTests tests =
                    CircuitTests.of(subject, settings(EnumSet.of(Kind.MINIMALITY), 4), analyses, RunOptions.quiet());
            double effect = apart(subject.model(), analyses.evaluate(circuit, Ablation.PATCHING, RunOptions.quiet()));
            assertTrue(effect > 0);
            double[] all = new double[4];
            Arrays.fill(all, effect);
            assertArrayEquals(all, tests.minimality().orElseThrow().random(), 1e-9 * effect);
        }
    }

    @Test
    void aTestSaysTheSameWithoutTheOthersAndWithSmallBatches() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            CircuitTests.Subject subject = subject(analyses, found(analyses, 20), Ablation.PATCHING);
            CircuitTests all = CircuitTests.of(subject, settings(ALL, 12), analyses, RunOptions.quiet());
            for (Kind kind : Kind.values()) {
                CircuitTests one =
                        CircuitTests.of(subject, settings(EnumSet.of(kind), 12), analyses, RunOptions.quiet());
                assertEquals(1, made(one));
                assertEquals(pValue(all, kind), pValue(one, kind));
            }
            RunOptions small = new RunOptions(RunOptions.quiet().progress(), new CancelToken(), 3, 0);
            CircuitTests cut = CircuitTests.of(subject, settings(ALL, 12), analyses, small);
            for (Kind kind : Kind.values()) assertEquals(pValue(all, kind), pValue(cut, kind), 1e-12, kind.name());
        }
    }

    private static long made(CircuitTests tests) {
        return List.of(
                        tests.equivalence(),
                        tests.independence(),
                        tests.minimality(),
                        tests.sufficiency(),
                        tests.partialNecessity())
                .stream()
                .filter(it -> it.isPresent())
                .count();
    }

    private static double pValue(CircuitTests tests, Kind kind) {
        return switch (kind) {
            case EQUIVALENCE -> tests.equivalence().orElseThrow().pValue();
            case INDEPENDENCE -> tests.independence().orElseThrow().pValue();
            case MINIMALITY -> tests.minimality().orElseThrow().pValue();
            case SUFFICIENCY -> tests.sufficiency().orElseThrow().test().pOfBeatingMore();
            case PARTIAL_NECESSITY ->
                tests.partialNecessity().orElseThrow().test().pOfBeatingMore();
        };
    }

    @Test
    void theWholeModelIsEquivalentToItselfAndHasNothingToCompareWith() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            Analyses analyses = fixture.analyses("ioi");
            CircuitTests.Subject subject = subject(analyses, Circuit.full(fixture.model.graph()), Ablation.PATCHING);
            CircuitTests tests = CircuitTests.of(subject, settings(ALL, 5), analyses, RunOptions.quiet());
            assertEquals(2, made(tests));
            assertEquals(new EquivalenceTest(0, 0, 0.1), tests.equivalence().orElseThrow());
            assertTrue(tests.independence().isPresent());
        }
    }

    /** Half of the random circuits at most are nearer to the model than the one in the middle of them. */
    @Test
    void aRandomCircuitIsNotSufficient() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT64)) {
            Analyses analyses = fixture.analyses("ioi");
            Circuit random = RandomSample.draw(
                            RandomCircuits.of(fixture.model.graph()), 20, 1, true, 99, new CancelToken())
                    .getFirst();
            CircuitTests.Subject subject = subject(analyses, random, Ablation.PATCHING);
            CircuitTests tests =
                    CircuitTests.of(subject, settings(EnumSet.of(Kind.SUFFICIENCY), 40), analyses, RunOptions.quiet());
            QuantileTest test = tests.sufficiency().orElseThrow().test();
            assertTrue(test.beaten() > 0 && test.beaten() < 40, test + "");
            assertTrue(test.pOfBeatingMore() > 0.05);
        }
    }
}
