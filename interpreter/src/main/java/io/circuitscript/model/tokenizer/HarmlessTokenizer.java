package io.circuitscript.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which tokenizers the native library runs without a way to panic, hang or take all memory: those made of nothing but the parts below, as the
 * supported families' own are. Others run in a process of their own, see {@link TokenizerProcess}. A new pattern gets in here once it has taken
 * the longest text that we give the library. What parts do together is limited too: how many there are, and which of them make a text longer.
 */
public final class HarmlessTokenizer {
    private static final String LLAMA3 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
                    + "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Beginnings of words that have a capital letter inside begin a token of their own. */
    private static final String CASED =
            "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+$1"
                    + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*$1"
                    + "|$2| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** Pieces of the families' patterns. Two digits are what the bundled model splits off. */
    public static final Set<String> PATTERNS = Stream.concat(
                    Stream.of(
                            LLAMA3,
                            LLAMA3.replace("{1,3}", ""), // Qwen 2 and 3, StableLM 2
                            CASED.replace("$1", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")
                                    .replace("$2", "\\p{N}{1,3}"), // Phi-4-mini
                            CASED.replace("$1", "").replace("$2", "\\p{N}"), // Mistral Nemo
                            " ?[^(\\s|[.,!?…。，、।۔،])]+", // BLOOM
                            " ?\\d{2}"),
                    GgufPreTokenizers.patterns().stream())
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<String> NORMALIZERS = Set.of("NFC", "NFD", "NFKC", "NFKD", "Lowercase");

    private static final Set<String> PRE_TOKENIZERS = Set.of(
            "ByteLevel", "Whitespace", "WhitespaceSplit", "Digits", "Punctuation", "BertPreTokenizer", "Metaspace");

    private static final Set<String> DECODERS = Set.of("ByteLevel", "ByteFallback", "Fuse", "Metaspace");

    /** Each of these makes every piece longer: the bytes of a letter are written as letters, and a space is put in front. */
    private static final Set<String> LENGTHENING = Set.of("ByteLevel", "Metaspace");

    /** Each part reads the whole text; real tokenizers have up to eight, sequences counted. */
    private static final int MOST_PARTS = 12;

    /** Characters of a token; those of real vocabularies have some hundred. A text is decoded to as many of them as it has tokens. */
    private static final int LONGEST_TOKEN = 1000;

    /** Parts within parts; those of real models are one within another. */
    private static final int DEEPEST = 8;

    private HarmlessTokenizer() {}

    static boolean is(ObjectNode json) {
        return isModel(json.path("model"))
                && isNormalizer(json.path("normalizer"), 0)
                && isPreTokenizer(json.path("pre_tokenizer"), 0)
                && isDecoder(json.path("decoder"), 0)
                && areFew(json)
                && areShort(json);
    }

    private static boolean areFew(ObjectNode json) {
        List<JsonNode> splitting = TokenizerFile.parts(json.path("pre_tokenizer"));
        int all = splitting.size()
                + TokenizerFile.parts(json.path("normalizer")).size()
                + TokenizerFile.parts(json.path("decoder")).size();
        return all <= MOST_PARTS
                && splitting.stream()
                                .filter(part -> LENGTHENING.contains(type(part)))
                                .count()
                        <= 1;
    }

    private static boolean areShort(ObjectNode json) {
        for (var token : json.path("model").path("vocab").properties())
            if (token.getKey().length() > LONGEST_TOKEN) return false;
        for (JsonNode added : json.path("added_tokens"))
            if (added.path("content").asText("").length() > LONGEST_TOKEN) return false;
        return json.path("model").path("unk_token").asText("").length() <= LONGEST_TOKEN;
    }

    /** Those that cut from what is merged a prefix that need not be there are not; those of scores take a piece down by a call for each byte. */
    private static boolean isModel(JsonNode model) {
        String type = model.path("type").asText(model.path("merges").isArray() ? "BPE" : "");
        boolean affixed = !model.path("continuing_subword_prefix").asText("").isEmpty()
                || !model.path("end_of_word_suffix").asText("").isEmpty();
        return type.equals("BPE") && !affixed || type.equals("WordLevel");
    }

    private static boolean isNormalizer(JsonNode part, int depth) {
        return switch (type(part)) {
            case "" -> isNone(part);
            case "Sequence" -> each(part.path("normalizers"), depth, HarmlessTokenizer::isNormalizer);
            case "Prepend" -> isCharacter(part.path("prepend"));
            case "Replace" -> isReplacement(part);
            case String type -> NORMALIZERS.contains(type);
        };
    }

    private static boolean isPreTokenizer(JsonNode part, int depth) {
        return switch (type(part)) {
            case "" -> isNone(part);
            case "Sequence" -> each(part.path("pretokenizers"), depth, HarmlessTokenizer::isPreTokenizer);
            case "Split" ->
                literal(part).isPresent()
                        || PATTERNS.contains(part.path("pattern").path("Regex").asText(""));
            case String type -> PRE_TOKENIZERS.contains(type);
        };
    }

    private static boolean isDecoder(JsonNode part, int depth) {
        return switch (type(part)) {
            case "" -> isNone(part);
            case "Sequence" -> each(part.path("decoders"), depth, HarmlessTokenizer::isDecoder);
            case "Replace" -> isReplacement(part);
            case "Strip" ->
                part.path("start").asInt(-1) >= 0 && part.path("stop").asInt(-1) == 0;
            case String type -> DECODERS.contains(type);
        };
    }

    private interface Test {
        boolean of(JsonNode part, int depth);
    }

    private static boolean each(JsonNode parts, int depth, Test test) {
        if (!parts.isArray() || depth == DEEPEST) return false;
        for (JsonNode part : parts) if (!test.of(part, depth + 1)) return false;
        return true;
    }

    private static boolean isNone(JsonNode part) {
        return part.isNull() || part.isMissingNode();
    }

    private static String type(JsonNode part) {
        return part.path("type").asText("");
    }

    /**
     * A text for a text, and as good as no longer: neither nothing for something, nor something for nothing. What is put in is nothing that
     * another part writes as several characters, of which the next replaces each again.
     */
    private static boolean isReplacement(JsonNode part) {
        String content = part.path("content").asText("");
        return literal(part).isPresent()
                && isCharacter(part.path("content"))
                && Normalizer.isNormalized(content, Normalizer.Form.NFKD)
                && content.equals(content.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> literal(JsonNode part) {
        JsonNode pattern = part.path("pattern");
        return pattern.size() == 1
                ? Optional.of(pattern.path("String").asText("")).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private static boolean isCharacter(JsonNode text) {
        return text.isTextual()
                && text.textValue().codePointCount(0, text.textValue().length()) == 1;
    }
}
