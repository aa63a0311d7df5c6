package io.circuitscript.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.model.Fixture;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizerTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String EOT = "<|endoftext|>";
    private static Tokenizer tokenizer;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto());
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama"})
    void tokenizesAsTheReferenceDoesWhetherOrNotTheTokenizerAddsItsOwnBeginning(String model) throws IOException {
        JsonNode predict = MAPPER.readTree(
                        Fixture.of("gpt2").resolve("expected.json").toFile())
                .get("predict");
        List<String> expected =
                predict.get("tokens").valueStream().map(JsonNode::textValue).toList();
        try (Tokenizer it = Tokenizer.open(Fixture.of(model), new BosChoice.Auto())) {
            int[] ids = it.encode(predict.get("text").textValue());
            assertEquals(expected, it.tokens(ids));
            assertEquals(0, ids[0]);
            assertEquals(
                    expected.subList(1, expected.size()),
                    it.tokens(it.encodePlain(predict.get("text").textValue())));
            assertEquals(Optional.of(EOT), it.bos());
        }
    }

    @Test
    void aTextThatBeginsWithTheBeginningGetsNoSecond() {
        assertArrayEquals(tokenizer.encode("The war"), tokenizer.encode(EOT + "The war"));
        assertArrayEquals(new int[] {0, 0}, tokenizer.encode(EOT + EOT));
        assertArrayEquals(new int[] {0}, tokenizer.encode(""));
    }

    @Test
    void bosNonePutsNothingInFront() {
        try (Tokenizer it = Tokenizer.open(Fixture.of("llama"), BosChoice.of("none"))) {
            assertEquals(List.of("The", " war"), it.tokens(it.encode("The war")));
            assertArrayEquals(new int[0], it.encode(""));
            assertEquals(Optional.empty(), it.bos());
        }
    }

    @Test
    void aGivenTokenGoesInFrontAndANonTokenIsShownInParts() {
        try (Tokenizer it = Tokenizer.open(Fixture.of("gpt2"), BosChoice.of(" the"))) {
            assertEquals(List.of(" the", "The", " war"), it.tokens(it.encode("The war")));
        }
        UserError error = assertThrows(UserError.class, () -> Tokenizer.open(Fixture.of("gpt2"), BosChoice.of("<s>")));
        assertEquals(ErrorCode.BOS_NOT_A_TOKEN, error.code());
        assertTrue(
                error.notes().contains("its tokens: \"<\" \"s\" \">\""),
                error.notes().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"bos_token\": null}', ",
        "'{\"bos_token\": {\"content\": \"<|endoftext|>\", \"lstrip\": false}}', <|endoftext|>",
        "'{\"model_max_length\": 1024}', <|endoftext|>",
    })
    void findsTheBeginningWhereverAFolderSaysIt(String tokenizerConfig, String bos) throws IOException {
        copy("config.json", "tokenizer.json");
        Files.writeString(folder.resolve("tokenizer_config.json"), tokenizerConfig);
        try (Tokenizer it = Tokenizer.open(folder, new BosChoice.Auto())) {
            assertEquals(Optional.ofNullable(bos), it.bos());
        }
    }

    @Test
    void aFolderThatSaysNothingHasNoBeginning() throws IOException {
        copy("tokenizer.json");
        try (Tokenizer it = Tokenizer.open(folder, new BosChoice.Auto())) {
            assertEquals(Optional.empty(), it.bos());
        }
    }

    @Test
    void truncationAndPaddingInTheFileAreIgnored() throws IOException {
        copy("tokenizer.json", "tokenizer_config.json");
        var json = (ObjectNode) MAPPER.readTree(folder.resolve("tokenizer.json").toFile());
        json.putObject("truncation")
                .put("max_length", 4)
                .put("stride", 0)
                .put("strategy", "LongestFirst")
                .put("direction", "Right");
        json.putObject("padding")
                .put("direction", "Right")
                .put("pad_id", 0)
                .put("pad_type_id", 0)
                .put("pad_token", EOT)
                .putNull("pad_to_multiple_of")
                .putObject("strategy")
                .put("Fixed", 16);
        MAPPER.writeValue(folder.resolve("tokenizer.json").toFile(), json);
        try (Tokenizer it = Tokenizer.open(folder, new BosChoice.Auto())) {
            assertEquals(3, it.encode("The war").length);
            String longText = "The war".repeat(2000);
            assertEquals(longText, String.join("", it.tokens(it.encodePlain(longText))));
            assertTrue(it.encode(longText).length > 2000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "caf\u00e9 \u2013 \u6f22\u5b57",
                "war \ud83d\ude00\ud83d\udc69\u200d\ud83d\ude80 17",
                "a\u0000b",
                "\n\t \r\n",
                "\ufffd"
            })
    void anyTextTurnsIntoTokensOfItsBytes(String text) {
        int[] ids = tokenizer.encodePlain(text);
        assertTrue(ids.length > 0);
        for (int id : ids) assertTrue(id >= 0 && id < tokenizer.vocabulary());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00b"})
    void halfACharacterDoesNoHarm(String text) {
        assertTrue(tokenizer.encodePlain(text).length > 0);
    }

    /** A character may be several tokens: the prompt may end within it. */
    @Test
    void whatCompletesACharacterIsThatCharacter() {
        int[] ids = tokenizer.encodePlain("war \ud83d\ude00 17");
        int space = tokenizer.encodePlain("war ").length;
        assertEquals(
                "\ud83d\ude00 17",
                tokenizer.continuation(Arrays.copyOf(ids, space), Arrays.copyOfRange(ids, space, ids.length)));
        assertEquals(
                "\ud83d\ude00 17",
                tokenizer.continuation(Arrays.copyOf(ids, space + 2), Arrays.copyOfRange(ids, space + 2, ids.length)));
        assertEquals("", tokenizer.continuation(ids, new int[0]));
        assertEquals("<id 527>", tokenizer.continuation(ids, new int[] {527}));
    }

    @Test
    void everyIdHasAText() {
        assertEquals(527, tokenizer.vocabulary());
        for (int id = 0; id < tokenizer.vocabulary(); id++)
            assertTrue(!tokenizer.token(id).isEmpty(), "id " + id);
        assertEquals("<id 527>", tokenizer.token(527));
        assertEquals("<id -1>", tokenizer.token(-1));
    }

    @Test
    void readsFromAnArchive() throws IOException {
        Path archive = folder.resolve("models.zip");
        try (var zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
                Files.copy(Fixture.of("gpt2").resolve(name), zip.getPath("/" + name));
            }
            try (Tokenizer it = Tokenizer.open(zip.getPath("/"), new BosChoice.Auto())) {
                assertArrayEquals(tokenizer.encode("The war"), it.encode("The war"));
            }
        }
    }

    @Test
    void aMissingTokenizerIsSaidSo() {
        UserError error = assertThrows(UserError.class, () -> Tokenizer.open(folder, new BosChoice.Auto()));
        assertEquals(ErrorCode.TOKENIZER_MISSING, error.code());
        assertEquals(UserError.Kind.MISSING, error.kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"model\": {\"vocab\": {\"a\": 0}}}",
                "{\"model\": {\"type\": \"New\", \"vocab\": {\"a\": 0}}}"
            })
    void aMalformedTokenizerIsSaidSo(String text) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), text);
        UserError error = assertThrows(UserError.class, () -> Tokenizer.open(folder, new BosChoice.Auto()));
        assertEquals(ErrorCode.TOKENIZER_MALFORMED, error.code());
        assertTrue(error.getMessage().contains("tokenizer.json"), error.getMessage());
    }

    @Test
    void aVocabularyBeyondTheEmbeddingIsRefused() throws IOException {
        ModelConfig fits = ModelConfig.read("tiny", Fixture.of("gpt2"));
        tokenizer.requireFits(fits);
        String config = Files.readString(Fixture.of("gpt2").resolve("config.json"));
        Files.writeString(folder.resolve("config.json"), config.replace("527", "526"));
        ModelConfig small = ModelConfig.read("small", folder);
        assertEquals(
                ErrorCode.VOCABULARY_TOO_LARGE,
                assertThrows(UserError.class, () -> tokenizer.requireFits(small))
                        .code());
    }

    @Test
    void tokensAddedBeyondTheEmbeddingAreLeftToTheTextsThatHaveThem() throws IOException {
        copy("tokenizer.json", "tokenizer_config.json");
        Path file = folder.resolve("tokenizer.json");
        var json = (com.fasterxml.jackson.databind.node.ObjectNode) new ObjectMapper().readTree(file.toFile());
        json.withArray("added_tokens")
                .addObject()
                .put("id", 527)
                .put("content", "<picture>")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        Files.writeString(file, json.toString());
        try (Tokenizer added = Tokenizer.open(folder, new BosChoice.Auto())) {
            assertEquals(528, added.vocabulary());
            added.requireFits(ModelConfig.read("tiny", Fixture.of("gpt2")));
        }
    }

    private void copy(String... names) throws IOException {
        for (String name : names) Files.copy(Fixture.of("gpt2").resolve(name), folder.resolve(name));
    }
}
