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
        "phi, qk_layernorm, true",
        "stablelm, qk_layernorm, true",
    })
    void whatIsNotComputedIsRefused(String family, String key, boolean value) {
        UserError error = refused(family, config -> config.put(key, value));
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
    void embeddingsOfAnotherWidthAreNamed() {
        UserError error = refused("opt", config -> config.put("word_embed_proj_dim", 16));
        assertEquals(ErrorCode.UNSUPPORTED_CONFIG, error.code());
        assertTrue(
                text(error)
                        .startsWith(
                                "word_embed_proj_dim is 16 and hidden_size is 24, which is not supported: two further matrices"),
                text(error));
        assertEquals(config("opt", config -> {}), config("opt", config -> config.remove("word_embed_proj_dim")));
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
