package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks through a tokenizer.json before the native library sees it, for what the library does not refuse but ends the whole process on, or
 * takes hours and all memory for.
 */
final class TokenizerScreen {
    /** A normalizer reads tables at places that the file gives; this pre-tokenizer divides by a length that it gives. */
    private static final Set<String> ENDS_THE_PROCESS = Set.of("Precompiled", "FixedLength");

    /** How many times longer normalizers may make a text; those of real models make it three times as long. */
    private static final long MOST_GROWTH = 256;

    private static final List<String> PLACES = List.of("normalizer", "pre_tokenizer", "decoder");

    private static final List<String> SEQUENCES = List.of("normalizers", "pretokenizers", "decoders");

    private static final int LONGEST_PATTERN = 4000;

    /** What a file may say of an id, and more than any model has embeddings. */
    private static final int LARGEST_ID = 1 << 28;

    /** A group that may come again without end and has no group in it. */
    private static final Pattern REPEATED_GROUP = Pattern.compile("(?<!\\\\)\\((?:[^()\\\\]|\\\\.)*\\)(?:[*+]|\\{\\d+,\\})");

    /** What makes such a group ambiguous: a choice, or a part that may itself come again without end. */
    private static final Pattern AMBIGUOUS = Pattern.compile("(?<!\\\\)(?:[*+|]|\\{\\d+,\\})");

    private static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)");

    /** A pattern in which spaces and what follows a hash sign are no part of it. */
    private static final Pattern FREE_SPACING = Pattern.compile("\\(\\?[a-z]*x");

    /** Something that must be there. */
    private static final Pattern TAKEN = Pattern.compile("[^?*+{}](?![?*]|\\{0|\\{,)");

    /** Pieces of real models have 64 characters at most, or some more of spaces. */
    private static final int LONGEST_PIECE = 1000;

    /** Parts within parts; those of real models are one within another. */
    private static final int DEEPEST = 16;

    /** They take spaces, accents and signs that control something away. */
    private static final Set<String> REMOVES = Set.of("Strip", "StripAccents", "BertNormalizer", "Nmt");

    private TokenizerScreen() {}

    /** Why a file cannot be used; empty where nothing speaks against it. */
    static Optional<String> refusal(ObjectNode json) {
        return refusedNesting(json)
                .or(() -> refusedPart(json))
                .or(() -> refusedMerge(json.path("model")))
                .or(() -> refusedPiece(json.path("model").path("vocab")))
                .or(() -> refusedAdded(json))
                .or(() -> growth(json.path("normalizer")) > MOST_GROWTH ? Optional.of("its normalizer makes texts too long") : Optional.empty())
                .or(() -> refusedId(json));
    }

    private static Optional<String> refusedPart(JsonNode json) {
        for (String place : PLACES) {
            for (JsonNode part : parts(json.path(place))) {
                String type = part.path("type").asText();
                if (type.isEmpty()) return Optional.of("a part of its " + place + " has no type");
                if (ENDS_THE_PROCESS.contains(type)) return Optional.of("a " + place + " of type " + type + " is not supported");
                if (type.equals("Strip") && part.path("stop").asLong(0) != 0) return Optional.of("a decoder that strips the ends of tokens is not supported");
                String pattern = part.path("pattern").path("Regex").asText("");
                if (!isHarmless(pattern)) return Optional.of("a pattern of its " + place + " may take without end");
                if (place.equals("normalizer") && insertsNowhere(part, type, pattern)) {
                    return Optional.of("its normalizer puts something in where it found nothing, which is not supported");
                }
            }
        }
        return Optional.empty();
    }

    /** A part, and those that it is a sequence of. */
    private static List<JsonNode> parts(JsonNode part) {
        List<JsonNode> parts = new ArrayList<>();
        if (part.isObject()) parts.add(part);
        for (String sequence : SEQUENCES) for (JsonNode inner : part.path(sequence)) parts.addAll(parts(inner));
        return parts;
    }

    /** Upon which the library loses count of where it is in a text. */
    private static boolean insertsNowhere(JsonNode part, String type, String pattern) {
        return switch (type) {
            case "Prepend" -> part.path("prepend").asText("").isEmpty();
            case "Replace" -> part.path("pattern").has("Regex") ? !takesSomething(pattern) : part.path("pattern").path("String").asText("").isEmpty();
            default -> false;
        };
    }

    /** Whether all that a pattern finds has at least a character. In doubt, not. */
    private static boolean takesSomething(String pattern) {
        if (pattern.length() > LONGEST_PATTERN || pattern.contains("\\K") || FREE_SPACING.matcher(pattern).find()) return false;
        // Places between characters and what was found before take nothing; other escapes, and signs in brackets, one character.
        String plain = pattern.replaceAll("\\\\[bBAzZGyY1-9k]", "")
                .replaceAll("\\\\.", "e")
                .replaceAll("\\[[^\\]]*\\]", "c")
                .replaceAll("\\(\\?(?:[:>]|[imsa-]+:|<[A-Za-z]\\w*>)", "(")
                .replaceAll("[\\^$]", "");
        while (plain.contains("(")) {
            // Innermost groups; those that still begin with a question mark only look, or take what cannot be said.
            String outer = GROUP.matcher(plain).replaceAll(group -> !group.group(1).startsWith("?") && eachTakesSomething(group.group(1)) ? "c" : "");
            if (outer.equals(plain)) return false;
            plain = outer;
        }
        return eachTakesSomething(plain);
    }

    private static boolean eachTakesSomething(String choices) {
        return Stream.of(choices.split("\\|", -1)).allMatch(choice -> TAKEN.matcher(choice).find());
    }

    private static Optional<String> refusedNesting(JsonNode json) {
        return PLACES.stream().filter(place -> depth(json.path(place)) > DEEPEST).findFirst().map(place -> "its " + place + " has too many parts within parts");
    }

    private static int depth(JsonNode part) {
        int deepest = 0;
        for (JsonNode inner : part) deepest = Math.max(deepest, 1 + depth(inner));
        return deepest;
    }

    /** The library cuts the prefix from what is merged to the token before it, without looking whether it is there. */
    private static Optional<String> refusedMerge(JsonNode model) {
        String prefix = model.path("continuing_subword_prefix").asText("");
        if (prefix.isEmpty()) return Optional.empty();
        for (JsonNode merge : model.path("merges")) {
            String second = merge.isArray() ? merge.path(1).asText() : merge.asText().substring(merge.asText().indexOf(' ') + 1);
            if (!second.startsWith(prefix)) return Optional.of("it merges " + merge + ", whose second part does not begin with " + prefix);
        }
        return Optional.empty();
    }

    /** The library keeps a vocabulary with scores as a tree of bytes, and takes it down by a call within a call for each byte of a piece: a long one has no end of them. */
    private static Optional<String> refusedPiece(JsonNode vocabulary) {
        if (!vocabulary.isArray()) return Optional.empty();
        for (JsonNode piece : vocabulary) {
            if (piece.path(0).asText().length() > LONGEST_PIECE) return Optional.of("a piece of its vocabulary is longer than " + LONGEST_PIECE + " characters");
        }
        return Optional.empty();
    }

    /** The library ends the process at a token that its normalizer makes empty. */
    private static Optional<String> refusedAdded(JsonNode json) {
        List<JsonNode> normalizers = parts(json.path("normalizer"));
        if (normalizers.stream().noneMatch(TokenizerScreen::removes)) return Optional.empty();
        boolean replaces = normalizers.stream().anyMatch(part -> part.path("type").asText().equals("Replace"));
        for (JsonNode added : json.path("added_tokens")) {
            String content = added.path("content").asText();
            boolean stays = content.isEmpty() || !replaces && content.codePoints().anyMatch(Character::isLetterOrDigit);
            if (added.path("normalized").asBoolean() && !stays) {
                return Optional.of("it adds the token " + added.path("content") + ", of which its normalizer may leave nothing");
            }
        }
        return Optional.empty();
    }

    /** Whether a normalizer can take all of a text away. */
    private static boolean removes(JsonNode part) {
        String type = part.path("type").asText();
        return REMOVES.contains(type) || type.equals("Replace") && part.path("content").asText("").isEmpty();
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
            String outer = GROUP.matcher(plain)
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
