package io.circuitscript.fuzz;

import java.util.List;

/** Tokenizers of every kind that models come with, each as small as it can be. */
final class TokenizerSamples {
    private static final String ADDED =
            "{\"id\": 0, \"content\": \"<|end|>\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}";

    private static final String BPE =
            "{\"type\": \"BPE\", \"dropout\": null, \"unk_token\": \"<unk>\", \"fuse_unk\": true, \"byte_fallback\": true,"
                    + " \"vocab\": {\"<|end|>\": 0, \"a\": 1, \"b\": 2, \"▁\": 3, \"ab\": 4, \"<unk>\": 5}, \"merges\": [\"a b\"]}";

    static final List<String> ALL = List.of(
            // As Llama 2 has it.
            of(
                    "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"▁\"}, {\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"▁\"}]}",
                    "null",
                    "{\"type\": \"Sequence\", \"decoders\": [{\"type\": \"Replace\", \"pattern\": {\"String\": \"▁\"}, \"content\": \" \"}, {\"type\": \"ByteFallback\"},"
                            + " {\"type\": \"Fuse\"}, {\"type\": \"Strip\", \"content\": \" \", \"start\": 1, \"stop\": 0}]}",
                    BPE),
            // As Llama 3 and Qwen have it.
            of(
                    "{\"type\": \"NFC\"}",
                    "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", \"pattern\": {\"Regex\": \"(?i:'s|'t)|[^\\\\r\\\\n\\\\p{L}]?\\\\p{L}+|\\\\p{N}{1,3}|\\\\s+\"},"
                            + " \"behavior\": \"Isolated\", \"invert\": false}, {\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}]}",
                    "{\"type\": \"ByteLevel\", \"add_prefix_space\": true, \"trim_offsets\": true, \"use_regex\": true}",
                    BPE.replace("▁", "Ġ")),
            of(
                    "{\"type\": \"Lowercase\"}",
                    "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\", \"split\": true}",
                    "{\"type\": \"Metaspace\", \"replacement\": \"▁\", \"prepend_scheme\": \"always\", \"split\": true}",
                    "{\"type\": \"Unigram\", \"unk_id\": 5, \"byte_fallback\": false, \"vocab\": [[\"<|end|>\", 0.0], [\"a\", -1.0], [\"b\", -1.5], [\"▁\", -2.0],"
                            + " [\"ab\", -1.2], [\"<unk>\", -9.0]]}"),
            of(
                    "{\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true, \"strip_accents\": null, \"lowercase\": true}",
                    "{\"type\": \"BertPreTokenizer\"}",
                    "{\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": true}",
                    "{\"type\": \"WordPiece\", \"unk_token\": \"<unk>\", \"continuing_subword_prefix\": \"##\", \"max_input_chars_per_word\": 100,"
                            + " \"vocab\": {\"<|end|>\": 0, \"a\": 1, \"##b\": 2, \"c\": 3, \"ab\": 4, \"<unk>\": 5}}"),
            of(
                    "{\"type\": \"Strip\", \"strip_left\": true, \"strip_right\": false}",
                    "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Whitespace\"}, {\"type\": \"Digits\", \"individual_digits\": true},"
                            + " {\"type\": \"Punctuation\", \"behavior\": \"Contiguous\"}, {\"type\": \"CharDelimiterSplit\", \"delimiter\": \"x\"}]}",
                    "{\"type\": \"BPEDecoder\", \"suffix\": \"</w>\"}",
                    "{\"type\": \"WordLevel\", \"vocab\": {\"<|end|>\": 0, \"ab\": 1, \"c\": 2, \"cab\": 3, \"<unk>\": 4}, \"unk_token\": \"<unk>\"}"));

    private TokenizerSamples() {}

    private static String of(String normalizer, String preTokenizer, String decoder, String model) {
        return "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"added_tokens\": [" + ADDED
                + "], \"normalizer\": " + normalizer + ", \"pre_tokenizer\": " + preTokenizer
                + ", \"post_processor\": null, \"decoder\": " + decoder + ", \"model\": " + model + "}";
    }
}
