package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks through a tokenizer.json before the native library sees it, for what the library does not refuse but ends the whole process on, or
 * takes hours and all memory for.
 */
final class TokenizerScreen {
    /** A normalizer reads tables at places that the file gives; this pre-tokenizer divides by a length that it gives. */
    private static final Set<String> ENDS_THE_PROCESS = Set.of("Precompiled", "FixedLength");

    /** How many times longer normalizers may make a text; those of real models make it three times as long. */
    private static final long MOST_GROWTH = 256;

    private static final int LONGEST_PATTERN = 4000;

    /** What a file may say of an id, and more than any model has embeddings. */
    private static final int LARGEST_ID = 1 << 28;

    /** A group that may come again without end and has no group in it. */
    private static final Pattern REPEATED_GROUP = Pattern.compile("(?<!\\\\)\\((?:[^()\\\\]|\\\\.)*\\)(?:[*+]|\\{\\d+,\\})");

    /** What makes such a group ambiguous: a choice, or a part that may itself come again without end. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?<!\\\\)(?:[*+|]|\\{\\d+,\\})");

    private TokenizerScreen() {}

    /** Why a file cannot be used; empty where nothing speaks against it. */
    static Optional<String> refusal(ObjectNode json) {
        return refusedPart(json)
                .or(() -> growth(json.path("normalizer")) > MOST_GROWTH ? Optional.of("its normalizer makes texts too long") : Optional.empty())
                .or(() -> refusedId(json));
    }

    private static Optional<String> refusedPart(JsonNode json) {
        for (String place : new String[] {"normalizer", "pre_tokenizer", "decoder"}) {
            for (JsonNode part : json.path(place).findParents("type")) {
                String type = part.path("type").asText();
                if (ENDS_THE_PROCESS.contains(type)) return Optional.of("a " + place + " of type " + type + " is not supported");
                if (type.equals("Strip") && part.path("stop").asLong(0) != 0) return Optional.of("a decoder that strips the ends of tokens is not supported");
                if (!isHarmless(part.path("pattern").path("Regex").asText(""))) return Optional.of("a pattern of its " + place + " may take without end");
            }
        }
        return Optional.empty();
    }

    /** Whether a pattern cannot be made to try exponentially many ways through a text, upon which the library ends the process. */
    private static boolean isHarmless(String pattern) {
        if (pattern.length() > LONGEST_PATTERN) return false;
        // Signs in brackets stand for themselves, and those before `(` and after `?` say what kind of group it is.
        String plain = pattern.replaceAll("\\\\.", "e").replaceAll("\\[[^\\]]*\\]", "c").replaceAll("\\(\\?[a-z:=!<>]*", "(");
        while (true) {
            Matcher group = REPEATED_GROUP.matcher(plain);
            while (group.find()) {
                String inside = plain.substring(group.start() + 1, plain.lastIndexOf(')', group.end() - 1));
                if (AMBIGUOUS.matcher(inside).find()) return false;
            }
            // Innermost groups become what they may: something that comes again, or not.
            String outer = Pattern.compile("\\(([^()]*)\\)").matcher(plain)
                    .replaceAll(inner -> AMBIGUOUS.matcher(inner.group(1)).find() ? "c+" : "c");
            if (outer.equals(plain)) return true;
            plain = outer;
        }
    }

    /** How many times longer a text may become. */
    private static long growth(JsonNode normalizer) {
        long times = 1 + normalizer.path("content").asText("").length() + normalizer.path("prepend").asText("").length();
        for (JsonNode part : normalizer.path("normalizers")) times = Math.min(MOST_GROWTH + 1, times * growth(part));
        return times;
    }

    private static Optional<String> refusedId(ObjectNode json) {
        JsonNode pieces = json.path("model").path("vocab");
        if (pieces.isObject()) {
            for (JsonNode id : pieces) if (!isId(id)) return Optional.of("its vocabulary has a token of the id " + id);
        }
        for (JsonNode added : json.path("added_tokens")) {
            if (!isId(added.path("id"))) return Optional.of("it adds a token of the id " + added.path("id"));
        }
        return Optional.empty();
    }

    private static boolean isId(JsonNode id) {
        return id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0 && id.intValue() < LARGEST_ID;
    }
}
