package io.circuitscript.assist;

import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Lexeme.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A statement that is being typed at the prompt: what has been written before the cursor, and what can come next.
 *
 * @param option the option whose value is being written at the cursor
 * @param given the keys of the options before the cursor
 * @param current the positional argument, counted from 0, that an operator before the cursor leaves unfinished; else -1
 * @param next the positional argument that would come next, counted from 0
 * @param pieces the lexemes after the statement's word, before the cursor
 */
record TypedStatement(
        Declaration declaration,
        Optional<Declaration.Argument> option,
        Set<String> given,
        int current,
        int next,
        List<Lexeme> pieces) {

    /** @param pieces the lexemes after the statement's word, before the cursor */
    static TypedStatement of(Declaration declaration, List<Lexeme> pieces) {
        Set<String> given = new HashSet<>();
        Optional<Declaration.Argument> option = Optional.empty();
        int operands = 0;
        int i = 0;
        while (i < pieces.size()) {
            boolean key = pieces.get(i).kind().isWordLike()
                    && i + 1 < pieces.size()
                    && pieces.get(i + 1).kind() == Kind.ASSIGN;
            option = Optional.empty();
            if (key) {
                given.add(pieces.get(i).text());
                option = declaration.option(pieces.get(i).text());
                i += 2;
                if (i == pieces.size()) break;
            } else {
                operands++;
            }
            i = endOfOperand(pieces, i);
        }
        boolean awaits = !pieces.isEmpty() && CursorContext.awaitsMore(pieces.getLast());
        if (!awaits) option = Optional.empty();
        return new TypedStatement(
                declaration,
                option,
                given,
                awaits && option.isEmpty() ? Math.max(operands - 1, 0) : -1,
                operands,
                pieces);
    }

    private static int endOfOperand(List<Lexeme> pieces, int start) {
        int i = start + 1;
        while (i < pieces.size()) {
            Lexeme piece = pieces.get(i);
            boolean goesOn = CursorContext.awaitsMore(pieces.get(i - 1))
                    || CursorContext.awaitsMore(piece)
                    || joined(pieces.get(i - 1), piece);
            boolean nextIsKey = piece.kind().isWordLike()
                    && i + 1 < pieces.size()
                    && pieces.get(i + 1).kind() == Kind.ASSIGN;
            if (!goesOn || nextIsKey) break;
            i++;
        }
        return i;
    }

    /** Whether no space stands between them, as between a function's name and its bracket, or a dot and a field. */
    private static boolean joined(Lexeme left, Lexeme right) {
        return left.end() == right.start();
    }

    /** The positional argument at the cursor, if one is expected there. */
    Optional<Declaration.Argument> positional() {
        int at = current >= 0 ? current : next;
        return at < declaration.parameters().size()
                ? Optional.of(declaration.parameters().get(at))
                : Optional.empty();
    }

    /** Whether an operand must come before anything else can. */
    boolean awaitsOperand() {
        return current >= 0 || option.isPresent();
    }

    /**
     * The lexemes of the value that is being typed: without {@code let x =} or {@code param x =} in front; after
     * {@code print}, only what follows the last comma. Any other statement is returned whole.
     */
    static List<Lexeme> value(List<Lexeme> pieces) {
        if (pieces.isEmpty()) return pieces;
        String head = pieces.getFirst().text();
        if ((head.equals("let") || head.equals("param"))
                && pieces.size() >= 3
                && pieces.get(2).kind() == Kind.ASSIGN) {
            return pieces.subList(3, pieces.size());
        }
        if (!head.equals("print")) return pieces;
        List<Lexeme> last = new ArrayList<>();
        for (Lexeme piece : pieces.subList(1, pieces.size())) {
            if (piece.kind() == Kind.COMMA) last.clear();
            else last.add(piece);
        }
        return last;
    }
}
