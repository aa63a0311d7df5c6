package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What config.json of each family says, and what it may not say. */
class FamilyConfigTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    static Stream<Path> families() throws IOException {
        try (Stream<Path> folders = Files.list(Fixture.family(""))) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFolderHasTheTensorsOfItsConfiguration(Path family) {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", family)) {
            checkpoint.checkFinite();
        }
    }

    /** As they are where the model was saved without what gives logits. */
    @ParameterizedTest
    @CsvSource({"opt, model.decoder., decoder.", "opt, model.decoder., ''", "qwen3, model., ''"})
    void aPartOfThePrefixMayBeGone(String family, String prefix, String left) throws IOException {
        Files.copy(Fixture.family(family).resolve("config.json"), folder.resolve("config.json"));
        Safetensors renamed = new Safetensors();
        Safetensors.read(Fixture.family(family).resolve("model.safetensors"))
                .tensors
                .forEach((name, tensor) -> renamed.tensors.put(name.replace(prefix, left), tensor));
        renamed.write(folder.resolve("model.safetensors"));
        try (Checkpoint whole = Checkpoint.open("tiny", Fixture.family(family));
                Checkpoint part = Checkpoint.open("tiny", folder)) {
            assertEquals(whole.names(), part.names());
        }
    }

    @Test
    void everyFamilyHasAFixture() throws IOException {
        List<String> with = Stream.concat(families(), Stream.of(Fixture.of("gpt2")))
                .map(family -> ModelConfig.read("tiny", family).family().name())
                .toList();
        // Theirs are compared with EAP-IG's own numbers, beside gpt2's.
        List<String> elsewhere = List.of("gpt_neox", "mistral", "qwen2", "gemma2");
        for (Family family : Families.ALL) {
            assertTrue(
                    with.contains(family.name()) || elsewhere.contains(family.name()),
                    family.name() + " has no fixture");
        }
    }

    @Test
    void windowsFollowTheFamily() {
        assertEquals(List.of(0, 5), windows("gpt_neo", config -> {}));
        assertEquals(List.of(6, 6), windows("phi3", config -> {}));
        assertEquals(List.of(0, 0), windows("phi3", config -> config.putNull("sliding_window")));
        assertEquals(List.of(5, 0, 5), windows("gemma3_text", config -> {}));
        assertEquals(List.of(0, 0), windows("qwen3", config -> {}));
        assertEquals(
                List.of(0, 7),
                windows(
                        "qwen3",
                        config -> config.put("use_sliding_window", true)
                                .put("sliding_window", 7)
                                .put("max_window_layers", 1)));
    }

    @Test
    void layersWithAWindowTurnByTheirOwnBase() {
        List<AttentionShape> layers = config("gemma3_text", config -> {}).attention();
        double local = layers.get(0).rotary().orElseThrow().frequencies().get(1);
        double global = layers.get(1).rotary().orElseThrow().frequencies().get(1);
        assertEquals(Math.pow(1e4, -0.25), local, 1e-15);
        assertEquals(Math.pow(1e6, -0.25) / 8, global, 1e-15);
    }

    @Test
    void newerFilesSayTheSameInOtherWords() {
        assertEquals(config("bloom", config -> {}), config("bloom", config -> {
            rename(config, "hidden_size", "n_embed");
            rename(config, "n_head", "num_attention_heads");
        }));
        assertEquals(List.of(5, 0, 5), windows("gemma3_text", config -> {
            config.remove("sliding_window_pattern");
            config.putArray("layer_types")
                    .add("sliding_attention")
                    .add("full_attention")
                    .add("sliding_attention");
        }));
    }

    @Test
    void theNewestFilesKeepTurningTogether() {
        assertEquals(config("gemma3_text", config -> {}), config("gemma3_text", config -> {
            ObjectNode parameters = config.putObject("rope_parameters");
            parameters
                    .putObject("full_attention")
                    .put("rope_type", "linear")
                    .put("factor", 8.0)
                    .put("rope_theta", 1e6);
            parameters
                    .putObject("sliding_attention")
                    .put("rope_type", "default")
                    .put("rope_theta", 1e4);
            config.remove(List.of("rope_scaling", "rope_theta", "rope_local_base_freq"));
        }));
        assertEquals(config("phi", config -> {}), config("phi", config -> {
            config.putObject("rope_parameters")
                    .put("rope_type", "default")
                    .put("rope_theta", 1e4)
                    .put("partial_rotary_factor", 0.7);
            config.remove(List.of("rope_scaling", "rope_theta", "partial_rotary_factor"));
        }));
    }

    @Test
    void aLengthThatFrequenciesWouldDependOnIsTheLongest() {
        assertEquals(20, config("phi3-longrope", config -> {}).positions());
        assertEquals(20, config("llama-dynamic", config -> {}).positions());
        assertEquals(64, config("llama-yarn", config -> {}).positions());
    }

    @Test
    void aParallelBlockOfOneNormHasNoSecond() {
        assertFalse(config("stablelm-parallel", config -> {}).has(Family.Part.MLP_NORM));
        assertTrue(config("stablelm", config -> {}).has(Family.Part.MLP_NORM));
        assertTrue(config("stablelm-parallel", config -> {}).parallel());
        assertFalse(config("stablelm", config -> {}).parallel());
    }

    @ParameterizedTest
    @CsvSource({
        "mixtral, mixtures of experts",
        "qwen3_moe, mixtures of experts",
        "qwen4, Did you mean qwen2",
        "gemma3n, Did you mean gemma",
        "mamba, models of type mamba are not supported (supported: gpt2",
    })
    void anUnknownTypeIsToldApart(String type, String message) {
        UserError error = refused("qwen3", config -> config.put("model_type", type));
        assertEquals(ErrorCode.UNSUPPORTED_FAMILY, error.code());
        assertTrue(text(error).toLowerCase().contains(message.toLowerCase()), text(error));
    }

    @ParameterizedTest
    @CsvSource({
        "opt, do_layer_norm_before, false",
        "bloom, apply_residual_connection_post_layernorm, true",
        "falcon, alibi, true",
        "falcon-two-norms, parallel_attn, false",
        "mpt, attn_config.qk_ln, true",
        "mpt, attn_config.alibi, false",
        "mpt, logit_scale, 0.5",
        "mpt, attn_config.clip_qkv, 6",
        "mpt, attn_config.alibi_bias_max, 16",
        "mpt, expansion_ratio, 2",
        "falcon, num_ln_in_parallel_attn, 2",
        "falcon-two-norms, num_ln_in_parallel_attn, 3",
    })
    void whatIsNotComputedIsRefused(String family, String key, String value) {
        UserError error = refused(family, config -> put(config, key, value));
        assertEquals(ErrorCode.UNSUPPORTED_CONFIG, error.code());
        assertTrue(text(error).contains(key + " is " + value), text(error));
    }

    /** transformers takes Gemma 1's gelu for the approximation that the models were trained with, and every other word as it is. */
    @ParameterizedTest
    @CsvSource({
        "gemma, , , GELU_TANH",
        "gemma, , gelu, GELU_TANH",
        "gemma, , gelu_pytorch_tanh, GELU_TANH",
        "gemma, , relu, RELU",
        "gemma, , silu, SILU",
        "gemma, gelu, relu, GELU",
        "gemma3_text, , relu, GELU_TANH",
    })
    void whereGemmaNamesItsActivation(String family, String activation, String older, Activation taken) {
        assertEquals(
                taken,
                config(
                                family,
                                config -> config.put("hidden_activation", activation)
                                        .put("hidden_act", older))
                        .activation());
        if (activation == null)
            assertEquals(
                    taken,
                    config(family, config -> config.put("hidden_act", older).remove("hidden_activation"))
                            .activation());
    }

    @Test
    void anActivationOfGemmaThatIsNotComputedIsNamedByItsKey() {
        UserError error =
                refused("gemma", config -> config.put("hidden_act", "mish").remove("hidden_activation"));
        assertTrue(text(error).contains("hidden_act is mish, which is not supported"), text(error));
    }

    @Test
    void embeddingsMayHaveAnotherWidth() {
        ModelConfig projected = config("opt-projected", config -> {});
        assertEquals(List.of(16, 12), List.of(projected.dModel(), projected.dEmbedding()));
        assertTrue(projected.has(Family.Part.EMBEDDING_IN) && projected.has(Family.Part.EMBEDDING_OUT));
        assertFalse(config("opt", config -> {}).has(Family.Part.EMBEDDING_IN));
        assertEquals(config("opt", config -> {}), config("opt", config -> config.remove("word_embed_proj_dim")));
    }

    @Test
    void settingsTellTheFormsOfFalconApart() {
        assertEquals(
                List.of(1, 4, 2, 2),
                Stream.of("falcon", "falcon-every-head", "falcon-two-norms", "falcon-one-norm")
                        .map(family -> config(family, config -> {}).kvHeads())
                        .toList());
        assertEquals(
                List.of(true, false, true, true),
                Stream.of("falcon", "falcon-every-head", "falcon-two-norms", "falcon-one-norm")
                        .map(family -> config(family, config -> {}).parallel())
                        .toList());
        // As Falcon 7B's own file has it: what the new architecture alone reads counts for nothing.
        assertEquals(config("falcon", config -> {}), config("falcon", config -> config.put("num_kv_heads", 4)));
        UserError error = refused("falcon", config -> config.put("new_decoder_architecture", "yes"));
        assertTrue(text(error).contains("new_decoder_architecture is \"yes\""), text(error));
    }

    @Test
    void someLayersTurnNeitherQueriesNorKeys() {
        List<Boolean> every = List.of(true, false, true);
        assertEquals(every, turned("smollm3", config -> {}));
        assertEquals(every, turned("cohere2", config -> {}));
        assertEquals(
                every,
                turned(
                        "smollm3",
                        config -> config.put("no_rope_layer_interval", 2).remove("no_rope_layers")));
        assertEquals(List.of(true, true, true), turned("smollm3", config -> config.remove("no_rope_layers")));
        assertEquals(List.of(0, 5, 0), windows("smollm3", config -> config.remove("layer_types")));
        assertEquals(
                List.of(0, 0, 0),
                windows(
                        "smollm3",
                        config -> config.put("use_sliding_window", false).remove("layer_types")));
        for (String list : List.of("[1, 0]", "[1, 0, 2]", "[1, 0, null]", "[1, 0, 0.5]", "7")) {
            UserError error = refused("smollm3", config -> put(config, "no_rope_layers", list));
            assertTrue(text(error).contains("no_rope_layers"), text(error));
        }
    }

    @Test
    void olmo3StretchesOnlyLayersWithoutAWindow() {
        List<AttentionShape> layers = config("olmo3", config -> {}).attention();
        assertEquals(
                Math.pow(500, -0.5),
                layers.get(0).rotary().orElseThrow().frequencies().get(1),
                1e-15);
        assertEquals(1, layers.get(0).rotary().orElseThrow().factor());
        assertTrue(layers.get(1).rotary().orElseThrow().factor() > 1);
        assertEquals(List.of(5, 0, 5), windows("olmo3", config -> {}));
    }

    private List<Boolean> turned(String family, Consumer<ObjectNode> change) {
        return config(family, change).attention().stream()
                .map(layer -> layer.rotary().isPresent())
                .toList();
    }

    /** @param key with a point where it lies within another */
    private static void put(ObjectNode config, String key, String value) {
        int point = key.indexOf('.');
        ObjectNode at = point < 0 ? config : (ObjectNode) config.get(key.substring(0, point));
        try {
            at.set(key.substring(point + 1), MAPPER.readTree(value));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void anUnknownScalingIsRefused() {
        UserError error =
                refused("llama-yarn", config -> ((ObjectNode) config.get("rope_scaling")).put("rope_type", "spiral"));
        assertTrue(
                text(error).contains("rope_scaling of type spiral is not supported (supported: linear"), text(error));
    }

    private List<Integer> windows(String family, Consumer<ObjectNode> change) {
        return config(family, change).attention().stream()
                .map(AttentionShape::window)
                .toList();
    }

    private ModelConfig config(String family, Consumer<ObjectNode> change) {
        try {
            ObjectNode config = (ObjectNode) MAPPER.readTree(
                    Fixture.family(family).resolve("config.json").toFile());
            change.accept(config);
            Files.createDirectories(folder);
            MAPPER.writeValue(folder.resolve("config.json").toFile(), config);
            return ModelConfig.read("tiny", folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private UserError refused(String family, Consumer<ObjectNode> change) {
        return assertThrows(UserError.class, () -> config(family, change));
    }

    private static void rename(ObjectNode config, String from, String to) {
        config.set(to, config.remove(from));
    }

    private static String text(UserError error) {
        return error.getMessage() + " " + error.help();
    }
}
