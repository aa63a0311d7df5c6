package io.circuitscript.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.CommandRun;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.RunFlags;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Fixture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code circuit doctor --device}: right numbers pass, and one wrong number is found and named. */
final class DeviceNumbersTest {
    private static final Tolerance TOLERANCE = Tolerance.ofRandom(Precision.FLOAT32);

    @TempDir
    private Path folder;

    private CommandRun doctor(String words) {
        return CommandRun.of(folder, ("doctor " + words).split(" "));
    }

    @Test
    void theCpuPasses() throws IOException {
        CommandRun run = doctor("--device cpu --only mistral --dtype float64 --json");
        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertEquals("", run.err());
        List<String> lines = run.out().lines().toList();
        for (String line : lines.subList(0, lines.size() - 1)) {
            JsonNode row = new ObjectMapper().readTree(line);
            assertEquals("mistral", row.get("model").asText());
            assertEquals("ok", row.get("state").asText(), line);
            assertTrue(row.get("error").asDouble() < 1e-11, line);
        }
        JsonNode end = new ObjectMapper().readTree(lines.getLast());
        assertEquals(6, end.get("comparisons").asInt());
        assertEquals("cpu", end.get("device").asText());
        assertEquals("float64", end.get("dtype").asText());
        assertEquals("ok", end.get("state").asText());
    }

    /** One score of thousands, changed by less than products in TF32 would. */
    @Test
    void oneWrongNumberIsFoundAndNamed() throws IOException {
        copyOfGpt2();
        Path file = folder.resolve("gpt2/expected.json");
        ObjectNode all = (ObjectNode) new ObjectMapper().readTree(Files.readString(file));
        ObjectNode table = (ObjectNode) all.at("/ioi/scores/eap-ig~15");
        double largest = table.properties().stream()
                .mapToDouble(it -> Math.abs(it.getValue().doubleValue()))
                .max()
                .orElseThrow();
        String edge = "a1.h2->m2";
        table.put(edge, table.get(edge).doubleValue() + largest / 2000);
        Files.writeString(file, all.toString());

        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var environment = new ProcessEnvironment(
                InputStream.nullInputStream(),
                new ResultStream(out),
                ScreenStream.over(err),
                ProcessEnvironment.Terminals.NONE,
                folder,
                Map.of("NVIDIA_TF32_OVERRIDE", "1"),
                Signals.NONE);
        var request = new NumbersRun.Request("cpu", Precision.FLOAT32, List.of("gpt2"));
        int exitCode = new NumbersRun(environment, new RunFlags()).run(request, folder);
        String text = out.toString(StandardCharsets.UTF_8);
        assertEquals(1, exitCode, text + err);
        Map<Boolean, List<String>> lines = text.lines()
                .filter(it -> it.matches("(ok|FAIL) +gpt2 .*"))
                .collect(Collectors.partitioningBy(it -> it.startsWith("ok")));
        assertEquals(5, lines.get(true).size(), text);
        assertEquals(1, lines.get(false).size(), text);
        assertTrue(lines.get(false).getFirst().matches("FAIL +gpt2 +scores +5\\.0e-04 +1\\.0e-04 .*"), text);
        assertTrue(text.contains("ioi, eap-ig/5, " + edge + ": "), text);
        assertTrue(text.contains("cpu computes wrong numbers in float32: 1 of 6 comparisons fail."), text);
        assertTrue(text.contains("NVIDIA_TF32_OVERRIDE is 1"), text);
    }

    private void copyOfGpt2() throws IOException {
        Files.createDirectory(folder.resolve("gpt2"));
        try (Stream<Path> files = Files.list(Fixture.of("gpt2"))) {
            for (Path file : files.toList())
                Files.copy(file, folder.resolve("gpt2").resolve(file.getFileName()));
        }
        for (String task : List.of("greater-than.csv", "ioi.csv")) Files.copy(Fixture.of(task), folder.resolve(task));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --device cuda:99          | 69 | device=cuda:99: this machine
            --device gpu              | 65 | there is no device 'gpu'
            --only gpt2               | 64 | --only is for the check of a device's numbers
            --dtype float64           | 64 | --dtype is for the check of a device's numbers
            --device cpu --only gpt3  | 64 | --only takes gpt2, gpt_neox, llama
            --device cpu --dtype half | 64 | --dtype is float32, float64
            """)
    void mistakesAreMistakes(String words, int exitCode, String message) {
        CommandRun run = doctor(words);
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertEquals("", run.out());
    }

    @Test
    void whatIsNoNumberIsWrong() {
        ModelGraph graph = new ModelGraph(1, 1, false);
        double[] right = new double[graph.edgeIndexBound()];
        Arrays.setAll(right, edge -> edge + 1);
        double[] found = right.clone();
        Deviation same = new Deviation(TOLERANCE);
        assertFalse(same.isAllowed(), "nothing was compared yet");
        same.scores("eap", graph, right, found);
        assertTrue(same.isAllowed());
        found[0] = Double.NaN;
        Deviation none = new Deviation(TOLERANCE);
        none.scores("eap", graph, right, found);
        assertFalse(none.isAllowed());
        Deviation after = new Deviation(TOLERANCE);
        after.fail("the device has no memory left");
        after.metric("clean", new double[] {1}, new double[] {1});
        assertFalse(after.isAllowed());
        assertEquals("the device has no memory left", after.remark());
    }
}
