package io.circuitscript.notebook.display;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The colours of a mistake's message. Notebooks show it on pale or on dark red, on both of which a terminal's own red and blue are hard to read. */
public final class MessageColours {
    private static final Pattern PAINT = Pattern.compile("\u001B\\[1;(3[0-9])m");

    /** Of the 256 colours of a terminal, some of middling lightness. */
    private static final Map<String, String> MIDDLING = Map.of("31", "167", "33", "136", "34", "32", "36", "30");

    private MessageColours() {}

    /** @param text as it stands on a terminal */
    public static String onRed(String text) {
        return PAINT.matcher(text).replaceAll(paint -> {
            String colour = MIDDLING.get(paint.group(1));
            return Matcher.quoteReplacement(colour == null ? paint.group() : "\u001B[1;38;5;" + colour + "m");
        });
    }
}
