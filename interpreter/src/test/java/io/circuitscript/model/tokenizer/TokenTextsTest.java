package io.circuitscript.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.model.Fixture;
import io.circuitscript.model.WordMarkModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which characters of a text each token stands for. */
class TokenTextsTest {
    /** Words, several spaces, characters of several bytes, of two {@code char}s, that normalizers write otherwise, and halves of characters. */
    static final List<String> TEXTS = List.of(
            "When Mary and John went to Paris,",
            " Paris is",
            "na\u00efve \ud83d\ude00 caf\u00e9 \u6771\u4eac x",
            "\u00e9",
            "  two  spaces\nline ",
            "<s>Hi </s> there",
            "\ufb01ne \u00bd x",
            "A\u030a\u01fa end",
            "a\tb\u0000c",
            "\ud83d\ude00\ud83d\ude00b",
            "Once upon a time there was a little girl named Lily.");

    @TempDir
    Path folder;

    private static void check(Tokenizer tokenizer, String text) {
        check(tokenizer, text, true);
    }

    /** @param all whether no character is left out, as some normalizers do */
    static void check(Tokenizer tokenizer, String text, boolean all) {
        TokenTexts texts = tokenizer.encodeWithTexts(text);
        assertArrayEquals(tokenizer.encode(text), texts.ids(), text);
        BitSet covered = new BitSet();
        for (int i = 0; i < texts.size(); i++) {
            assertTrue(0 <= texts.starts()[i] && texts.starts()[i] <= texts.ends()[i], text);
            assertTrue(texts.ends()[i] <= text.length(), text);
            covered.set(texts.starts()[i], texts.ends()[i]);
            for (int at : List.of(texts.starts()[i], texts.ends()[i]))
                assertTrue(at == 0 || at == text.length() || !inCharacter(text, at), text + " is cut at " + at);
        }
        for (int at = 0; all && at < text.length(); at++)
            if (!Character.isWhitespace(text.charAt(at)) && text.charAt(at) != 0)
                assertTrue(covered.get(at), "no token has the character " + at + " of " + text);
    }

    private static boolean inCharacter(String text, int at) {
        return Character.isHighSurrogate(text.charAt(at - 1)) && Character.isLowSurrogate(text.charAt(at));
    }

    /** The parts of a text that its tokens have. */
    private static List<String> parts(Tokenizer tokenizer, String text) {
        TokenTexts texts = tokenizer.encodeWithTexts(text);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) parts.add(text.substring(texts.starts()[i], texts.ends()[i]));
        return parts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "mistral", "gemma2", "qwen2", "gpt_neox"})
    void tokensOfBytesCoverTheText(String model) {
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of(model), new BosChoice.Auto())) {
            for (String text : TEXTS) check(tokenizer, text);
        }
    }

    /** Every token of bytes says itself what its characters are, where these are one byte each. */
    @Test
    void placesAreThoseThatTheTokensThemselvesCount() {
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto())) {
            for (String text : List.of("When Mary and John went to Paris,", "  two  spaces\nline ", "a 1741b, c")) {
                TokenTexts texts = tokenizer.encodeWithTexts(text);
                for (int i = 1, at = 0; i < texts.size(); i++) {
                    String own = tokenizer.token(texts.ids()[i]);
                    assertEquals(at + own.length(), texts.ends()[i], text);
                    assertEquals(own.strip(), text.substring(texts.starts()[i], texts.ends()[i]).strip());
                    at += own.length();
                }
            }
        }
    }

    @Test
    void aPartOfACharacterHasAllOfIt() {
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto())) {
            String smile = "\ud83d\ude00";
            assertEquals(List.of("", smile, smile, smile, smile, "b"), parts(tokenizer, smile + "b"));
        }
    }

    @ParameterizedTest
    @EnumSource(WordMarkModel.Form.class)
    void piecesWithMarksCoverTheText(WordMarkModel.Form form) throws IOException {
        WordMarkModel.write(folder.resolve("model"), form);
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("model"), new BosChoice.Auto())) {
            for (String text : TEXTS) check(tokenizer, text);
            List<String> parts = parts(tokenizer, "Once upon a time");
            assertEquals(List.of("", "Once", "upon", "a", "time"), parts.stream().map(String::strip).toList());
            assertEquals("\u00e9", parts(tokenizer, "a \u00e9").getLast(), "a byte of a character has all of it");
        }
    }

    @ParameterizedTest
    @CsvSource({"Paris parises,'|par|##is|par|##is|##es'", "A  cat,'|a|cat'"})
    void piecesOfWordsCoverTheText(String text, String pieces) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [{"id": 0, "content": "[CLS]", "single_word": false, "lstrip": false,
                 "rstrip": false, "normalized": false, "special": true}],
                 "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
                 "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
                 "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                 "vocab": {"[CLS]": 0, "[UNK]": 1, "par": 2, "##is": 3, "##es": 4, "a": 5, "cat": 6}}}""");
        try (Tokenizer tokenizer = Tokenizer.open(folder, BosChoice.of("[CLS]"))) {
            check(tokenizer, text);
            List<String> expected = new ArrayList<>();
            for (String piece : pieces.split("\\|", -1)) expected.add(piece.replace("##", ""));
            assertEquals(
                    expected, parts(tokenizer, text).stream().map(String::toLowerCase).toList());
        }
    }

    @Test
    void theBeginningIsNoPartOfTheTextUnlessItStandsThere() {
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto())) {
            assertEquals(List.of("", "The"), parts(tokenizer, "The"));
            assertEquals(List.of("<|endoftext|>", "The"), parts(tokenizer, "<|endoftext|>The"));
            assertEquals(List.of(""), parts(tokenizer, ""));
        }
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), BosChoice.of("none"))) {
            assertEquals(List.of("The"), parts(tokenizer, "The"));
            assertEquals(List.of(), parts(tokenizer, ""));
        }
    }

    /** The library counts halves of characters in its own way. */
    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "a\ude00b \ud83d", "\ude00\ud83d\ud83d x"})
    void halvesOfCharactersStayWithinTheText(String text) {
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto())) {
            TokenTexts texts = tokenizer.encodeWithTexts(text);
            assertArrayEquals(tokenizer.encode(text), texts.ids());
            for (int i = 0; i < texts.size(); i++)
                assertTrue(texts.starts()[i] <= texts.ends()[i] && texts.ends()[i] <= text.length());
        }
    }

    @Test
    void anotherProcessGivesTheSame() {
        TokenizerFile file = TokenizerFile.read(Fixture.of("gpt2"));
        try (TokenizerLibrary here = DirectTokenizer.open(file.text(), "here");
                TokenizerLibrary there = TokenizerProcess.open(file.text(), "there", Duration.ofSeconds(60))) {
            for (String text : TEXTS) {
                TokenTexts one = here.encodeWithTexts(text);
                TokenTexts other = there.encodeWithTexts(text);
                assertArrayEquals(one.ids(), other.ids());
                assertArrayEquals(one.starts(), other.starts());
                assertArrayEquals(one.ends(), other.ends());
            }
        }
    }

    /** What runs elsewhere for its length is counted there too. */
    @Test
    void aLongTextIsCounted() {
        String text = "ab \u6771 ".repeat(TokenizerBySize.LONGEST / 4);
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Auto())) {
            TokenTexts texts = tokenizer.encodeWithTexts(text);
            assertTrue(text.getBytes(StandardCharsets.UTF_8).length > texts.size());
            assertEquals(text.length(), texts.ends()[texts.size() - 1]);
        }
    }
}
