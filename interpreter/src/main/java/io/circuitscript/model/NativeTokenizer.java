package io.circuitscript.model;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.Unreadable;
import io.circuitscript.source.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A tokenizer that Hugging Face's own library runs. */
final class NativeTokenizer implements Tokenizer {
    private static final String FILE = "tokenizer.json";

    private static final int LONGEST_TEXT = 2_000_000;

    /** How much of a text that has no tokens a message shows. */
    private static final int LONGEST_SHOWN = 60;

    private final HuggingFaceTokenizer library;
    private final int vocabulary;
    private final int learnt;
    private final OptionalInt bosId;
    private final Optional<String> bos;

    private NativeTokenizer(HuggingFaceTokenizer library, int vocabulary, int learnt, OptionalInt bosId) {
        this.library = library;
        this.vocabulary = vocabulary;
        this.learnt = learnt;
        this.bosId = bosId;
        this.bos = bosId.isPresent() ? Optional.of(token(bosId.getAsInt())) : Optional.empty();
    }

    static NativeTokenizer open(Path folder, BosChoice choice) {
        Path file = folder.resolve(FILE);
        Unreadable.refuse(file.toString(), file);
        if (!Files.isRegularFile(file)) {
            throw UserError.missing(
                    "tokenizer-missing",
                    folder + " has no " + FILE,
                    "make it with transformers' AutoTokenizer.from_pretrained(…).save_pretrained(folder)");
        }
        ObjectNode json = JsonFile.read(file, "tokenizer-malformed");
        TokenizerScreen.refusal(json).ifPresent(why -> {
            throw malformed("cannot use " + file + ": " + why);
        });
        int vocabulary = vocabulary(json, file);
        int learnt = learnt(json);
        var plain = new NativeTokenizer(library(json, file), vocabulary, learnt, OptionalInt.empty());
        try {
            return new NativeTokenizer(plain.library, vocabulary, learnt, bosId(plain, folder, choice));
        } catch (RuntimeException e) {
            plain.close();
            throw e;
        }
    }

    @Override
    public int[] encode(String text) {
        int[] ids = encodePlain(text);
        if (bosId.isEmpty() || ids.length > 0 && ids[0] == bosId.getAsInt()) return ids;
        return IntStream.concat(bosId.stream(), IntStream.of(ids)).toArray();
    }

    @Override
    public int[] encodePlain(String text) {
        if (text.isEmpty()) return new int[0];
        // The library adds its own special tokens by a rule of each tokenizer's; encode's one rule must be the only one.
        if (text.length() > LONGEST_TEXT) {
            throw UserError.input(
                    "text-too-long",
                    "a text has " + text.length() + " characters, more than any model takes: it begins " + TokenList.quote(beginning(text)),
                    "give a shorter one");
        }
        try {
            long[] ids = library.encode(text, false, false).getIds();
            return LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
        } catch (RuntimeException e) {
            throw UserError.input(
                    "text-not-encodable",
                    "the model's tokenizer has no tokens for " + TokenList.quote(beginning(text)) + ": " + e.getMessage(),
                    "the vocabulary in tokenizer.json lacks what the text is made of, and a token for what is unknown");
        }
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }

    @Override
    public String token(int id) {
        // Embeddings are often padded to a round number: such an id can be predicted, and is no text.
        if (id < 0 || id >= vocabulary) return "<id " + id + ">";
        try {
            return library.decode(new long[] {id}, false);
        } catch (RuntimeException noText) {
            return "<id " + id + ">";
        }
    }

    @Override
    public Optional<String> bos() {
        return bos;
    }

    @Override
    public int vocabulary() {
        return vocabulary;
    }

    @Override
    public int learnt() {
        return learnt;
    }

    @Override
    public void close() {
        library.close();
    }

    private static HuggingFaceTokenizer library(ObjectNode json, Path file) {
        NativeLibraries.prepareTokenizers();
        // What a file says about cutting and filling texts was meant for training.
        json.putNull("truncation");
        json.putNull("padding");
        json.putNull("post_processor"); // adds special tokens, which encode does
        var options = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad", "addSpecialTokens", "false");
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(text), options);
        } catch (EngineException | LinkageError e) {
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    "tokenizer-unavailable",
                    "the tokenizer's native library cannot be loaded from " + System.getProperty("RUST_LIBRARY_PATH", "where RUST_LIBRARY_PATH says"),
                    List.of("reported: " + (e.getCause() == null ? e : e.getCause()).getMessage()),
                    "name a folder on a disk from which programs may run in CIRCUIT_CACHE");
        } catch (IOException | RuntimeException e) {
            throw malformed("cannot make a tokenizer of " + file + ": " + e.getMessage());
        }
    }

    /** One more than the largest id that the file gives a token. */
    private static int vocabulary(ObjectNode json, Path file) {
        int size = learnt(json);
        for (JsonNode added : json.path("added_tokens")) size = Math.max(size, added.path("id").asInt() + 1);
        if (size == 0) {
            throw malformed("wrong " + file + ": it has no vocabulary");
        }
        return size;
    }

    private static UserError malformed(String why) {
        return UserError.input("tokenizer-malformed", why, "download the model's tokenizer again");
    }

    private static int learnt(ObjectNode json) {
        JsonNode pieces = json.path("model").path("vocab");
        int size = pieces.isArray() ? pieces.size() : 0;
        if (pieces.isObject()) for (JsonNode id : pieces) size = Math.max(size, id.asInt() + 1);
        return size;
    }

    private static OptionalInt bosId(Tokenizer plain, Path folder, BosChoice choice) {
        return switch (choice) {
            case BosChoice.Without() -> OptionalInt.empty();
            case BosChoice.Given(String text) -> OptionalInt.of(single(plain, text, "it is what bos= says"));
            case BosChoice.Auto() -> ownBosId(plain, folder);
        };
    }

    /**
     * The file that a tokenizer is saved with says which token begins a sequence, null meaning none. Older folders leave it to the
     * program that reads them (GPT-2's own does); the model's configuration then has the id.
     */
    private static OptionalInt ownBosId(Tokenizer plain, Path folder) {
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            Path file = folder.resolve(name);
            if (!Files.isRegularFile(file)) continue;
            ObjectNode json = JsonFile.read(file, "tokenizer-malformed");
            if (!json.has("bos_token")) continue;
            JsonNode bos = json.get("bos_token");
            String text = bos.isObject() ? bos.path("content").asText() : bos.isTextual() ? bos.textValue() : "";
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(single(plain, text, "it is bos_token in " + file));
        }
        Path config = folder.resolve(ModelConfig.FILE);
        if (!Files.isRegularFile(config)) return OptionalInt.empty();
        JsonNode id = JsonFile.read(config, "config-malformed").path("bos_token_id");
        boolean known = id.isInt() && id.intValue() >= 0 && id.intValue() < plain.vocabulary();
        return known ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
    }

    private static int single(Tokenizer plain, String text, String why) {
        int[] ids = plain.encodePlain(text);
        if (ids.length == 1) return ids[0];
        throw new UserError(
                UserError.Kind.INPUT,
                "bos-not-a-token",
                "\"" + text + "\" cannot begin a sequence: it is not one token but " + ids.length,
                List.of(why, "its tokens: " + TokenList.show(plain, ids)),
                "bos= takes auto, none, or a text that is exactly one token");
    }
}
