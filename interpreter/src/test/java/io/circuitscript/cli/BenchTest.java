package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code circuit bench} shows; how fast a machine is, no test can say. */
final class BenchTest {
    private static final List<String> WORKS =
            List.of("baseline", "eap", "eap-ig, 5 steps", "evaluate", "exact, an edge");

    @TempDir
    private Path folder;

    @Test
    void aTableForAPerson() {
        CommandRun run = CommandRun.of(folder, "bench", "--examples=3", "--spans=4");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(
                lines.getFirst()
                        .matches("demo on \\S+, float32, \\d+ threads?; 3 pairs of 13 tokens \\(random tokens\\)"),
                lines.getFirst());
        List<String> works = new ArrayList<>(WORKS);
        works.add(3, "eap-ig at 4 spans");
        for (int i = 0; i < works.size(); i++) assertTrue(lines.get(3 + i).startsWith(works.get(i) + "  "), run.out());
        assertTrue(run.out().contains("evaluate: a circuit of "), run.out());
    }

    @Test
    void anObjectForEachAnalysis() throws IOException {
        Files.writeString(folder.resolve("pairs.csv"), """
                clean,corrupted,correct,incorrect
                The war lasted from the year 1741 to the year 17,The war lasted from the year 1701 to the year 17,43,02
                The war lasted from the year 1760 to the year 17,The war lasted from the year 1701 to the year 17,61,03
                The war lasted from the year 1750 to the year 17,The war lasted from the year 1701 to the year 17,51,04
                """);
        CommandRun run = CommandRun.of(folder, "bench", "demo", "--data", "pairs.csv", "--examples", "2", "--json");
        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(WORKS.size(), lines.size());
        for (int i = 0; i < lines.size(); i++) {
            JsonNode row = new ObjectMapper().readTree(lines.get(i));
            assertEquals(WORKS.get(i), row.get("bench").asText());
            assertEquals(2, row.get("examples").asInt());
            assertEquals("pairs.csv", row.get("data").asText());
            assertTrue(row.get("differ").isNull());
            for (String positive :
                    List.of("seconds", "cold_seconds", "flop", "product_before", "product_after", "share", "threads")) {
                assertTrue(row.get(positive).asDouble() > 0, positive);
            }
            double product = (row.get("product_before").asDouble()
                            + row.get("product_after").asDouble())
                    / 2;
            assertEquals(
                    row.get("flop").asDouble() / row.get("seconds").asDouble() / product,
                    row.get("share").asDouble(),
                    1e-9);
            assertEquals(i >= 3, row.has("edges"));
        }
    }

    @Test
    void textsTypeAndWorksAreChosen() throws IOException {
        CommandRun run = CommandRun.of(
                folder,
                "bench",
                "--tokens=40",
                "--differ=early",
                "--dtype=float64",
                "--threads=1",
                "--examples=2",
                "--only=evaluate",
                "--profile",
                "--memory=256MB",
                "--json");
        assertEquals(0, run.exitCode(), run.err());
        JsonNode row = new ObjectMapper().readTree(run.out());
        assertEquals("evaluate", row.get("bench").asText());
        assertEquals("float64", row.get("dtype").asText());
        assertEquals(1, row.get("threads").asInt());
        assertEquals(40, row.get("tokens_max").asInt());
        assertEquals("early", row.get("differ").asText());
        assertEquals(256 << 20, row.get("memory").asLong());
        double known = 0;
        for (JsonNode seconds : row.get("profile")) known += seconds.asDouble();
        assertTrue(row.get("profile").get("products").asDouble() > 0, run.out());
        assertTrue(row.get("profile").get("attention").asDouble() > 0, run.out());
        assertTrue(known > row.get("profile").get("products").asDouble(), run.out());
    }

    @Test
    void aProfileForAPerson() {
        CommandRun run = CommandRun.of(folder, "bench", "--examples=2", "--only=eap", "--profile");
        assertEquals(0, run.exitCode(), run.err());
        for (String shown :
                List.of("eap: one run, profiled, of ", "matmuls ", "attention ", "calls and Java ", "addmm "))
            assertTrue(run.out().contains(shown), shown + run.out());
        assertFalse(run.out().contains("::"), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }

    @Test
    void oneTokenAndMoreThreadsThanAreUsed() {
        CommandRun run = CommandRun.of(
                folder, "bench", "--tokens=1", "--examples=1", "--threads=999", "--only=baseline", "--memory=0.1gib");
        assertEquals(0, run.exitCode(), run.err());
        int used = Runtime.getRuntime().availableProcessors();
        String words = used == 1 ? "1 is used" : used + " are used";
        assertEquals("note: --threads 999: " + words + ", one for each core\n", run.err());
        assertTrue(
                run.out().contains(used + (used == 1 ? " thread" : " threads") + "; 1 pair of 1 token (random tokens)"),
                run.out());
    }

    @Test
    void mistakesAreMistakes() {
        assertEquals(66, CommandRun.of(folder, "bench", "gpt-nought").exitCode());
        assertEquals(66, CommandRun.of(folder, "bench", "--data", "none.csv").exitCode());
        assertEquals(64, CommandRun.of(folder, "bench", "--spans=1000").exitCode());
        CommandRun tooMany = CommandRun.of(folder, "bench", "--spans=14");
        assertEquals(65, tooMany.exitCode());
        assertTrue(tooMany.err().contains("--spans 14 is more than a text's tokens, 13"), tooMany.err());
        assertEquals(
                64, CommandRun.of(folder, "bench", "--spans=4", "--only=eap").exitCode());
        for (String wrong : List.of(
                "--tokens=0",
                "--differ=late!",
                "--dtype=int8",
                "--threads=0",
                "--only=gradient",
                "--only=,",
                "--memory=0MB",
                "--memory=63MB",
                "--memory=2KB")) {
            CommandRun run = CommandRun.of(folder, "bench", wrong);
            assertEquals(64, run.exitCode(), wrong);
            assertTrue(run.err().contains(wrong.substring(0, wrong.indexOf('='))), run.err());
        }
        assertEquals(
                64,
                CommandRun.of(folder, "bench", "--data", "none.csv", "--tokens=9")
                        .exitCode());
        CommandRun tooLong = CommandRun.of(folder, "bench", "--tokens=100000");
        assertEquals(65, tooLong.exitCode());
        assertTrue(tooLong.err().contains("--tokens 100000 is more than demo takes, "), tooLong.err());
        CommandRun json = CommandRun.of(folder, "bench", "gpt-nought", "--json");
        assertTrue(json.out().startsWith("{\"error\":{\"code\":\"E0501\",\"name\":\"model-missing\""), json.out());
        assertFalse(json.err().isEmpty());
    }
}
