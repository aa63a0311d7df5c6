package io.circuitscript.model.tokenizer;

import io.circuitscript.source.QuotedText;
import java.util.stream.Collectors;

/** How a message shows a tokenization: {@code "The" " war" " lasted"}. */
public final class TokenList {
    private TokenList() {}

    public static String show(Tokenizer tokenizer, int[] ids) {
        if (ids.length == 0) return "none";
        return tokenizer.tokens(ids).stream().map(QuotedText::of).collect(Collectors.joining(" "));
    }
}
