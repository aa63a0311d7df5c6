package io.circuitscript.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.model.gguf.GgufFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers out of the metadata of GGUF files, held to what tools/gguf/make_tokenizers.py makes of 1,000 strings without this program. */
class GgufTokenizerTest {
    private static final String FIXTURE = "src/test/resources/gguf/tokenizers.zip";
    private static final Path FILE = Path.of("model.gguf");
    private static ZipFile fixture;
    private static List<String> strings;

    @BeforeAll
    static void open() throws IOException {
        fixture = new ZipFile(FIXTURE);
        strings = List.of(new ObjectMapper().readValue(bytes("strings.json"), String[].class));
    }

    @AfterAll
    static void close() throws IOException {
        fixture.close();
    }

    private static byte[] bytes(String name) throws IOException {
        try (var in = fixture.getInputStream(fixture.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    private static Map<String, Object> metadata(String name) throws IOException {
        byte[] bytes = bytes(name + ".gguf");
        return new HashMap<>(GgufFile.read(new GgufFile.Bytes() {
                    @Override
                    public String name() {
                        return name;
                    }

                    @Override
                    public long size() {
                        return bytes.length;
                    }

                    @Override
                    public void read(long position, ByteBuffer to) {
                        to.put(bytes, Math.toIntExact(position), to.remaining());
                    }
                })
                .metadata());
    }

    private static Map<String, Object> byteLevel(String pre) throws IOException {
        Map<String, Object> metadata = metadata("byte-level");
        metadata.put("tokenizer.ggml.pre", pre);
        return metadata;
    }

    private static Tokenizer tokenizer(Map<String, Object> metadata) {
        return Tokenizer.ofGguf(FILE, metadata, new BosChoice.Auto(), () -> {});
    }

    private static String digest(int[] ids) {
        try {
            String text = Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(" "));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertSameIds(String name, Tokenizer tokenizer) throws IOException {
        List<String> expected = new String(bytes(name + ".ids"), StandardCharsets.US_ASCII)
                .lines()
                .toList();
        assertEquals(1000, expected.size());
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            int[] ids = tokenizer.encodePlain(strings.get(i));
            if (!expected.get(i).equals("*")
                    && !List.of(expected.get(i).split(" ")).contains(digest(ids)))
                wrong.add(strings.get(i) + " -> " + TokenList.show(tokenizer, ids) + " " + Arrays.toString(ids));
        }
        assertEquals(List.of(), wrong, wrong.size() + " strings of " + name);
    }

    /** Where in a text its tokens stand, of each form that GGUF files have. */
    @ParameterizedTest
    @ValueSource(strings = {"byte-level", "pieces", "pieces-of-users", "unigram", "unigram-plain"})
    void tokensKnowTheirCharacters(String name) throws IOException {
        Map<String, Object> metadata = name.equals("byte-level") ? byteLevel("gpt-2") : metadata(name);
        try (Tokenizer tokenizer = tokenizer(metadata)) {
            for (String text : strings.subList(0, 300)) TokenTextsTest.check(tokenizer, text, name.equals("byte-level"));
            for (String text : TokenTextsTest.TEXTS) TokenTextsTest.check(tokenizer, text, name.equals("byte-level"));
        }
    }

    static Stream<String> families() throws IOException {
        try (ZipFile zip = new ZipFile(FIXTURE)) {
            return zip.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".ids") && zip.getEntry(name.replace(".ids", ".gguf")) == null)
                    .map(name -> name.substring(0, name.length() - 4))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void wordsAreFoundAsTheFamilyDoes(String pre) throws IOException {
        try (Tokenizer tokenizer = tokenizer(byteLevel(pre))) {
            assertSameIds(pre, tokenizer);
        }
    }

    /** Families whose parts are one and the same stand for each other. */
    @Test
    void everyNameIsHeldToAnotherProgram() throws IOException {
        Set<GgufPreTokenizers.Parts> held =
                families().map(name -> GgufPreTokenizers.of(name).orElseThrow()).collect(Collectors.toSet());
        for (String name : GgufPreTokenizers.names())
            assertTrue(held.contains(GgufPreTokenizers.of(name).orElseThrow()), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pieces", "pieces-of-users", "unigram", "unigram-plain"})
    void piecesAreThoseOfSentencePiece(String name) throws IOException {
        try (Tokenizer tokenizer = tokenizer(metadata(name))) {
            assertSameIds(name, tokenizer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pieces", "pieces-of-users", "byte-level"})
    void whatWasCutIsReadAgain(String name) throws IOException {
        try (Tokenizer tokenizer = tokenizer(metadata(name))) {
            int[] prompt = tokenizer.encodePlain("a");
            for (String text : strings) {
                if (text.contains("▁")) continue; // reads as a space
                String read = tokenizer.continuation(prompt, tokenizer.encodePlain(text));
                boolean marked = name.equals("pieces");
                assertEquals(marked ? spaced(text) : text, read);
            }
        }
    }

    /** With the space that such a tokenizer puts in front of a text, and after special tokens. */
    private static String spaced(String text) {
        return (" " + text)
                .replaceAll("(?<=(<s>|</s>|<unk>))(?!<s>|</s>|<unk>|$)", " ")
                .replaceAll("^ (?=<s>|</s>|<unk>)", "");
    }
}
