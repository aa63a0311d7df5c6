package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SCALE = "transformer.h.1.ln_1.weight";

    @TempDir
    Path folder;

    private Path weights;

    @BeforeEach
    void copyFixture() throws IOException {
        weights = folder.resolve("model.safetensors");
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Fixture.of("gpt2").resolve(name), folder.resolve(name));
        }
    }

    @Test
    void readsConfigurationAndWeights() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            ModelConfig config = checkpoint.config();
            assertEquals("gpt2", config.family().name());
            assertEquals(List.of(3, 4, 4, 32, 8, 128, 527, 64), List.of(config.layers(), config.heads(), config.kvHeads(), config.dModel(),
                    config.dHead(), config.dMlp(), config.dVocab(), config.positions()));
            assertEquals(1e-5, config.normEpsilon());
            assertEquals(Activation.GELU_TANH, config.activation());
            assertEquals(Collections.nCopies(3, new AttentionShape(1 / Math.sqrt(8), 0, 0, Optional.empty())), config.attention());
            assertEquals(16, checkpoint.config().graph().sources());
            assertEquals(4 + 3 * 12, checkpoint.names().size());
            assertTrue(checkpoint.unembedding().isEmpty());
            Weight attention = checkpoint.weight("h.0.attn.c_attn.weight");
            assertArrayEquals(new long[] {32, 96}, attention.shape());
            assertArrayEquals(floats(Safetensors.read(weights), "transformer.h.0.attn.c_attn.weight"), attention.toFloats());
            checkpoint.checkFinite();
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        Checkpoint checkpoint = Checkpoint.open("tiny", folder);
        checkpoint.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @CsvSource({"F16, 0x1p-11", "BF16, 0x1p-7"})
    void readsHalfPrecision(String format, double relative) throws IOException {
        float[] full = floats(Safetensors.read(weights), "transformer.wte.weight");
        Safetensors.read(weights).changeAll(tensor -> tensor.narrowed(format)).write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            Weight weight = checkpoint.weight("wte.weight");
            assertEquals(Weight.Format.valueOf(format), weight.format());
            float[] read = weight.toFloats();
            for (int i = 0; i < full.length; i++) assertEquals(full[i], read[i], Math.abs(full[i]) * relative + 1e-7);
            checkpoint.checkFinite();
        }
    }

    @Test
    void readsDoublePrecision() throws IOException {
        float[] full = floats(Safetensors.read(weights), "transformer.wte.weight");
        Safetensors.read(weights).changeAll(Safetensors.Tensor::widened).write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertArrayEquals(full, checkpoint.weight("wte.weight").toFloats());
            checkpoint.checkFinite();
        }
    }

    @Test
    void readsShardsByTheirIndex() throws IOException {
        float[] full = floats(Safetensors.read(weights), SCALE);
        shard();
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertArrayEquals(full, checkpoint.weight("h.1.ln_1.weight").toFloats());
            assertEquals(40, checkpoint.names().size());
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        shard();
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        UserError error = error(UserError.Kind.MISSING, "weights-missing");
        assertContains(error, "model-00002-of-00002.safetensors");
    }

    @Test
    void anIndexNamesNoFileElsewhere() throws IOException {
        shard();
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, Files.readString(index).replace("model-00002", "../model-00002"));
        assertContains(error(UserError.Kind.INPUT, "weights-malformed"), "not a file beside it");
    }

    @Test
    void readsFromAnArchive(@TempDir Path other) throws IOException {
        float[] full = floats(Safetensors.read(weights), SCALE);
        Path archive = other.resolve("models.zip");
        try (var zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            for (String name : new String[] {"config.json", "model.safetensors"}) Files.copy(folder.resolve(name), zip.getPath("/" + name));
        }
        Checkpoint checkpoint;
        try (var zip = FileSystems.newFileSystem(archive, Map.of())) {
            checkpoint = Checkpoint.open("zipped", zip.getPath("/"));
        }
        try (checkpoint) {
            assertArrayEquals(full, checkpoint.weight("h.1.ln_1.weight").toFloats());
        }
    }

    @Test
    void readsNamesWithoutThePrefixAndIgnoresWhatItDoesNotNeed() throws IOException {
        Safetensors file = Safetensors.read(weights);
        var bare = new Safetensors();
        file.tensors.forEach((name, tensor) -> bare.tensors.put(name.replace("transformer.", ""), tensor));
        bare.tensors.put("h.0.attn.bias", new Safetensors.Tensor("BOOL", List.of(1L, 1L, 2L, 2L), new byte[4]));
        bare.tensors.put("h.0.attn.masked_bias", new Safetensors.Tensor("F4_SOMETHING", List.of(3L), new byte[2]));
        bare.write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertEquals(40, checkpoint.names().size());
        }
    }

    @Test
    void anUnembeddingOfItsOwnIsUsedAndACopyIsNot() throws IOException {
        Safetensors file = Safetensors.read(weights);
        Safetensors.Tensor embedding = file.tensors.get("transformer.wte.weight");
        file.tensors.put("lm_head.weight", embedding);
        file.write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertTrue(checkpoint.unembedding().isEmpty());
        }
        file.tensors.put("lm_head.weight", embedding.with(5, 1));
        file.write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertEquals(1, checkpoint.unembedding().orElseThrow().toFloats()[5]);
            assertTrue(checkpoint.names().contains("lm_head.weight"));
        }
    }

    @Test
    void anUntiedModelNeedsItsUnembedding() throws IOException {
        config(json -> json.put("tie_word_embeddings", false));
        assertContains(error(UserError.Kind.INPUT, "weights-missing-tensor"), "lm_head.weight");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 100, 3000, 200_000})
    void truncatedWeightsAreReportedWithSizes(int size) throws IOException {
        byte[] all = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(all, size));
        UserError error = error(UserError.Kind.INPUT, "weights-truncated");
        assertContains(error, weights.toString());
        assertContains(error, size + " bytes of ");
        if (size > 4000) assertContains(error, " of " + all.length);
    }

    @ParameterizedTest
    @CsvSource({"3, NaN, 'NaN at [3] of [32]'", "31, Infinity, an infinity at", "0, -Infinity, an infinity at"})
    void whatIsNotFiniteIsFoundAndNamed(int element, float value, String said) throws IOException {
        Safetensors.read(weights).change(SCALE, tensor -> tensor.with(element, value)).write(weights);
        assertNotFinite("h.1.ln_1.weight", said);
        for (String format : new String[] {"F16", "BF16"}) {
            Safetensors.read(Fixture.of("gpt2").resolve("model.safetensors"))
                    .change(SCALE, tensor -> tensor.with(element, value).narrowed(format))
                    .write(weights);
            assertNotFinite("h.1.ln_1.weight", said);
        }
        Safetensors.read(Fixture.of("gpt2").resolve("model.safetensors"))
                .change(SCALE, tensor -> tensor.with(element, value).widened())
                .write(weights);
        assertNotFinite("h.1.ln_1.weight", said);
    }

    private void assertNotFinite(String tensor, String said) {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            UserError error = assertThrows(UserError.class, checkpoint::checkFinite);
            assertEquals("weights-not-finite", error.code());
            assertContains(error, tensor);
            assertContains(error, said);
        }
    }

    @Test
    void anUnsupportedTypeIsNamed() throws IOException {
        Safetensors.read(weights)
                .change(SCALE, tensor -> new Safetensors.Tensor("F8_E4M3", tensor.shape(), new byte[32]))
                .write(weights);
        UserError error = error(UserError.Kind.INPUT, "weights-unsupported-type");
        assertContains(error, SCALE);
        assertContains(error, "F8_E4M3");
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        Safetensors.read(weights).only(name -> !name.equals(SCALE)).write(weights);
        assertContains(error(UserError.Kind.INPUT, "weights-missing-tensor"), "h.1.ln_1.weight");
    }

    @Test
    void aTensorThatNothingUsesIsNamed() throws IOException {
        Safetensors file = Safetensors.read(weights);
        file.tensors.put("transformer.h.1.attn.q_norm.weight", file.tensors.get(SCALE));
        file.write(weights);
        UserError error = error(UserError.Kind.INPUT, "weights-extra-tensor");
        assertContains(error, "h.1.attn.q_norm.weight");
        file.tensors.put("transformer.h.1.attn.k_norm.weight", file.tensors.get(SCALE));
        file.write(weights);
        assertContains(error(UserError.Kind.INPUT, "weights-extra-tensor"), "and 1 more");
    }

    @Test
    void moreLayersThanTheConfigurationSaysAreAMistake() throws IOException {
        config(json -> json.put("n_layer", 2));
        UserError error = error(UserError.Kind.INPUT, "weights-extra-tensor");
        assertContains(error, "h.2.");
        assertContains(error, "2 layers");
    }

    @ParameterizedTest
    @CsvSource({
        "num_key_value_heads, 4, weights-wrong-shape, self_attn.k_proj.weight",
        "num_key_value_heads, 3, config-wrong, num_key_value_heads",
        "head_dim, 16, weights-wrong-shape, self_attn.q_proj.weight",
        "intermediate_size, 64, weights-wrong-shape, mlp.gate_proj.weight",
        "attention_bias, true, weights-missing-tensor, self_attn.q_proj.bias",
        "model_type, '\"qwen2\"', weights-missing-tensor, self_attn.q_proj.bias",
        "model_type, '\"gemma2\"', weights-missing-tensor, pre_feedforward_layernorm.weight",
        "model_type, '\"lama\"', unsupported-family, lama",
        "model_type, '\"mixtral\"', unsupported-family, mixtures of experts",
        "rope_scaling, '{\"rope_type\": \"spiral\"}', unsupported-config, spiral",
        "rope_scaling, '{\"rope_type\": \"linear\"}', config-wrong, factor",
        "rope_theta, 0, config-wrong, rope_theta",
        "vocab_size, 600, weights-wrong-shape, embed_tokens.weight",
    })
    void aConfigurationThatContradictsItsWeightsIsOneMistake(String key, String value, String code, String said) throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Fixture.of("llama").resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        JsonNode node = MAPPER.readTree(value);
        config(json -> json.set(key, node));
        assertContains(error(UserError.Kind.INPUT, code), said);
    }

    @Test
    void aWrongShapeIsShownWithTheRightOne() throws IOException {
        Safetensors.read(weights)
                .change("transformer.h.0.attn.c_attn.weight", tensor -> tensor.withShape(96L, 32L))
                .write(weights);
        UserError error = error(UserError.Kind.INPUT, "weights-wrong-shape");
        assertContains(error, "[96, 32]");
        assertContains(error, "[32, 96]");
    }

    @Test
    void aVocabularyLargerThanTheEmbeddingIsAWrongShape() throws IOException {
        config(json -> json.put("vocab_size", 528));
        UserError error = error(UserError.Kind.INPUT, "weights-wrong-shape");
        assertContains(error, "wte.weight");
        assertContains(error, "[528, 32]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [-2], \"data_offsets\": [0, 8]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [4611686018427387904, 8], \"data_offsets\": [0, 8]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 0]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0]}}",
        "{\"a\": {\"dtype\": \"F32\", \"shape\": 1, \"data_offsets\": [0, 4]}}",
        "{\"a\": {\"shape\": [1], \"data_offsets\": [0, 4]}}",
        "{\"a\": 5}",
        "{\"a\": ",
        "{\"a\": {\"dtype\": \"U8\", \"shape\": [8], \"data_offsets\": [0, 8]}, \"b\": {\"dtype\": \"U8\", \"shape\": [8], \"data_offsets\": [4, 12]}}",
        "{\"transformer.x\": {\"dtype\": \"U8\", \"shape\": [8], \"data_offsets\": [0, 8]}, \"x\": {\"dtype\": \"U8\", \"shape\": [8], \"data_offsets\": [8, 16]}}",
    })
    void aWrongHeaderIsAnErrorAndNoException(String header) throws IOException {
        Safetensors.write(weights, header.getBytes(StandardCharsets.UTF_8), new byte[16]);
        error(UserError.Kind.INPUT, "weights-malformed");
    }

    @Test
    void damageInTheHeaderIsNeverAnotherException() throws IOException {
        byte[] whole = Files.readAllBytes(weights);
        int header = (int) java.nio.ByteBuffer.wrap(whole).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
        var random = new java.util.Random(0);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            for (int change = 0; change <= i % 3; change++) {
                // Most of the damage among digits and brackets of the JSON, some of it in the header's length.
                int at = i % 10 == 0 ? random.nextInt(8) : 8 + random.nextInt(header);
                damaged[at] = i % 2 == 0 ? (byte) ('0' + random.nextInt(10)) : (byte) random.nextInt();
            }
            Files.write(weights, damaged);
            try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
                assertEquals(40, checkpoint.names().size());
            } catch (UserError error) {
                refused++;
            }
        }
        assertTrue(refused > 200, refused + " refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "<!DOCTYPE html><html></html>"})
    void whatIsNoSafetensorsFileIsSaidSo(String text) throws IOException {
        Files.writeString(weights, text);
        error(UserError.Kind.INPUT, "weights-malformed");
    }

    @Test
    void picklesAreRefusedWithTheWayOut() throws IOException {
        Files.move(weights, folder.resolve("pytorch_model.bin"));
        UserError error = error(UserError.Kind.INPUT, "weights-pickled");
        assertTrue(error.help().contains("safe_serialization=True"), error.help());
    }

    @Test
    void aFolderWithoutWeightsIsMissingThem() throws IOException {
        Files.delete(weights);
        error(UserError.Kind.MISSING, "weights-missing");
    }

    @Test
    void aFolderWithoutConfigurationIsNoModel() throws IOException {
        Files.delete(folder.resolve("config.json"));
        error(UserError.Kind.MISSING, "config-missing");
    }

    @Test
    void anUnsupportedFamilyIsNamedWithThoseSupported() throws IOException {
        config(json -> json.put("model_type", "mamba"));
        UserError error = error(UserError.Kind.INPUT, "unsupported-family");
        assertContains(error, "mamba");
        assertContains(error, "gpt2");
    }

    @ParameterizedTest
    @CsvSource({
        "scale_attn_weights, false",
        "add_cross_attention, true",
    })
    void whatIsNotComputedIsRefused(String key, boolean value) throws IOException {
        config(json -> json.put(key, value));
        assertContains(error(UserError.Kind.INPUT, "unsupported-config"), key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model_type", "n_layer", "n_head", "n_embd", "vocab_size", "n_positions", "layer_norm_epsilon", "activation_function"})
    void aMissingKeyIsNamedWithItsFile(String key) throws IOException {
        config(json -> json.remove(key));
        UserError error = error(UserError.Kind.INPUT, "config-wrong");
        assertContains(error, key);
        assertContains(error, folder.resolve("config.json").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "n_head, 5", "n_layer, 0", "n_layer, 2.5", "n_embd, '\"wide\"'", "vocab_size, 99999999999", "layer_norm_epsilon, -1",
        "activation_function, '\"swish_glu\"'", "scale_attn_weights, 1",
    })
    void aWrongKeyIsNamed(String key, String value) throws IOException {
        JsonNode node = MAPPER.readTree(value);
        config(json -> json.set(key, node));
        assertContains(error(UserError.Kind.INPUT, "config-wrong"), key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{} {}", "{\"n_layer\": 1, \"n_layer\": 2}", "\u0000\u0001"})
    void aMalformedConfigurationIsSaidSo(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
        assertContains(error(UserError.Kind.INPUT, "config-malformed"), "config.json");
    }

    private void config(Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("config.json");
        var json = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(json);
        MAPPER.writeValue(file.toFile(), json);
    }

    private void shard() throws IOException {
        Safetensors all = Safetensors.read(weights);
        ObjectNode map = MAPPER.createObjectNode();
        for (int shard = 1; shard <= 2; shard++) {
            String file = "model-0000" + shard + "-of-00002.safetensors";
            boolean second = shard == 2;
            Safetensors part = all.only(name -> name.contains(".h.1.") == second);
            part.tensors.keySet().forEach(name -> map.put(name, file));
            part.write(folder.resolve(file));
        }
        Files.delete(weights);
        MAPPER.writeValue(folder.resolve("model.safetensors.index.json").toFile(), MAPPER.createObjectNode().set("weight_map", map));
    }

    private UserError error(UserError.Kind kind, String code) {
        UserError error = assertThrows(UserError.class, () -> {
            try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
                throw new UncheckedIOException(new IOException("opened " + checkpoint.names()));
            }
        });
        assertEquals(code, error.code(), error.getMessage());
        assertEquals(kind, error.kind());
        return error;
    }

    private static void assertContains(UserError error, String part) {
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    private static float[] floats(Safetensors file, String name) {
        var bytes = java.nio.ByteBuffer.wrap(file.tensors.get(name).bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        float[] floats = new float[bytes.remaining()];
        bytes.get(floats);
        return floats;
    }
}
