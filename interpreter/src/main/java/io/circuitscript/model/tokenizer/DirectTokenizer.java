package io.circuitscript.model.tokenizer;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.circuitscript.model.natives.NativeLibraries;
import io.circuitscript.model.natives.UnpackingWatch;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** The tokenizers library in this process. A panic in it ends the process: only a {@link HarmlessTokenizer} may run where a session does. */
public final class DirectTokenizer implements TokenizerLibrary {
    private final HuggingFaceTokenizer library;

    private DirectTokenizer(HuggingFaceTokenizer library) {
        this.library = library;
    }

    /**
     * @param json the text of a tokenizer.json
     * @param file it comes from, for messages
     */
    public static DirectTokenizer open(byte[] json, String file) {
        NativeLibraries.prepareTokenizers(UnpackingWatch.NONE);
        var options = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad", "addSpecialTokens", "false");
        try {
            return new DirectTokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options));
        } catch (EngineException | LinkageError e) {
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.TOKENIZER_UNAVAILABLE,
                    "the tokenizer's native library cannot be loaded from "
                            + System.getProperty("RUST_LIBRARY_PATH", "where RUST_LIBRARY_PATH says"),
                    List.of("reported: " + (e.getCause() == null ? e : e.getCause()).getMessage()),
                    "set CIRCUIT_CACHE to a folder on a disk from which programs may run");
        } catch (IOException | RuntimeException e) {
            throw TokenizerFile.malformed("cannot make a tokenizer of " + file + ": " + e.getMessage());
        }
    }

    @Override
    public int[] encode(String text) {
        try {
            return LongStream.of(ids(text)).mapToInt(Math::toIntExact).toArray();
        } catch (RuntimeException e) {
            throw notEncodable(text, e);
        }
    }

    private static UserError notEncodable(String text, RuntimeException why) {
        return UserError.input(
                ErrorCode.TEXT_NOT_ENCODABLE,
                "the model's tokenizer has no tokens for " + QuotedText.beginning(text) + ": " + why.getMessage(),
                "the vocabulary in tokenizer.json has no tokens for this text, and no token for unknown text");
    }

    @Override
    public TokenTexts encodeWithTexts(String text) {
        try {
            long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
            try {
                long[] ids = TokenizersLibrary.LIB.getTokenIds(encoding);
                return texts(text, ids, TokenizersLibrary.LIB.getTokenCharSpans(encoding));
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } catch (RuntimeException e) {
            throw notEncodable(text, e);
        }
    }

    /** @param spans in code points of the text; null for a token that stands for none of it */
    private static TokenTexts texts(String text, long[] ids, CharSpan[] spans) {
        int[] starts = new int[ids.length];
        int[] ends = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            int before = i == 0 ? 0 : ends[i - 1];
            starts[i] = spans[i] == null ? before : spans[i].getStart();
            ends[i] = spans[i] == null ? before : Math.max(starts[i], spans[i].getEnd());
        }
        int[] known = LongStream.of(ids).mapToInt(Math::toIntExact).toArray();
        return TokenTexts.ofCodePoints(text, known, starts, ends);
    }

    /**
     * The ids alone, which takes half the time of DJL's own call: that brings each token's text and place as well. Texts go to the library one by one: its call
     * for several at once runs in threads, and has ended the process where one expression was matched in two of them.
     */
    private long[] ids(String text) {
        // The library adds its own special tokens by a rule of each tokenizer's; encode's one rule must be the only
        // one.
        long encoding = TokenizersLibrary.LIB.encode(library.getHandle(), text, false);
        try {
            return TokenizersLibrary.LIB.getTokenIds(encoding);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    @Override
    public Optional<String> decode(int[] ids) {
        try {
            return Optional.of(library.decode(Arrays.stream(ids).asLongStream().toArray(), false));
        } catch (RuntimeException noText) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        library.close();
    }
}
