package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.io.PlainPickle;
import io.circuitscript.source.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Circuits as tensors. The files in {@code torch/} are EAP-IG's own: {@code tools/fixtures/make_graph_files.py} makes them. */
class TensorFileTest {
    @TempDir
    Path folder;

    private static byte[] resource(String name) throws IOException {
        try (var in = TensorFileTest.class.getResourceAsStream("/torch/" + name)) {
            return in.readAllBytes();
        }
    }

    private CircuitFile.Opened opened(byte[] bytes) throws IOException {
        return CircuitFile.open(Files.write(folder.resolve("graph.pt"), bytes));
    }

    @Test
    void opensWhatEapIgWrote() throws IOException {
        Fixture fixture = Fixture.gpt2();
        CircuitFile.Opened opened = opened(resource("edges.pt"));
        assertEquals(fixture.graph(), opened.graph());
        assertEquals(OptionalInt.of(32), opened.dModel());
        assertEquals(
                Fixture.names(fixture.expected()
                        .get("greater-than")
                        .get("circuits")
                        .get("top 32 abs=true")
                        .get("edges")),
                Fixture.names(opened.circuit()));
        double[] rounded = Arrays.stream(fixture.scores("greater-than").toArray())
                .map(score -> (float) score)
                .toArray();
        assertArrayEquals(rounded, opened.scores().orElseThrow().toArray());
        assertEquals(Optional.empty(), opened.nodeScores());
        assertEquals(List.of(), opened.notes());
    }

    @Test
    void opensItsNodesAndNeurons() throws IOException {
        CircuitFile.Opened opened = opened(resource("neurons.pt"));
        ModelGraph graph = new ModelGraph(2, 2, true);
        assertEquals(graph, opened.graph());
        Circuit whole = Circuit.empty(graph)
                .with(graph.edgesBetween(
                        List.of(Node.INPUT, Node.head(0, 0), Node.head(0, 1), Node.mlp(1)),
                        List.of(new Slot(Node.LOGITS, Slot.Port.WHOLE))));
        assertEquals(13, opened.circuit().edgeCount());
        assertEquals(
                whole,
                new Circuit(graph, opened.circuit().edges())
                        .without(Circuit.full(graph).without(whole.edges()).edges()));
        assertEquals(14, opened.circuit().neuronCount());
        assertTrue(opened.circuit().containsNeuron(2, 1) && !opened.circuit().containsNeuron(2, 2));
        NodeScores scores = opened.nodeScores().orElseThrow();
        assertEquals(0.375, scores.of(3));
        assertEquals(-1 + 5 / 16.0, scores.ofNeuron(5));
        assertEquals(Optional.empty(), opened.scores(), "zeros for edges that nobody scored");
        assertEquals(List.of("1 node has no score: taken as 0"), opened.notes());
    }

    @Test
    void openGivesBackWhatWasSaved() {
        Randomly.check(50, random -> {
            Scores scores = Samples.scores(random);
            boolean withScores = random.nextBoolean();
            Path file = Files.createTempFile("circuit", ".pt");
            Circuit circuit = Selection.threshold(scores, 0.5, true);
            Optional<Scores> saved = withScores ? Optional.of(scores) : Optional.empty();
            CircuitFile.save(file, circuit, saved, Optional.empty(), 64);
            CircuitFile.Opened opened = CircuitFile.open(file);
            byte[] once = Files.readAllBytes(file);
            CircuitFile.save(file, circuit, saved, Optional.empty(), 64);
            assertArrayEquals(once, Files.readAllBytes(file));
            Files.delete(file);
            assertEquals(new CircuitFile.Opened(scores.graph(), circuit, saved, OptionalInt.of(64), List.of()), opened);
        });
    }

    /** A part's second time is written in the extra fields, and depends on the time zone. */
    @Test
    void noPartSaysATimeOfAZone() throws IOException {
        Path file = folder.resolve("graph.pt");
        CircuitFile.save(file, Circuit.full(new ModelGraph(2, 2, false)), Optional.empty(), Optional.empty(), 8);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertTrue(zip.size() > 4);
            assertTrue(zip.stream().allMatch(part -> part.getExtra() == null), "an extended timestamp");
        }
    }

    @Test
    void neuronsComeAndGo() {
        ModelGraph graph = new ModelGraph(2, 3, false);
        double[] neurons = new double[graph.sources() * 8];
        for (int i = 0; i < neurons.length; i++) neurons[i] = Math.sin(i);
        NodeScores scores = NodeScores.ofNeurons(graph, neurons);
        Circuit circuit = NodeSelection.topNeurons(scores, 9, true);
        Path file = folder.resolve("neurons.pt");
        CircuitFile.save(file, circuit, Optional.empty(), Optional.of(scores), 8);
        CircuitFile.Opened opened = CircuitFile.open(file);
        assertEquals(circuit, opened.circuit());
        assertEquals(Optional.of(scores), opened.nodeScores());
        assertEquals(Optional.empty(), opened.scores());
    }

    @Test
    void theOldFormIsToldApart() {
        refused("it is a bare pickle, as PyTorch wrote before version 1.6", () -> resource("before-1.6.pt"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cos\\nsystem\\n(X\\5\\0\\0\\0touchtR. | its pickle names os.system, which is neither a tensor nor plain data",
                "X\\2\\0\\0\\0osX\\6\\0\\0\\0system\\x93. | its pickle names os.system",
                "ctorch\\nfloat32\\n. | its pickle names torch.float32",
                "}}b. | its pickle has the instruction 0x62",
                "ctorch\\nFloatStorage\\n)R. | its pickle calls something that does not make a tensor",
                "(X\\7\\0\\0\\0storage)tQ. | its pickle points to something that is not a tensor's storage",
                "}X\\3\\0\\0\\0cf | its pickle ends too early",
                "}X\\xFF\\xFF\\xFF\\x7Fcfg. | its pickle ends too early",
                "h\\1. | its pickle is broken",
                "}]]s. | its pickle has a dictionary whose keys are neither texts nor numbers",
                "]q\\0h\\0a. | it does not hold a dictionary",
                "}. | it has no \"cfg\"",
                "K\\1. | it does not hold a dictionary"
            })
    void aPickleOfAnythingElseIsRefusedByName(String pickle, String reason) {
        refused(reason, () -> zip(Map.of("graph/data.pkl", bytes(pickle)), ZipEntry.STORED));
    }

    private static byte[] bytes(String pickle) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < pickle.length(); i++) {
            if (pickle.charAt(i) != '\\') {
                out.write(pickle.charAt(i));
            } else if (pickle.charAt(i + 1) == 'x') {
                out.write(Integer.parseInt(pickle.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                i++;
                out.write(pickle.charAt(i) == 'n' ? '\n' : pickle.charAt(i) - '0');
            }
        }
        return out.toByteArray();
    }

    @Test
    void partsThatAreMissingCompressedOrOfAnotherSizeAreRefused() throws IOException {
        Map<String, byte[]> parts = parts(resource("edges.pt"));
        refused("its parts are compressed, which torch.save never does", () -> zip(parts, ZipEntry.DEFLATED));
        refused("it is a zip without PyTorch's data.pkl", () -> zip(Map.of("x", new byte[1]), ZipEntry.STORED));
        refused("its part data/0 is missing", () -> zip(without(parts, "edges/data/0"), ZipEntry.STORED));
        Map<String, byte[]> shorter = new LinkedHashMap<>(parts);
        shorter.put("edges/data/0", new byte[10]);
        refused("a tensor of it has 10 bytes in place of 2560", () -> zip(shorter, ZipEntry.STORED));
        Map<String, byte[]> longer = new LinkedHashMap<>(parts);
        longer.put("edges/data/0", new byte[5_000_000]);
        refused("its part data/0 is too large, 5000000 bytes", () -> zip(longer, ZipEntry.STORED));
        Map<String, byte[]> large = new LinkedHashMap<>(parts);
        large.put("edges/data.pkl", new byte[5_000_000]);
        refused("its part data.pkl is too large", () -> zip(large, ZipEntry.STORED));
    }

    @Test
    void numbersAndNamesOfAnotherModelAreRefused() throws IOException {
        Map<String, byte[]> parts = parts(resource("edges.pt"));
        changed(
                parts,
                "a0.h1<q>",
                "a0.h2<q>",
                "its dst_nodes are in another order, or of another model: number 1 is not a0.h1<q>");
        changed(parts, "n_layersq\u0003K\u0003", "n_layersq\u0003K\u0002", "its src_nodes are 16, and should be 11");
        changed(
                parts,
                "n_layersq\u0003K\u0003",
                "n_layersq\u0003K\0",
                "n_layers of its cfg is not a whole number from 1 up");
        changed(parts, "n_heads", "n_hands", "its cfg has no n_heads");
        changed(parts, "edges_in_graph", "edges_in_grasp", "it has no \"edges_in_graph\"");
        changed(
                parts,
                "K\0K\u0010K(\u0086",
                "K\0K\u000FK(\u0086",
                "its edges_in_graph is 15 × 40, and should be 16 × 40");
        changed(parts, "K\0K\u0010K(\u0086", "K\1K\u0010K(\u0086", "a tensor of it reaches beyond its numbers");
    }

    /** The first score of EAP-IG's file, in place of what it is. */
    private CircuitFile.Opened withFirstScore(float score, String from, String to) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>(parts(resource("edges.pt")));
        byte[] scores = parts.get("edges/data/0").clone();
        ByteBuffer.wrap(scores).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, score);
        parts.put("edges/data/0", scores);
        byte[] pickle = new String(parts.get("edges/data.pkl"), StandardCharsets.ISO_8859_1)
                .replace(from, to)
                .getBytes(StandardCharsets.ISO_8859_1);
        parts.put("edges/data.pkl", pickle);
        return opened(zip(parts, ZipEntry.STORED));
    }

    @Test
    void whatIsNotFiniteIsNoScore() throws IOException {
        double[] whole = opened(resource("edges.pt")).scores().orElseThrow().toArray();
        whole[0] = 0;
        CircuitFile.Opened nan = withFirstScore(Float.NaN, "", "");
        assertArrayEquals(whole, nan.scores().orElseThrow().toArray());
        assertEquals(List.of("1 edge has no score: taken as 0"), nan.notes());
        CircuitFile.Opened infinite = withFirstScore(Float.NEGATIVE_INFINITY, "", "");
        assertArrayEquals(whole, infinite.scores().orElseThrow().toArray());
        assertEquals(List.of("1 edge has no finite score: taken as 0"), infinite.notes());
    }

    /** The dictionary's end, before which another key goes in. */
    @Test
    void aFlagThatTakesScoresAwaySaysSo() throws IOException {
        CircuitFile.Opened opened = withFirstScore(1, "u.", "X\6\0\0\0scored\u0089u.");
        assertEquals(Optional.empty(), opened.scores());
        assertEquals(1, opened.notes().size());
        assertTrue(
                opened.notes()
                        .getFirst()
                        .startsWith("\"scored\": false in the file says that its edges have no scores; "),
                opened.notes().toString());
    }

    /** Whatever is wrong with a file, a sentence says it. */
    @Test
    void brokenFilesNeverEndInAnythingElse() throws IOException {
        byte[] whole = resource("neurons.pt");
        for (int length = 0; length < whole.length; length += 97) orRefused(Arrays.copyOf(whole, length));
        Random random = new Random(5);
        Map<String, byte[]> parts = parts(whole);
        for (int i = 0; i < 3_000; i++) {
            byte[] pickle = parts.get("neurons/data.pkl").clone();
            for (int change = random.nextInt(1, 4); change > 0; change--)
                pickle[random.nextInt(pickle.length)] = (byte) random.nextInt(256);
            try {
                PlainPickle.read(pickle);
            } catch (PlainPickle.Refused e) {
                assertTrue(e.getMessage().startsWith("its pickle"), e.getMessage());
            }
            if (i % 10 > 0) continue;
            Map<String, byte[]> changed = new LinkedHashMap<>(parts);
            changed.put("neurons/data.pkl", pickle);
            orRefused(zip(changed, ZipEntry.STORED));
        }
    }

    private void orRefused(byte[] file) throws IOException {
        try {
            opened(file);
        } catch (UserError e) {
            assertTrue(e.getMessage().contains("is not a circuit that can be opened"), e.getMessage());
        }
    }

    private interface Made {
        byte[] bytes() throws IOException;
    }

    private void refused(String reason, Made made) {
        UserError error = assertThrows(UserError.class, () -> opened(made.bytes()));
        assertEquals(65, error.kind().exitCode());
        assertTrue(
                error.getMessage().contains("graph.pt is not a circuit that can be opened: " + reason),
                error.getMessage());
    }

    private void changed(Map<String, byte[]> parts, String from, String to, String reason) {
        String pickle = new String(parts.get("edges/data.pkl"), StandardCharsets.ISO_8859_1);
        int at = pickle.lastIndexOf(from);
        assertTrue(at >= 0, from);
        Map<String, byte[]> changed = new LinkedHashMap<>(parts);
        String other = pickle.substring(0, at) + to + pickle.substring(at + from.length());
        changed.put("edges/data.pkl", other.getBytes(StandardCharsets.ISO_8859_1));
        refused(reason, () -> zip(changed, ZipEntry.STORED));
    }

    private static Map<String, byte[]> without(Map<String, byte[]> parts, String name) {
        Map<String, byte[]> rest = new LinkedHashMap<>(parts);
        rest.remove(name);
        return rest;
    }

    private static Map<String, byte[]> parts(byte[] file) throws IOException {
        Map<String, byte[]> parts = new LinkedHashMap<>();
        // PyTorch marks its entries in a way that reading from the front does not take: by the list at the end, then.
        Path copy = Files.write(Files.createTempFile("parts", ".pt"), file);
        try (var zip = new ZipFile(copy.toFile())) {
            for (ZipEntry entry : zip.stream().toList())
                parts.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
        } finally {
            Files.delete(copy);
        }
        return parts;
    }

    private static byte[] zip(Map<String, byte[]> parts, int method) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (var part : parts.entrySet()) {
                CRC32 sum = new CRC32();
                sum.update(part.getValue());
                ZipEntry entry = new ZipEntry(part.getKey());
                entry.setMethod(method);
                entry.setSize(part.getValue().length);
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(part.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }
}
