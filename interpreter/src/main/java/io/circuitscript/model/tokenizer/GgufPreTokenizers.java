package io.circuitscript.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How each family's byte-level tokenizer cuts a text into words before it merges bytes. A GGUF file has only a name for that,
 * {@code tokenizer.ggml.pre}; the parts are in {@code pre-tokenizers.json}, as the families' own tokenizer.json have them.
 */
final class GgufPreTokenizers {
    private static final String FILE = "pre-tokenizers.json";

    /**
     * What one name stands for.
     *
     * @param normalizer as tokenizer.json has it; null where there is none
     * @param preTokenizer as tokenizer.json has it
     * @param ignoreMerges whether a word that is a token is that token, whatever the merges make of it
     * @param begins whether the family's tokenizer has a token that begins a sequence
     */
    record Parts(JsonNode normalizer, JsonNode preTokenizer, boolean ignoreMerges, boolean begins) {}

    private static final Map<String, Parts> BY_NAME = read();

    private GgufPreTokenizers() {}

    static Optional<Parts> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Every name, in the table's order. */
    static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** Every regular expression of the table. */
    static Set<String> patterns() {
        Set<String> patterns = new TreeSet<>();
        for (Parts parts : BY_NAME.values()) {
            for (JsonNode part : TokenizerFile.parts(parts.preTokenizer())) {
                String pattern = part.path("pattern").path("Regex").asText("");
                if (!pattern.isEmpty()) patterns.add(pattern);
            }
        }
        return patterns;
    }

    private static Map<String, Parts> read() {
        Map<String, Parts> parts = new LinkedHashMap<>();
        try (InputStream in = GgufPreTokenizers.class.getResourceAsStream(FILE)) {
            for (JsonNode row : new ObjectMapper().readTree(in)) {
                var made = new Parts(
                        row.get("normalizer"),
                        row.get("pre_tokenizer"),
                        row.path("ignore_merges").asBoolean(),
                        !row.path("no_bos").asBoolean());
                for (JsonNode name : row.path("names")) parts.put(name.textValue(), made);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parts;
    }
}
