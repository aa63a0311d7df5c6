package io.circuitscript.model;

import io.circuitscript.source.Visible;
import java.util.stream.Collectors;

/** How a message shows a tokenization: {@code "The" " war" " lasted"}. */
public final class TokenList {
    private TokenList() {}

    public static String show(Tokenizer tokenizer, int[] ids) {
        if (ids.length == 0) return "none";
        return tokenizer.tokens(ids).stream().map(TokenList::quote).collect(Collectors.joining(" "));
    }

    /** The text in quotes, with what a line cannot show written as the language writes it. */
    public static String quote(String text) {
        return "\"" + Visible.line(text.replace("\\", "\\\\").replace("\"", "\\\"")) + "\"";
    }
}
