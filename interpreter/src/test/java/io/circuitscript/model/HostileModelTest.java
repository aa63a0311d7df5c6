package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's files that somebody made to do harm, or that change while they are read. */
class HostileModelTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void copyFixture() throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
            Files.copy(Fixture.of("gpt2").resolve(name), folder.resolve(name));
        }
    }

    private void cut(long length) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(length);
        }
    }

    @Test
    void aFileThatIsCutShortWhileItIsOpenIsToldSo() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder);
                Arena arena = Arena.ofShared()) {
            Weight weight = checkpoint.weight("wte.weight");
            float[] before = weight.toFloats();
            assertArrayEquals(before, weight.read(arena).toArray(ValueLayout.JAVA_FLOAT));
            cut(5000);
            assertEquals(
                    ErrorCode.WEIGHTS_TRUNCATED,
                    assertThrows(UserError.class, () -> weight.read(arena)).code());
            assertEquals(
                    ErrorCode.WEIGHTS_TRUNCATED,
                    assertThrows(UserError.class, checkpoint::checkFinite).code());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret", "..", "", "/etc/passwd", ".hidden", "a\\u0000b", "a\\nb", "a/b"})
    void anIndexNamesOnlyFilesBesideIt(String shard) throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"wte.weight\": \"" + shard + "\"}}");
        UserError error = assertThrows(UserError.class, () -> Checkpoint.open("tiny", folder));
        assertEquals(ErrorCode.WEIGHTS_MALFORMED, error.code());
        assertTrue(error.getMessage().endsWith("which is not a file beside it"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "n_layer, 100000000",
        "n_layer, 2147483648",
        "n_layer, -1",
        "n_layer, 0",
        "n_head, 1025",
        "n_embd, 1048577",
        "n_inner, 33554432",
        "n_layer, 1e3",
        "vocab_size, 999999999999",
        "n_positions, 99999999999999999999",
        "layer_norm_epsilon, 1e-400"
    })
    void absurdSizesAreRefusedBeforeAnythingIsMade(String key, String value) throws IOException {
        ObjectNode json =
                (ObjectNode) MAPPER.readTree(folder.resolve("config.json").toFile());
        Files.writeString(
                folder.resolve("config.json"),
                json.set(key, MAPPER.readTree(value)).toString());
        UserError error = assertThrows(UserError.class, () -> Checkpoint.open("tiny", folder));
        assertEquals(ErrorCode.CONFIG_WRONG, error.code());
        assertTrue(error.getMessage().contains(key), error.getMessage());
    }

    @Test
    void aModelOfMoreEdgesThanCanBeCountedIsRefused() throws IOException {
        ObjectNode json =
                (ObjectNode) MAPPER.readTree(folder.resolve("config.json").toFile());
        Files.writeString(
                folder.resolve("config.json"),
                json.put("n_layer", 1024)
                        .put("n_head", 1024)
                        .put("n_embd", 1024)
                        .toString());
        UserError error = assertThrows(UserError.class, () -> ModelConfig.read("tiny", folder));
        assertTrue(error.getMessage().contains("more edges than can be counted"), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "config.json, config-malformed",
        "tokenizer.json, tokenizer-malformed",
        "model.safetensors.index.json, weights-malformed"
    })
    void aFileOfGigabytesIsNotRead(String name, String code) throws IOException {
        if (name.startsWith("model")) Files.delete(folder.resolve("model.safetensors"));
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
            file.setLength(3L << 30); // a hole: it takes no room
        }
        UserError error = assertThrows(UserError.class, () -> {
            Tokenizer.open(folder, new BosChoice.Without()).close();
            Checkpoint.open("tiny", folder).close();
        });
        assertEquals(code, error.code().word());
        assertTrue(error.getMessage().contains("is longer than 64 MB"), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483647", "-1", "268435456"})
    void anIdThatNoModelHasIsRefused(String id) throws IOException {
        ObjectNode json =
                (ObjectNode) MAPPER.readTree(folder.resolve("tokenizer.json").toFile());
        json.set("added_tokens", MAPPER.readTree("[{\"id\": " + id + ", \"content\": \"x\"}]"));
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        UserError error = assertThrows(UserError.class, () -> Tokenizer.open(folder, new BosChoice.Without()));
        assertEquals(ErrorCode.TOKENIZER_MALFORMED, error.code());
        assertTrue(error.getMessage().contains("cannot use"), error.getMessage());
    }

    /** What normalizers of models that people use are made of. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"▁\"}, "
                        + "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"▁\"}]}",
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFKC\"}, {\"type\": \"Replace\", \"pattern\": {\"Regex\": \" {2,}\"}, \"content\": \" \"}]}",
                "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(?:\\\\r\\\\n|\\\\s+[a-z]?)(?=x)\"}, \"content\": \" \"}"
            })
    void normalizersOfRealTokenizersAreTaken(String normalizer) throws IOException {
        ObjectNode json =
                (ObjectNode) MAPPER.readTree(folder.resolve("tokenizer.json").toFile());
        Files.writeString(
                folder.resolve("tokenizer.json"),
                json.set("normalizer", MAPPER.readTree(normalizer)).toString());
        Tokenizer.open(folder, new BosChoice.Without()).close();
    }

    /** Patterns of models that people use. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}]*[\\p{Ll}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s+",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)"
            })
    void patternsOfRealTokenizersAreTaken(String pattern) throws IOException {
        ObjectNode json =
                (ObjectNode) MAPPER.readTree(folder.resolve("tokenizer.json").toFile());
        ObjectNode split = MAPPER.createObjectNode()
                .put("type", "Split")
                .put("behavior", "Isolated")
                .put("invert", false);
        split.putObject("pattern").put("Regex", pattern);
        Files.writeString(
                folder.resolve("tokenizer.json"),
                json.set("pre_tokenizer", split).toString());
        try (Tokenizer tokenizer = Tokenizer.open(folder, new BosChoice.Without())) {
            assertEquals(json.isEmpty(), tokenizer.vocabulary() == 0);
        }
    }
}
