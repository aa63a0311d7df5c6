package io.circuitscript.source;

/** How a message shows a text: in quotes, and no more of it than a person reads. */
public final class QuotedText {
    /** How much of a long text a message shows. */
    private static final int LONGEST_SHOWN = 60;

    private QuotedText() {}

    /** The text in quotes, with what a line cannot show written as the language writes it. */
    public static String of(String text) {
        return "\"" + Visible.line(text.replace("\\", "\\\\").replace("\"", "\\\"")) + "\"";
    }

    /** The same of no more than how a text begins and ends. */
    public static String middle(String text) {
        int[] points = text.codePoints().toArray();
        if (points.length <= LONGEST_SHOWN) return of(text);
        int end = LONGEST_SHOWN / 2;
        return of(new String(points, 0, LONGEST_SHOWN - end) + "…" + new String(points, points.length - end, end));
    }

    /** The same of no more than how a text begins. */
    public static String beginning(String text) {
        if (text.length() <= LONGEST_SHOWN) return of(text);
        boolean halved = Character.isHighSurrogate(text.charAt(LONGEST_SHOWN - 1));
        return of(text.substring(0, halved ? LONGEST_SHOWN - 1 : LONGEST_SHOWN) + "…");
    }
}
