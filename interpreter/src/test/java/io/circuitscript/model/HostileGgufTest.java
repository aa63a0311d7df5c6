package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** GGUF files that are damaged, made to do harm, or of kinds that are not read: one message each, and nothing is allocated for what is not there. */
final class HostileGgufTest {
    private static final Path WHOLE = Path.of("src/test/resources/gguf/models/qwen3.gguf");
    private static final String WIDTH = "qwen3.embedding_length";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void copyFixture() throws IOException {
        file = Files.copy(WHOLE, folder.resolve("tiny.gguf"));
    }

    private UserError error(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return assertThrows(UserError.class, () -> Checkpoint.open("tiny", file).close());
    }

    private void says(ErrorCode code, String part, byte[] bytes) throws IOException {
        UserError error = error(bytes);
        assertEquals(code, error.code(), error.getMessage());
        assertTrue(error.getMessage().contains(part), error.getMessage());
        assertTrue(error.getMessage().contains(file.toString())
                || error.notes().toString().contains(file.toString()));
    }

    /** The file with the value of a number of the metadata changed. */
    private static byte[] with(String key, int value) throws IOException {
        byte[] all = Files.readAllBytes(WHOLE);
        int at = find(all, key) + key.length() + 4;
        ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return all;
    }

    private static int find(byte[] all, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length - wanted.length; at++)
            if (Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) return at;
        throw new IllegalArgumentException(text);
    }

    @Test
    void theFixtureIsWhole() {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", file)) {
            checkpoint.checkFinite();
            assertEquals("BF16", checkpoint.quantization().orElseThrow());
        }
    }

    @Test
    void everyBeginningOfAFileIsRefused() throws IOException {
        byte[] all = Files.readAllBytes(WHOLE);
        for (int length = 0; length < all.length; length += length < 3000 ? 7 : 1001) {
            UserError error = error(Arrays.copyOf(all, length));
            assertEquals(length < 4 ? ErrorCode.WEIGHTS_MALFORMED : ErrorCode.WEIGHTS_TRUNCATED, error.code());
        }
    }

    static Stream<Arguments> damaged() {
        GgufBytes deep = GgufBytes.header(0, 1).text("x").int32(9);
        for (int i = 0; i < 100; i++) deep.int32(9).int64(1);
        return Stream.of(
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "does not begin with",
                        new GgufBytes().raw("GGML").int32(3)),
                Arguments.of("GGUF", "big-endian", new GgufBytes().raw("GGUF").int32(0x03000000)),
                Arguments.of("GGUF", "version is 1", new GgufBytes().raw("GGUF").int32(1)),
                Arguments.of(
                        "GGUF",
                        "version is 4294967295",
                        new GgufBytes().raw("GGUF").int32(-1)),
                Arguments.of("WEIGHTS_MALFORMED", "9223372036854775807 tensors", GgufBytes.header(Long.MAX_VALUE, 0)),
                Arguments.of("WEIGHTS_MALFORMED", "18446744073709551615 keys", GgufBytes.header(0, -1)),
                Arguments.of("WEIGHTS_TRUNCATED", "60000 keys", GgufBytes.header(0, 60_000)),
                Arguments.of(
                        "WEIGHTS_TRUNCATED",
                        "9223372036854775807 bytes",
                        GgufBytes.header(0, 1).int64(Long.MAX_VALUE).int32(0).int32(0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "has 0 bytes",
                        GgufBytes.header(0, 1).text("").int32(0).int32(0)),
                Arguments.of(
                        "WEIGHTS_TRUNCATED",
                        "18446744073709551615 bytes",
                        GgufBytes.header(0, 1).text("x").int32(8).int64(-1)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "9223372036854775807 elements in x",
                        GgufBytes.header(0, 1).text("x").int32(9).int32(8).int64(Long.MAX_VALUE)),
                Arguments.of(
                        "WEIGHTS_TRUNCATED",
                        "8000000 elements in x",
                        GgufBytes.header(0, 1).text("x").int32(9).int32(8).int64(8_000_000)),
                Arguments.of("WEIGHTS_MALFORMED", "more than 4 deep", deep),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "x is of type 13",
                        GgufBytes.header(0, 1).text("x").int32(13).int64(0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "x is of type 13",
                        GgufBytes.header(0, 1).text("x").int32(9).int32(13).int64(0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "not true or false",
                        GgufBytes.header(0, 1).text("x").int32(7).int8(2).int32(0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "x twice",
                        GgufBytes.header(0, 2).whole("x", 1).whole("x", 2)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "control character",
                        GgufBytes.header(0, 1).whole("a\nb", 1)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "general.alignment is 0",
                        GgufBytes.header(0, 1).whole("general.alignment", 0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "general.alignment is 24",
                        GgufBytes.header(0, 1).whole("general.alignment", 24)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "0 axes",
                        GgufBytes.header(1, 0).text("t").int32(0).int32(0).int64(0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "4294967295 axes",
                        GgufBytes.header(1, 0).text("t").int32(-1).int32(0).int64(0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "axis of size 0",
                        GgufBytes.header(1, 0).tensor("t", 0, 0, 0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "more elements than any file",
                        GgufBytes.header(1, 0).tensor("t", Long.MAX_VALUE, 0, 0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED", "of type 4", GgufBytes.header(1, 0).tensor("t", 32, 4, 0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "blocks of 256",
                        GgufBytes.header(1, 0).tensor("t", 32, 12, 0)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "no multiple of 32",
                        GgufBytes.header(1, 0).tensor("t", 32, 0, 8)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "18446744073709551584",
                        GgufBytes.header(1, 0).tensor("t", 32, 0, -32)),
                Arguments.of(
                        "WEIGHTS_TRUNCATED",
                        "tensor t lies beyond",
                        GgufBytes.header(1, 0)
                                .tensor("t", 32, 0, Long.MAX_VALUE - 31)
                                .data(128)),
                Arguments.of(
                        "WEIGHTS_TRUNCATED",
                        "tensor t lies beyond",
                        GgufBytes.header(1, 0).tensor("t", 33, 0, 0).data(128)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "t twice",
                        GgufBytes.header(2, 0)
                                .tensor("t", 8, 0, 0)
                                .tensor("t", 8, 0, 32)
                                .data(64)),
                Arguments.of(
                        "WEIGHTS_MALFORMED",
                        "tensors t and u overlap",
                        GgufBytes.header(2, 0)
                                .tensor("t", 16, 0, 0)
                                .tensor("u", 8, 0, 32)
                                .data(64)),
                Arguments.of("GGUF", "no general.architecture", GgufBytes.header(0, 0)),
                Arguments.of(
                        "UNSUPPORTED_FAMILY",
                        "architecture clip",
                        GgufBytes.header(0, 1).text("general.architecture", "clip")),
                Arguments.of(
                        "UNSUPPORTED_FAMILY",
                        "mixture of experts",
                        GgufBytes.header(0, 2)
                                .text("general.architecture", "llama")
                                .whole("llama.expert_count", 8)),
                Arguments.of(
                        "GGUF",
                        "an adapter in GGUF form",
                        GgufBytes.header(0, 2)
                                .text("general.architecture", "llama")
                                .text("general.type", "adapter")),
                Arguments.of(
                        "GGUF",
                        "one of 3 parts",
                        GgufBytes.header(0, 2)
                                .text("general.architecture", "llama")
                                .whole("split.count", 3)),
                Arguments.of(
                        "CONFIG_WRONG",
                        "no llama.block_count",
                        GgufBytes.header(0, 1).text("general.architecture", "llama")));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void isNamed(ErrorCode code, String part, GgufBytes bytes) throws IOException {
        says(code, part, bytes.bytes());
    }

    @ParameterizedTest
    @CsvSource({
        "qwen3.block_count, 1000000000, CONFIG_WRONG, 'qwen3.block_count is 1000000000'",
        "qwen3.block_count, 0, CONFIG_WRONG, 'qwen3.block_count is 0'",
        "qwen3.block_count, 3, WEIGHTS_MISSING_TENSOR, 'no tensor blk.2.attn_norm.weight'",
        "qwen3.block_count, 1, WEIGHTS_EXTRA_TENSOR, 'have tensor blk.1.'",
        "qwen3.attention.head_count, -1, CONFIG_WRONG, qwen3.attention.head_count is 4294967295",
        "qwen3.attention.key_length, 7, UNSUPPORTED_CONFIG, qwen3.attention.value_length",
        "qwen3.embedding_length, 64, WEIGHTS_WRONG_SHAPE, its metadata asks for"
    })
    void aConfigurationThatCannotBeIsNamed(String key, int value, ErrorCode code, String part) throws IOException {
        says(code, part, with(key, value));
    }

    @ParameterizedTest
    @CsvSource({"26, I32", "40, NVFP4", "41, Q1_0"})
    void aTypeThatIsNotReadIsNamedWithThoseThatAre(byte id, String type) throws IOException {
        byte[] all = Files.readAllBytes(WHOLE.resolveSibling("gpt2.gguf"));
        String name = type.equals("I32")
                ? "blk.0.ffn_norm.weight"
                : "blk.0.ffn_down.weight"; // of 32-bit floats, and of rows of 128
        int axes = type.equals("I32") ? 1 : 2;
        all[find(all, name) + name.length() + 4 + 8 * axes] = id;
        UserError error = error(all);
        assertEquals(ErrorCode.WEIGHTS_UNSUPPORTED_TYPE, error.code(), error.getMessage());
        assertTrue(error.getMessage().contains(name + " of " + file + " is of type " + type), error.getMessage());
        assertTrue(error.getMessage().contains("Q4_K"), error.getMessage());
    }

    @Test
    void whatIsNotFiniteIsNamed() throws IOException {
        byte[] all = Files.readAllBytes(WHOLE);
        try (WeightFile open = WeightFile.open(WHOLE)) {
            var tensor =
                    io.circuitscript.model.gguf.GgufFile.read(open).tensors().get("blk.1.ffn_norm.weight");
            ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).putFloat((int) tensor.begin() + 12, Float.NaN);
        }
        Files.write(file, all);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", file)) {
            UserError error = assertThrows(UserError.class, checkpoint::checkFinite);
            assertEquals(ErrorCode.WEIGHTS_NOT_FINITE, error.code());
            assertTrue(error.getMessage().startsWith("tensor blk.1.ffn_norm.weight of tiny holds NaN at [3] of ["));
        }
    }

    @Test
    void aFileThatIsCutShortWhileItIsOpenIsToldSo() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", file);
                Arena arena = Arena.ofShared()) {
            Weight weight = checkpoint.weight("token_embd.weight");
            assertNotNull(weight.read(arena));
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.setLength(4000);
            }
            assertEquals(
                    ErrorCode.WEIGHTS_TRUNCATED,
                    assertThrows(UserError.class, () -> weight.read(arena)).code());
        }
    }

    /** Version 2 has the same header. */
    @Test
    void versionTwoIsRead() throws IOException {
        byte[] all = Files.readAllBytes(WHOLE);
        all[4] = 2;
        Files.write(file, all);
        Map<String, Object> metadata = Gguf.metadata(file);
        assertEquals("qwen3", metadata.get("general.architecture"));
        assertEquals(ModelConfig.read("tiny", WHOLE), ModelConfig.read("tiny", file));
        assertTrue(metadata.containsKey(WIDTH));
    }
}
