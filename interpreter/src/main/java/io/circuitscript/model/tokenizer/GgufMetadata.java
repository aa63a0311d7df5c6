package io.circuitscript.model.tokenizer;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a GGUF file's metadata says of its tokenizer, checked as it is read.
 *
 * @param file for messages
 * @param values by their whole keys: texts, {@link Long}, {@link Double}, {@link Boolean}, {@code List}, {@code int[]} and {@code float[]}
 */
record GgufMetadata(String file, Map<String, Object> values) {
    static final String PREFIX = "tokenizer.ggml.";

    Optional<String> text(String key) {
        Object value = values.get(PREFIX + key);
        if (value == null) return Optional.empty();
        if (value instanceof String text) return Optional.of(text);
        throw malformed(PREFIX + key + " is not a text");
    }

    Optional<Boolean> flag(String key) {
        Object value = values.get(PREFIX + key);
        if (value == null) return Optional.empty();
        if (value instanceof Boolean flag) return Optional.of(flag);
        throw malformed(PREFIX + key + " is neither true nor false");
    }

    /** A token's id. @param tokens how many there are */
    OptionalInt id(String key, int tokens) {
        Object value = values.get(PREFIX + key);
        if (value == null) return OptionalInt.empty();
        if (value instanceof Long id && id >= 0 && id < tokens) return OptionalInt.of(Math.toIntExact(id));
        throw malformed(PREFIX + key + " is " + value + ", which is none of the ids of its " + tokens + " tokens");
    }

    /** A list of texts. */
    Optional<List<String>> texts(String key) {
        Object value = values.get(PREFIX + key);
        if (value == null) return Optional.empty();
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance))
            return Optional.of(list.stream().map(String.class::cast).toList());
        throw malformed(PREFIX + key + " is not a list of texts");
    }

    /** A list of whole numbers. */
    Optional<int[]> ints(String key) {
        Object value = values.get(PREFIX + key);
        if (value == null) return Optional.empty();
        if (value instanceof int[] numbers) return Optional.of(numbers);
        throw malformed(PREFIX + key + " is not a list of whole numbers");
    }

    /** A list of finite numbers, one for each token. */
    Optional<float[]> numbers(String key, int tokens) {
        Object value = values.get(PREFIX + key);
        if (value == null) return Optional.empty();
        if (!(value instanceof float[] numbers)) throw malformed(PREFIX + key + " is not a list of numbers");
        if (numbers.length != tokens)
            throw malformed(PREFIX + key + " has " + numbers.length + " numbers for " + tokens + " tokens");
        for (float number : numbers)
            if (!Float.isFinite(number)) throw malformed(PREFIX + key + " has " + number + " in it");
        return Optional.of(numbers);
    }

    /** The model's family, as llama.cpp names it; empty where it is not said. */
    String architecture() {
        return values.get("general.architecture") instanceof String text ? text : "";
    }

    UserError malformed(String why) {
        return UserError.input(
                ErrorCode.TOKENIZER_MALFORMED,
                "the tokenizer in " + file + " is damaged: " + why,
                "download the model again, or convert it again");
    }

    /** That there is a tokenizer, and it cannot be run. */
    UserError unsupported(String why) {
        return UserError.input(
                ErrorCode.TOKENIZER_MALFORMED,
                "the tokenizer in " + file + " is not supported: " + why,
                "put the tokenizer.json of the model that it was made from beside it");
    }
}
