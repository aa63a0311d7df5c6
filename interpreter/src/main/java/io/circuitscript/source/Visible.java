package io.circuitscript.source;

import java.security.SecureRandom;

/**
 * Texts as a terminal may show them. What others wrote (a script, a file's name, a column, a token, an answer of the hub) can hold characters that move the
 * cursor, change the terminal, turn the order of the line round, or hide: each is shown as {@code \\u{1B}}. All that reaches a person goes through
 * {@link #onScreen}, and only our own colours pass it.
 */
public final class Visible {
    /** Nobody else can write it: it is another one in each process, and it is no character. */
    private static final String OURS = "\uFDD0" + Long.toHexString(new SecureRandom().nextLong());

    /** What stands for the escape character of our own colours until it reaches the terminal. */
    public static final String ESCAPE = OURS + "e";

    /** What stands for a return to the line's beginning, as the line that shows progress needs it. */
    public static final String RETURN = OURS + "r";

    private static final int JOINER = 0x200D;
    private static final int TEXT_STYLE = 0xFE0E;
    private static final int EMOJI_STYLE = 0xFE0F;

    private Visible() {}

    /** The text of several lines: their ends and tabs stay. */
    public static String text(String text) {
        return shown(text, false);
    }

    /** The text on one line, with line ends and tabs as the language writes them. */
    public static String line(String text) {
        return shown(text, true);
    }

    /** What is written to the terminal: the text of several lines, with our own colours. */
    public static String onScreen(String text) {
        String shown = text(text);
        return shown.contains(OURS) ? shown.replace(ESCAPE, "\u001B").replace(RETURN, "\r") : shown;
    }

    /** The text without our own colours. */
    public static String withoutColour(String text) {
        return text.contains(OURS) ? text.replaceAll(ESCAPE + "\\[[;0-9]*m", "") : text;
    }

    private static String shown(String text, boolean line) {
        if (text.codePoints().noneMatch(it -> hides(it) || isLayout(it))) return text;
        int[] codePoints = text.codePoints().toArray();
        var shown = new StringBuilder(text.length() + 16);
        for (int i = 0; i < codePoints.length; i++) {
            if (isLayout(codePoints[i])) shown.append(line ? escape(codePoints[i]) : Character.toString(codePoints[i]));
            else if (hides(codePoints[i]) && !isOfEmoji(codePoints, i)) shown.append(escape(codePoints[i]));
            else shown.appendCodePoint(codePoints[i]);
        }
        return shown.toString();
    }

    /** One code point of a line. */
    static String codePoint(int[] codePoints, int i) {
        boolean hidden = isLayout(codePoints[i]) || hides(codePoints[i]) && !isOfEmoji(codePoints, i);
        return hidden ? escape(codePoints[i]) : Character.toString(codePoints[i]);
    }

    private static boolean isLayout(int codePoint) {
        return codePoint == '\n' || codePoint == '\t';
    }

    private static String escape(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            default -> "\\u{" + Integer.toHexString(codePoint).toUpperCase(java.util.Locale.ROOT) + "}";
        };
    }

    /** Whether a terminal obeys the character, or shows nothing in its place: Unicode's default ignorable ones among them. Marks that combine show. */
    private static boolean hides(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default ->
                codePoint == 0x034F // combining grapheme joiner
                        || codePoint == 0x115F
                        || codePoint == 0x1160
                        || codePoint == 0x3164
                        || codePoint == 0xFFA0 // fillers of Hangul
                        || codePoint == 0x17B4
                        || codePoint == 0x17B5 // vowels of Khmer that are not written
                        || codePoint >= 0x180B && codePoint <= 0x180F
                        || codePoint == 0x2065
                        || codePoint == 0x2800 // Braille without a dot
                        || codePoint >= 0xFE00 && codePoint <= 0xFE0F
                        || codePoint >= 0xFFF0 && codePoint <= 0xFFF8
                        || codePoint >= 0xE0000 && codePoint <= 0xE0FFF;
        };
    }

    /** Whether an emoji is made of the character and the one before it: what joins two of them, and what chooses how one looks. */
    private static boolean isOfEmoji(int[] codePoints, int i) {
        if (i == 0) return false;
        int before = codePoints[i - 1];
        boolean keycap = before >= '0' && before <= '9' || before == '#' || before == '*';
        if (codePoints[i] == EMOJI_STYLE || codePoints[i] == TEXT_STYLE) return isPictograph(before) || keycap;
        if (codePoints[i] != JOINER || i + 1 == codePoints.length || !isPictograph(codePoints[i + 1])) return false;
        boolean styled = before == EMOJI_STYLE && i > 1;
        return isPictograph(styled ? codePoints[i - 2] : before) || Character.isEmojiModifier(before);
    }

    private static boolean isPictograph(int codePoint) {
        return Character.isExtendedPictographic(codePoint);
    }
}
