package io.circuitscript.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A small Llama whose tokenizer marks beginnings of words with ▁, puts one in front of every text, and drops a space in front of what it decodes.
 * It goes on after "named" with "Lily. She loved to play"; the logits of ▁L, ▁T, L and T there are as 3, 1, 2 and 0.5.
 */
public final class WordMarkModel {
    /** How such a tokenizer is written. */
    public enum Form {
        /** As Llama 2's: the normalizer makes the marks. */
        BPE,
        /** As SentencePiece models with scores are converted: the pre-tokenizer makes them. */
        UNIGRAM
    }

    public static final int WORD_L = 307;
    public static final int WORD_T = 274;
    public static final int INNER_L = 438;
    public static final int INNER_T = 434;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int SIZE = 527;
    private static final int WIDTH = 32;
    private static final List<String> WORDS = List.of(
            "▁Once", "▁upon", "▁a", "▁time", "▁there", "▁was", "▁little", "▁girl", "▁boy", "▁named", "▁Lily", "▁She",
            "▁loved", "▁to", "▁play");
    private static final List<String> SAID = List.of("▁named", "▁Lily", ".", "▁She", "▁loved", "▁to", "▁play");

    private WordMarkModel() {}

    public static void write(Path folder, Form form) throws IOException {
        Files.createDirectories(folder);
        Files.copy(Fixture.of("llama").resolve("config.json"), folder.resolve("config.json"));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\"}");
        Map<Integer, String> pieces = pieces();
        MAPPER.writeValue(folder.resolve("tokenizer.json").toFile(), form == Form.BPE ? bpe(pieces) : unigram(pieces));
        writeWeights(folder.resolve("model.safetensors"), pieces);
    }

    /** All ids and their pieces; what is no word, letter or byte has a piece that no text is made of. */
    private static Map<Integer, String> pieces() {
        Map<Integer, String> pieces = new TreeMap<>(
                Map.of(0, "<unk>", 1, "<s>", 2, "</s>", WORD_L, "▁L", WORD_T, "▁T", INNER_L, "L", INNER_T, "T"));
        for (int code = 0; code < 256; code++) pieces.put(3 + code, "<0x%02X>".formatted(code));
        Set<String> more = new LinkedHashSet<>(List.of("▁", ",", "."));
        for (String word : WORDS) for (int end = 2; end <= word.length(); end++) more.add(word.substring(0, end));
        for (String word : WORDS) for (int at = 0; at < word.length(); at++) more.add(word.substring(at, at + 1));
        more.removeAll(pieces.values());
        int id = 259;
        for (String piece : more) {
            while (pieces.containsKey(id)) id++;
            pieces.put(id, piece);
        }
        for (id = 0; id < SIZE; id++) pieces.putIfAbsent(id, "<unused" + id + ">");
        return pieces;
    }

    private static ObjectNode bpe(Map<Integer, String> pieces) throws IOException {
        ObjectNode json = file("""
                {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}""", "null", """
                {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                 {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}""");
        ObjectNode model = json.putObject("model")
                .put("type", "BPE")
                .putNull("dropout")
                .put("unk_token", "<unk>")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", true)
                .put("byte_fallback", true);
        ObjectNode vocabulary = model.putObject("vocab");
        pieces.forEach((id, piece) -> vocabulary.put(piece, id));
        Set<String> merges = new LinkedHashSet<>(List.of("▁ L", "▁ T"));
        for (String word : WORDS)
            for (int end = 1; end < word.length(); end++) merges.add(word.substring(0, end) + " " + word.charAt(end));
        merges.forEach(model.putArray("merges")::add);
        return json;
    }

    private static ObjectNode unigram(Map<Integer, String> pieces) throws IOException {
        String marks =
                "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\", \"split\": true}";
        ObjectNode json = file("null", marks, marks);
        ObjectNode model =
                json.putObject("model").put("type", "Unigram").put("unk_id", 0).put("byte_fallback", true);
        var vocabulary = model.putArray("vocab");
        for (String piece : pieces.values()) vocabulary.addArray().add(piece).add(WORDS.contains(piece) ? -1.0 : -10.0);
        return json;
    }

    private static ObjectNode file(String normalizer, String preTokenizer, String decoder) throws IOException {
        ObjectNode json = MAPPER.createObjectNode()
                .put("version", "1.0")
                .putNull("truncation")
                .putNull("padding");
        var added = json.putArray("added_tokens");
        for (String special : List.of("<unk>", "<s>", "</s>")) {
            added.addObject()
                    .put("id", added.size() - 1)
                    .put("content", special)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        json.set("normalizer", MAPPER.readTree(normalizer));
        json.set("pre_tokenizer", MAPPER.readTree(preTokenizer));
        json.putNull("post_processor");
        json.set("decoder", MAPPER.readTree(decoder));
        return json;
    }

    /** Each token that is said has a direction of its own; heads and MLPs add nothing. */
    private static void writeWeights(Path file, Map<Integer, String> pieces) throws IOException {
        Safetensors weights = Safetensors.read(Fixture.of("llama").resolve("model.safetensors"));
        weights.tensors.replaceAll((name, tensor) -> name.contains("o_proj") || name.contains("down_proj")
                ? new Safetensors.Tensor("F32", tensor.shape(), new byte[tensor.bytes().length])
                : tensor);
        List<String> all = new ArrayList<>(pieces.values());
        float[][] embedding = new float[SIZE][WIDTH];
        float[][] unembedding = new float[SIZE][WIDTH];
        for (int at = 0; at < SAID.size(); at++) {
            embedding[all.indexOf(SAID.get(at))][at] = 1;
            if (at > 0) unembedding[all.indexOf(SAID.get(at))][at - 1] = 10;
        }
        unembedding[WORD_L][0] = 3;
        unembedding[WORD_T][0] = 1;
        unembedding[INNER_L][0] = 2;
        unembedding[INNER_T][0] = 0.5f;
        weights.change(
                "model.embed_tokens.weight", tensor -> new Safetensors.Tensor("F32", tensor.shape(), bytes(embedding)));
        weights.change("lm_head.weight", tensor -> new Safetensors.Tensor("F32", tensor.shape(), bytes(unembedding)));
        weights.write(file);
    }

    private static byte[] bytes(float[][] rows) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * SIZE * WIDTH).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) for (float number : row) bytes.putFloat(number);
        return bytes.array();
    }
}
