package io.circuitscript.io.table;

import java.util.List;
import java.util.Set;

/**
 * What a cell of a CSV or TSV file is called, read and written. What is written reads back as the same: a text that looks like something else is in
 * quotes, and pandas reads it as it would without them.
 */
final class SeparatedCells {
    /** How truth values are written by this program, by pandas, and by R and spreadsheets. */
    private static final Set<String> TRUE = Set.of("true", "True", "TRUE");

    private static final Set<String> FALSE = Set.of("false", "False", "FALSE");

    /** What stands for none among numbers. pandas knows them all. */
    private static final Set<String> NONE = Set.of("NaN", "nan", "-nan", "NA", "null");

    private static final Set<String> INFINITE = Set.of("inf", "-inf", "+inf", "Infinity", "-Infinity", "Inf", "-Inf");

    private static final int LONGEST_WORD = "-Infinity".length();

    /** The only cell of its row: an empty line would be no row to pandas. */
    static final String NONE_ALONE = "null";

    enum Kind {
        EMPTY,
        MISSING,
        NUMBER,
        TRUTH,
        INFINITE,
        COMPOSITE,
        TEXT
    }

    private SeparatedCells() {}

    static Kind kind(String text, boolean quoted) {
        if (text.isEmpty()) return quoted ? Kind.TEXT : Kind.EMPTY;
        if (JsonCells.isComposite(text)) return Kind.COMPOSITE;
        if (quoted) return Kind.TEXT;
        // A whole number of any length may be an id: its column becomes text.
        boolean whole = text.chars().skip(text.startsWith("-") ? 1 : 0).allMatch(c -> c >= '0' && c <= '9');
        if (CellNumbers.isNumber(text)) return !whole && CellNumbers.isInfinite(text) ? Kind.INFINITE : Kind.NUMBER;
        if (text.length() > LONGEST_WORD) return Kind.TEXT;
        if (isTruth(text)) return Kind.TRUTH;
        if (NONE.contains(text)) return Kind.MISSING;
        return INFINITE.contains(text) ? Kind.INFINITE : Kind.TEXT;
    }

    private static boolean isTruth(String text) {
        return TRUE.contains(text) || FALSE.contains(text);
    }

    static boolean truth(String text) {
        return TRUE.contains(text);
    }

    /**
     * A text that is a list or a record in JSON, and yet a text, is written as a JSON string; so is one that is such a string.
     *
     * @param allQuoted where quotes say nothing, since everything in the file is in quotes: then so is a text that is a number without them, or the like
     */
    private static boolean needsEscape(String text, boolean allQuoted) {
        if (allQuoted ? kind(text, false) != Kind.TEXT : JsonCells.isComposite(text)) return true;
        String inner = JsonCells.string(text);
        return inner != null && needsEscape(inner, allQuoted);
    }

    /** That a cell is written as a JSON string because it is a text. */
    static boolean isEscape(String written, boolean allQuoted) {
        String inner = JsonCells.string(written);
        return inner != null && needsEscape(inner, allQuoted);
    }

    /** The text that a cell means which is no number, and nothing else but a text. */
    static String text(String written, boolean allQuoted) {
        return isEscape(written, allQuoted) ? JsonCells.string(written) : written;
    }

    /**
     * @param quoteTexts where unquoted texts would make texts of the column's numbers
     * @param allQuoted where everything in the file is in quotes
     */
    static void write(StringBuilder out, Object cell, char separator, boolean quoteTexts, boolean allQuoted) {
        switch (cell) {
            case null -> {}
            case Double number -> out.append(CellNumbers.text(number));
            case Boolean truth -> out.append(truth);
            case String text -> writeText(out, text, separator, quoteTexts, allQuoted);
            case List<?> list -> quote(out, JsonCells.text(list), separator, false);
            default -> quote(out, JsonCells.text(cell), separator, false);
        }
    }

    private static void writeText(
            StringBuilder out, String text, char separator, boolean quoteTexts, boolean allQuoted) {
        char first = text.isEmpty() ? '"' : text.charAt(0);
        boolean bracket = first == '[' || first == '{' || first == '"';
        String written = (bracket || allQuoted) && needsEscape(text, allQuoted) ? JsonCells.text(text) : text;
        boolean quoted = quoteTexts || bracket || first == '\uFEFF' || kind(text, false) != Kind.TEXT;
        quote(out, written, separator, quoted);
    }

    static void quote(StringBuilder out, String text, char separator, boolean always) {
        if (!always && !needsQuotes(text, separator)) {
            out.append(text);
            return;
        }
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c);
            if (c == '"') out.append('"');
        }
        out.append('"');
    }

    private static boolean needsQuotes(String text, char separator) {
        if (text.isEmpty() || isSpace(text.charAt(0)) || isSpace(text.charAt(text.length() - 1))) return true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == separator || c == '"' || c == '\n' || c == '\r') return true;
        }
        return false;
    }

    private static boolean isSpace(char c) {
        return c <= ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
