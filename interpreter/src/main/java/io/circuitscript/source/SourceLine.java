package io.circuitscript.source;

/** A line of a source as a terminal shows it: tabs as spaces, wide characters counted as two, long lines cut around the place of interest. */
final class SourceLine {
    private static final int TAB = 4;
    private static final int WIDTH = 110;
    private static final int CONTEXT = 40;
    private static final int LONGEST = 4000;
    private static final String CUT = "…";

    /** The column at which each code point begins, and one more for the end. */
    private final int[] columns;

    private final String text;
    /** The first column shown, and the first not shown any more. */
    private final int from;

    private final int to;

    /** @param start the code point that must be seen, and {@code length} how many from there on if there is room */
    SourceLine(String line, int start, int length) {
        int[] codePoints = line.codePoints().toArray();
        columns = columns(codePoints);
        int width = columns[codePoints.length];
        int first = columns[Math.min(start, codePoints.length)];
        int last = columns[Math.min(start + length, codePoints.length)];
        from = last <= WIDTH || width <= WIDTH ? 0 : Math.max(0, Math.min(first - CONTEXT, width - WIDTH));
        to = from + WIDTH;
        text = shown(codePoints, width);
    }

    private static int[] columns(int[] codePoints) {
        int[] columns = new int[codePoints.length + 1];
        for (int i = 0; i < codePoints.length; i++) {
            columns[i + 1] = columns[i] + (codePoints[i] == '\t' ? TAB - columns[i] % TAB : width(codePoints, i));
        }
        return columns;
    }

    private String shown(int[] codePoints, int width) {
        var shown = new StringBuilder(from > 0 ? CUT : "");
        for (int i = 0; i < codePoints.length; i++) {
            if (columns[i] < from || columns[i + 1] > to) continue;
            if (codePoints[i] == '\t') shown.append(" ".repeat(columns[i + 1] - columns[i]));
            else shown.append(Visible.codePoint(codePoints, i));
        }
        return shown.append(width > to ? CUT : "").toString();
    }

    String text() {
        return text;
    }

    /** Signs under the code points from {@code start} to {@code end}; at least one, and none beyond what is shown. */
    String underline(int start, int end, char sign) {
        int shift = from > 0 ? CUT.length() - from : 0;
        int last = columns.length - 1;
        int first = Math.clamp(columns[Math.min(start, last)], from, to);
        int behind = Math.clamp(columns[Math.min(end, last)], first, to);
        return " ".repeat(first + shift) + String.valueOf(sign).repeat(Math.max(1, behind - first));
    }

    /** A text in which no character can move the cursor or change the terminal, and of which no more is shown than anybody reads. */
    static String clean(String text) {
        if (text.length() > LONGEST)
            return clean(text.substring(0, LONGEST - CONTEXT)) + CUT + " (" + text.length() + " characters)";
        return Visible.line(text.replace('\t', ' '));
    }

    /** How many columns a terminal gives the character as it is shown, which may be an escape sequence. */
    private static int width(int[] codePoints, int i) {
        String shown = Visible.codePoint(codePoints, i);
        return shown.codePointCount(0, shown.length()) > 1 ? shown.length() : width(codePoints[i]);
    }

    /** How many columns a terminal gives a character that shows: none to what combines, two to what East Asian type and emoji take. */
    private static int width(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.FORMAT) return 0; // what joins emoji
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) return 0;
        boolean wide = codePoint >= 0x1100 && codePoint <= 0x115F
                || codePoint >= 0x2E80 && codePoint <= 0x303E
                || codePoint >= 0x3041 && codePoint <= 0xA4CF
                || codePoint >= 0xA960 && codePoint <= 0xA97F
                || codePoint >= 0xAC00 && codePoint <= 0xD7A3
                || codePoint >= 0xF900 && codePoint <= 0xFAFF
                || codePoint >= 0xFE30 && codePoint <= 0xFE6F
                || codePoint >= 0xFF00 && codePoint <= 0xFF60
                || codePoint >= 0xFFE0 && codePoint <= 0xFFE6
                || codePoint >= 0x1F300 && codePoint <= 0x1F64F
                || codePoint >= 0x1F680 && codePoint <= 0x1F6FF
                || codePoint >= 0x1F900 && codePoint <= 0x1FAFF
                || codePoint >= 0x20000 && codePoint <= 0x3FFFD;
        return wide ? 2 : 1;
    }
}
