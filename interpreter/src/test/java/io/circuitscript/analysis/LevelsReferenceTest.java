package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeScores;
import io.circuitscript.graph.NodeSelection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Nodes and neurons as EAP-IG has them: scores, what {@code apply_topn} and {@code apply_threshold} choose and prune at these levels, and what its
 * {@code evaluate_graph} measures there, all in float64. The numbers of {@code levels.json} are from EAP-IG at commit 795f560, run on the data beside
 * it one example at a time, with two changes: a CPU as device, and means added to the ablated activations alone. {@code exact} ablates a node of the
 * whole graph at a time.
 */
class LevelsReferenceTest {
    private final List<ReferenceRun> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(ReferenceRun::close);
    }

    @TestFactory
    Stream<DynamicTest> everyNumberOfTheReferences() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String family : List.of("gpt2", "gpt_neox", "gemma2")) {
            ReferenceRun run = new ReferenceRun(family, Precision.FLOAT64);
            open.add(run);
            for (String name : List.of("greater-than", "ioi")) {
                ReferenceRun.Task task = run.task(name);
                task.again()
                        .get("scores")
                        .properties()
                        .forEach(scores -> tests.add(
                                dynamicTest(task.name() + " " + scores.getKey(), () -> scored(task, scores))));
                task.again()
                        .get("circuits")
                        .properties()
                        .forEach(circuit -> tests.add(
                                dynamicTest(task.name() + " " + circuit.getKey(), () -> chosen(task, circuit))));
            }
        }
        return tests.stream();
    }

    /** At an MLP the reference multiplies what the MLP gives with the gradient at what it reads: a node's derivative is at what it gives. */
    private static void scored(ReferenceRun.Task task, Map.Entry<String, JsonNode> table) {
        double[] expected = flat(table.getValue());
        NodeScores eap = task.family().equals("gemma2")
                ? null
                : task.analyses().attributeNodes(Analyses.Method.eap(), Ablation.PATCHING, ReferenceRun.OPTIONS);
        switch (table.getKey()) {
            case "exact node" ->
                compare(
                        task,
                        expected,
                        task.analyses()
                                .exactNodes(Ablation.PATCHING, ReferenceRun.OPTIONS)
                                .nodes(),
                        true);
            case "eap node" -> compare(task, expected, eap.nodes(), false);
            case "eap neuron" -> compare(task, expected, eap.neurons(), false);
            case "random neuron" ->
                assertEquals(
                        task.graph().sources()
                                * task.analyses().model().config().dModel(),
                        expected.length);
            default -> fail("the reference has something new: " + table.getKey());
        }
    }

    private static void compare(ReferenceRun.Task task, double[] expected, double[] found, boolean mlps) {
        double largest = 0;
        for (double value : expected) largest = Math.max(largest, Math.abs(value));
        assertEquals(expected.length, found.length);
        for (int i = 0; i < expected.length; i++) {
            Node node =
                    task.graph().sourceNode(i / (expected.length / task.graph().sources()));
            if (!mlps && node.kind() == Node.Kind.MLP) continue;
            assertEquals(expected[i], found[i], task.scoreBound("exact") * largest, node.name());
        }
    }

    private static void chosen(ReferenceRun.Task task, Map.Entry<String, JsonNode> entry) {
        JsonNode expected = entry.getValue();
        Circuit circuit = choose(task, entry.getKey()).pruned();
        if (expected.has("edges")) assertEquals(task.circuit(expected.get("edges")), circuit);
        assertEquals(expected.get("n_edges").asInt(), circuit.edgeCount());
        TreeSet<String> nodes = new TreeSet<>();
        circuit.nodes().forEach(node -> nodes.add(node.name()));
        assertEquals(
                new TreeSet<>(expected.get("nodes")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList()),
                nodes);
        if (expected.has("neurons")) {
            BitSet neurons = new BitSet();
            expected.get("neurons").forEach(neuron -> neurons.set(neuron.asInt()));
            assertEquals(neurons, circuit.chosenNeurons());
        }
        for (String ablation : List.of("patching", "zero", "mean-positional")) {
            if (expected.has(ablation)) task.assertMetrics(expected.get(ablation), task.evaluate(circuit, ablation));
        }
        assertTrue(List.of("edges", "n_edges", "nodes", "neurons", "patching", "zero", "mean-positional")
                .containsAll(expected.propertyStream().map(Map.Entry::getKey).toList()));
    }

    /** {@code top 5 abs=true level=node}, by the scores that the reference chose by. */
    private static Circuit choose(ReferenceRun.Task task, String selection) {
        String[] words = selection.split(" ");
        boolean absolute = words[2].equals("abs=true");
        JsonNode scores = task.again().get("scores");
        NodeScores nodes = NodeScores.ofNodes(task.graph(), flat(scores.get("exact node")));
        if (words[3].equals("level=node")) {
            return words[0].equals("top")
                    ? NodeSelection.topNodes(nodes, Integer.parseInt(words[1]), absolute)
                    : NodeSelection.thresholdNodes(nodes, Double.parseDouble(words[1]), absolute);
        }
        NodeScores neurons = NodeScores.ofNeurons(
                task.graph(), flat(scores.has("eap neuron") ? scores.get("eap neuron") : scores.get("random neuron")));
        return words[0].equals("top")
                ? NodeSelection.topNeurons(neurons, Integer.parseInt(words[1]), absolute)
                : NodeSelection.thresholdNeurons(neurons, Double.parseDouble(words[1]), absolute);
    }

    private static double[] flat(JsonNode table) {
        return table.valueStream()
                .flatMap(row -> row.isArray() ? row.valueStream() : Stream.of(row))
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
