package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * SmolLM2-135M-Instruct in a GGUF file: what it predicts, against transformers; the scores of its edges, against EAP-IG; and its circuits, against
 * {@code docs/real-models.md}. The tests are skipped where the file is not on this machine: {@code tools/real-models/fetch.py} fetches it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RealModelTest {
    private static final String NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";
    private static final Path PAGE = Path.of("../docs/real-models.md");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path model;

    @BeforeAll
    void theModelIsHere() {
        model = cache().resolve("models").resolve(NAME);
        String skipped = "skipped: " + model + " is not there; python3 tools/real-models/fetch.py fetches it (93 MB)";
        if (!Files.isRegularFile(model)) System.err.println(RealModelTest.class.getSimpleName() + " is " + skipped);
        assumeTrue(Files.isRegularFile(model), skipped);
    }

    /** As {@code fetch.py} finds it. */
    private static Path cache() {
        return variable("CIRCUIT_CACHE")
                .map(Path::of)
                .orElseGet(() -> variable("XDG_CACHE_HOME")
                        .filter(it -> it.startsWith("/"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("circuitscript"));
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).map(String::strip).filter(it -> !it.isEmpty());
    }

    /** Both sides compute in float64: what is left is rounding. In float32, transformers is 3e-5 from itself. */
    @Test
    void theNextTokensOfFiftyPromptsAreThoseOfTransformers() throws IOException {
        JsonNode expected = resource("expected.json").get("prompts");
        StringBuilder texts = new StringBuilder();
        for (JsonNode prompt : expected)
            texts.append(JSON.createObjectNode().put("text", prompt.get("text").asText()))
                    .append('\n');
        Files.writeString(folder.resolve("prompts.jsonl"), texts.toString());
        List<JsonNode> found = run("""
                set threads=1
                load "%s" dtype=float64 bos=none
                let prompts = read "prompts.jsonl"
                for prompt in prompts { predict prompt.text top=5 }
                """.formatted(model)).stream()
                .filter(it -> it.get("statement").asText().equals("predict"))
                .toList();
        assertEquals(50, found.size());
        for (int i = 0; i < found.size(); i++) {
            JsonNode prompt = expected.get(i);
            String text = prompt.get("text").asText();
            JsonNode top = found.get(i).get("top");
            assertEquals(prompt.get("ids").size(), found.get(i).get("tokens").size(), text);
            for (int rank = 0; rank < 5; rank++) {
                assertEquals(
                        prompt.get("top").get(rank).asInt(),
                        top.get(rank).get("id").asInt(),
                        text);
                double logProbability = Math.log(top.get(rank).get("prob").asDouble());
                assertEquals(prompt.get("logprobs").get(rank).asDouble(), logProbability, 1e-9, text);
            }
        }
    }

    /** The 300 largest scores of 123,211, as parts of the largest. */
    @Test
    void scoresAreThoseOfEapIg() throws IOException {
        Files.copy(resourceFile("rows.csv"), folder.resolve("rows.csv"));
        List<JsonNode> results = run("""
                set threads=1 batch=1
                load "%s" dtype=float64 bos="<|im_start|>"
                data "rows.csv"
                baseline
                attribute method=eap
                save "eap.json"
                attribute method=eap-ig ig=2
                save "eap-ig.json"
                """.formatted(model));
        JsonNode expected = resource("scores.json");
        JsonNode baseline = results.stream()
                .filter(it -> it.has("clean_values"))
                .findFirst()
                .orElseThrow()
                .get("clean_values");
        for (int row = 0; row < 3; row++) {
            assertEquals(
                    expected.get("baseline").get(row).asDouble(),
                    baseline.get(row).asDouble(),
                    1e-9);
        }
        for (var method : List.of(List.of("eap", "eap.json"), List.of("eap-ig/2", "eap-ig.json"))) {
            JsonNode edges = JSON.readTree(Files.readString(folder.resolve(method.get(1))))
                    .get("edges");
            assertEquals(123_211, edges.size());
            double largest = 0;
            double worst = 0;
            for (var edge : expected.get(method.get(0)).properties()) {
                double score = edge.getValue().asDouble();
                largest = Math.max(largest, Math.abs(score));
                worst = Math.max(
                        worst,
                        Math.abs(score - edges.get(edge.getKey()).get("score").asDouble()));
            }
            assertTrue(worst < 1e-12 * largest, method.get(0) + " is " + worst / largest + " of the largest off");
        }
    }

    /** A part of what the example's page shows, by the example itself: by the cheapest method, and at the smallest size. */
    @Test
    void theCircuitsOfThePageAreFoundAgain() throws IOException {
        String script = Files.readString(Path.of("../examples/real-models.circuit"));
        // On one thread: on a machine that is busy with other things, two wait for each other most of the time.
        Files.writeString(folder.resolve("real-models.circuit"), "set threads=1\n" + script);
        CommandRun run = CommandRun.of(
                folder,
                "run",
                "real-models.circuit",
                "--quiet",
                "-D",
                "model=" + model,
                "-D",
                "tasks=[\"capitals\", \"ioi\", \"sva\"]",
                "-D",
                "methods=[\"eap\"]",
                "-D",
                "sizes=[200]");
        assertEquals(0, run.exitCode(), run.err());
        List<String> page =
                Files.readAllLines(PAGE).stream().map(RealModelTest::cells).toList();
        int compared = 0;
        for (String line : run.out().lines().map(RealModelTest::cells).toList()) {
            if (!line.matches("(capitals|ioi|sva) .*")) continue;
            String key = line.replaceFirst(" -?\\d+\\.\\d+.*", " ");
            List<String> shown = page.stream().filter(it -> it.startsWith(key)).toList();
            assertEquals(
                    1,
                    shown.size(),
                    () -> line + " is not on the page as it is found; the whole output:\n" + run.out());
            PrintedNumbers.assertAgree(shown.getFirst(), line, PAGE.toString());
            compared++;
        }
        assertEquals(6, compared, run.out());
    }

    private static String cells(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }

    private List<JsonNode> run(String script) throws IOException {
        CommandRun run = CommandRun.of(folder, "--json", "-c", script);
        assertEquals(0, run.exitCode(), run.err());
        assertFalse(run.out().isEmpty());
        List<JsonNode> results = new ArrayList<>();
        for (String line : run.out().lines().toList()) results.add(JSON.readTree(line));
        return results;
    }

    private static JsonNode resource(String name) throws IOException {
        return JSON.readTree(Files.readString(resourceFile(name)));
    }

    private static Path resourceFile(String name) {
        return Path.of("src/test/resources/real-models", name);
    }
}
