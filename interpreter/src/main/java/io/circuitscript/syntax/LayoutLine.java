package io.circuitscript.syntax;

import java.util.ArrayList;
import java.util.List;

/** A line that the formatter is writing: pieces between which it may be broken, each ending with a comma. */
final class LayoutLine {
    static final int WIDTH = 100;
    private static final String INDENT = "  ";

    private final List<StringBuilder> pieces = new ArrayList<>();

    LayoutLine() {
        pieces.add(new StringBuilder());
    }

    LayoutLine add(String text) {
        pieces.getLast().append(text);
        return this;
    }

    /** A comma; inside brackets the line may be broken after it. */
    LayoutLine comma(boolean inBrackets) {
        if (!inBrackets) return add(", ");
        add(",");
        pieces.add(new StringBuilder());
        return this;
    }

    LayoutLine clear() {
        pieces.clear();
        pieces.add(new StringBuilder());
        return this;
    }

    boolean isEmpty() {
        return pieces.size() == 1 && pieces.getFirst().isEmpty();
    }

    String flat() {
        return String.join(" ", pieces);
    }

    void writeTo(StringBuilder out, int depth) {
        String indent = INDENT.repeat(depth);
        String again = indent + INDENT.repeat(2);
        var line = new StringBuilder(indent).append(pieces.getFirst());
        for (StringBuilder piece : pieces.subList(1, pieces.size())) {
            if (width(line) + 1 + width(piece) > WIDTH) {
                out.append(line).append('\n');
                line = new StringBuilder(again).append(piece);
            } else {
                line.append(' ').append(piece);
            }
        }
        out.append(line).append('\n');
    }

    private static int width(StringBuilder text) {
        return text.codePointCount(0, text.length());
    }
}
