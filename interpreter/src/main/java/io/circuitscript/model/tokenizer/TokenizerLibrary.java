package io.circuitscript.model.tokenizer;

import java.util.Optional;

/** Hugging Face's tokenizers library with one tokenizer.json loaded, in this process or in another one. */
public interface TokenizerLibrary extends AutoCloseable {

    /**
     * The ids of a text, with nothing put in front.
     *
     * @throws io.circuitscript.source.UserError where the tokenizer cannot write the text
     */
    int[] encode(String text);

    /** The same with the characters of each token. */
    TokenTexts encodeWithTexts(String text);

    /** The text of ids, special tokens included; empty where the library has none. */
    Optional<String> decode(int[] ids);

    @Override
    void close();
}
