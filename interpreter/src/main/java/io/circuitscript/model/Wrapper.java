package io.circuitscript.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model of images and text whose text part is a model of a family: given text alone, it computes what that model does. Its configuration has the
 * text part's within it, and its tensors stand beside those of other parts.
 *
 * @param type the {@code model_type} of config.json
 */
record Wrapper(String type) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Types that are computed, with the type of their text part where config.json does not say it. */
    private static final Map<String, String> TEXT_TYPES = Map.ofEntries(
            Map.entry("aya_vision", "cohere2"),
            Map.entry("gemma3", "gemma3_text"),
            Map.entry("idefics3", "llama"),
            Map.entry("internvl", "qwen2"),
            Map.entry("llava", "llama"),
            Map.entry("llava_next", "llama"),
            Map.entry("llava_onevision", "qwen2"),
            Map.entry("mistral3", "mistral"),
            Map.entry("qwen2_vl", "qwen2_vl_text"),
            Map.entry("qwen2_5_vl", "qwen2_5_vl_text"),
            Map.entry("qwen3_vl", "qwen3_vl_text"),
            Map.entry("smolvlm", "llama"));

    /** Older files of these have the text part's settings among their own. */
    private static final List<String> FLAT = List.of("qwen2_vl", "qwen2_5_vl");

    /** Text parts that differ from a family only by images, for which positions have three axes: those of text are equal. */
    private static final Map<String, String> FAMILIES =
            Map.of("qwen2_vl_text", "qwen2", "qwen2_5_vl_text", "qwen2", "qwen3_vl_text", "qwen3");

    /** What transformers takes where a text part's configuration leaves it out: some leave out all that is usual. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "llama",
            """
            {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
             "num_attention_heads": 32, "hidden_act": "silu", "max_position_embeddings": 2048, "rms_norm_eps": 1e-6}""",
            "mistral",
            """
            {"vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 8, "hidden_act": "silu", "max_position_embeddings": 131072,
             "rms_norm_eps": 1e-6, "sliding_window": 4096}""",
            "qwen2",
            """
            {"vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 32, "hidden_act": "silu", "max_position_embeddings": 32768,
             "rms_norm_eps": 1e-6, "sliding_window": 4096, "max_window_layers": 28}""",
            "qwen3",
            """
            {"vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 32, "hidden_act": "silu", "max_position_embeddings": 32768,
             "rms_norm_eps": 1e-6, "sliding_window": 4096, "max_window_layers": 28}""",
            "qwen2_vl_text",
            """
            {"vocab_size": 152064, "hidden_size": 8192, "intermediate_size": 29568, "num_hidden_layers": 80,
             "num_attention_heads": 64, "num_key_value_heads": 8, "hidden_act": "silu", "max_position_embeddings": 32768,
             "rms_norm_eps": 1e-5, "rope_theta": 1000000.0, "sliding_window": 4096, "max_window_layers": 80}""",
            "qwen2_5_vl_text",
            """
            {"vocab_size": 152064, "hidden_size": 8192, "intermediate_size": 29568, "num_hidden_layers": 80,
             "num_attention_heads": 64, "num_key_value_heads": 8, "hidden_act": "silu", "max_position_embeddings": 32768,
             "rms_norm_eps": 1e-5, "rope_theta": 1000000.0, "sliding_window": 4096, "max_window_layers": 80}""",
            "qwen3_vl_text",
            """
            {"vocab_size": 151936, "hidden_size": 4096, "intermediate_size": 22016, "num_hidden_layers": 32,
             "num_attention_heads": 32, "num_key_value_heads": 32, "head_dim": 128, "hidden_act": "silu",
             "max_position_embeddings": 128000, "rms_norm_eps": 1e-6, "rope_theta": 5000000.0}""",
            "gemma3_text",
            """
            {"vocab_size": 262208, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
             "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "hidden_activation": "gelu_pytorch_tanh",
             "max_position_embeddings": 131072, "rms_norm_eps": 1e-6, "query_pre_attn_scalar": 256, "sliding_window": 4096}""",
            "cohere2",
            """
            {"vocab_size": 256000, "hidden_size": 8192, "intermediate_size": 22528, "num_hidden_layers": 40,
             "num_attention_heads": 64, "max_position_embeddings": 8192}""");

    /** How the names of the text part's tensors begin, in files of several versions. */
    private static final Pattern TEXT =
            Pattern.compile("^(?:(?:model\\.)?language_model\\.(?:model\\.)?|(?:model\\.)?text_model\\.|model\\.)");

    /** How those of all else begin. */
    private static final Pattern OTHER = Pattern.compile("^(?:model\\.)?(?:vision_tower|vision_model|visual|connector|"
            + "multi_modal_projector|image_newline)(?:\\.|$).*");

    private static final Pattern UNEMBEDDING = Pattern.compile("^(?:(?:model\\.)?language_model\\.)?lm_head\\.");

    /** What a configuration is of, where it holds a text model that is computed. */
    static Optional<Wrapper> of(ObjectNode json) {
        String type = json.path("model_type").asText("");
        return TEXT_TYPES.containsKey(type) ? Optional.of(new Wrapper(type)) : Optional.empty();
    }

    /** The text part's configuration as that of a model of its own; empty where there is none. */
    Optional<ObjectNode> text(ObjectNode json) {
        ObjectNode text = json.deepCopy();
        if (json.path("text_config") instanceof ObjectNode own) {
            text = own.deepCopy();
            for (String outside : List.of("tie_word_embeddings", "quantization_config")) {
                if (!text.hasNonNull(outside) && json.hasNonNull(outside)) text.set(outside, json.get(outside));
            }
        } else if (FLAT.contains(type) && json.path("text_config").isMissingNode()) {
            text.put("model_type", TEXT_TYPES.get(type));
        } else {
            return Optional.empty();
        }
        String textType = text.path("model_type").asText(TEXT_TYPES.get(type));
        ObjectNode whole = defaults(textType);
        whole.setAll(text);
        whole.put("model_type", FAMILIES.getOrDefault(textType, textType));
        if (FAMILIES.containsKey(textType)) withOneAxis(whole);
        return Optional.of(whole);
    }

    private static ObjectNode defaults(String textType) {
        try {
            return (ObjectNode) MAPPER.readTree(DEFAULTS.getOrDefault(textType, "{}"));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where positions have three axes, those of text are the same on each. */
    private static void withOneAxis(ObjectNode text) {
        for (String key : List.of("rope_scaling", "rope_parameters")) {
            if (!(text.get(key) instanceof ObjectNode scaling)) continue;
            for (String name : List.of("type", "rope_type")) {
                if (scaling.path(name).asText("").equals("mrope")) scaling.put(name, "default");
            }
        }
    }

    /** A tensor's name as a model of the text part alone would have it; empty where it is of another part. */
    Optional<String> textName(String name) {
        if (OTHER.matcher(name).matches()) return Optional.empty();
        Matcher unembedding = UNEMBEDDING.matcher(name);
        if (unembedding.lookingAt()) return Optional.of("lm_head." + name.substring(unembedding.end()));
        Matcher text = TEXT.matcher(name);
        return Optional.of(text.lookingAt() ? "model." + name.substring(text.end()) : name);
    }

    /** @param leftOut how many tensors are of other parts */
    String note(String family, int leftOut) {
        return "config.json is of a " + type + ", which holds a text model of type " + family
                + ": that one is loaded, and the " + leftOut + " tensors of its other parts are left out";
    }
}
