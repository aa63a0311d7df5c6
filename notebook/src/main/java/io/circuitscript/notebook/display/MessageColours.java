package io.circuitscript.notebook.display;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The colours of a mistake's message. Notebooks show it on pale or on dark red, on both of which a terminal's own red and blue are hard to read. */
public final class MessageColours {
    private static final Pattern PAINT = Pattern.compile("\u001B\\[1;(3[0-9])m");

    /** Of the 256 colours of a terminal, some of middling lightness. */
    private static final Map<String, String> MIDDLING = Map.of("31", "167", "33", "166", "34", "32");

    /** The colour of words that are bold already, and easier to read without it. */
    private static final String PLAIN = "36";

    private MessageColours() {}

    /** @param text as it stands on a terminal */
    public static String onRed(String text) {
        return PAINT.matcher(text).replaceAll(paint -> {
            if (paint.group(1).equals(PLAIN)) return Matcher.quoteReplacement("\u001B[1m");
            String colour = MIDDLING.get(paint.group(1));
            return Matcher.quoteReplacement(colour == null ? paint.group() : "\u001B[1;38;5;" + colour + "m");
        });
    }
}
