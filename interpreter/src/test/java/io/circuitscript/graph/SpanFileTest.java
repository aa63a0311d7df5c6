package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.Randomly;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Circuits over spans in both formats. */
class SpanFileTest {
    private static final ModelGraph TINY = new ModelGraph(1, 1, false).at(spans());

    @TempDir
    Path folder;

    /** {@code end} sees both, {@code S2} itself. */
    private static Spans spans() {
        return Spans.of(List.of("S2", "end"), List.of(of(0), of(0, 1)), of(1));
    }

    private static BitSet of(int... numbers) {
        BitSet set = new BitSet();
        for (int number : numbers) set.set(number);
        return set;
    }

    private static int edge(String name, int span) {
        return ByName.edges(TINY.withoutSpans(), name).nextSetBit(0) * 2 + span;
    }

    private static Circuit circuit() {
        return new Circuit(TINY, of(edge("input->a0.h0<v>", 0), edge("a0.h0->logits", 1)));
    }

    private static Scores scores() {
        double[] values = new double[TINY.edgeIndexBound()];
        values[edge("input->a0.h0<v>", 0)] = 0.25;
        values[edge("input->a0.h0<v>", 1)] = -1;
        values[edge("a0.h0->logits", 1)] = 0.1;
        return new Scores(TINY, values);
    }

    private Path saved(String name) {
        Path file = folder.resolve(name);
        CircuitFile.save(file, circuit(), Optional.of(scores()), Optional.empty(), 8);
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {".json", ".pt"})
    void openGivesBackEveryEdgeAtEverySpanToTheLastBit(String ending) {
        Randomly.check(25, random -> {
            Scores scores = Samples.scoresAtSpans(random);
            BitSet edges = Circuit.full(scores.graph()).edges();
            int share = random.nextInt(101);
            for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1))
                if (random.nextInt(100) >= share) edges.clear(edge);
            Circuit circuit = new Circuit(scores.graph(), edges);
            Optional<Scores> saved = random.nextBoolean() ? Optional.of(scores) : Optional.empty();
            Path file = Files.createTempFile("spans", ending);
            CircuitFile.save(file, circuit, saved, Optional.empty(), 64);
            byte[] once = Files.readAllBytes(file);
            CircuitFile.Opened opened = CircuitFile.open(file);
            CircuitFile.save(file, opened.circuit(), opened.scores(), Optional.empty(), 64);
            assertArrayEquals(once, Files.readAllBytes(file));
            Files.delete(file);
            assertEquals(new CircuitFile.Opened(scores.graph(), circuit, saved, OptionalInt.of(64), List.of()), opened);
            Spans before = scores.graph().spans();
            Spans after = opened.graph().spans();
            for (int span = 0; span < before.size(); span++) {
                assertEquals(before.isRead(span), after.isRead(span));
                for (int other = 0; other < before.size(); other++)
                    assertEquals(before.sees(span, other), after.sees(span, other));
            }
        });
    }

    @Test
    void theFileSaysItInAFormThatIsReadInThreeLines() throws IOException {
        String text = Files.readString(saved("spans.json"));
        assertEquals("""
                "edges": {
                "input->a0.h0<q>": {"score": 0.0, "in_graph": false},
                "input->a0.h0<k>": {"score": 0.0, "in_graph": false},
                "input->a0.h0<v>": {"score": -0.75, "in_graph": true},
                "input->m0": {"score": 0.0, "in_graph": false},
                "a0.h0->m0": {"score": 0.0, "in_graph": false},
                "input->logits": {"score": 0.0, "in_graph": false},
                "a0.h0->logits": {"score": 0.1, "in_graph": true},
                "m0->logits": {"score": 0.0, "in_graph": false}
                },
                "spans": {
                "names": ["S2","end"],
                "sees": {
                "S2": ["S2"],
                "end": ["S2","end"]
                },
                "read": ["end"],
                "edges": {
                "input->a0.h0<q>": {"scores": [0.0,0.0], "in_graph": []},
                "input->a0.h0<k>": {"scores": [0.0,0.0], "in_graph": []},
                "input->a0.h0<v>": {"scores": [0.25,-1.0], "in_graph": ["S2"]},
                "input->m0": {"scores": [0.0,0.0], "in_graph": []},
                "a0.h0->m0": {"scores": [0.0,0.0], "in_graph": []},
                "input->logits": {"scores": [0.0,0.0], "in_graph": []},
                "a0.h0->logits": {"scores": [0.0,0.1], "in_graph": ["end"]},
                "m0->logits": {"scores": [0.0,0.0], "in_graph": []}
                }
                }
                }
                """, text.substring(text.indexOf("\"edges\"")));
    }

    /** What EAP-IG's reader takes is as of the circuit without spans, byte for byte. */
    @Test
    void besideTheSpansStandTheTotals() throws IOException {
        Randomly.check(20, random -> {
            Scores scores = Samples.scoresAtSpans(random);
            Circuit circuit = Selection.threshold(scores, 0.5, true);
            Path file = Files.createTempFile("spans", ".json");
            CircuitFile.save(file, circuit, Optional.of(scores), Optional.empty(), 64);
            String text = Files.readString(file);
            CircuitFile.save(file, circuit.withoutSpans(), Optional.of(scores.overSpans()), Optional.empty(), 64);
            String totals = Files.readString(file);
            Files.delete(file);
            assertEquals(totals, text.substring(0, text.indexOf(",\n\"spans\": {")) + "\n}\n");
        });
    }

    @Test
    void withoutItsSpansAFileIsACircuitOfEdges() throws IOException {
        Path file = saved("spans.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        json.remove("spans");
        new ObjectMapper().writeValue(file.toFile(), json);
        CircuitFile.Opened opened = CircuitFile.open(file);
        assertEquals(circuit().withoutSpans(), opened.circuit());
        assertEquals(scores().overSpans(), opened.scores().orElseThrow());
    }

    @Test
    void keysMayComeInAnyOrder() throws IOException {
        Path file = saved("spans.json");
        ObjectMapper mapper = new ObjectMapper();
        JsonNode json = mapper.readTree(file.toFile());
        ObjectNode turned = mapper.createObjectNode();
        ObjectNode spans = turned.putObject("spans");
        for (String key : List.of("edges", "read", "sees", "names"))
            spans.set(key, json.get("spans").get(key));
        for (String key : List.of("edges", "nodes", "cfg")) turned.set(key, json.get(key));
        mapper.writeValue(file.toFile(), turned);
        assertEquals(circuit(), CircuitFile.open(file).circuit());
        assertEquals(scores(), CircuitFile.open(file).scores().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"names\": [\"S2\",\"end\"] | \"names\": 3 | the list of names of \"spans\" (line 25, column 10) is not a list",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"S2\",2] | has something that is not the name of a span",
                "\"names\": [\"S2\",\"end\"] | \"names\": [] | its spans have no names",
                "\"names\": [\"S2\",\"end\"] | \"named\": [] | its spans have no names",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"S2\",\"S2\"] | two of its spans have the name S2",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"S2\",\" \"] | the name of its span 1 is empty",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"S\\u001b[2J\",\"end\"] | the name of its span 0 has a control character",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"\\uD800\",\"end\"] | the name of its span 0 has a control character",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"S2\",\"last\"] | its \"sees\" does not say what the span last sees",
                "\"names\": [\"S2\",\"end\"] | \"names\": [\"S2\"] | its \"sees\" has end, which is none of its spans",
                "\"S2\": [\"S2\"] | \"S2\": [] | its span S2 does not see itself",
                "\"S2\": [\"S2\"] | \"S2\": [\"S3\"] | its \"sees\" has S3, which is none of its spans",
                "\"S2\": [\"S2\"] | \"end\": [\"S2\"] | a span of \"sees\" (line 28, column 19) appears twice",
                "\"sees\": { | \"sees\": 1, \"x\": { | \"sees\" of \"spans\" (line 26, column 9) is not an object",
                "\"read\": [\"end\"] | \"read\": [\"und\"] | its \"read\" has und, which is none of its spans",
                "\"read\": [\"end\"] | \"reads\": [\"end\"] | its spans do not say which of them are read",
                "\"spans\": { | \"spans\": null, \"x\": { | \"spans\" (line 24, column 10) is not an object",
                "\"spans\": { | \"spans\": {}, \"spans\": { | \"spans\" (line 24, column 23) appears twice",
                "\"scores\": [0.25,-1.0] | \"scores\": [0.25,-1.0,0] | edge input->a0.h0<v> (line 34, column 43) has 3 scores at spans, and there are 2 spans",
                "\"scores\": [0.25,-1.0] | \"scores\": [0.25] | has 1 scores at spans, and there are 2 spans",
                "\"scores\": [0.25,-1.0] | \"scores\": [0.25,NaN] | the score of edge input->a0.h0<v> at a span (line 34, column 37) is not a finite number",
                "\"scores\": [0.25,-1.0] | \"scores\": [0.25,null] | is not a finite number",
                "\"scores\": [0.25,-1.0] | \"scores\": [1e999,-1] | is not a finite number",
                "\"scores\": [0.25,-1.0] | \"scores\": -0.75 | scores of edge input->a0.h0<v> (line 34, column 31) are not a list",
                "\"scores\": [0.25,-1.0] | \"score\": -0.75 | some edges of its \"spans\" have scores, and some have none",
                "\"scores\": [0.25,-1.0] | \"scores\": [0.25,-1.5] | the score of edge input->a0.h0<v> is -0.75, and its scores at spans add up to -1.25",
                "\"in_graph\": [\"S2\"] | \"in_graph\": [\"S1\"] | edge input->a0.h0<v> (line 34, column 61) is in at S1, which is none of its spans",
                "\"in_graph\": [\"S2\"] | \"in_graph\": true | in_graph of edge input->a0.h0<v> of \"spans\" (line 34, column 56) is not a list",
                "\"in_graph\": [\"S2\"] | \"in_graf\": [\"S2\"] | edge input->a0.h0<v> (line 34, column 61) of \"spans\" has no in_graph",
                "\"in_graph\": [\"S2\"] | \"in_graph\": [] | edge input->a0.h0<v> is in the circuit, and its spans have it nowhere",
                "\"m0->logits\": {\"scores\": [0.0,0.0], \"in_graph\": [] | \"m0->logits\": {\"scores\": [0.0,0.0], \"in_graph\": [\"end\"] | edge m0->logits is out of the circuit, and its spans have it in",
                "\"m0->logits\": {\"scores\" | \"m1->logits\": {\"scores\" | edge m1->logits (line 39, column 1) does not exist",
                "\"m0->logits\": {\"scores\" | \"a0.h0->m0\": {\"scores\" | edge a0.h0->m0 (line 39, column 1) appears twice in \"spans\"",
                "\"m0->logits\": {\"scores\" | \"m0->logits\": 1, \"x\": {\"scores\" | edge m0->logits of \"spans\" (line 39, column 15) is not an object"
            })
    void whatIsWrongWithSpansIsSaidInOneMessage(String from, String to, String reason) throws IOException {
        Path file = saved("bad.json");
        String text = Files.readString(file);
        int at = text.lastIndexOf(from);
        assertTrue(at >= 0, from);
        Files.writeString(file, text.substring(0, at) + to + text.substring(at + from.length()));
        refused(file, reason);
    }

    @Test
    void bothListsHaveTheSameEdges() throws IOException {
        String text = Files.readString(saved("bad.json"));
        String total = ",\n\"m0->logits\": {\"score\": 0.0, \"in_graph\": false}";
        String spans = ",\n\"m0->logits\": {\"scores\": [0.0,0.0], \"in_graph\": []}";
        Path file = folder.resolve("bad.json");
        refused(
                Files.writeString(file, text.replace(total, "")),
                "edge m0->logits is in \"spans\", and not in \"edges\"");
        refused(
                Files.writeString(file, text.replace(spans, "")),
                "edge m0->logits is in \"edges\", and not in \"spans\"");
    }

    private static void refused(Path file, String reason) {
        UserError error = assertThrows(UserError.class, () -> CircuitFile.open(file));
        assertEquals(ErrorCode.BAD_CIRCUIT_FILE, error.code());
        assertTrue(error.getMessage().startsWith(file + " is not a circuit that can be opened: "), error.getMessage());
        assertTrue(error.getMessage().contains(reason), error.getMessage());
        assertFalse(error.getMessage().chars().anyMatch(c -> c < ' '), error.getMessage());
    }

    @Test
    void tooManySpansAreRefusedBeforeAnyMemoryIsTaken() throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SpanFields.MOST; i++) names.add("t" + i);
        Spans many = Spans.inAnyOrder(names);
        ModelGraph large = new ModelGraph(32, 32, false);
        assertTrue(SpanFields.faultOfSize(large, many.size())
                .orElseThrow()
                .contains("too many for this machine's memory"));
        assertEquals(Optional.empty(), SpanFields.faultOfNames(names));
        String list = String.join("\",\"", names) + "\",\"one more";
        String text = Files.readString(saved("many.json")).replace("\"S2\",\"end\"", "\"" + list + "\"");
        refused(Files.writeString(folder.resolve("many.json"), text), "has more than 2048, the most that a file has");
    }

    @Test
    void namesThatNoFileCanHoldAreRefusedBeforeAnythingIsWritten() {
        for (String name : List.of("", "a\nb", "\uDC00", "x".repeat(201))) {
            Circuit odd = Circuit.empty(TINY.at(Spans.inAnyOrder(List.of("end", name))));
            for (String file : List.of("odd.json", "odd.pt")) {
                UserError error = assertThrows(
                        UserError.class,
                        () -> CircuitFile.save(folder.resolve(file), odd, Optional.empty(), Optional.empty(), 8));
                assertTrue(
                        error.getMessage().contains("cannot be written: the name of its span 1"), error.getMessage());
                assertFalse(Files.exists(folder.resolve(file)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X\5\0\0\0names | X\5\0\0\0namen | its spans have no names",
                "X\3\0\0\0end | X\3\0\0\0\1nd | the name of its span 1 has a control character",
                "X\4\0\0\0sees | X\4\0\0\0seen | its spans have no tensor for sees",
                "X\4\0\0\0read | X\4\0\0\0reed | its spans have no tensor for read",
                "X\6\0\0\0scores] | X\6\0\0\0scared] | its edges have scores, and its spans have none",
                "X\10\0\0\0in_graph | X\10\0\0\0in_graaf | its spans have no in_graph"
            })
    void whatIsWrongWithTensorsIsSaidToo(String from, String to, String reason) throws IOException {
        Path file = saved("bad.pt");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from), from);
        Files.write(file, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
        refused(file, reason);
    }

    @Test
    void brokenTensorFilesNeverEndInAnythingElse() throws IOException {
        byte[] whole = Files.readAllBytes(saved("spans.pt"));
        Random random = new Random(7);
        for (int i = 0; i < 150; i++) {
            byte[] changed = whole.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--)
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            try {
                CircuitFile.open(Files.write(folder.resolve("broken.pt"), changed));
            } catch (UserError e) {
                assertFalse(e.getMessage().isBlank());
            }
        }
    }

    @Test
    void neuronsAndSpansComeAndGoTogether() {
        BitSet neurons = of(0, 3, 9, 17);
        Circuit some = circuit().withNeurons(8, neurons);
        for (String name : List.of("neurons.json", "neurons.pt")) {
            Path file = folder.resolve(name);
            CircuitFile.save(file, some, Optional.of(scores()), Optional.empty(), 8);
            CircuitFile.Opened opened = CircuitFile.open(file);
            assertEquals(some.edges(), opened.circuit().edges(), name);
            assertEquals(some.chosenNeurons(), opened.circuit().chosenNeurons(), name);
            assertEquals(Optional.of(scores()), opened.scores(), name);
        }
    }
}
