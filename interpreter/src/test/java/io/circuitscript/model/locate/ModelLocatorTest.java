package io.circuitscript.model.locate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.Fixture;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLocatorTest {
    @TempDir
    Path base;

    @Test
    void demoIsBundledAndLoads() {
        var demo = ModelLocator.resolve("demo", List.of(), base);
        try (Checkpoint checkpoint = Checkpoint.open(demo.name(), demo.folder());
                Tokenizer tokenizer = Tokenizer.open(demo.folder(), new BosChoice.Auto())) {
            assertEquals(479, checkpoint.config().graph().edgeCount());
            checkpoint.checkFinite();
            tokenizer.requireFits(checkpoint.config());
            assertEquals(1026, tokenizer.vocabulary());
            assertEquals(Optional.of("<|endoftext|>"), tokenizer.bos());
        }
    }

    @Test
    void aPathIsAFolder() throws IOException {
        Path model = model(base.resolve("some/tiny"));
        for (String path : List.of("./some/tiny", "some/tiny", model.toString(), "./some/../some/tiny/")) {
            assertEquals(model, ModelLocator.resolve(path, List.of(), base).folder());
        }
        assertEquals(
                "tiny", ModelLocator.resolve("./some/tiny", List.of(), base).name());
    }

    @Test
    void aNameIsLookedForInTheModelFoldersInOrder() throws IOException {
        Path first = Files.createDirectories(base.resolve("first"));
        Path model = model(base.resolve("second/gpt2-small"));
        List<Path> folders = ModelLocator.SearchPath.of(
                        Optional.of("first" + File.pathSeparator + model.getParent()), base, Map.of(), Path.of("/"))
                .folders();
        assertEquals(List.of(first, model.getParent()), folders);
        var located = ModelLocator.resolve("gpt2-small", folders, base);
        assertEquals(new ModelLocator.Located("gpt2-small", model), located);
        Path nearer = model(first.resolve("gpt2-small"));
        assertEquals(nearer, ModelLocator.resolve("gpt2-small", folders, base).folder());
        assertEquals(List.of("demo", "gpt2-small", "planted"), ModelLocator.names(folders));
    }

    @Test
    void aModelFolderThatIsItselfAModelAnswersToItsName() throws IOException {
        Path model = model(base.resolve("gpt2-small"));
        List<Path> folders = ModelLocator.SearchPath.of(
                        Optional.empty(), Path.of("/"), Map.of("CIRCUIT_MODELS", "gpt2-small"), base)
                .folders();
        assertEquals(List.of(model), folders, "the environment's are relative to the working folder");
        assertEquals(
                model, ModelLocator.resolve("gpt2-small", folders, Path.of("/")).folder());
        assertThrows(UserError.class, () -> ModelLocator.resolve("gpt2-large", folders, Path.of("/")));
    }

    @Test
    void aFolderOfThatNameThatHoldsNoModelStandsBack() throws IOException {
        Files.createDirectories(base.resolve("gpt2-small"));
        Path model = model(base.resolve("models/gpt2-small"));
        assertEquals(
                model,
                ModelLocator.resolve("gpt2-small", List.of(base.resolve("models")), base)
                        .folder());
    }

    @Test
    void aMissingModelNamesTheNearest() throws IOException {
        model(base.resolve("models/gpt2-small"));
        UserError error = assertThrows(
                UserError.class, () -> ModelLocator.resolve("gtp2-small", List.of(base.resolve("models")), base));
        assertEquals(UserError.Kind.MISSING, error.kind());
        assertEquals(
                "there is no model gtp2-small: neither a folder here nor a model's short name", error.getMessage());
        assertEquals(List.of("looked in " + base.resolve("models")), error.notes());
        assertEquals("did you mean gpt2-small?", error.help());
    }

    @Test
    void aModelFolderThatIsNotThereIsSaidNotToBe() {
        Path nothing = base.resolve("nothing");
        UserError error =
                assertThrows(UserError.class, () -> ModelLocator.resolve("it's mine", List.of(nothing), base));
        assertEquals(
                "there is no folder " + nothing + ", which CIRCUIT_MODELS or set models= names",
                error.notes().getFirst());
        assertTrue(error.help().contains("load \"./folder\""), error.help());
    }

    private ModelLocator.Found find(String name, Optional<Revision> revision, String... offline) {
        var environment = offline.length == 0
                ? Map.of("HF_HOME", base.resolve("hf").toString())
                : Map.of("HF_HOME", base.resolve("hf").toString(), "HF_HUB_OFFLINE", offline[0]);
        return ModelLocator.find(
                name, revision, new ModelLocator.SearchPath(List.of(base.resolve("models")), base, environment));
    }

    @Test
    void aShortNameIsAFolderElseInTheCacheElseOnTheHub() throws IOException {
        var there = (ModelLocator.OnHub) find("GPT2-small", Optional.empty());
        assertEquals("openai-community/gpt2", there.repository().repository());
        assertEquals(32_491, there.known().orElseThrow().graph().edgeCount());
        assertEquals(
                69,
                assertThrows(UserError.class, () -> find("gpt2-small", Optional.empty(), "1"))
                        .kind()
                        .exitCode());
        String commit = "607a30d783dfa663caf39e06633721c8d4cfcd7e";
        Path repository = base.resolve("hf/hub/models--openai-community--gpt2");
        Path snapshot = model(repository.resolve("snapshots/" + commit));
        for (String file : List.of("model.safetensors", "tokenizer.json", "tokenizer_config.json"))
            Files.writeString(snapshot.resolve(file), "");
        assertTrue(find("gpt2-small", Optional.empty()) instanceof ModelLocator.OnHub, "no reference leads there yet");
        Files.writeString(Files.createDirectories(repository.resolve("refs")).resolve("main"), commit);
        assertEquals(
                new ModelLocator.Located("gpt2", snapshot, Optional.of(commit)), find("gpt2", Optional.empty(), "1"));
        assertEquals(
                snapshot,
                ((ModelLocator.Located) find("openai-community/gpt2", Optional.of(new Revision(commit)), "1"))
                        .folder());
        Path own = model(base.resolve("models/gpt2-small"));
        assertEquals(new ModelLocator.Located("gpt2-small", own), find("gpt2-small", Optional.empty()));
        assertTrue(
                find("gpt2-small", Optional.of(new Revision("v1"))) instanceof ModelLocator.OnHub,
                "a revision is the hub's");
    }

    @Test
    void aPathIsNoNameOnTheHub() throws IOException {
        Path model = model(base.resolve("models/tiny"));
        assertEquals(model, ((ModelLocator.Located) find("models/tiny", Optional.empty())).folder());
        UserError typo = assertThrows(UserError.class, () -> find("models/tinny", Optional.empty()));
        assertEquals(ErrorCode.MODEL_MISSING, typo.code());
        UserError revision =
                assertThrows(UserError.class, () -> find("./models/tiny", Optional.of(new Revision("v1"))));
        assertEquals(ErrorCode.NO_REVISIONS, revision.code());
        assertTrue(find("acme/tiny", Optional.empty()) instanceof ModelLocator.OnHub);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "./nothing",
                "/nothing/here",
                "~/no-such-model-folder",
                "EleutherAI/pythia-70m",
                "a\u0000b",
                "./\u0000"
            })
    void whatIsNotThereIsMissing(String name) {
        UserError error = assertThrows(UserError.class, () -> ModelLocator.resolve(name, List.of(), base));
        assertEquals(ErrorCode.MODEL_MISSING, error.code());
        assertEquals(UserError.Kind.MISSING, error.kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"./tiny.gguf", "tiny.Q4_0.GGUF", "models/tiny.gguf"})
    void aGgufFileIsAModel(String name) throws IOException {
        Files.createDirectories(base.resolve("models"));
        Path file = base.resolve(name).normalize();
        Files.writeString(file, "GGUF");
        var found = (ModelLocator.Located) find(name, Optional.empty());
        assertEquals(file, found.folder());
        assertEquals(name.startsWith("./") ? "tiny.gguf" : name, found.name());
    }

    @Test
    void aGgufFileThatIsNotThereIsNoNameOnTheHub() {
        UserError error = assertThrows(UserError.class, () -> find("models/tiny.gguf", Optional.empty()));
        assertEquals("there is no file models/tiny.gguf", error.getMessage());
        assertEquals(ErrorCode.MODEL_MISSING, error.code());
    }

    /** A folder without config.json is the one GGUF file in it; of several, one has to be named. */
    @Test
    void aFolderMayHoldAGgufFile() throws IOException {
        Path folder = Files.createDirectories(base.resolve("tiny"));
        Path one = Files.writeString(folder.resolve("tiny.Q4_0.gguf"), "GGUF");
        for (String name : new String[] {"./tiny", "tiny"})
            assertEquals(one, ((ModelLocator.Located) find(name, Optional.empty())).folder());
        Files.writeString(folder.resolve("tiny.Q8_0.gguf"), "GGUF");
        UserError error = assertThrows(UserError.class, () -> find("./tiny", Optional.empty()));
        assertEquals(ErrorCode.GGUF, error.code());
        assertTrue(error.getMessage().endsWith("tiny.Q4_0.gguf, tiny.Q8_0.gguf"), error.getMessage());
        assertTrue(error.help().contains("load \""), error.help());
        Files.writeString(folder.resolve("config.json"), "{}");
        assertEquals(folder, ((ModelLocator.Located) find("./tiny", Optional.empty())).folder());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "./model.safetensors"})
    void aFileIsNoFolder(String name) throws IOException {
        Files.writeString(base.resolve("model.safetensors"), "");
        UserError error = assertThrows(UserError.class, () -> find(name, Optional.empty()));
        assertEquals(name + " is a file, not a model's folder", error.getMessage());
    }

    private static Path model(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(Fixture.of("gpt2").resolve("config.json"), folder.resolve("config.json"));
        return folder;
    }
}
