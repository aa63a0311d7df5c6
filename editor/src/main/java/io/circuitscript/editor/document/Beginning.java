package io.circuitscript.editor.document;

import io.circuitscript.assist.CursorContext;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Parsed;
import io.circuitscript.syntax.Parser;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A text up to the statement that is being written, with the blocks around it closed: what is known before the statement does not depend on what it will be,
 * nor on whether the rest can be read.
 *
 * @param offset where the statement was, in code points
 */
record Beginning(String text, int offset) {
    static Beginning of(Document document, int cursor) {
        String text = document.source().text();
        int start = start(CursorContext.of(text, cursor));
        StringBuilder script = new StringBuilder(document.source().text(0, start));
        script.append('\n');
        for (Lexeme open : open(document.lexemes(), start)) script.append(closing(open));
        return new Beginning(script.toString(), start);
    }

    /** @param from where to begin, in code points: where a statement does */
    Parsed parsed(Document document, int from) {
        String rest = from == 0 ? text : text.substring(text.offsetByCodePoints(0, from));
        return Parser.parse(new Source(document.source().name(), rest));
    }

    /** Where the innermost statement begins: a bracket that is open within it does not count. */
    private static int start(CursorContext context) {
        for (CursorContext.Frame frame : context.frames().reversed()) {
            boolean statements =
                    frame.shape() == CursorContext.Shape.STATEMENTS || frame.shape() == CursorContext.Shape.EDGES;
            if (!statements) continue;
            if (!frame.pieces().isEmpty()) return frame.pieces().getFirst().start();
            if (frame == context.frame()) return context.start();
        }
        return context.start();
    }

    /** The brackets that are open at an offset, the innermost first. */
    private static List<Lexeme> open(List<Lexeme> lexemes, int offset) {
        Deque<Lexeme> open = new ArrayDeque<>();
        for (Lexeme lexeme : lexemes) {
            if (lexeme.start() >= offset) break;
            switch (lexeme.kind()) {
                case OPEN_ROUND, OPEN_BRACE, HOLE -> open.push(lexeme);
                case CLOSE_ROUND, CLOSE_BRACE -> open.poll();
                default -> {}
            }
        }
        return List.copyOf(open);
    }

    private static String closing(Lexeme open) {
        return switch (open.text()) {
            case "(" -> ")";
            case "[" -> "]";
            default -> "}";
        };
    }
}
