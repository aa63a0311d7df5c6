package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognises quantized weights, by the configuration or by the names of their tensors, and refuses them. */
final class Quantization {
    private static final String BITSANDBYTES = "bitsandbytes";

    /** The names of methods as their makers write them, by {@code quant_method} in config.json. */
    private static final Map<String, String> NAMES = Map.of(
            "gptq",
            "GPTQ",
            "awq",
            "AWQ",
            "bitsandbytes",
            BITSANDBYTES,
            "fp8",
            "FP8",
            "fbgemm_fp8",
            "FP8",
            "mxfp4",
            "MXFP4",
            "hqq",
            "HQQ");

    /** The keys of config.json that describe a quantization: transformers' own, an older one, and MLX's. */
    private static final List<String> KEYS = List.of("quantization_config", "compression_config", "quantization");

    private static final Pattern INTEGERS = Pattern.compile(".*\\.(qweight|qzeros)");
    private static final Pattern PACKED = Pattern.compile(".*\\.(SCB|absmax|quant_map|quant_state\\..*)");
    private static final Pattern SCALED = Pattern.compile(".*\\.(weight_scale|weight_scale_inv|weight_packed)");

    private Quantization() {}

    /** @throws UserError if a configuration says that its weights are quantized */
    static void refuse(ObjectNode config, Object file) {
        for (String key : KEYS) {
            JsonNode value = config.path(key);
            if (value.isObject() && !value.isEmpty()) throw error(name(key, value), key + " in " + file);
        }
    }

    private static String name(String key, JsonNode value) {
        String method = value.path("quant_method").asText("");
        boolean flags = value.path("load_in_4bit").asBoolean()
                || value.path("load_in_8bit").asBoolean();
        if (method.isEmpty() && flags) method = BITSANDBYTES;
        if (method.isEmpty()) method = key.equals("quantization") ? "MLX" : "a method that it does not name";
        return NAMES.getOrDefault(method.toLowerCase(Locale.ROOT), method);
    }

    /** @throws UserError if the tensors' names show it: the configuration in older folders does not mention it */
    static void refuse(Set<String> tensors, Object where) {
        first(tensors, INTEGERS).ifPresent(name -> {
            throw error("GPTQ or AWQ", "tensor " + name + " in " + where);
        });
        first(tensors, PACKED).ifPresent(name -> {
            throw error(BITSANDBYTES, "tensor " + name + " in " + where);
        });
        first(tensors, SCALED).ifPresent(name -> {
            throw error("a method that its configuration does not name", "tensor " + name + " in " + where);
        });
    }

    private static Optional<String> first(Set<String> names, Pattern pattern) {
        return names.stream().filter(name -> pattern.matcher(name).matches()).findFirst();
    }

    private static UserError error(String method, String where) {
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.WEIGHTS_QUANTIZED,
                "the weights are quantized by " + method + ", which is not supported",
                List.of(where),
                "load the model that was quantized, with weights in float32, float16 or bfloat16");
    }
}
