package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.analysis.circuits.Completeness;
import io.circuitscript.analysis.circuits.EvaluatedCircuits;
import io.circuitscript.analysis.circuits.Minimization;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.EdgeOrder;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Scores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random circuits, minimization and completeness against a program in numpy, in float64. */
class TestsOfCircuitsTest {
    private static final double TOLERANCE = 1e-10;
    private static final RunOptions QUIET = RunOptions.quiet();

    private static Fixture demo;
    private static Analyses analyses;
    private static JsonNode all;

    @BeforeAll
    static void load() throws IOException {
        demo = Fixture.demo(Precision.FLOAT64);
        Path folder = Fixture.resource("/tests-of-circuits");
        analyses = demo.analyses("greater-than", folder.resolve("greater-than.csv"));
        all = new ObjectMapper().readTree(folder.resolve("circuits.json").toFile());
    }

    @AfterAll
    static void close() {
        demo.close();
    }

    /** What one ablation gives. */
    private record Expected(JsonNode json, Ablation ablation, double[] empty) {
        static Expected of(String with) {
            Ablation ablation = with.equals("zero") ? Ablation.ZERO : Ablation.PATCHING;
            double[] empty = analyses.evaluate(Circuit.empty(demo.model.graph()), ablation, QUIET);
            return new Expected(all.get(with), ablation, empty);
        }

        double model() {
            return json.get("model").doubleValue();
        }

        double faithfulness(double[] values) {
            double none = json.get("empty").doubleValue();
            return Faithfulness.of(mean(values), model(), none);
        }

        Circuit circuit() {
            return demo.circuit(json.get("circuit"));
        }

        int[] order() {
            double[] scores = new double[demo.model.graph().edgeIndexBound()];
            json.get("scores")
                    .properties()
                    .forEach(
                            it -> scores[demo.edge(it.getKey())] = it.getValue().doubleValue());
            return EdgeOrder.weakestFirst(circuit(), new Scores(demo.model.graph(), scores));
        }

        Minimization.Result minimized(double tolerance, RunOptions options) {
            return Minimization.run(
                    analyses, circuit(), order(), tolerance, ablation, this::faithfulness, empty, options);
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"patching", "zero"})
    void minimizesAsTheReferenceDoesEdgeForEdge(String with) {
        Expected expected = Expected.of(with);
        for (JsonNode one : expected.json().get("minimize")) {
            Minimization.Result found = expected.minimized(one.get("tolerance").doubleValue(), QUIET);
            assertEquals(demo.circuit(one.get("edges")), found.circuit());
            assertEquals(one.get("before").doubleValue(), found.before(), TOLERANCE);
            assertEquals(one.get("trials").size(), found.trials().size());
            for (int i = 0; i < found.trials().size(); i++) {
                JsonNode trial = one.get("trials").get(i);
                Minimization.Trial ours = found.trials().get(i);
                assertEquals(trial.get("edge").textValue(), demo.model.graph().edgeName(ours.edge()));
                assertEquals(trial.get("faithfulness").doubleValue(), ours.faithfulness(), TOLERANCE);
                assertEquals(trial.get("removed").booleanValue(), ours.removed());
            }
            assertEquals(
                    found.after(),
                    expected.faithfulness(analyses.evaluate(found.circuit(), expected.ablation(), QUIET)),
                    TOLERANCE);
        }
    }

    @Test
    void circuitsThatShareBatchesChangeNothing() {
        Expected expected = Expected.of("patching");
        demo.batches.close();
        RunOptions tight = new RunOptions(Progress.NONE, new CancelToken(), 2, 1);
        Minimization.Result found = expected.minimized(0.01, tight);
        assertTrue(demo.batches.isFull());
        demo.batches.close();
        Minimization.Result plain = expected.minimized(0.01, QUIET);
        assertEquals(plain.circuit(), found.circuit());
        assertEquals(plain.trials().size(), found.trials().size());
        for (int i = 0; i < plain.trials().size(); i++)
            assertEquals(
                    plain.trials().get(i).faithfulness(), found.trials().get(i).faithfulness(), TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"patching", "zero"})
    void takesNodesAwayAsTheReferenceDoes(String with) {
        Expected expected = Expected.of(with);
        ModelGraph graph = demo.model.graph();
        List<List<Node>> subsets = new ArrayList<>();
        for (JsonNode one : expected.json().get("complete")) {
            List<String> names = new ArrayList<>();
            one.get("nodes").forEach(it -> names.add(it.textValue()));
            subsets.add(graph.nodes().stream()
                    .filter(it -> names.contains(it.name()))
                    .toList());
            assertEquals(names.size(), subsets.getLast().size());
        }
        List<Completeness.Case> cases =
                Completeness.of(analyses, expected.circuit(), subsets, expected.ablation(), expected.empty(), QUIET);
        for (int i = 0; i < subsets.size(); i++) {
            JsonNode one = expected.json().get("complete").get(i);
            assertEquals(one.get("circuit").doubleValue(), mean(cases.get(i).circuit()), TOLERANCE);
            assertEquals(one.get("model").doubleValue(), mean(cases.get(i).model()), TOLERANCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"patching", "zero"})
    void evaluatesRandomCircuitsAsTheReferenceDoes(String with) {
        Expected expected = Expected.of(with);
        List<Circuit> circuits = new ArrayList<>();
        expected.json().get("random").forEach(it -> circuits.add(demo.circuit(it.get("edges"))));
        EvaluatedCircuits found = EvaluatedCircuits.of(
                "random", analyses, circuits, circuit -> expected.ablation(), expected.empty(), QUIET);
        for (int i = 0; i < circuits.size(); i++) {
            JsonNode values = expected.json().get("random").get(i).get("values");
            assertArrayEquals(demo.numbers(values), found.values().get(i), TOLERANCE);
        }
        assertEquals(expected.json().get("empty").doubleValue(), mean(expected.empty()), TOLERANCE);
        assertEquals(
                expected.model(),
                mean(analyses.evaluate(Circuit.full(demo.model.graph()), expected.ablation(), QUIET)),
                TOLERANCE);
    }

    @Test
    void everySubsetIsAsLikely() {
        List<Node> nodes = List.of(Node.head(0, 0), Node.head(0, 1), Node.mlp(0));
        List<List<Node>> subsets = Completeness.subsets(nodes, 8000, 3);
        assertEquals(subsets.subList(0, 50), Completeness.subsets(nodes, 50, 3));
        assertEquals(8, subsets.stream().distinct().count());
        for (List<Node> subset : subsets.stream().distinct().toList())
            assertEquals(1000, subsets.stream().filter(subset::equals).count(), 120);
    }
}
