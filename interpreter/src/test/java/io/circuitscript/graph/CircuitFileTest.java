package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.Randomly;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CircuitFileTest {
    private static final ModelGraph TINY = new ModelGraph(1, 1, false);

    @TempDir
    Path folder;

    @Test
    void openGivesBackWhatWasSaved() {
        Randomly.check(50, random -> {
            Scores scores = Samples.scores(random);
            boolean withScores = random.nextBoolean();
            Path file = Files.createTempFile("circuit", ".json");
            Circuit circuit = Selection.threshold(scores, 0.5, true);
            Optional<Scores> saved = withScores ? Optional.of(scores) : Optional.empty();
            CircuitFile.save(file, circuit, saved, Optional.empty(), 64);
            CircuitFile.Opened opened = CircuitFile.open(file);
            Files.delete(file);
            assertEquals(new CircuitFile.Opened(scores.graph(), circuit, saved, OptionalInt.of(64), List.of()), opened);
        });
    }

    @Test
    void constantsComeBackToTheLastBitAndWrongOnesAreRefused() throws IOException {
        double[] values = new double[SourceConstants.count(TINY, 3, 2)];
        for (int i = 0; i < values.length; i++) values[i] = Math.sqrt(2 + i);
        SourceConstants constants = new SourceConstants(TINY, 3, 2, values);
        for (String name : List.of("constants.json", "constants.pt")) {
            Path file = folder.resolve(name);
            CircuitFile.save(file, Circuit.full(TINY), Optional.empty(), Optional.empty(), Optional.of(constants), 3);
            SourceConstants read = CircuitFile.open(file).constants().orElseThrow();
            assertArrayEquals(values, read.values(), name);
            assertEquals(2, read.dHead());
        }
        Path file = folder.resolve("constants.json");
        String good = Files.readString(file);
        Map<String, String> wrong = Map.of(
                "\"input\": [", "\"input\": [1, ", // one too many
                "\"m0\": [", "\"m7\": [",
                "\"a0.h0\": [", "\"a0.h0\": [NaN, ",
                "\"constants\": {", "\"constants\": {\"m0\": 3, ");
        for (var change : wrong.entrySet()) {
            int at = good.indexOf(change.getKey(), good.indexOf("\"constants\""));
            Files.writeString(
                    file,
                    good.substring(0, at)
                            + change.getValue()
                            + good.substring(at + change.getKey().length()));
            UserError error = assertThrows(UserError.class, () -> CircuitFile.open(file), change.getKey());
            assertEquals(ErrorCode.BAD_CIRCUIT_FILE, error.code());
        }
    }

    @Test
    void writesTheKeysThatEapIgReadsInItsOrder() throws IOException {
        double[] values = new double[TINY.edgeIndexBound()];
        values[TINY.edge(0, 1)] = 0.1;
        values[ByName.edges(TINY, "a0.h0->m0").nextSetBit(0)] = -2.5e-7;
        Circuit circuit = Circuit.empty(TINY).with(ByName.edges(TINY, "a0.h0->m0"));
        Path file = folder.resolve("new/folder/c.json");
        CircuitFile.save(file, circuit, Optional.of(new Scores(TINY, values)), Optional.empty(), 8);
        assertEquals("""
                {
                "cfg": {
                "n_layers": 1,
                "n_heads": 1,
                "parallel_attn_mlp": false,
                "d_model": 8
                },
                "nodes": {
                "input": {"in_graph": false},
                "a0.h0": {"in_graph": true},
                "m0": {"in_graph": true},
                "logits": {"in_graph": true}
                },
                "edges": {
                "input->a0.h0<q>": {"score": 0.0, "in_graph": false},
                "input->a0.h0<k>": {"score": 0.1, "in_graph": false},
                "input->a0.h0<v>": {"score": 0.0, "in_graph": false},
                "input->m0": {"score": 0.0, "in_graph": false},
                "a0.h0->m0": {"score": -2.5E-7, "in_graph": true},
                "input->logits": {"score": 0.0, "in_graph": false},
                "a0.h0->logits": {"score": 0.0, "in_graph": false},
                "m0->logits": {"score": 0.0, "in_graph": false}
                }
                }
                """, Files.readString(file));
        try (var files = Files.list(file.getParent())) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void withoutScoresTheFileStillHasANumberForEach() throws IOException {
        Path file = folder.resolve("c.json");
        CircuitFile.save(file, Circuit.full(TINY), Optional.empty(), Optional.empty(), 8);
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        json.get("edges").forEach(edge -> assertTrue(edge.get("score").isNumber()));
        assertEquals(Optional.empty(), CircuitFile.open(file).scores());
    }

    @Test
    void edgesStandInEapIgsOwnOrder() throws IOException {
        for (boolean parallel : new boolean[] {false, true}) {
            ModelGraph graph = new ModelGraph(3, 2, parallel);
            Path file = folder.resolve("c.json");
            CircuitFile.save(file, Circuit.full(graph), Optional.empty(), Optional.empty(), 8);
            List<String> names = new ArrayList<>();
            new ObjectMapper().readTree(file.toFile()).get("edges").fieldNames().forEachRemaining(names::add);
            assertEquals(inOrderOfCreation(graph), names);
        }
    }

    /** As EAP-IG builds its graph: one residual stream that grows by heads, then by the MLP, or by both at once. */
    private static List<String> inOrderOfCreation(ModelGraph graph) {
        List<String> names = new ArrayList<>();
        List<String> stream = new ArrayList<>(List.of("input"));
        for (int layer = 0; layer < graph.layers(); layer++) {
            List<String> heads = new ArrayList<>();
            for (int head = 0; head < graph.heads(); head++) heads.add("a" + layer + ".h" + head);
            String mlp = "m" + layer;
            for (String node : stream) {
                heads.forEach(head ->
                        List.of("q", "k", "v").forEach(port -> names.add(node + "->" + head + "<" + port + ">")));
                if (graph.parallel()) names.add(node + "->" + mlp);
            }
            stream.addAll(heads);
            if (!graph.parallel()) stream.forEach(node -> names.add(node + "->" + mlp));
            stream.add(mlp);
        }
        stream.forEach(node -> names.add(node + "->logits"));
        return names;
    }

    @Test
    void opensTheTutorialsOlderForm() throws IOException {
        Path file = folder.resolve("old.json");
        Files.writeString(file, """
                {"cfg": {"n_layers": 1, "n_heads": 1, "parallel_attn_mlp": true},
                 "nodes": {"input": true, "a0.h0": false, "m0": true, "logits": true},
                 "edges": {"input->m0": {"score": 0.25, "in_graph": true}, "m0->logits": {"score": 1, "in_graph": true},
                           "input->a0.h0<q>": {"score": -1e-3, "in_graph": false}}}
                """);
        CircuitFile.Opened opened = CircuitFile.open(file);
        assertEquals(new ModelGraph(1, 1, true), opened.graph());
        assertEquals(OptionalInt.empty(), opened.dModel());
        assertEquals(2, opened.circuit().edgeCount());
        assertEquals(-0.001, opened.scores().orElseThrow().of(0));
        assertEquals(
                List.of("4 edges are not in the file: left out of the circuit", "4 edges have no score: taken as 0"),
                opened.notes());
    }

    /** A file of every edge of a tiny model, with scores as they are given, then null. */
    private CircuitFile.Opened openedWithScores(String beside, String nodes, String... scores) throws IOException {
        ModelGraph graph = new ModelGraph(1, 1, true);
        List<String> edges = new ArrayList<>();
        Circuit.full(graph).edges().stream().forEach(edge -> {
            String score = edges.size() < scores.length ? scores[edges.size()] : "null";
            edges.add("\"" + graph.edgeName(edge) + "\": {\"score\": " + score + ", \"in_graph\": true}");
        });
        String text = "{\"cfg\": {\"n_layers\": 1, \"n_heads\": 1, \"parallel_attn_mlp\": true}, " + beside
                + "\"nodes\": {" + nodes + "}, \"edges\": {" + String.join(", ", edges) + "}}";
        return CircuitFile.open(Files.writeString(folder.resolve("scores.json"), text));
    }

    /** EAP-IG, whose writer is Python's, writes NaN and Infinity, which are no JSON. */
    @Test
    void whatIsNotFiniteIsNoScoreAsNullIs() throws IOException {
        CircuitFile.Opened opened = openedWithScores("", "", "0.5", "NaN", "null", "-2");
        assertArrayEquals(new double[] {0.5, 0, 0, -2, 0, 0, 0}, existing(opened));
        assertEquals(List.of("5 edges have no score: taken as 0"), opened.notes());
        assertEquals(7, opened.circuit().edgeCount(), "an edge without a score is as much in the circuit as any");
        for (String infinity : List.of("Infinity", "-Infinity", "1e999")) {
            CircuitFile.Opened infinite = openedWithScores("", "", "0.5", "NaN", infinity, "-2", "3", "4", "5");
            assertArrayEquals(new double[] {0.5, 0, 0, -2, 3, 4, 5}, existing(infinite));
            assertEquals(List.of("2 edges have no finite score: taken as 0"), infinite.notes());
        }
        CircuitFile.Opened none = openedWithScores("", "", "NaN", "-Infinity", "NaN");
        assertEquals(Optional.empty(), none.scores());
        assertEquals(List.of(), none.notes());
    }

    private static double[] existing(CircuitFile.Opened opened) {
        Scores scores = opened.scores().orElseThrow();
        return Circuit.full(opened.graph()).edges().stream()
                .mapToDouble(scores::of)
                .toArray();
    }

    @Test
    void nodesAndNeuronsNeedNoFiniteScoreEither() throws IOException {
        String nodes = "\"input\": {\"in_graph\": true, \"score\": 1.5, \"neurons_scores\": [1, NaN]}, "
                + "\"m0\": {\"in_graph\": true, \"score\": Infinity, \"neurons_scores\": [null, -Infinity]}";
        CircuitFile.Opened opened = openedWithScores("", nodes);
        NodeScores scores = opened.nodeScores().orElseThrow();
        assertEquals(1.5, scores.of(0));
        assertEquals(0, scores.of(2));
        assertArrayEquals(new double[] {1, 0, 0, 0, 0, 0}, scores.neurons());
        assertEquals(
                List.of("2 nodes have no finite score: taken as 0", "3 neurons have no finite score: taken as 0"),
                opened.notes());
    }

    @Test
    void aFlagThatTakesScoresAwaySaysSo() throws IOException {
        CircuitFile.Opened opened = openedWithScores("\"scored\": false, ", "", "0.5", "0", "NaN", "-2");
        assertEquals(Optional.empty(), opened.scores());
        assertEquals(
                List.of(
                        "\"scored\": false in the file says that its edges have no scores; 2 edges have scores anyway, which are not used: "
                                + "delete \"scored\" to use them"),
                opened.notes());
        assertEquals(
                List.of(),
                openedWithScores("\"scored\": false, ", "", "0", "0.0", "0").notes(),
                "what save writes where there are none");
    }

    @Test
    void opensWithKeysInAnyOrderAndSaysWhatItPassesOver() throws IOException {
        Path file = folder.resolve("c.json");
        CircuitFile.save(file, Circuit.full(TINY), Optional.empty(), Optional.empty(), 8);
        ObjectMapper mapper = new ObjectMapper();
        JsonNode json = mapper.readTree(file.toFile());
        var turned = mapper.createObjectNode();
        turned.putObject("extra").put("a", 1);
        turned.set("edges", json.get("edges"));
        turned.set(
                "nodes",
                mapper.readTree(
                        json.get("nodes")
                                .toString()
                                .replaceFirst(
                                        "true",
                                        "true, \"score\": 0.5, \"neurons\": [true, false, true, true, true, true, true, true]")));
        turned.putArray("neurons");
        turned.set("cfg", json.get("cfg"));
        mapper.writeValue(file.toFile(), turned);
        CircuitFile.Opened opened = CircuitFile.open(file);
        assertEquals(Circuit.full(TINY).edges(), opened.circuit().edges());
        assertTrue(opened.circuit().containsNeuron(0, 0)
                && !opened.circuit().containsNeuron(0, 1)
                && opened.circuit().containsNeuron(1, 1));
        assertEquals(0.5, opened.nodeScores().orElseThrow().of(0));
        assertEquals(Optional.empty(), opened.scores(), "zeros beside scores of nodes are none");
        assertEquals(2, opened.notes().size());
    }

    @Test
    void neuronsComeAndGo() {
        Path file = folder.resolve("neurons.json");
        double[] neurons = new double[TINY.sources() * 8];
        for (int i = 0; i < neurons.length; i++) neurons[i] = Math.sin(i);
        NodeScores scores = NodeScores.ofNeurons(TINY, neurons);
        Circuit circuit = NodeSelection.topNeurons(scores, 9, true);
        CircuitFile.save(file, circuit, Optional.empty(), Optional.of(scores), 8);
        CircuitFile.Opened opened = CircuitFile.open(file);
        assertEquals(circuit, opened.circuit());
        assertEquals(Optional.of(scores), opened.nodeScores());
        assertEquals(List.of(), opened.notes());
    }

    @Test
    void llamaSizedFilesComeAndGo() throws IOException {
        ModelGraph graph = new ModelGraph(32, 32, false);
        Random random = new Random(1);
        double[] values = new double[graph.edgeIndexBound()];
        Circuit.full(graph).edges().stream().forEach(edge -> values[edge] = random.nextGaussian());
        Scores scores = new Scores(graph, values);
        Circuit circuit = Selection.greedy(scores, 10_000, false).pruned();
        Path file = folder.resolve("llama.json");
        CircuitFile.save(file, circuit, Optional.of(scores), Optional.empty(), 4096);
        CircuitFile.Opened opened = CircuitFile.open(file);
        assertEquals(circuit, opened.circuit());
        assertEquals(scores, opened.scores().orElseThrow());
    }

    private static final String CFG = "{\"cfg\": {\"n_layers\": 1, \"n_heads\": 1, \"parallel_attn_mlp\": false}, ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1] | it is not a JSON object",
                "{\"cfg\" 1} | it is not JSON (line 1, column 8)",
                "{\"cfg\": {\"n_layers\": 1 | it ends too early",
                "'' | it is not a JSON object",
                "{} | it has no \"cfg\"",
                "{\"cfg\": 3} | cfg (line 1, column 9) is not an object",
                "{\"cfg\": {\"n_heads\": 1}} | its cfg has no n_layers",
                "{\"cfg\": {\"n_layers\": 0}} | n_layers of cfg (line 1, column 22) is not a whole number from 1 up",
                "{\"cfg\": {\"n_layers\": 99999, \"n_heads\": 99, \"parallel_attn_mlp\": true}} | a model of 99999 layers of 99 heads is too large",
                "CFG\"nodes\": {}} | it has no \"edges\"",
                "CFG\"edges\": {}} | it has no \"nodes\"",
                "CFG\"nodes\": {\"m1\": true}} | node m1 (line 1, column 78) does not exist: m1 is not in this model: it has 1 layer, m0",
                "CFG\"nodes\": {\"m0\": 1}} | node m0 (line 1, column 84) is not true or false",
                "CFG\"nodes\": {\"m0\": {}}} | node m0 (line 1, column 85) has no in_graph",
                "CFG\"edges\": {\"m0->m0\": {}}} | edge m0->m0 (line 1, column 78) does not exist: m0->m0 is not a valid edge",
                "CFG\"edges\": {\"input->a0.h0\": {}}} | edge input->a0.h0 (line 1, column 78) is not one edge",
                "CFG\"edges\": {\"m0->logits\": true}} | edge m0->logits (line 1, column 92) is not {score, in_graph}",
                "CFG\"edges\": {\"m0->logits\": {\"score\": 1}}} | edge m0->logits (line 1, column 103) has no in_graph",
                "CFG\"edges\": {\"m0->logits\": {\"score\": \"1\", \"in_graph\": true}}} | the score of edge m0->logits (line 1, column 102) is not a number"
            })
    void whatIsNoCircuitSaysWhyAndWhere(String text, String reason) throws IOException {
        Path file = folder.resolve("bad.json");
        Files.writeString(file, text.replace("CFG", CFG));
        UserError error = assertThrows(UserError.class, () -> CircuitFile.open(file));
        assertEquals(65, error.kind().exitCode());
        assertTrue(error.getMessage().startsWith(file + " is not a circuit that can be opened: "), error.getMessage());
        assertTrue(error.getMessage().contains(reason), error.getMessage());
    }

    @Test
    void aMissingFileIsMissing() {
        UserError error = assertThrows(UserError.class, () -> CircuitFile.open(folder.resolve("none.json")));
        assertEquals(66, error.kind().exitCode());
    }

    @Test
    void aFileThatCannotBeWrittenLeavesNothing() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("file"), "x");
        Path file = inTheWay.resolve("c.json");
        assertThrows(
                UserError.class,
                () -> CircuitFile.save(file, Circuit.full(TINY), Optional.empty(), Optional.empty(), 8));
        assertThrows(
                UserError.class,
                () -> CircuitFile.save(folder, Circuit.full(TINY), Optional.empty(), Optional.empty(), 8));
        assertEquals("x", Files.readString(inTheWay));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertFalse(Files.exists(file));
    }
}
