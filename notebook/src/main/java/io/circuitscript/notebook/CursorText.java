package io.circuitscript.notebook;

import io.circuitscript.assist.CursorContext;
import io.circuitscript.syntax.Lexeme;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A cell with a cursor in it.
 *
 * @param before the statements up to the cursor; lines for the prompt or the shell are blank in it, as long as they are in the cell
 * @param line the line of the cursor up to it, where that is for the prompt or the shell, and else empty
 * @param word what is being typed
 * @param start where that begins; like the cursor, in code points
 * @param end the cursor
 */
record CursorText(String code, String before, String line, String word, int start, int end) {
    static CursorText of(String code, int cursor) {
        int end = Math.min(cursor, code.codePointCount(0, code.length()));
        String typed = code.substring(0, code.offsetByCodePoints(0, end));
        int lineStart = typed.lastIndexOf('\n') + 1;
        String line = typed.substring(lineStart);
        String above = blanked(typed.substring(0, lineStart));
        if (CellText.isLine(line) && !CellText.isOpen(above)) {
            String bare = line.stripLeading();
            String marked = bare.startsWith(":") ? CellText.MARK + bare.substring(1) : bare;
            String word = marked.substring(marked.lastIndexOf(' ') + 1);
            return new CursorText(code, above, marked, word, end - word.codePointCount(0, word.length()), end);
        }
        String before = above + line;
        CursorContext context = CursorContext.of(before, end);
        return new CursorText(code, before, "", context.prefix(), context.start(), end);
    }

    /** The lines with those for the prompt or the shell blank. */
    private static String blanked(String lines) {
        StringBuilder kept = new StringBuilder();
        for (String line : lines.split("(?<=\n)")) {
            boolean skipped = CellText.isLine(line) && !CellText.isOpen(kept.toString());
            kept.append(skipped ? " ".repeat(line.codePointCount(0, line.length()) - 1) + "\n" : line);
        }
        return kept.toString();
    }

    /** The whole line of the cursor. */
    String wholeLine() {
        int at = code.offsetByCodePoints(0, end);
        int stop = code.indexOf('\n', at);
        return code.substring(code.lastIndexOf('\n', at - 1) + 1, stop < 0 ? code.length() : stop);
    }

    boolean isLine() {
        return !line.isEmpty();
    }

    CursorContext context() {
        return CursorContext.of(before, end);
    }

    boolean inString() {
        return !isLine() && context().frame().shape() == CursorContext.Shape.STRING;
    }

    /** Whether the string that is being typed is closed right here. */
    boolean beforeQuote() {
        return code.startsWith("\"", code.offsetByCodePoints(0, end));
    }

    /** The whole word at the cursor, of which some may stand behind it. */
    String wordAround() {
        String rest = code.substring(code.offsetByCodePoints(0, end));
        int more = 0;
        while (more < rest.length() && isOfWord(rest.codePointAt(more)))
            more += Character.charCount(rest.codePointAt(more));
        String around = before + rest.substring(0, more);
        String word = CursorContext.of(around, around.codePointCount(0, around.length()))
                .prefix();
        if (!word.isEmpty()) return word;
        List<Lexeme> pieces = Lexeme.of(before);
        return pieces.isEmpty() ? "" : pieces.getLast().text().replaceAll("[(=]$", "");
    }

    /** What may be a node at the cursor; empty text where nothing is. */
    String nodeAround() {
        return around("[\\p{Alnum}_.*-]+?(?=->|[^\\p{Alnum}_.*-]|$)");
    }

    /** What may be an edge at the cursor; empty text where nothing is. */
    String edgesAround() {
        return around("[\\p{Alnum}_.*-]+ ?-> ?[\\p{Alnum}_.*<>-]+");
    }

    /** What of the line of the cursor matches, and has the cursor in it. */
    private String around(String pattern) {
        String line = wholeLine();
        int at = code.offsetByCodePoints(0, end);
        int column = at - (code.lastIndexOf('\n', at - 1) + 1);
        return Pattern.compile(pattern)
                .matcher(line)
                .results()
                .filter(it -> it.start() <= column && column <= it.end())
                .map(MatchResult::group)
                .findFirst()
                .orElse("");
    }

    private static boolean isOfWord(int codePoint) {
        return Character.isLetterOrDigit(codePoint) || codePoint == '_' || codePoint == '-';
    }
}
