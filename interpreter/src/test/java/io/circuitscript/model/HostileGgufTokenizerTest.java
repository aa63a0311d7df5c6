package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokenizers of GGUF files that are damaged or made to do harm: one message each, which names the file and what is wrong in it. */
final class HostileGgufTokenizerTest {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final Object NONE = "";

    @TempDir
    Path folder;

    private static byte[][] texts(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    /** Bytes, and tokens of two of them. */
    private static Map<String, Object> byteLevel() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("model", "gpt2");
        keys.put("pre", "gpt-2");
        keys.put("tokens", texts("<s>", "a", "b", "ab"));
        keys.put("token_type", new int[] {3, 1, 1, 1});
        keys.put("merges", texts("a b"));
        keys.put("bos_token_id", 0);
        return keys;
    }

    private static Map<String, Object> pieces(String model) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("model", model);
        keys.put("tokens", texts("<unk>", "<s>", "▁", "a", "▁a"));
        keys.put("token_type", new int[] {2, 3, 1, 1, 1});
        keys.put("scores", new float[] {0, 0, -2, -3, -1});
        keys.put("bos_token_id", 1);
        return keys;
    }

    private static Map<String, Object> with(Map<String, Object> keys, String key, Object value) {
        if (value == NONE) keys.remove(key);
        else keys.put(key, value);
        return keys;
    }

    private Path write(Map<String, Object> keys) throws IOException {
        GgufBytes bytes = GgufBytes.header(0, keys.size());
        keys.forEach((key, value) -> bytes.value(PREFIX + key, value));
        return Files.write(folder.resolve("tiny.gguf"), bytes.bytes());
    }

    private static int[] ids(Path file, String text) {
        try (Tokenizer tokenizer = Tokenizer.open(file, new BosChoice.Auto())) {
            return tokenizer.encode(text);
        }
    }

    @Test
    void theyWorkAsLongAsTheyAreWhole() throws IOException {
        assertEquals("[0, 3, 1]", Arrays.toString(ids(write(byteLevel()), "aba")));
        assertEquals("[1, 4, 4]", Arrays.toString(ids(write(pieces("llama")), "a a")));
        assertEquals("[4, 4]", Arrays.toString(ids(write(pieces("t5")), "a a")));
    }

    private static Arguments row(Map<String, Object> keys, String key, Object value, String part) {
        return Arguments.of(part, with(keys, key, value));
    }

    static Stream<Arguments> damaged() {
        byte[][] notText = texts("<s>", "a", "b", "ab");
        notText[2] = new byte[] {(byte) 0xC3, 0x28};
        return Stream.of(
                row(byteLevel(), "model", NONE, "it has no tokenizer.ggml.model"),
                row(byteLevel(), "model", 7, "tokenizer.ggml.model is not a text"),
                row(byteLevel(), "model", "bert", "tokenizer.ggml.model is \"bert\" (supported: gpt2, llama and t5"),
                row(byteLevel(), "pre", NONE, "it does not say how it finds words (tokenizer.ggml.pre is missing)"),
                row(byteLevel(), "pre", "mine", "tokenizer.ggml.pre is \"mine\" (supported: gpt-2,"),
                row(byteLevel(), "tokens", NONE, "it has no tokenizer.ggml.tokens"),
                row(byteLevel(), "tokens", new byte[0][], "it has no tokenizer.ggml.tokens"),
                row(byteLevel(), "tokens", new int[] {1, 2, 3, 4}, "tokenizer.ggml.tokens is not a list of texts"),
                row(byteLevel(), "tokens", texts("<s>", "a", "b", "a"), "two of its tokens are \"a\""),
                row(byteLevel(), "tokens", notText, "tokenizer.ggml.tokens has a text in it that is not UTF-8"),
                row(byteLevel(), "token_type", new int[] {3, 1, 1}, "token_type has 3 numbers for 4 tokens"),
                row(byteLevel(), "token_type", new int[] {3, 1, 7, 1}, "token_type has 7 in it, for token 2"),
                row(byteLevel(), "token_type", new int[] {3, 1, 1, -1}, "token_type has -1 in it, for token 3"),
                row(byteLevel(), "token_type", texts("3"), "tokenizer.ggml.token_type is not a list of whole numbers"),
                row(byteLevel(), "merges", NONE, "it has no tokenizer.ggml.merges"),
                row(byteLevel(), "merges", texts("a c"), "merges has \"a c\""),
                row(byteLevel(), "merges", texts("b a"), "merges has \"b a\""),
                row(byteLevel(), "merges", texts("ab"), "merges has \"ab\""),
                row(byteLevel(), "merges", texts(" a"), "merges has \" a\""),
                row(byteLevel(), "merges", texts("a b", "a b "), "merges has \"a b \""),
                row(byteLevel(), "bos_token_id", 4, "bos_token_id is 4, which is none of the ids of its 4 tokens"),
                row(byteLevel(), "bos_token_id", -1, "bos_token_id is 4294967295, which is none"),
                row(byteLevel(), "bos_token_id", "<s>", "bos_token_id is <s>, which is none"),
                row(pieces("llama"), "scores", NONE, "it has no tokenizer.ggml.scores"),
                row(pieces("llama"), "scores", new float[4], "scores has 4 numbers for 5 tokens"),
                row(pieces("t5"), "scores", new float[6], "scores has 6 numbers for 5 tokens"),
                row(pieces("t5"), "scores", new float[] {0, 0, Float.NaN, 0, 0}, "scores has NaN in it"),
                row(pieces("llama"), "unknown_token_id", 9, "unknown_token_id is 9, which is none"),
                row(pieces("llama"), "merges", texts("a c"), "merges has \"a c\""));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void isNamed(String part, Map<String, Object> keys) throws IOException {
        Path file = write(keys);
        UserError error = assertThrows(UserError.class, () -> ids(file, "aba"));
        boolean reading = part.endsWith("UTF-8");
        assertEquals(reading ? ErrorCode.WEIGHTS_MALFORMED : ErrorCode.TOKENIZER_MALFORMED, error.code());
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
        assertFalse(error.getMessage().contains("\n"), error.getMessage());
    }

    /** What a list claims is held to the file's size before room is made for it. */
    @Test
    void tenMillionTokensThatAreNotThere() throws IOException {
        GgufBytes bytes =
                GgufBytes.header(0, 1).text(PREFIX + "tokens").int32(9).int32(8).int64(10_000_000);
        Path file = Files.write(folder.resolve("tiny.gguf"), bytes.bytes());
        UserError error = assertThrows(UserError.class, () -> ids(file, "a"));
        assertTrue(error.getMessage().contains("10000000 elements in tokenizer.ggml.tokens"), error.getMessage());
    }
}
