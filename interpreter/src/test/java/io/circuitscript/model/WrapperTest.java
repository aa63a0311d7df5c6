package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of images that hold a text model: which one, and what of their files is its. */
final class WrapperTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"gemma3, gemma3_text, 34", "llava, llama, 27", "qwen2_5_vl, qwen2, 18", "smolvlm, llama, 22"})
    void aNoteSaysWhatWasLeftOut(String wrapper, String text, int leftOut) {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", Fixture.family(wrapper))) {
            assertEquals(text, checkpoint.config().family().name());
            assertEquals(
                    List.of("config.json is of a " + wrapper + ", which holds a text model of type " + text
                            + ": that one is loaded, and the " + leftOut + " tensors of its other parts are left out"),
                    checkpoint.notes());
        }
    }

    /** As versions of transformers have written them. */
    @ParameterizedTest
    @CsvSource({
        "gemma3, language_model.model., model.language_model.",
        "gemma3, language_model.model., language_model.",
        "gemma3, vision_tower., model.vision_tower.",
        "llava, language_model.lm_head., lm_head.",
        "llava, language_model., model.language_model.",
        "qwen2_5_vl, model., model.language_model.",
        "qwen2_5_vl, visual., model.visual.",
        "smolvlm, model.text_model., text_model.",
    })
    void tensorsMayBeNamedAsAnyVersionNamesThem(String wrapper, String from, String to) {
        rewrite(wrapper, config -> {}, name -> name.startsWith(from) ? to + name.substring(from.length()) : name);
        try (Checkpoint plain = Checkpoint.open("tiny", Fixture.family(wrapper));
                Checkpoint renamed = Checkpoint.open("tiny", folder)) {
            assertEquals(plain.names(), renamed.names());
            assertEquals(plain.notes(), renamed.notes());
        }
    }

    @Test
    void aTensorOfNoKnownPartIsRefused() {
        rewrite("gemma3", config -> {}, name -> name.replace("vision_tower.", "hearing_tower."));
        UserError error = assertThrows(UserError.class, () -> Checkpoint.open("tiny", folder));
        assertEquals(ErrorCode.WEIGHTS_EXTRA_TENSOR, error.code());
        assertTrue(error.getMessage().contains("hearing_tower."), error.getMessage());
    }

    @Test
    void theTextModelMayHaveTheSameNameTwice() {
        rewrite(
                "llava",
                config -> {},
                name -> name.equals("vision_tower.vision_model.post_layernorm.weight")
                        ? "model.language_model.norm.weight"
                        : name);
        UserError error = assertThrows(UserError.class, () -> Checkpoint.open("tiny", folder));
        assertEquals(ErrorCode.WEIGHTS_MALFORMED, error.code());
    }

    /** As the file of gemma-3-4b-it has it. */
    @Test
    void whatTheTextPartLeavesOutIsWhatTransformersTakes() {
        ModelConfig config = config("""
                {"model_type": "gemma3", "mm_tokens_per_image": 256, "vision_config": {"hidden_size": 1152},
                 "text_config": {"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34,
                                 "rope_scaling": {"factor": 8.0, "rope_type": "linear"}, "sliding_window": 1024}}""");
        assertEquals(
                List.of(34, 8, 4, 2560, 256, 10240, 262208, 131072),
                List.of(
                        config.layers(),
                        config.heads(),
                        config.kvHeads(),
                        config.dModel(),
                        config.dHead(),
                        config.dMlp(),
                        config.dVocab(),
                        config.positions()));
        assertEquals(
                List.of(1024, 0),
                List.of(
                        config.attention().get(0).window(),
                        config.attention().get(5).window()));
        assertEquals(1 / 16.0, config.attention().get(0).scale());
        assertEquals(Math.pow(1e6, -2 / 256.0) / 8, turn(config, 5), 1e-15);
        assertEquals(Math.pow(1e4, -2 / 256.0), turn(config, 0), 1e-15);
    }

    /** As the files of llava-1.5-7b-hf and Qwen2-VL-2B have it. */
    @Test
    void someLeaveOutNearlyAll() {
        ModelConfig llava = config("""
                {"model_type": "llava", "tie_word_embeddings": false,
                 "text_config": {"max_position_embeddings": 4096, "model_type": "llama", "rms_norm_eps": 1e-05, "vocab_size": 32064}}""");
        assertEquals(
                List.of(32, 32, 32, 4096, 11008, 32064),
                List.of(llava.layers(), llava.heads(), llava.kvHeads(), llava.dModel(), llava.dMlp(), llava.dVocab()));
        ModelConfig qwen = config("""
                {"model_type": "qwen2_vl", "hidden_act": "silu", "hidden_size": 1536, "intermediate_size": 8960,
                 "max_position_embeddings": 32768, "max_window_layers": 28, "num_attention_heads": 12, "num_hidden_layers": 28,
                 "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768,
                 "tie_word_embeddings": true, "use_sliding_window": false, "vision_config": {"depth": 32},
                 "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]}, "vocab_size": 151936}""");
        assertEquals("qwen2", qwen.family().name());
        assertEquals(List.of(28, 12, 2, 1536), List.of(qwen.layers(), qwen.heads(), qwen.kvHeads(), qwen.dModel()));
        assertEquals(Math.pow(1e6, -2 / 128.0), turn(qwen, 0), 1e-15);
    }

    /** Where the text part does not say it, the whole does: its tensor is then the only one. */
    @Test
    void theWholeMayTieTheLogits() {
        Consumer<ObjectNode> above = config -> {
            ((ObjectNode) config.get("text_config")).remove("tie_word_embeddings");
            config.put("tie_word_embeddings", true);
        };
        rewrite("smolvlm", above, UnaryOperator.identity());
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertTrue(checkpoint.unembedding().isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'model_type': 'llava', 'text_config': {'model_type': 'mamba'}} | E0505 | models of type mamba",
                "{'model_type': 'llava', 'text_config': {'model_type': 'mixtral'}} | E0505 | mixtures of experts",
                "{'model_type': 'llama4', 'text_config': {'model_type': 'llama4_text'}} | E0505 | mixtures of experts",
                "{'model_type': 'paligemma', 'text_config': {'model_type': 'gemma'}} | E0505 | models of type paligemma",
                "{'model_type': 'gemma3'} | E0504 | it has no text_config",
                "{'model_type': 'gemma3', 'text_config': 7} | E0504 | it has no text_config",
                "{'model_type': 'qwen2_vl', 'text_config': []} | E0504 | it has no text_config",
                "{'model_type': 'llava', 'text_config': {'model_type': 'llava', 'text_config': {}}} | E0505 | models of type llava",
                "{'model_type': 'llava', 'text_config': {'hidden_size': -1}} | E0504 | hidden_size is -1",
                "{'model_type': 'llava', 'text_config': {}, 'quantization_config': {'quant_method': 'awq'}} | E0543 | quantized by AWQ",
                "{'model_type': 'qwen3_vl', 'text_config': {'rope_scaling': {'rope_type': 'spiral'}}} | E0506 | spiral",
                "{'model_type': 'llava', 'text_config': {'rope_scaling': {'rope_type': 'mrope'}}} | E0506 | mrope",
            })
    void whatIsNotComputedIsRefused(String json, String code, String message) {
        UserError error = assertThrows(UserError.class, () -> config(json.replace('\'', '"')));
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertEquals(code, error.code().number());
    }

    private static double turn(ModelConfig config, int layer) {
        return config.attention()
                .get(layer)
                .rotary()
                .orElseThrow()
                .frequencies()
                .get(1);
    }

    private ModelConfig config(String json) {
        try {
            Files.writeString(folder.resolve("config.json"), json);
            return ModelConfig.read("tiny", folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rewrite(String wrapper, Consumer<ObjectNode> change, UnaryOperator<String> rename) {
        try {
            ObjectNode config = (ObjectNode) MAPPER.readTree(
                    Fixture.family(wrapper).resolve("config.json").toFile());
            change.accept(config);
            MAPPER.writeValue(folder.resolve("config.json").toFile(), config);
            Safetensors renamed = new Safetensors();
            Safetensors.read(Fixture.family(wrapper).resolve("model.safetensors"))
                    .tensors
                    .forEach((name, tensor) -> renamed.tensors.put(rename.apply(name), tensor));
            renamed.write(folder.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
