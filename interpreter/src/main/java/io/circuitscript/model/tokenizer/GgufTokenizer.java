package io.circuitscript.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.QuotedText;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A GGUF file's tokenizer, as the tokenizer.json that it was made from: byte-level BPE with the family's way of finding words, or SentencePiece
 * BPE or Unigram.
 *
 * @param json for {@link TokenizerFile}
 * @param bos the token that begins a sequence; empty where the family has none
 */
record GgufTokenizer(ObjectNode json, OptionalInt bos) {
    private static final String MARK = "▁";

    /** What converters fill up with, to a round number. */
    private static final Pattern PADDING = Pattern.compile("\\[PAD\\d+]");

    /** Those of Phi-3 before which a space is kept; after all others it is dropped. */
    private static final Set<String> PLAIN_OF_PHI = Set.of("<unk>", "<s>", "<|endoftext|>");

    /** So many has a byte's name, such as {@code <0x0A>}, and one more: that name must not be likelier than its letters. */
    private static final int LETTERS_OF_A_BYTE = 7;

    /** What kind a token is. */
    private static final class Type {
        static final int NORMAL = 1;
        static final int UNKNOWN = 2;
        static final int CONTROL = 3;
        static final int USER_DEFINED = 4;
        static final int UNUSED = 5;
        static final int BYTE = 6;

        private Type() {}
    }

    /**
     * @param tokens by their ids
     * @param types each one's {@link Type}
     * @param marked whether pieces have ▁ for a space
     */
    private record Vocabulary(List<String> tokens, int[] types, boolean marked) {
        int size() {
            return types.length;
        }

        boolean isNone(int id) {
            String token = tokens.get(id);
            return token.isEmpty()
                    || types[id] == Type.UNUSED && PADDING.matcher(token).matches();
        }

        boolean hasBytes() {
            for (int type : types) if (type == Type.BYTE) return true;
            return false;
        }

        /** Without what stands for no text of its own. */
        boolean isPiece(int id) {
            return !isNone(id) && types[id] != Type.UNKNOWN && types[id] != Type.CONTROL && types[id] != Type.BYTE;
        }

        /** A user's piece of spaces, which converters write as spaces. */
        String piece(int id) {
            String token = tokens.get(id);
            return marked && types[id] == Type.USER_DEFINED && isBlank(id) ? token.replace(" ", MARK) : token;
        }

        boolean isBlank(int id) {
            return tokens.get(id).isBlank() || tokens.get(id).replace(MARK, "").isEmpty();
        }
    }

    static GgufTokenizer of(GgufMetadata metadata) {
        String model = metadata.text("model")
                .orElseThrow(() -> metadata.malformed("it has no " + GgufMetadata.PREFIX + "model"));
        Vocabulary vocabulary = vocabulary(metadata, !model.equals("gpt2"));
        return switch (model) {
            case "gpt2" -> byteLevel(metadata, vocabulary);
            case "llama" -> pieces(metadata, vocabulary);
            case "t5" -> unigram(metadata, vocabulary);
            default ->
                throw metadata.unsupported(
                        GgufMetadata.PREFIX + "model is \"" + model
                                + "\" (supported: gpt2, llama and t5, which are byte-level BPE, SentencePiece BPE and Unigram)");
        };
    }

    private static Vocabulary vocabulary(GgufMetadata metadata, boolean marked) {
        List<String> tokens = metadata.texts("tokens").orElse(List.of());
        if (tokens.isEmpty()) throw metadata.malformed("it has no " + GgufMetadata.PREFIX + "tokens");
        int[] types = metadata.ints("token_type").orElseGet(() -> {
            int[] normal = new int[tokens.size()];
            Arrays.fill(normal, Type.NORMAL);
            return normal;
        });
        if (types.length != tokens.size()) {
            throw metadata.malformed(GgufMetadata.PREFIX + "token_type has " + types.length + " numbers for "
                    + tokens.size() + " tokens");
        }
        for (int id = 0; id < types.length; id++) {
            if (types[id] < 0 || types[id] > Type.BYTE)
                throw metadata.malformed(GgufMetadata.PREFIX + "token_type has " + types[id] + " in it, for token " + id
                        + ", which is no kind of token");
        }
        return new Vocabulary(tokens, types, marked);
    }

    private static GgufTokenizer byteLevel(GgufMetadata metadata, Vocabulary vocabulary) {
        String name = metadata.text("pre").orElse("");
        if (name.isEmpty() || name.equals("default")) {
            throw metadata.unsupported("it does not say how it finds words (" + GgufMetadata.PREFIX + "pre is "
                    + (name.isEmpty() ? "missing" : "\"default\"") + "), as files of before May 2024");
        }
        GgufPreTokenizers.Parts parts = GgufPreTokenizers.of(name)
                .orElseThrow(() -> metadata.unsupported(GgufMetadata.PREFIX + "pre is \"" + name + "\" (supported: "
                        + String.join(", ", GgufPreTokenizers.names()) + ")"));
        List<String> merges = metadata.texts("merges")
                .orElseThrow(() -> metadata.malformed("it has no " + GgufMetadata.PREFIX + "merges"));
        ObjectNode json = file(added(vocabulary, Set.of()));
        json.set("normalizer", parts.normalizer());
        json.set("pre_tokenizer", parts.preTokenizer());
        json.set(
                "decoder",
                part("ByteLevel")
                        .put("add_prefix_space", false)
                        .put("trim_offsets", true)
                        .put("use_regex", true));
        ObjectNode model = json.putObject("model")
                .put("type", "BPE")
                .putNull("unk_token")
                .put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", parts.ignoreMerges());
        putVocabulary(metadata, model, vocabulary);
        putMerges(metadata, model, merges);
        boolean adds = metadata.flag("add_bos_token").orElse(false);
        OptionalInt bos = metadata.id("bos_token_id", vocabulary.size());
        return new GgufTokenizer(json, parts.begins() || adds ? bos : OptionalInt.empty());
    }

    private static GgufTokenizer pieces(GgufMetadata metadata, Vocabulary vocabulary) {
        Set<String> dropping = metadata.architecture().equals("phi3") ? PLAIN_OF_PHI : Set.of();
        ObjectNode json = file(added(vocabulary, dropping));
        putSpaces(json, metadata, true);
        OptionalInt unknown = unknown(metadata, vocabulary, 0);
        ObjectNode model = json.putObject("model")
                .put("type", "BPE")
                .put("unk_token", unknown.isPresent() ? vocabulary.tokens().get(unknown.getAsInt()) : null)
                .put("fuse_unk", true)
                .put("byte_fallback", vocabulary.hasBytes())
                .put("ignore_merges", false);
        putVocabulary(metadata, model, vocabulary);
        Optional<List<String>> given = metadata.texts("merges");
        if (given.isPresent()) putMerges(metadata, model, given.get());
        else merges(metadata, vocabulary).forEach(model.putArray("merges")::add);
        OptionalInt bos = metadata.id("bos_token_id", vocabulary.size());
        if (bos.isEmpty() && vocabulary.size() > 1 && vocabulary.types()[1] == Type.CONTROL) bos = OptionalInt.of(1);
        return new GgufTokenizer(json, bos);
    }

    /** A user's pieces come before all others, as SentencePiece takes them; of these only blank ones are not found before a text is cut. */
    private static List<String> merges(GgufMetadata metadata, Vocabulary vocabulary) {
        float[] scores = scores(metadata, vocabulary);
        Map<String, Float> pieces = new LinkedHashMap<>();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (!vocabulary.isPiece(id)) continue;
            boolean users = vocabulary.types()[id] == Type.USER_DEFINED;
            if (users && !vocabulary.isBlank(id) || vocabulary.piece(id).indexOf(' ') >= 0) continue;
            pieces.put(vocabulary.piece(id), users ? 0f : scores[id]);
        }
        if (!PieceMerges.areFew(pieces.keySet()))
            throw metadata.unsupported("its tokens are longer than those of any real vocabulary");
        return PieceMerges.of(pieces);
    }

    private static GgufTokenizer unigram(GgufMetadata metadata, Vocabulary vocabulary) {
        ObjectNode json = file(added(vocabulary, Set.of()));
        putSpaces(json, metadata, true);
        float[] scores = scores(metadata, vocabulary);
        float lowest = 0;
        for (int id = 0; id < scores.length; id++)
            if (vocabulary.types()[id] == Type.NORMAL) lowest = Math.min(lowest, scores[id]);
        ObjectNode model = json.putObject("model").put("type", "Unigram").put("byte_fallback", vocabulary.hasBytes());
        unknown(metadata, vocabulary, 2).ifPresent(id -> model.put("unk_id", id));
        ArrayNode list = model.putArray("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            // A text that is the name of a byte is the letters of that name.
            boolean normal = vocabulary.types()[id] == Type.NORMAL;
            list.addArray().add(vocabulary.piece(id)).add(normal ? scores[id] : LETTERS_OF_A_BYTE * lowest);
        }
        boolean adds = metadata.flag("add_bos_token").orElse(false);
        return new GgufTokenizer(json, adds ? metadata.id("bos_token_id", vocabulary.size()) : OptionalInt.empty());
    }

    private static float[] scores(GgufMetadata metadata, Vocabulary vocabulary) {
        return metadata.numbers("scores", vocabulary.size())
                .orElseThrow(() -> metadata.malformed("it has no " + GgufMetadata.PREFIX + "scores"));
    }

    /** @param usual its id where the file does not say it */
    private static OptionalInt unknown(GgufMetadata metadata, Vocabulary vocabulary, int usual) {
        OptionalInt given = metadata.id("unknown_token_id", vocabulary.size());
        boolean there = usual < vocabulary.size() && vocabulary.types()[usual] == Type.UNKNOWN;
        return given.isPresent() || !there ? given : OptionalInt.of(usual);
    }

    /** SentencePiece's normalizer and the way back: spaces are marks, and a text begins with one. */
    private static void putSpaces(ObjectNode json, GgufMetadata metadata, boolean usualPrefix) {
        boolean prefix = metadata.flag("add_space_prefix").orElse(usualPrefix);
        ObjectNode normalizer = part("Sequence");
        ArrayNode normalizers = normalizer.putArray("normalizers");
        metadata.ints("precompiled_charsmap")
                .filter(bytes -> bytes.length > 0)
                .ifPresent(bytes ->
                        normalizers.add(part("Precompiled").put("precompiled_charsmap", base64(metadata, bytes))));
        if (metadata.flag("remove_extra_whitespaces").orElse(false)) {
            normalizers.add(replace("Regex", "\\A +| +\\z", ""));
            normalizers.add(replace("Regex", " {2,}", " "));
        }
        if (prefix) normalizers.add(part("Prepend").put("prepend", MARK));
        normalizers.add(replace("String", " ", MARK));
        json.set("normalizer", normalizer);
        json.putNull("pre_tokenizer");
        ObjectNode decoder = part("Sequence");
        ArrayNode decoders = decoder.putArray("decoders");
        decoders.add(replace("String", MARK, " "));
        decoders.add(part("ByteFallback"));
        decoders.add(part("Fuse"));
        if (prefix)
            decoders.add(part("Strip").put("content", " ").put("start", 1).put("stop", 0));
        json.set("decoder", decoder);
    }

    private static String base64(GgufMetadata metadata, int[] numbers) {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < bytes.length; i++) {
            if (numbers[i] < Byte.MIN_VALUE || numbers[i] > 255)
                throw metadata.malformed(GgufMetadata.PREFIX + "precompiled_charsmap is not made of bytes");
            bytes[i] = (byte) numbers[i];
        }
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static ObjectNode file(ArrayNode added) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        json.set("added_tokens", added);
        return json;
    }

    private static ObjectNode part(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static ObjectNode replace(String kind, String pattern, String content) {
        ObjectNode part = part("Replace").put("content", content);
        part.putObject("pattern").put(kind, pattern);
        return part;
    }

    /**
     * What is found in a text before it is cut.
     *
     * @param keeping empty, or those special ones after which spaces are not dropped
     */
    private static ArrayNode added(Vocabulary vocabulary, Set<String> keeping) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int id = 0; id < vocabulary.size(); id++) {
            int type = vocabulary.types()[id];
            boolean special = type == Type.CONTROL || type == Type.UNKNOWN;
            if (vocabulary.isNone(id) || !special && type != Type.USER_DEFINED) continue;
            String content = vocabulary.piece(id);
            list.addObject()
                    .put("id", id)
                    .put("content", content)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", special && !keeping.isEmpty() && !keeping.contains(content))
                    .put("normalized", false)
                    .put("special", special);
        }
        return list;
    }

    private static void putVocabulary(GgufMetadata metadata, ObjectNode model, Vocabulary vocabulary) {
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            if (vocabulary.isNone(id)) continue;
            String piece = vocabulary.piece(id);
            if (ids.putIfAbsent(piece, IntNode.valueOf(id)) != null)
                throw metadata.malformed("two of its tokens are " + QuotedText.beginning(piece));
        }
    }

    /** Each is two tokens of which a third is made. */
    private static void putMerges(GgufMetadata metadata, ObjectNode model, List<String> merges) {
        JsonNode ids = model.path("vocab");
        ArrayNode list = model.putArray("merges");
        for (String merge : merges) {
            int space = merge.indexOf(' ');
            boolean two = space > 0
                    && ids.has(merge.substring(0, space))
                    && ids.has(merge.substring(space + 1))
                    && ids.has(merge.substring(0, space) + merge.substring(space + 1));
            if (!two) {
                throw metadata.malformed(GgufMetadata.PREFIX + "merges has " + QuotedText.beginning(merge)
                        + " in it, which is not two tokens that make a third");
            }
            list.add(merge);
        }
    }
}
