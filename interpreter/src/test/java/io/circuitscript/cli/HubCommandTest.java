package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.JavaCommand;
import io.circuitscript.model.Fixture;
import io.circuitscript.model.hub.HubServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command with a hub, its cache and its variables, as a user meets them. */
@Timeout(60)
final class HubCommandTest {
    private static final List<String> FILES =
            List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");

    @TempDir
    private Path folder;

    private HubServer server;

    @BeforeEach
    void start() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String file : FILES)
            files.put(file, Files.readAllBytes(Fixture.of("gpt2").resolve(file)));
        server = HubServer.of(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Map<String, String> variables() {
        return Map.of(
                "HF_ENDPOINT",
                server.address().toString(),
                "HF_HOME",
                folder.resolve("hf").toString());
    }

    private CommandRun circuit(String... arguments) {
        return CommandRun.of(folder, "", variables(), arguments);
    }

    private int process(String... arguments) throws Exception {
        List<String> command = JavaCommand.of(List.of(), JavaCommand.CIRCUIT, arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(variables());
        builder.environment().put("HF_TOKEN", "hf_secret");
        return builder.start().waitFor();
    }

    @Test
    void weightsFarLargerThanTheConfigurationAllowsAreNotFetched() throws IOException {
        Files.writeString(folder.resolve("hub.circuit"), "load acme/tiny\n");
        server.announced.put("model.safetensors", 10_000_000_000L);
        for (String[] command : new String[][] {{"-c", "load acme/tiny"}, {"lock", "hub.circuit"}}) {
            CommandRun run = circuit(command);
            assertEquals(65, run.exitCode(), run.err());
            assertTrue(
                    run.err()
                            .contains(
                                    "[E0544]: the weights of acme/tiny would be 10 GB, but a model with its config.json has 1.7 MB at most: "
                                            + "they are not fetched"),
                    run.err());
        }
        assertFalse(
                server.seen().stream().anyMatch(HubServer.Seen::atStorage),
                server.seen().toString());
    }

    @Test
    void loadsAModelOfTheHubInAProcessOfItsOwn() throws Exception {
        assertEquals(0, process("--json", "-c", "load acme/tiny; expect 1 < 2"), () -> read("err"));
        assertTrue(read("out").contains("\"model\":\"acme/tiny\",\"family\":\"gpt2\",\"layers\":3"), read("out"));
        assertEquals(
                "note: fetching 232 kB of acme/tiny from " + server.address() + " into " + folder.resolve("hf/hub")
                        + "\n",
                read("err"));
        assertFalse(
                server.seen().stream()
                        .anyMatch(it -> it.atStorage() && !it.token().isEmpty()),
                "the token has left the hub");
        assertTrue(server.seen().stream()
                .allMatch(it -> it.atStorage() || it.token().equals("Bearer hf_secret")));
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatWasFetchedIsThereOffline() {
        assertEquals(0, circuit("-c", "load acme/tiny revision=step1").exitCode());
        server.close();
        CommandRun offline = circuit("--offline", "-c", "load acme/tiny revision=step1; print 1");
        assertEquals(0, offline.exitCode(), offline.err());
        assertEquals("", offline.err());
        CommandRun other = circuit("--offline", "-c", "load acme/tiny");
        assertEquals(69, other.exitCode());
        assertTrue(other.err().startsWith("error[E0525]: acme/tiny is not on this machine"), other.err());
        assertEquals(
                0,
                circuit("--offline", "bench", "demo", "--examples=1", "--only=baseline")
                        .exitCode());
    }

    /** The links and names that huggingface_hub 0.36 leaves after transformers' from_pretrained, made without it. */
    @Test
    void aCacheThatTheOfficialClientWroteIsFound() throws IOException {
        Path repository = folder.resolve("hf/hub/models--acme--other");
        String commit = "89abcdef0123456789abcdef0123456789abcdef";
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        Path snapshot = Files.createDirectories(repository.resolve("snapshots/" + commit));
        for (String file : FILES) {
            Path blob = blobs.resolve("blob-of-" + file);
            Files.copy(Fixture.of("gpt2").resolve(file), blob);
            Files.createSymbolicLink(snapshot.resolve(file), Path.of("../../blobs/" + blob.getFileName()));
        }
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), commit);
        Files.createFile(Files.createDirectories(repository.resolve(".no_exist/" + commit))
                .resolve("generation_config.json"));
        CommandRun run = circuit("-c", "load acme/other; predict \"The war\" top=1");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(0, server.seen().size(), "nothing was asked for");
        CommandRun models = circuit("models", "acme/other");
        assertTrue(
                models.out().contains("acme/other  gpt2           57K         262  in the hub's cache"), models.out());
    }

    @Test
    void theCheckFetchesNothingAndKnowsShortNames() {
        CommandRun wrong = circuit("-c", "load gpt2-small; edges a12.h0->logits");
        assertEquals(65, wrong.exitCode());
        assertTrue(wrong.err().contains("12 layers"), wrong.err());
        assertEquals(65, circuit("-c", "load acme/tiny; prnt 1").exitCode());
        assertEquals(0, server.seen().size());
    }

    @Test
    void aMissingModelNamesTheNearestOfTheHub() {
        CommandRun run = circuit("-c", "load EleutherAI/pythia-7m");
        assertEquals(66, run.exitCode());
        assertTrue(
                run.err().contains("error[E0501]: there is no model EleutherAI/pythia-7m at " + server.address()),
                run.err());
        assertTrue(run.err().contains("did you mean EleutherAI/pythia-70m"), run.err());
    }

    @Test
    void aModelThatCannotFitIsRefusedBeforeItsWeights() throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        for (String file : FILES)
            files.put(file, Files.readAllBytes(Fixture.of("gpt2").resolve(file)));
        String config = new String(files.get("config.json"), StandardCharsets.UTF_8);
        files.put(
                "config.json",
                config.replaceFirst("\"n_embd\": \\d+", "\"n_embd\": 1048576").getBytes(StandardCharsets.UTF_8));
        try (HubServer huge = HubServer.of(files)) {
            Map<String, String> variables = Map.of(
                    "HF_ENDPOINT",
                    huge.address().toString(),
                    "HF_HOME",
                    folder.resolve("huge").toString());
            CommandRun run = CommandRun.of(folder, "", variables, "-c", "load acme/tiny");
            assertEquals(70, run.exitCode(), run.err()); // model-too-large
            assertTrue(run.err().contains("error[E0522]: acme/tiny takes 15"), run.err());
            assertTrue(huge.seen().stream()
                    .noneMatch(it -> it.atStorage() && it.method().equals("GET")));
        }
    }

    @Test
    void listsModelsWithTheirEdges() {
        CommandRun all = circuit("models");
        List<String> lines = all.out().lines().toList();
        assertTrue(lines.get(1).startsWith("demo"), lines.get(1));
        assertTrue(lines.get(2).startsWith("planted"), lines.get(2));
        assertTrue(all.out().contains("pythia-160m"));
        CommandRun json =
                circuit("models", "gpt2-small", "pythia-160m", "qwen2.5-0.5b", "gemma-2-2b", "llama-3-8b", "--json");
        List<String> edges = json.out()
                .lines()
                .map(line -> line.replaceAll(".*\"edges\":(\\d+).*", "$1"))
                .toList();
        assertEquals(List.of("32491", "32347", "1592881", "179749", "74218"), edges);
        CommandRun wrong = circuit("models", "gtp2-small");
        assertEquals(66, wrong.exitCode());
        assertTrue(wrong.err().endsWith("did you mean gpt2-small?\n"), wrong.err());
        CommandRun several = circuit("models", "gtp2-small", "demo", "xyzzy");
        assertTrue(several.err().contains("gtp2-small, nor xyzzy"), several.err());
    }

    @Test
    void aRelativeFolderOfTheEnvironmentIsTheShells() throws IOException {
        Path model = Files.createDirectories(folder.resolve("models/mine"));
        for (String file : FILES) Files.copy(Fixture.of("gpt2").resolve(file), model.resolve(file));
        Files.writeString(Files.createDirectories(folder.resolve("scripts")).resolve("a.circuit"), "load mine");
        CommandRun run = CommandRun.of(folder, "", Map.of("CIRCUIT_MODELS", "models"), "run", "scripts/a.circuit");
        assertEquals(0, run.exitCode(), run.err());
    }
}
