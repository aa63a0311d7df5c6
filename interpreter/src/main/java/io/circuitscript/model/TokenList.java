package io.circuitscript.model;

import io.circuitscript.source.Visible;
import java.util.stream.Collectors;

/** How a message shows a tokenization: {@code "The" " war" " lasted"}. */
public final class TokenList {
    /** How much of a long text a message shows. */
    private static final int LONGEST_SHOWN = 60;

    private TokenList() {}

    public static String show(Tokenizer tokenizer, int[] ids) {
        if (ids.length == 0) return "none";
        return tokenizer.tokens(ids).stream().map(TokenList::quote).collect(Collectors.joining(" "));
    }

    /** The text in quotes, with what a line cannot show written as the language writes it. */
    public static String quote(String text) {
        return "\"" + Visible.line(text.replace("\\", "\\\\").replace("\"", "\\\"")) + "\"";
    }

    /** The same of no more than how a text begins. */
    public static String beginning(String text) {
        if (text.length() <= LONGEST_SHOWN) return quote(text);
        boolean halved = Character.isHighSurrogate(text.charAt(LONGEST_SHOWN - 1));
        return quote(text.substring(0, halved ? LONGEST_SHOWN - 1 : LONGEST_SHOWN) + "…");
    }
}
