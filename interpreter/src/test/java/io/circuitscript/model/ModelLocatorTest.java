package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertEquals("tiny", ModelLocator.resolve("./some/tiny", List.of(), base).name());
    }

    @Test
    void aNameIsLookedForInTheModelFoldersInOrder() throws IOException {
        Path first = Files.createDirectories(base.resolve("first"));
        Path model = model(base.resolve("second/gpt2-small"));
        List<Path> folders = ModelLocator.modelFolders(Optional.of("first" + File.pathSeparator + model.getParent()), Map.of(), base);
        assertEquals(List.of(first, model.getParent()), folders);
        var located = ModelLocator.resolve("gpt2-small", folders, base);
        assertEquals(new ModelLocator.Located("gpt2-small", model), located);
        Path nearer = model(first.resolve("gpt2-small"));
        assertEquals(nearer, ModelLocator.resolve("gpt2-small", folders, base).folder());
        assertEquals(List.of("demo", "gpt2-small"), ModelLocator.names(folders));
    }

    @Test
    void aModelFolderThatIsItselfAModelAnswersToItsName() throws IOException {
        Path model = model(base.resolve("gpt2-small"));
        List<Path> folders = ModelLocator.modelFolders(Optional.empty(), Map.of("CIRCUIT_MODELS", model.toString()), base);
        assertEquals(model, ModelLocator.resolve("gpt2-small", folders, Path.of("/")).folder());
        assertThrows(UserError.class, () -> ModelLocator.resolve("gpt2-large", folders, Path.of("/")));
    }

    @Test
    void aFolderOfThatNameThatHoldsNoModelStandsBack() throws IOException {
        Files.createDirectories(base.resolve("gpt2-small"));
        Path model = model(base.resolve("models/gpt2-small"));
        assertEquals(model, ModelLocator.resolve("gpt2-small", List.of(base.resolve("models")), base).folder());
    }

    @Test
    void aMissingModelNamesTheNearest() throws IOException {
        model(base.resolve("models/gpt2-small"));
        UserError error = assertThrows(
                UserError.class, () -> ModelLocator.resolve("gtp2-small", List.of(base.resolve("models")), base));
        assertEquals(UserError.Kind.MISSING, error.kind());
        assertEquals("there is no model gtp2-small on this machine", error.getMessage());
        assertEquals(List.of("looked in " + base.resolve("models")), error.notes());
        assertEquals("did you mean gpt2-small?", error.help());
    }

    @Test
    void aModelOfTheHubComesWithTheWayToMakeItsFolder() {
        Path nothing = base.resolve("nothing");
        UserError error = assertThrows(UserError.class, () -> ModelLocator.resolve("gpt2-small", List.of(nothing), base));
        assertEquals(List.of("there is no folder " + nothing + ", which CIRCUIT_MODELS or set models= names"), error.notes());
        assertTrue(error.help().contains("name, folder = \"gpt2\", \"models/gpt2-small\""), error.help());
        UserError odd = assertThrows(UserError.class, () -> ModelLocator.resolve("it's mine", List.of(), base));
        assertTrue(odd.help().contains("load \"./folder\""), odd.help());
    }

    @ParameterizedTest
    @ValueSource(strings = {"./nothing", "/nothing/here", "~/no-such-model-folder", "EleutherAI/pythia-70m", "a\u0000b", "./\u0000"})
    void whatIsNotThereIsMissing(String name) {
        UserError error = assertThrows(UserError.class, () -> ModelLocator.resolve(name, List.of(), base));
        assertEquals("model-missing", error.code());
        assertEquals(UserError.Kind.MISSING, error.kind());
    }

    private static Path model(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(Fixture.of("gpt2").resolve("config.json"), folder.resolve("config.json"));
        return folder;
    }
}
