package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.analysis.ReferenceRun.Task;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Every number of every reference file, one test each, so that none can be forgotten: a key that this class does not know fails. What is not to be
 * matched has its reason in the test's name, and a weaker check that still holds.
 */
class ReferenceTableTest {
    private static final String GEMMA = "gemma2";
    private final List<ReferenceRun> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(ReferenceRun::close);
    }

    @TestFactory
    Stream<DynamicTest> everyNumberOfTheReferences() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Fixture.resource("/fixtures"))) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                for (Precision precision : List.of(Precision.FLOAT32, Precision.FLOAT64)) {
                    ReferenceRun run = new ReferenceRun(folder.getFileName().toString(), precision);
                    open.add(run);
                    tests.addAll(of(run));
                }
            }
        }
        assertTrue(tests.size() > 6 * 2 * (8 + 2 * 8 * 5), tests.size() + " tests");
        return tests.stream();
    }

    private static List<DynamicTest> of(ReferenceRun run) {
        List<DynamicTest> tests = new ArrayList<>();
        for (var entry : run.expected().properties()) {
            switch (entry.getKey()) {
                case "made_with", "hf_vs_tl_max_logprob_error" -> {} // about the reference itself
                case "predict" ->
                    tests.add(dynamicTest(run.name() + " predict", () -> predicts(run, entry.getValue())));
                case "greater-than", "ioi" -> ofTask(run.task(entry.getKey()), tests);
                default -> tests.add(unknown(run.name(), entry.getKey()));
            }
        }
        return tests;
    }

    private static DynamicTest unknown(String where, String key) {
        return dynamicTest(where + " " + key, () -> fail("the reference has something new: " + key));
    }

    private static void predicts(ReferenceRun run, JsonNode expected) {
        Fixture fixture = run.fixture();
        int[] ids =
                fixture.tokenizer.encode("<|endoftext|>" + expected.get("text").asText());
        assertEquals(texts(expected.get("tokens")), fixture.tokenizer.tokens(ids));
        List<Analyses.Likely> found =
                Analyses.predict(fixture.model, ids, expected.get("top").size(), ReferenceRun.OPTIONS);
        for (int i = 0; i < found.size(); i++) {
            JsonNode likely = expected.get("top").get(i);
            assertEquals(
                    likely.get(0).asText(), fixture.tokenizer.token(found.get(i).id()));
            assertEquals(likely.get(1).asDouble(), found.get(i).probability(), run.metricBound());
        }
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static void ofTask(Task task, List<DynamicTest> tests) {
        JsonNode expected = task.expected();
        for (var entry : expected.properties()) {
            JsonNode value = entry.getValue();
            String name = task.name() + " " + entry.getKey();
            switch (entry.getKey()) {
                case "baseline" ->
                    tests.add(dynamicTest(
                            name,
                            () -> task.assertMetrics(value, task.baseline().clean())));
                case "corrupted" ->
                    tests.add(dynamicTest(
                            name,
                            () -> task.assertMetrics(value, task.baseline().corrupted())));
                case "n_edges" ->
                    tests.add(dynamicTest(
                            name, () -> assertEquals(value.asInt(), task.graph().edgeCount())));
                case "n_nodes" ->
                    tests.add(dynamicTest(
                            name,
                            () -> assertEquals(
                                    value.asInt(), task.graph().nodes().size())));
                case "scores" -> {
                    // FixtureTest has them in single precision, with batches of several sizes.
                    if (task.precision() == Precision.FLOAT64)
                        value.properties().forEach(method -> tests.add(scores(task, method)));
                }
                case "circuits" -> value.properties().forEach(circuit -> circuits(task, circuit, tests));
                case "kl of greedy abs" -> tests.add(dynamicTest(name, () -> divergence(task, value)));
                default -> tests.add(unknown(task.name(), entry.getKey()));
            }
        }
    }

    private static DynamicTest scores(Task task, Map.Entry<String, JsonNode> method) {
        String key = method.getKey();
        String name = task.name() + " scores " + key;
        boolean gemma = task.family().equals(GEMMA);
        if (gemma && key.equals("information-flow-routes")) {
            return dynamicTest(name + " (the reference has no value for any edge: ours are numbers)", () -> {
                method.getValue()
                        .properties()
                        .forEach(edge -> assertTrue(edge.getValue().isNull()));
                assertTrue(Arrays.stream(task.scores(key).toArray()).allMatch(it -> Double.isFinite(it) && it >= 0));
            });
        }
        if (gemma && !key.equals("exact")) {
            String reason =
                    " (edges from input and MLPs; the reference leaves out the norm that heads go through: FiniteDifferenceTest holds those)";
            return dynamicTest(
                    name + reason, () -> compare(task, key, method.getValue(), node -> node.kind() != Node.Kind.HEAD));
        }
        return dynamicTest(name, () -> compare(task, key, method.getValue(), node -> true));
    }

    private static void compare(Task task, String method, JsonNode table, java.util.function.Predicate<Node> from) {
        Scores found = task.scores(method);
        double largest = table.valueStream()
                .filter(it -> !it.isNull())
                .mapToDouble(it -> Math.abs(it.asDouble()))
                .max()
                .orElseThrow();
        int compared = 0;
        for (var edge : table.properties()) {
            int number = task.edge(edge.getKey());
            if (!from.test(task.graph().sourceNode(task.graph().sourceOf(number)))) continue;
            compared++;
            if (edge.getValue().isNull()) assertTrue(Double.isFinite(found.of(number)));
            else
                assertEquals(
                        edge.getValue().asDouble(), found.of(number), task.scoreBound(method) * largest, edge.getKey());
        }
        assertTrue(compared > 50 && table.size() == task.graph().edgeCount());
    }

    private static void divergence(Task task, JsonNode expected) {
        var greedy = task.expected().get("circuits").properties().stream()
                .filter(it -> it.getKey().startsWith("greedy") && it.getKey().endsWith("abs=true"))
                .findFirst()
                .orElseThrow();
        task.assertMetrics(
                expected, task.divergence(task.circuit(greedy.getValue().get("edges"))));
    }

    private static void circuits(Task task, Map.Entry<String, JsonNode> entry, List<DynamicTest> tests) {
        String selection = entry.getKey();
        for (var part : entry.getValue().properties()) {
            JsonNode value = part.getValue();
            String name = task.name() + " " + selection + " " + part.getKey();
            Executable test = switch (part.getKey()) {
                case "chosen" -> () -> assertEquals(task.circuit(value), task.choose(selection));
                case "edges" ->
                    () -> assertEquals(
                            task.circuit(value), task.choose(selection).pruned());
                case "nodes" ->
                    () -> assertEquals(
                            new TreeSet<>(texts(value)),
                            nodes(task.choose(selection).pruned()));
                case "patching", "zero" ->
                    () -> task.assertMetrics(
                            value, task.evaluate(task.circuit(entry.getValue().get("edges")), part.getKey()));
                case "mean-positional" ->
                    () -> positional(
                            task,
                            selection,
                            value,
                            task.circuit(entry.getValue().get("edges")));
                default -> () -> fail("the reference has something new: " + part.getKey());
            };
            boolean other =
                    part.getKey().equals("mean-positional") && task.family().equals(GEMMA) && !selection.equals("full");
            tests.add(dynamicTest(
                    other
                            ? name + " (the reference adds means to its clean outputs too; made again without that)"
                            : name,
                    test));
        }
    }

    /** What the reference adds to both halves of its table of activations, for a family with a norm after the attention block, belongs to one. */
    private static void positional(Task task, String selection, JsonNode expected, Circuit circuit) {
        JsonNode made =
                task.family().equals(GEMMA) ? task.again().get("positional").get(selection) : expected;
        if (selection.equals("full")) assertArrayEquals(numbers(made), numbers(expected), 1e-12);
        task.assertMetrics(made, task.evaluate(circuit, "mean-positional"));
    }

    private static double[] numbers(JsonNode list) {
        return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static TreeSet<String> nodes(Circuit circuit) {
        TreeSet<String> names = new TreeSet<>();
        circuit.nodes().forEach(node -> names.add(node.name()));
        return names;
    }
}
