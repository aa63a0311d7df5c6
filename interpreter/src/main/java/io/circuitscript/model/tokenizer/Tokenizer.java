package io.circuitscript.model.tokenizer;

import io.circuitscript.model.Gguf;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Text to token ids and back, by a model's own tokenizer. */
public interface Tokenizer extends AutoCloseable {

    /**
     * Reads a model's folder's tokenizer.json, or the tokenizer in a GGUF file, and which token begins a sequence. Uses no network.
     *
     * @throws UserError where the file is missing or malformed, or the given token is none
     */
    static Tokenizer open(Path folder, BosChoice bos) {
        return open(folder, bos, () -> {});
    }

    /**
     * The same. Where the tokenizer in a GGUF file cannot be used, a tokenizer.json beside it is.
     *
     * @param asked throws where the user has cancelled; it is asked during long calls, which then end
     */
    static Tokenizer open(Path folder, BosChoice bos, Runnable asked) {
        if (!Gguf.is(folder)) return NativeTokenizer.open(folder, bos, asked);
        try {
            return ofGguf(folder, Gguf.metadata(folder), bos, asked);
        } catch (UserError e) {
            boolean beside = e.code() == ErrorCode.TOKENIZER_MALFORMED && TokenizerFile.isBeside(folder);
            if (!beside) throw e;
            return NativeTokenizer.open(folder, bos, asked);
        }
    }

    /**
     * The tokenizer that a GGUF file's metadata describes.
     *
     * @param file for messages
     * @param metadata by whole keys: texts, {@link Long}, {@link Double}, {@link Boolean}, {@code List}, {@code int[]} and {@code float[]}
     * @param asked throws where the user has cancelled; it is asked during long calls, which then end
     * @throws UserError where it has no tokenizer, one that is not supported, or a damaged one
     */
    static Tokenizer ofGguf(Path file, Map<String, Object> metadata, BosChoice bos, Runnable asked) {
        return NativeTokenizer.ofGguf(file, metadata, bos, asked);
    }

    /** The ids of a text as a model reads it: exactly one beginning-of-sequence token in front, where the model has one. */
    int[] encode(String text);

    /** The same with the characters of each token; the one that is put in front has none. */
    TokenTexts encodeWithTexts(String text);

    /** The ids of a text by itself, with nothing put in front. */
    int[] encodePlain(String text);

    /** The ids of what a label, an answer or a metric calls a token. */
    Label label(String text);

    /**
     * A label's ids: as the text would stand within another one, where ` L` begins a word and `L` does not. Some tokenizers put a space in front
     * of whatever they are given, so that this is not what {@link #encodePlain} says.
     *
     * @param ids one where it is a single token; several where it is a text of several; none where the tokenizer has only its token for the unknown
     *     for a part of it
     * @param spaceAdded whether the text is no token but is one with a space in front, as this tokenizer reads it by itself
     */
    record Label(int[] ids, boolean spaceAdded) {}

    /** What one token adds to a text, for display: {@code " the"}; a part of a character reads as its replacement. */
    String token(int id);

    /** What tokens add to the text of others: their own texts are not always what is in it. */
    String continuation(int[] prompt, int[] said);

    default List<String> tokens(int[] ids) {
        return java.util.Arrays.stream(ids).mapToObj(this::token).toList();
    }

    /** The beginning-of-sequence token that {@link #encode} puts in front, where there is one. */
    Optional<String> bos();

    /** One more than the largest id. */
    int vocabulary();

    /** The same without tokens that were added to the vocabulary, as for pictures. */
    int learnt();

    /** What was changed in what the file says, for the user to read. */
    List<String> notes();

    /** @throws UserError where this tokenizer has ids that the model has no embedding for; those of added tokens are an input's own mistake */
    default void requireFits(ModelConfig config) {
        if (learnt() > config.dVocab()) {
            throw UserError.input(
                    ErrorCode.VOCABULARY_TOO_LARGE,
                    "the tokenizer of " + config.name() + " has " + learnt() + " tokens; the model has embeddings for "
                            + config.dVocab(),
                    "tokenizer.json and config.json are not of the same model");
        }
    }

    @Override
    void close();
}
