package io.circuitscript.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.model.JsonFile;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A tokenizer that Hugging Face's own library runs. */
public final class NativeTokenizer implements Tokenizer {
    private static final int LONGEST_TEXT = 2_000_000;

    /** How long a tokenizer that the library may hang in takes for a text, at most. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TokenizerFile file;
    private final CallLimit limit;
    private final TokenizerLibrary library;
    private Optional<TokenizerLibrary> inWord = Optional.empty();
    private final OptionalInt bosId;
    private final Optional<String> bos;

    /** Which token begins a sequence by what the model's own files say. */
    private interface OwnBos {
        OptionalInt id(NativeTokenizer tokenizer);
    }

    private NativeTokenizer(TokenizerFile file, CallLimit limit, BosChoice choice, OwnBos own) {
        this.file = file;
        this.limit = limit;
        this.library = library(file.text());
        try {
            this.bosId = bosId(choice, own);
            this.bos = bosId.isPresent() ? Optional.of(token(bosId.getAsInt())) : Optional.empty();
        } catch (RuntimeException e) {
            library.close();
            throw e;
        }
    }

    /** @param asked throws where the user has cancelled; it is asked during long calls */
    public static NativeTokenizer open(Path folder, BosChoice choice, Runnable asked) {
        return open(folder, choice, new CallLimit(LIMIT, asked));
    }

    public static NativeTokenizer open(Path folder, BosChoice choice, Duration limit) {
        return open(folder, choice, CallLimit.of(limit));
    }

    private static NativeTokenizer open(Path folder, BosChoice choice, CallLimit limit) {
        return new NativeTokenizer(TokenizerFile.read(folder), limit, choice, it -> it.ownBosId(folder));
    }

    /**
     * The tokenizer of a GGUF file.
     *
     * @param metadata by whole keys: texts, {@link Long}, {@link Double}, {@link Boolean}, {@code List}, {@code int[]} and {@code float[]}
     */
    static NativeTokenizer ofGguf(Path file, Map<String, Object> metadata, BosChoice choice, Runnable asked) {
        var tokenizer = GgufTokenizer.of(new GgufMetadata(file.toString(), metadata));
        var limit = new CallLimit(LIMIT, asked);
        return new NativeTokenizer(TokenizerFile.of(file, tokenizer.json()), limit, choice, _ -> tokenizer.bos());
    }

    private TokenizerLibrary library(byte[] text) {
        String name = file.file().toString();
        return file.harmless() ? TokenizerBySize.open(text, name, limit) : TokenizerProcess.open(text, name, limit);
    }

    @Override
    public int[] encode(String text) {
        int[] ids = encodePlain(text);
        if (bosId.isEmpty() || ids.length > 0 && ids[0] == bosId.getAsInt()) return ids;
        return IntStream.concat(bosId.stream(), IntStream.of(ids)).toArray();
    }

    @Override
    public TokenTexts encodeWithTexts(String text) {
        TokenTexts texts = text.isEmpty()
                ? new TokenTexts(new int[0], new int[0], new int[0])
                : library.encodeWithTexts(checkedLength(text));
        boolean first = texts.size() > 0 && texts.ids()[0] == bosId.orElse(-1);
        return bosId.isEmpty() || first ? texts : texts.after(bosId.getAsInt());
    }

    @Override
    public int[] encodePlain(String text) {
        return encode(library, text);
    }

    private static int[] encode(TokenizerLibrary library, String text) {
        return text.isEmpty() ? new int[0] : library.encode(checkedLength(text));
    }

    private static String checkedLength(String text) {
        if (text.length() > LONGEST_TEXT) {
            throw UserError.input(
                    ErrorCode.TEXT_TOO_LONG,
                    "a text has " + text.length() + " characters, more than any model takes: it begins "
                            + QuotedText.beginning(text),
                    "give a shorter one");
        }
        return text;
    }

    @Override
    public Label label(String text) {
        if (file.inWord().isEmpty()) return label(text, encodePlain(text), false);
        if (inWord.isEmpty()) inWord = Optional.of(library(file.inWord().get()));
        Label asWritten = label(text, encode(inWord.get(), text), false);
        if (asWritten.ids().length == 1 || text.startsWith(" ")) return asWritten;
        Label word = label(text, encodePlain(text), true);
        return word.ids().length == 1 ? word : asWritten;
    }

    /** A token that stands for whatever is unknown is not what a label means, but where the label is that token's own text. */
    private Label label(String text, int[] ids, boolean spaceAdded) {
        boolean itself = ids.length == 1 && token(ids[0]).strip().equals(text.strip());
        boolean unknown =
                !itself && IntStream.of(ids).anyMatch(id -> file.unknown().equals(OptionalInt.of(id)));
        return unknown ? new Label(new int[0], false) : new Label(ids, spaceAdded);
    }

    @Override
    public String token(int id) {
        // Embeddings are often padded to a round number: such an id can be predicted, and is no text.
        if (id < 0 || id >= vocabulary()) return "<id " + id + ">";
        if (file.anchor().isEmpty()) return alone(id);
        int anchor = file.anchor().getAsInt();
        String before = alone(anchor);
        String both = library.decode(new int[] {anchor, id}).orElse("");
        return both.startsWith(before) ? both.substring(before.length()) : alone(id);
    }

    private String alone(int id) {
        return library.decode(new int[] {id}).orElse("<id " + id + ">");
    }

    @Override
    public String continuation(int[] prompt, int[] said) {
        int[] all = IntStream.concat(IntStream.of(prompt), IntStream.of(said)).toArray();
        Optional<String> before = library.decode(prompt);
        Optional<String> whole = library.decode(all);
        boolean padding = IntStream.of(said).anyMatch(id -> id >= vocabulary());
        if (padding || before.isEmpty() || whole.isEmpty()) return String.join("", tokens(said));
        // They differ before the prompt's end where it ends within a character, which what follows completes.
        int same = Arrays.mismatch(before.get().toCharArray(), whole.get().toCharArray());
        if (same < 0) return "";
        if (same > 0 && Character.isHighSurrogate(whole.get().charAt(same - 1))) same--;
        return whole.get().substring(same);
    }

    @Override
    public Optional<String> bos() {
        return bos;
    }

    @Override
    public int vocabulary() {
        return file.vocabulary();
    }

    @Override
    public int learnt() {
        return file.learnt();
    }

    @Override
    public List<String> notes() {
        return file.notes();
    }

    @Override
    public void close() {
        library.close();
        inWord.ifPresent(TokenizerLibrary::close);
    }

    private OptionalInt bosId(BosChoice choice, OwnBos own) {
        return switch (choice) {
            case BosChoice.Without() -> OptionalInt.empty();
            case BosChoice.Given(String text) -> OptionalInt.of(single(text, "it is what bos= says"));
            case BosChoice.Auto() -> own.id(this);
        };
    }

    /**
     * The file that a tokenizer is saved with says which token begins a sequence, null meaning none. Older folders leave it to the
     * program that reads them (GPT-2's own does); the model's configuration then has the id.
     */
    private OptionalInt ownBosId(Path folder) {
        for (String name : List.of("tokenizer_config.json", "special_tokens_map.json")) {
            Path beside = ModelFiles.file(folder, name);
            if (!Files.isRegularFile(beside)) continue;
            ObjectNode json = JsonFile.read(beside, ErrorCode.TOKENIZER_MALFORMED);
            if (!json.has("bos_token")) continue;
            JsonNode token = json.get("bos_token");
            String text =
                    token.isObject() ? token.path("content").asText() : token.isTextual() ? token.textValue() : "";
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(single(text, "it is bos_token in " + beside));
        }
        Path config = folder.resolve(ModelConfig.FILE);
        if (!Files.isRegularFile(config)) return OptionalInt.empty();
        JsonNode id = JsonFile.read(config, ErrorCode.CONFIG_MALFORMED).path("bos_token_id");
        boolean known = id.isInt() && id.intValue() >= 0 && id.intValue() < vocabulary();
        return known ? OptionalInt.of(id.intValue()) : OptionalInt.empty();
    }

    private int single(String text, String why) {
        int[] ids = encodePlain(text);
        if (ids.length == 1) return ids[0];
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.BOS_NOT_A_TOKEN,
                "\"" + text + "\" cannot begin a sequence: it is not one token but " + ids.length,
                List.of(why, "its tokens: " + TokenList.show(this, ids)),
                "bos= takes auto, none, or a text that is exactly one token");
    }
}
