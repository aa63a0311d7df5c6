package io.circuitscript.model.tokenizer;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The library for a {@link HarmlessTokenizer}: texts of usual length run in this process. Longer ones run in a {@link TokenizerProcess}, started
 * with the first of them, since even an ordinary tokenizer needs several hundred bytes for each character.
 */
final class TokenizerBySize implements TokenizerLibrary {
    /** So many characters of a text, and so many tokens, are used here at most. */
    static final int LONGEST = 100_000;

    /** NFKC and NFKD write one character as so many at most. */
    private static final int GROWTH = 18;

    private final byte[] json;
    private final String file;
    private final CallLimit limit;
    private final DirectTokenizer here;
    private Optional<TokenizerProcess> there = Optional.empty();

    private TokenizerBySize(byte[] json, String file, CallLimit limit) {
        this.json = json;
        this.file = file;
        this.limit = limit;
        this.here = DirectTokenizer.open(json, file);
    }

    /**
     * @param json the text of a tokenizer.json
     * @param file it comes from, for messages
     * @param limit for each call of the other process
     */
    static TokenizerBySize open(byte[] json, String file, CallLimit limit) {
        return new TokenizerBySize(json, file, limit);
    }

    @Override
    public int[] encode(String text) {
        return (isShort(text) ? here : there()).encode(text);
    }

    @Override
    public TokenTexts encodeWithTexts(String text) {
        return (isShort(text) ? here : there()).encodeWithTexts(text);
    }

    @Override
    public Optional<String> decode(int[] ids) {
        return (ids.length <= LONGEST ? here : there()).decode(ids);
    }

    /** Whether a text stays short in whichever form a normalizer writes it. */
    private static boolean isShort(String text) {
        if (text.length() <= LONGEST / GROWTH) return true;
        return text.length() <= LONGEST
                && Normalizer.normalize(text, Normalizer.Form.NFKD).length() <= LONGEST;
    }

    private TokenizerLibrary there() {
        if (there.isEmpty()) there = Optional.of(TokenizerProcess.open(json, file, limit));
        return there.get();
    }

    @Override
    public void close() {
        here.close();
        there.ifPresent(TokenizerLibrary::close);
    }
}
