package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's folder in which something is wrong or missing: one message each. */
final class WrongCheckpointTest extends TinyModelFolder {
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 100, 3000, 200_000})
    void truncatedWeightsAreReportedWithSizes(int size) throws IOException {
        byte[] all = Files.readAllBytes(weights);
        Files.write(weights, java.util.Arrays.copyOf(all, size));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_TRUNCATED);
        assertContains(error, weights.toString());
        assertContains(error, size + " bytes of ");
        if (size > 4000) assertContains(error, " of " + all.length);
    }

    @ParameterizedTest
    @CsvSource({"3, NaN, 'NaN at [3] of [32]'", "31, Infinity, an infinity at", "0, -Infinity, an infinity at"})
    void whatIsNotFiniteIsFoundAndNamed(int element, float value, String said) throws IOException {
        Safetensors.read(weights)
                .change(SCALE, tensor -> tensor.with(element, value))
                .write(weights);
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
            assertEquals(ErrorCode.WEIGHTS_NOT_FINITE, error.code());
            assertContains(error, tensor);
            assertContains(error, said);
        }
    }

    @Test
    void anUnsupportedTypeIsNamed() throws IOException {
        Safetensors.read(weights)
                .change(SCALE, tensor -> new Safetensors.Tensor("F8_E4M3", tensor.shape(), new byte[32]))
                .write(weights);
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_UNSUPPORTED_TYPE);
        assertContains(error, SCALE);
        assertContains(error, "F8_E4M3");
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        Safetensors.read(weights).only(name -> !name.equals(SCALE)).write(weights);
        assertContains(error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_MISSING_TENSOR), "h.1.ln_1.weight");
    }

    @Test
    void aTensorThatNothingUsesIsNamed() throws IOException {
        Safetensors file = Safetensors.read(weights);
        file.tensors.put("transformer.h.1.attn.q_norm.weight", file.tensors.get(SCALE));
        file.write(weights);
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_EXTRA_TENSOR);
        assertContains(error, "h.1.attn.q_norm.weight");
        file.tensors.put("transformer.h.1.attn.k_norm.weight", file.tensors.get(SCALE));
        file.write(weights);
        assertContains(error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_EXTRA_TENSOR), "and 1 more");
    }

    @Test
    void moreLayersThanTheConfigurationSaysAreAMistake() throws IOException {
        config(json -> json.put("n_layer", 2));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_EXTRA_TENSOR);
        assertContains(error, "h.2.");
        assertContains(error, "2 layers");
    }

    @ParameterizedTest
    @CsvSource({
        "num_key_value_heads, 4, WEIGHTS_WRONG_SHAPE, self_attn.k_proj.weight",
        "num_key_value_heads, 3, CONFIG_WRONG, num_key_value_heads",
        "head_dim, 16, WEIGHTS_WRONG_SHAPE, self_attn.q_proj.weight",
        "intermediate_size, 64, WEIGHTS_WRONG_SHAPE, mlp.gate_proj.weight",
        "attention_bias, true, WEIGHTS_MISSING_TENSOR, self_attn.q_proj.bias",
        "model_type, '\"qwen2\"', WEIGHTS_MISSING_TENSOR, self_attn.q_proj.bias",
        "model_type, '\"gemma2\"', WEIGHTS_MISSING_TENSOR, pre_feedforward_layernorm.weight",
        "model_type, '\"lama\"', UNSUPPORTED_FAMILY, lama",
        "model_type, '\"mixtral\"', UNSUPPORTED_FAMILY, mixtures of experts",
        "rope_scaling, '{\"rope_type\": \"spiral\"}', UNSUPPORTED_CONFIG, spiral",
        "rope_scaling, '{\"rope_type\": \"linear\"}', CONFIG_WRONG, factor",
        "rope_theta, 0, CONFIG_WRONG, rope_theta",
        "vocab_size, 600, WEIGHTS_WRONG_SHAPE, embed_tokens.weight",
    })
    void aConfigurationThatContradictsItsWeightsIsOneMistake(String key, String value, ErrorCode code, String said)
            throws IOException {
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
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_WRONG_SHAPE);
        assertContains(error, "[96, 32]");
        assertContains(error, "[32, 96]");
    }

    @Test
    void aVocabularyLargerThanTheEmbeddingIsAWrongShape() throws IOException {
        config(json -> json.put("vocab_size", 528));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_WRONG_SHAPE);
        assertContains(error, "wte.weight");
        assertContains(error, "[528, 32]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
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
        error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_MALFORMED);
    }

    @Test
    void damageInTheHeaderIsNeverAnotherException() throws IOException {
        byte[] whole = Files.readAllBytes(weights);
        int header = (int) java.nio.ByteBuffer.wrap(whole)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getLong();
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
    @ValueSource(
            strings = {"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "<!DOCTYPE html><html></html>"})
    void whatIsNoSafetensorsFileIsSaidSo(String text) throws IOException {
        Files.writeString(weights, text);
        error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_MALFORMED);
    }

    @Test
    void picklesAreRefusedWithTheWayOut() throws IOException {
        Files.move(weights, folder.resolve("pytorch_model.bin"));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_PICKLED);
        assertTrue(error.help().contains("safe_serialization=True"), error.help());
    }

    @ParameterizedTest
    @CsvSource({
        "quantization_config, '{\"quant_method\": \"gptq\", \"bits\": 4}', GPTQ",
        "quantization_config, '{\"quant_method\": \"awq\"}', AWQ",
        "quantization_config, '{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}', bitsandbytes",
        "quantization_config, '{\"load_in_8bit\": true}', bitsandbytes",
        "quantization_config, '{\"quant_method\": \"aqlm\"}', aqlm",
        "quantization, '{\"group_size\": 64, \"bits\": 4}', MLX",
    })
    void quantizedWeightsAreRefusedByTheNameOfTheMethod(String key, String value, String name) throws IOException {
        JsonNode node = MAPPER.readTree(value);
        config(json -> json.set(key, node));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_QUANTIZED);
        assertEquals("the weights are quantized by " + name + ", which is not supported", error.getMessage());
        assertEquals(key + " in " + folder.resolve("config.json"), error.notes().getFirst());
    }

    @Test
    void aConfigurationThatNamesNoQuantizationIsNone() throws IOException {
        config(json -> json.putNull("quantization_config"));
        Checkpoint.open("tiny", folder).close();
    }

    /** Older folders of GPTQ say it in another file. */
    @ParameterizedTest
    @CsvSource({"qweight, GPTQ or AWQ", "weight.absmax, bitsandbytes", "SCB, bitsandbytes", "weight_scale, a method"})
    void quantizedWeightsAreKnownByTheirTensorsToo(String tensor, String name) throws IOException {
        Safetensors file = Safetensors.read(weights);
        file.tensors.put(
                "transformer.h.1.attn.c_attn." + tensor, new Safetensors.Tensor("I32", List.of(2L), new byte[8]));
        file.write(weights);
        assertContains(error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_QUANTIZED), "quantized by " + name);
    }

    @Test
    void anAdapterIsSaidToBeOne() throws IOException {
        Files.delete(folder.resolve("config.json"));
        Files.move(weights, folder.resolve("adapter_model.safetensors"));
        Path config = folder.resolve("adapter_config.json");
        Files.writeString(config, "{\"peft_type\": \"LORA\", \"base_model_name_or_path\": \"acme/base\"}");
        UserError error = error(UserError.Kind.INPUT, ErrorCode.ADAPTER);
        assertEquals(folder + " holds an adapter (LoRA): merge it into its base model first", error.getMessage());
        assertEquals(
                "its base model is acme/base, as adapter_config.json says",
                error.notes().getFirst());
        assertTrue(error.help().contains("merge_and_unload()"), error.help());
        Files.writeString(config, "{\"peft_type\": \"PREFIX_TUNING\", \"base_model_name_or_path\": \"acme/base\"}");
        UserError prefix = error(UserError.Kind.INPUT, ErrorCode.ADAPTER);
        assertContains(prefix, "(PREFIX_TUNING), which cannot be merged");
        assertEquals("load the base model: load \"acme/base\"", prefix.help());
        Files.writeString(config, "{}");
        assertContains(
                error(UserError.Kind.INPUT, ErrorCode.ADAPTER),
                "holds an adapter without a peft_type, and only LoRA is merged here: merge it");
        Files.copy(Fixture.of("gpt2").resolve("config.json"), folder.resolve("config.json"));
        assertContains(
                error(UserError.Kind.INPUT, ErrorCode.ADAPTER),
                "holds an adapter without a peft_type, and only LoRA is merged here: merge it");
    }

    @Test
    void anAdapterAmongTheWeightsIsSaidToBeOne() throws IOException {
        Safetensors file = Safetensors.read(weights);
        file.tensors.put("base_model.model.transformer.h.1.attn.c_attn.lora_A.default.weight", file.tensors.get(SCALE));
        file.write(weights);
        assertContains(
                error(UserError.Kind.INPUT, ErrorCode.ADAPTER),
                "hold an adapter (LoRA) that is not merged: tensor base_model.model.");
    }

    @Test
    void aFolderWithoutWeightsIsMissingThem() throws IOException {
        Files.delete(weights);
        error(UserError.Kind.MISSING, ErrorCode.WEIGHTS_MISSING);
    }

    @Test
    void aFolderWithoutConfigurationIsNoModel() throws IOException {
        Files.delete(folder.resolve("config.json"));
        error(UserError.Kind.MISSING, ErrorCode.CONFIG_MISSING);
    }

    @Test
    void anUnsupportedFamilyIsNamedWithThoseSupported() throws IOException {
        config(json -> json.put("model_type", "mamba"));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.UNSUPPORTED_FAMILY);
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
        assertContains(error(UserError.Kind.INPUT, ErrorCode.UNSUPPORTED_CONFIG), key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model_type",
                "n_layer",
                "n_head",
                "n_embd",
                "vocab_size",
                "n_positions",
                "layer_norm_epsilon",
                "activation_function"
            })
    void aMissingKeyIsNamedWithItsFile(String key) throws IOException {
        config(json -> json.remove(key));
        UserError error = error(UserError.Kind.INPUT, ErrorCode.CONFIG_WRONG);
        assertContains(error, key);
        assertContains(error, folder.resolve("config.json").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "n_head, 5",
        "n_layer, 0",
        "n_layer, 2.5",
        "n_embd, '\"wide\"'",
        "vocab_size, 99999999999",
        "layer_norm_epsilon, -1",
        "activation_function, '\"swish_glu\"'",
        "scale_attn_weights, 1",
    })
    void aWrongKeyIsNamed(String key, String value) throws IOException {
        JsonNode node = MAPPER.readTree(value);
        config(json -> json.set(key, node));
        assertContains(error(UserError.Kind.INPUT, ErrorCode.CONFIG_WRONG), key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{} {}", "{\"n_layer\": 1, \"n_layer\": 2}", "\u0000\u0001"})
    void aMalformedConfigurationIsSaidSo(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
        assertContains(error(UserError.Kind.INPUT, ErrorCode.CONFIG_MALFORMED), "config.json");
    }
}
