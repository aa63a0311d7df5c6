package io.circuitscript.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.Unreadable;
import io.circuitscript.model.Gguf;
import io.circuitscript.model.JsonFile;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a tokenizer.json says, as far as we need to know it ourselves.
 *
 * @param text what the library is to load: without what was meant for training, and without special tokens that the library would add
 * @param inWord the same where the tokenizer puts a space in front of every text, less that; empty where it puts none
 * @param vocabulary one more than the largest id that the file gives a token
 * @param learnt the same without added tokens
 * @param unknown the token for what the vocabulary lacks
 * @param anchor a token of letters that the texts of others are read after; empty where a text by itself decodes as it does within another
 * @param harmless whether the library may load it in this process
 * @param notes for whoever loads the tokenizer to read
 */
public record TokenizerFile(
        Path file,
        byte[] text,
        Optional<byte[]> inWord,
        int vocabulary,
        int learnt,
        OptionalInt unknown,
        OptionalInt anchor,
        boolean harmless,
        List<String> notes) {
    static final String NAME = "tokenizer.json";

    /** What a file may say of an id, and more than any model has embeddings. */
    private static final int LARGEST_ID = 1 << 28;

    private static final List<String> SEQUENCES = List.of("normalizers", "pretokenizers", "decoders");

    private static final Pattern LETTERS = Pattern.compile("▁?[A-Za-z]+");

    public static TokenizerFile read(Path folder) {
        Path file = ModelFiles.file(folder, NAME);
        Unreadable.refuse(file.toString(), file);
        if (!Files.isRegularFile(file)) {
            throw UserError.missing(
                    ErrorCode.TOKENIZER_MISSING,
                    folder + " has no " + NAME,
                    "make it with transformers' AutoTokenizer.from_pretrained(…).save_pretrained(folder)");
        }
        TokenizerFile read = of(file, JsonFile.read(file, ErrorCode.TOKENIZER_MALFORMED));
        return Gguf.is(folder) ? read.noting("the tokenizer in " + folder + " cannot be used: " + file + " is") : read;
    }

    /** Whether there is a tokenizer.json beside a model that is one file. */
    static boolean isBeside(Path model) {
        return Files.isRegularFile(ModelFiles.file(model, NAME));
    }

    private TokenizerFile noting(String note) {
        return new TokenizerFile(
                file,
                text,
                inWord,
                vocabulary,
                learnt,
                unknown,
                anchor,
                harmless,
                Stream.concat(Stream.of(note), notes.stream()).toList());
    }

    /**
     * @param file that the tokenizer comes from, for messages
     * @param json what a tokenizer.json says; it is changed
     */
    static TokenizerFile of(Path file, ObjectNode json) {
        refusedId(json).ifPresent(why -> {
            throw malformed("cannot use " + file + ": " + why);
        });
        int learnt = learnt(json);
        int vocabulary = learnt;
        for (JsonNode added : json.path("added_tokens"))
            vocabulary = Math.max(vocabulary, added.path("id").asInt() + 1);
        if (vocabulary == 0) throw malformed("wrong " + file + ": it has no vocabulary");
        List<String> notes = withoutDropout(json);
        // What a file says about cutting and filling texts was meant for training.
        json.putNull("truncation");
        json.putNull("padding");
        json.putNull("post_processor"); // adds special tokens, which encode does
        boolean harmless = HarmlessTokenizer.is(json);
        OptionalInt unknown = unknown(json.path("model"));
        OptionalInt anchor = dropsSpaces(json) ? anchor(json.path("model").path("vocab")) : OptionalInt.empty();
        byte[] text = bytes(json);
        Optional<byte[]> inWord = takePrefixAway(json) ? Optional.of(bytes(json)) : Optional.empty();
        return new TokenizerFile(file, text, inWord, vocabulary, learnt, unknown, anchor, harmless, notes);
    }

    static UserError malformed(String why) {
        return UserError.input(ErrorCode.TOKENIZER_MALFORMED, why, "download the model's tokenizer again");
    }

    private static byte[] bytes(ObjectNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<String> refusedId(ObjectNode json) {
        JsonNode pieces = json.path("model").path("vocab");
        if (pieces.isObject()) {
            for (JsonNode id : pieces)
                if (!isId(id)) return Optional.of("its vocabulary has a token with the id " + id);
        }
        for (JsonNode added : json.path("added_tokens")) {
            if (!isId(added.path("id"))) return Optional.of("it adds a token with the id " + added.path("id"));
        }
        return Optional.empty();
    }

    private static boolean isId(JsonNode id) {
        return id.isIntegralNumber() && id.canConvertToInt() && id.intValue() >= 0 && id.intValue() < LARGEST_ID;
    }

    private static int learnt(ObjectNode json) {
        JsonNode pieces = json.path("model").path("vocab");
        int size = pieces.isArray() ? pieces.size() : 0;
        if (pieces.isObject()) for (JsonNode id : pieces) size = Math.max(size, id.asInt() + 1);
        return size;
    }

    /** Dropout leaves merges out by chance: it is for training. */
    private static List<String> withoutDropout(ObjectNode json) {
        JsonNode dropout = json.path("model").path("dropout");
        if (!dropout.isNumber() || dropout.doubleValue() == 0) return List.of();
        ((ObjectNode) json.path("model")).putNull("dropout");
        return List.of("the tokenizer's dropout of " + dropout
                + " is switched off: with it, the same text gives different tokens each time");
    }

    private static OptionalInt unknown(JsonNode model) {
        if (model.path("unk_id").isInt())
            return OptionalInt.of(model.path("unk_id").intValue());
        JsonNode id = model.path("vocab").path(model.path("unk_token").asText(""));
        return id.isInt() ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
    }

    /** Whether the decoder takes a space away that its first token begins with. */
    private static boolean dropsSpaces(ObjectNode json) {
        return parts(json.path("decoder")).stream()
                .map(part -> part.path("type").asText(""))
                .anyMatch(type -> type.equals("Strip") || type.equals("Metaspace"));
    }

    private static OptionalInt anchor(JsonNode pieces) {
        if (pieces.isObject()) {
            for (var piece : pieces.properties())
                if (LETTERS.matcher(piece.getKey()).matches())
                    return OptionalInt.of(piece.getValue().intValue());
        }
        for (int id = 0; pieces.isArray() && id < pieces.size(); id++) {
            if (LETTERS.matcher(pieces.path(id).path(0).asText("")).matches()) return OptionalInt.of(id);
        }
        return OptionalInt.empty();
    }

    /** Takes away what puts a space in front of a text, in a normalizer or a pre-tokenizer; whether there was any. */
    private static boolean takePrefixAway(ObjectNode json) {
        boolean taken = isPrefix(json.path("normalizer"));
        if (taken) json.putNull("normalizer");
        for (JsonNode part : parts(json.path("normalizer"))) {
            for (var inner = part.path("normalizers").elements(); inner.hasNext(); ) {
                if (!isPrefix(inner.next())) continue;
                inner.remove();
                taken = true;
            }
        }
        for (JsonNode part : parts(json.path("pre_tokenizer")))
            taken |= takePrefixAway((ObjectNode) part, part.path("type").asText(""));
        return taken;
    }

    private static boolean takePrefixAway(ObjectNode part, String type) {
        boolean metaspace = type.equals("Metaspace");
        boolean prefixes = metaspace
                ? part.path("add_prefix_space").asBoolean(true)
                        && !part.path("prepend_scheme").asText("").equals("never")
                : type.equals("ByteLevel") && part.path("add_prefix_space").asBoolean();
        if (!prefixes) return false;
        part.put("add_prefix_space", false);
        if (metaspace) part.put("prepend_scheme", "never");
        return true;
    }

    private static boolean isPrefix(JsonNode part) {
        return part.path("type").asText("").equals("Prepend");
    }

    /** A part, and those that it is a sequence of. */
    static List<JsonNode> parts(JsonNode part) {
        List<JsonNode> parts = new ArrayList<>();
        if (part.isObject()) parts.add(part);
        for (String sequence : SEQUENCES) for (JsonNode inner : part.path(sequence)) parts.addAll(parts(inner));
        return parts;
    }
}
