package io.circuitscript.syntax;

/**
 * The formatter's lines while they are written. A statement is one line, broken after commas of lists where it is too
 * long; a comment within a statement ends its line early.
 */
final class LayoutLines {
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();
    /** The line that is still open, or null before the first. */
    private StringBuilder line;
    /** What may not be broken, on its way to the line. */
    private final StringBuilder piece = new StringBuilder();
    /** What a piece that starts a line of its own is indented by. */
    private String indent = "";
    /** Whether the open line holds nothing but its indentation. */
    private boolean fresh;

    /** Begins a statement, a comment of its own line, or a block's end. */
    void begin(int depth, boolean blankBefore) {
        finish();
        if (blankBefore) out.append('\n');
        indent = INDENT.repeat(depth);
        open(indent);
        indent += INDENT.repeat(2);
    }

    /** Goes on, within a statement, on a line of its own. */
    void again(int depth) {
        finish();
        open(INDENT.repeat(depth));
    }

    private void open(String start) {
        line = new StringBuilder(start);
        fresh = true;
    }

    void add(String text) {
        piece.append(text);
    }

    boolean isOpen() {
        return line != null;
    }

    boolean atPieceStart() {
        return piece.isEmpty();
    }

    /** After a comma of a list: the line may be broken here. */
    void mayBreak() {
        if (piece.isEmpty()) return;
        if (fresh) {
            line.append(piece);
        } else if (width(line) + 1 + width(piece) > LayoutLine.WIDTH) {
            out.append(line).append('\n');
            line = new StringBuilder(indent).append(piece);
        } else {
            line.append(' ').append(piece);
        }
        fresh = false;
        piece.setLength(0);
    }

    /** A comment behind what the line holds. */
    void comment(String text) {
        mayBreak();
        line.append(fresh ? "" : "  ").append(text);
        fresh = false;
    }

    private void finish() {
        if (line == null) return;
        mayBreak();
        out.append(line).append('\n');
        line = null;
    }

    String text() {
        finish();
        return out.toString();
    }

    private static int width(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }
}
