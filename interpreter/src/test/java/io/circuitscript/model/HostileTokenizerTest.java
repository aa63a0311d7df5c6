package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.model.tokenizer.BosChoice;
import io.circuitscript.model.tokenizer.DirectTokenizer;
import io.circuitscript.model.tokenizer.HarmlessTokenizer;
import io.circuitscript.model.tokenizer.NativeTokenizer;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.model.tokenizer.TokenizerFile;
import io.circuitscript.model.tokenizer.TokenizerLibrary;
import io.circuitscript.model.tokenizer.TokenizerProcess;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A tokenizer.json that the native library panics at, hangs in, or takes all memory for: it costs a message, and never this process. */
class HostileTokenizerTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private void tokenizer(Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode)
                MAPPER.readTree(Fixture.of("gpt2").resolve("tokenizer.json").toFile());
        change.accept(json);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    }

    private void pattern(String pattern) throws IOException {
        tokenizer(json -> {
            ObjectNode split = json.putObject("pre_tokenizer")
                    .put("type", "Split")
                    .put("behavior", "Isolated")
                    .put("invert", false);
            split.putObject("pattern").put("Regex", pattern);
        });
    }

    private Tokenizer open() {
        return Tokenizer.open(folder, new BosChoice.Without());
    }

    /** That all of it gives ids or a message. */
    private void endure(List<String> texts) {
        endure(texts, Duration.ofSeconds(30));
    }

    private void endure(List<String> texts, Duration limit) {
        try (Tokenizer tokenizer = NativeTokenizer.open(folder, new BosChoice.Without(), limit)) {
            for (String text : texts) {
                try {
                    int[] ids = tokenizer.encode(text);
                    for (int id : ids) tokenizer.token(id);
                    tokenizer.continuation(ids, ids);
                    tokenizer.label(text);
                } catch (UserError e) {
                    assertTrue(
                            Set.of(ErrorCode.TOKENIZER_FAILED, ErrorCode.TEXT_NOT_ENCODABLE)
                                    .contains(e.code()),
                            e.getMessage());
                }
            }
        } catch (UserError e) {
            assertTrue(
                    Set.of(ErrorCode.TOKENIZER_FAILED, ErrorCode.TOKENIZER_MALFORMED)
                            .contains(e.code()),
                    e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "normalizer @ {\"type\": \"Precompiled\", \"precompiled_charsmap\": \"AAAA\"}",
                "normalizer @ {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"\"}]}",
                "pre_tokenizer @ {\"type\": \"FixedLength\", \"length\": 0}",
                "pre_tokenizer @ {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(x+x+)+y\"}, \"behavior\": \"Isolated\", \"invert\": false}",
                "pre_tokenizer @ {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(?:a|a|x)*y\"}, \"behavior\": \"Isolated\", \"invert\": false}",
                "decoder @ {\"type\": \"Strip\", \"content\": \"x\", \"start\": 0, \"stop\": 9}",
                "normalizer @ {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Replace\", \"pattern\": {\"String\": \"\"}, \"content\": \"x\"}, {\"type\": \"NFC\"}]}",
                "normalizer @ {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(?m)^|b\"}, \"content\": \"x\"}, {\"type\": \"NFC\"}]}",
                "normalizer @ {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"\"}, {\"type\": \"StripAccents\"}]}",
                "normalizer @ {\"precompiled_charsmap\": \"AAAA\"}",
                "model @ {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2}, \"merges\": [\"a b\"], \"continuing_subword_prefix\": \"##\"}",
                "model @ {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<unk>\", 0.0], [\"LONG\", -1.0]]}"
            })
    void whatItIsMadeOfCostsAMessage(String key, String value) throws IOException {
        tokenizer(json -> {
            try {
                json.set(key, MAPPER.readTree(value.replace("LONG", "a".repeat(3_000_000))));
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
        endure(List.of("a war", "x".repeat(40), "caf\u00e9 \ud83d\ude00"));
    }

    @Test
    void anAddedTokenThatItsNormalizerMakesEmptyCostsAMessage() throws IOException {
        tokenizer(json -> {
            json.putObject("normalizer")
                    .put("type", "Strip")
                    .put("strip_left", true)
                    .put("strip_right", true);
            json.putArray("added_tokens")
                    .addObject()
                    .put("id", json.path("model").path("vocab").size())
                    .put("content", " ")
                    .put("normalized", true)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("special", false);
        });
        endure(List.of("a war"));
    }

    @ParameterizedTest
    @CsvSource({"normalizer, normalizers", "pre_tokenizer, pretokenizers", "decoder, decoders"})
    void partsWithinPartsCostAMessage(String place, String sequence) throws IOException {
        String begin = "{\"type\": \"Sequence\", \"" + sequence + "\": [";
        tokenizer(json -> {
            try {
                json.set(place, MAPPER.readTree(begin.repeat(400) + "]}".repeat(400)));
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
        endure(List.of("a war"));
    }

    private static final String BYTES =
            "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": false}";
    private static final String TO_18 =
            "{\"type\": \"Replace\", \"pattern\": {\"String\": \"\u0644\"}, \"content\": \"\ufdfa\"}, {\"type\": \"NFKD\"}";
    private static final String TO_2 =
            "{\"type\": \"Replace\", \"pattern\": {\"String\": \"i\"}, \"content\": \"\u0130\"}, {\"type\": \"Lowercase\"}";
    private static final String MARK =
            "{\"type\": \"Metaspace\", \"replacement\": \"C\", \"prepend_scheme\": \"always\", \"split\": true}";

    static Stream<Arguments> togetherTooMuch() {
        return Stream.of(
                Arguments.of("pre_tokenizer", "pretokenizers", times(60, _ -> BYTES), "\u00e9"),
                Arguments.of("pre_tokenizer", "pretokenizers", times(2, _ -> BYTES), "\u00e9"),
                Arguments.of("pre_tokenizer", "pretokenizers", times(9, i -> MARK.replace('C', (char) ('A' + i))), "b"),
                Arguments.of("normalizer", "normalizers", times(11, _ -> TO_18), "\u0644"),
                Arguments.of("normalizer", "normalizers", TO_18, "\u0644"),
                Arguments.of("normalizer", "normalizers", TO_2, "i"),
                Arguments.of(
                        "pre_tokenizer",
                        "pretokenizers",
                        times(
                                20_000,
                                i ->
                                        "{\"type\": \"Split\", \"behavior\": \"Isolated\", \"invert\": false, \"pattern\": {\"String\": \"q"
                                                + i + "\"}}"),
                        "a b ".repeat(100_000)));
    }

    private static String times(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining(", "));
    }

    /** Parts of which each alone is harmless. */
    @ParameterizedTest
    @MethodSource("togetherTooMuch")
    void partsThatMakeATextLongerTogetherCostAMessage(String place, String sequence, String parts, String text)
            throws IOException {
        tokenizer(json -> {
            try {
                json.set(place, MAPPER.readTree("{\"type\": \"Sequence\", \"" + sequence + "\": [" + parts + "]}"));
            } catch (IOException e) {
                throw new IllegalArgumentException(e);
            }
        });
        assertFalse(TokenizerFile.read(folder).harmless());
        endure(List.of(text), Duration.ofSeconds(5));
    }

    @Test
    void aTokenThatStandsForEveryWordIsNoText() throws IOException {
        String word = "x".repeat(40_000);
        tokenizer(json -> {
            json.putObject("model").put("type", "WordLevel").put("unk_token", word);
            ((ObjectNode) json.path("model")).putObject("vocab").put(word, 0).put("a", 1);
            json.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
            json.putArray("added_tokens");
        });
        assertFalse(TokenizerFile.read(folder).harmless());
    }

    /** An ordinary tokenizer, whose normalizer writes this character as 18: 150,000 of them take up to 40 s and 2 GB. */
    @Test
    void aTextThatItsNormalizerMakesLongRunsElsewhere() throws IOException {
        tokenizer(json -> json.putObject("normalizer").put("type", "NFKC"));
        assertTrue(TokenizerFile.read(folder).harmless());
        try (Tokenizer tokenizer = Tokenizer.open(folder, new BosChoice.Without())) {
            int[] once = tokenizer.encode("\ufdfa".repeat(5_000));
            assertEquals(0, children().count());
            int[] more = tokenizer.encode("\ufdfa".repeat(6_000));
            assertEquals(1, children().count());
            // The last word of the shorter text goes on in the longer one.
            int same = once.length - 100;
            assertArrayEquals(
                    IntStream.of(once).limit(same).toArray(),
                    IntStream.of(more).limit(same).toArray());
        }
        for (ProcessHandle child : children().toList()) child.onExit().join();
    }

    /** A text gives the same tokens, and they the same text, wherever it runs. */
    @Test
    void aLongTextOfAnOrdinaryTokenizerRunsElsewhere() {
        try (Tokenizer tokenizer = Tokenizer.open(Fixture.of("gpt2"), new BosChoice.Without())) {
            int[] usual = tokenizer.encode(" a war".repeat(16_000));
            assertEquals(0, children().count());
            int[] twice = tokenizer.encode(" a war".repeat(32_000));
            assertEquals(1, children().count());
            assertArrayEquals(usual, IntStream.of(twice).limit(usual.length).toArray());
        }
        for (ProcessHandle child : children().toList()) child.onExit().join();
    }

    @Test
    void allMemoryCostsAMessage() throws IOException {
        String long20 = "x".repeat(20_000_000);
        tokenizer(json -> json.putObject("normalizer")
                .put("type", "Replace")
                .put("content", long20)
                .putObject("pattern")
                .put("String", "x"));
        try (Tokenizer tokenizer = NativeTokenizer.open(folder, new BosChoice.Without(), Duration.ofMinutes(3))) {
            UserError error = assertThrows(UserError.class, () -> tokenizer.encode("x".repeat(20)));
            assertEquals(ErrorCode.TOKENIZER_FAILED, error.code());
            assertTrue(
                    error.notes().toString().contains("memory allocation"),
                    error.notes().toString());
        }
    }

    @Test
    void aTextThatTakesTooLongCostsAMessageAndTheNextDoesNot() throws IOException {
        pattern("a+(?!a|$)"); // tried from each letter to the text's end and back
        try (Tokenizer tokenizer = NativeTokenizer.open(folder, new BosChoice.Without(), Duration.ofSeconds(10))) {
            int[] ids = tokenizer.encode("a war");
            UserError error = assertThrows(UserError.class, () -> tokenizer.encode("a".repeat(1_000_000)));
            assertEquals(ErrorCode.TOKENIZER_FAILED, error.code());
            assertTrue(error.getMessage().endsWith("it took longer than 10 s"), error.getMessage());
            assertTrue(
                    error.getMessage().contains("a text of 1000000 characters, which begins \"aaa"),
                    error.getMessage());
            assertArrayEquals(ids, tokenizer.encode("a war"));
        }
    }

    @Test
    void aCallThatIsCancelledEndsSoonAndTheNextStartsAnew() throws IOException {
        pattern("a+(?!a|$)");
        var cancelled = new AtomicBoolean();
        Runnable asked = () -> {
            if (cancelled.get()) throw new CancellationException("cancelled");
        };
        try (Tokenizer tokenizer = Tokenizer.open(folder, new BosChoice.Without(), asked)) {
            int[] ids = tokenizer.encode("a war");
            var at = new AtomicLong();
            Thread user = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(1000);
                } catch (InterruptedException ended) {
                    return;
                }
                at.set(System.nanoTime());
                cancelled.set(true);
            });
            assertThrows(CancellationException.class, () -> tokenizer.encode("a".repeat(1_000_000)));
            double seconds = (System.nanoTime() - at.get()) / 1e9;
            user.interrupt();
            assertTrue(seconds < 1, seconds + " s after it was cancelled");
            cancelled.set(false);
            assertArrayEquals(ids, tokenizer.encode("a war"));
            assertEquals(1, children().count());
        }
    }

    @Test
    void aProcessThatSomebodyEndsIsStartedAgain() throws IOException {
        pattern("\\w+");
        try (Tokenizer tokenizer = open()) {
            int[] ids = tokenizer.encode("a war");
            for (ProcessHandle child : children().toList()) {
                child.destroyForcibly();
                child.onExit().join();
            }
            assertArrayEquals(ids, tokenizer.encode("a war"));
            assertEquals(1, children().count());
        }
        for (ProcessHandle child : children().toList()) child.onExit().join();
        assertEquals(0, children().count());
    }

    private static Stream<ProcessHandle> children() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(it -> it.info().command().orElse("").endsWith("java"));
    }

    /** The same ids and texts, whichever process they come from. */
    @ParameterizedTest
    @CsvSource({"gpt2", "llama", "gemma2"})
    void anotherProcessGivesTheSame(String model) throws IOException {
        TokenizerFile file = TokenizerFile.read(Fixture.of(model));
        try (TokenizerLibrary here = DirectTokenizer.open(file.text(), "here");
                TokenizerLibrary there = TokenizerProcess.open(file.text(), "there", Duration.ofSeconds(60))) {
            for (String text : List.of(
                    "The war lasted",
                    "caf\u00e9 \u6f22\u5b57 \ud83d\ude00",
                    "a\u0000b\n",
                    "\ud83d",
                    "a\ude00b",
                    "x".repeat(100_000))) {
                int[] ids = here.encode(text);
                assertArrayEquals(ids, there.encode(text));
                assertEquals(here.decode(ids), there.decode(ids));
            }
            assertEquals(Optional.of(""), there.decode(new int[0]));
        }
    }

    static Stream<Path> families() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Stream.concat(
                Files.list(Fixture.family(".")),
                Stream.of("gpt2", "llama", "mistral", "gemma2", "qwen2", "gpt_neox")
                        .map(Fixture::of))) {
            folders =
                    all.filter(it -> Files.exists(it.resolve("tokenizer.json"))).toList();
        }
        return folders.stream();
    }

    /** A process takes a while to start: none for models that people use. */
    @ParameterizedTest
    @MethodSource("families")
    void aKnownTokenizerRunsHere(Path model) {
        assertTrue(TokenizerFile.read(model).harmless(), model.toString());
    }

    static Stream<String> patterns() {
        return HarmlessTokenizer.PATTERNS.stream().sorted();
    }

    /** What runs in this process must take every text. */
    @ParameterizedTest
    @MethodSource("patterns")
    void aKnownPatternTakesLongTexts(String pattern) throws IOException {
        pattern(pattern);
        TokenizerFile file = TokenizerFile.read(folder);
        assertTrue(file.harmless());
        try (TokenizerLibrary there = TokenizerProcess.open(file.text(), "there", Duration.ofSeconds(60))) {
            for (String part : List.of(
                    "a", "A", "aA", " ", "\n", " \n", "1", "'", "\u6f22", "\u0301", ".,", "'s", "\r", "\u00a0x")) {
                assertDoesNotThrow(() -> there.encode(part.repeat(20_000) + "x"), part);
            }
        }
        pattern(pattern + "|(?:z*)*y");
        assertFalse(TokenizerFile.read(folder).harmless());
    }
}
