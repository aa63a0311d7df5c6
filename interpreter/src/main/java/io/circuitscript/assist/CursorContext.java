package io.circuitscript.assist;

import io.circuitscript.syntax.Lexeme;
import io.circuitscript.syntax.Lexeme.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What surrounds the cursor in a text: the word that is being typed, and what stands before it.
 *
 * @param prefix the word that is being typed, as far as it goes
 * @param start where it begins, in code points
 * @param frames what is open around it, the innermost last; the first is the text itself
 */
public record CursorContext(String prefix, int start, List<Frame> frames) {
    /** What is open. */
    public enum Shape {
        /** The text itself, or the block of {@code if}, {@code for}, {@code def}. */
        STATEMENTS,
        /** The block of {@code circuit}: a set of edges a line. */
        EDGES,
        /** A set. */
        SET,
        ROUND,
        STRING,
        COMMENT
    }

    /**
     * Something that is open at the cursor.
     *
     * @param pieces the visible pieces of its last statement or item, before the word that is being typed; what was opened and closed again
     *     is one piece of kind {@link Kind#CLOSE_ROUND} or {@link Kind#CLOSE_BRACE} with its whole text, a string one {@link Kind#QUOTE_END}
     * @param earlier the pieces of the items before, with their commas
     */
    public record Frame(Shape shape, List<Lexeme> pieces, List<Lexeme> earlier) {
        public Optional<Lexeme> last() {
            return pieces.isEmpty() ? Optional.empty() : Optional.of(pieces.getLast());
        }
    }

    private static final Set<String> BLOCKS = Set.of("if", "for", "while", "quiet", "def", "task", "else");

    /** Those that may stand where a value does. */
    private static final Set<String> VALUES = Set.of("if", "for", "quiet");

    /** Pieces that may stand within a word that is not finished yet: {@code better.}, {@code a2.h1<}, {@code low-}, {@code models/}. */
    private static final Set<String> JOINTS = Set.of("<", "-", "/", "*", ".", "..", "~");

    public Frame frame() {
        return frames.getLast();
    }

    /** The frame around the innermost. */
    public Optional<Frame> outer() {
        return frames.size() < 2 ? Optional.empty() : Optional.of(frames.get(frames.size() - 2));
    }

    /** @param cursor in code points */
    public static CursorContext of(String text, int cursor) {
        String before =
                text.substring(0, text.offsetByCodePoints(0, Math.min(cursor, text.codePointCount(0, text.length()))));
        return new Reader(before).context();
    }

    /** Walks the pieces before the cursor. */
    private static final class Reader {
        private final int[] codePoints;
        private final List<Lexeme> lexemes;
        private final List<Frame> open = new ArrayList<>();
        private final List<Integer> openedAt = new ArrayList<>();

        Reader(String text) {
            this(text.codePoints().toArray(), Lexeme.of(text));
        }

        private Reader(int[] codePoints, List<Lexeme> lexemes) {
            this.codePoints = codePoints;
            this.lexemes = lexemes;
        }

        private String text(int start, int end) {
            return new String(codePoints, start, end - start);
        }

        CursorContext context() {
            int end = lexemes.size();
            boolean inString = isInString();
            int first = inString ? end : firstOfWord();
            push(Shape.STATEMENTS, 0);
            for (Lexeme lexeme : lexemes.subList(0, first)) take(lexeme);
            if (inString) return inString();
            int start = first == end ? codePoints.length : lexemes.get(first).start();
            return new CursorContext(text(start, codePoints.length), start, List.copyOf(open));
        }

        private boolean isInString() {
            Reader all = new Reader(codePoints, lexemes);
            all.push(Shape.STATEMENTS, 0);
            lexemes.forEach(all::take);
            return all.shape() == Shape.STRING;
        }

        /** The cursor stands in a string: what is typed is all of the string so far. */
        private CursorContext inString() {
            int start = openedAt.getLast() + 1;
            return new CursorContext(text(start, codePoints.length), start, List.copyOf(open));
        }

        /** Where the pieces begin that are joined to the word under the cursor. */
        private int firstOfWord() {
            int at = lexemes.size();
            while (at > 0 && isPartOfWord(lexemes.get(at - 1))) at--;
            // An operator at its beginning does not belong to it.
            while (at < lexemes.size()
                    && lexemes.get(at).kind() == Kind.OPERATOR
                    && !lexemes.get(at).text().equals("~")) at++;
            return at;
        }

        private static boolean isPartOfWord(Lexeme lexeme) {
            return lexeme.kind().isWordLike()
                    || lexeme.kind() == Kind.NUMBER
                    || lexeme.kind() == Kind.PORT
                    || JOINTS.contains(lexeme.text());
        }

        private void push(Shape shape, int at) {
            open.add(new Frame(shape, new ArrayList<>(), new ArrayList<>()));
            openedAt.add(at);
        }

        private List<Lexeme> pieces() {
            return open.getLast().pieces();
        }

        private void take(Lexeme lexeme) {
            switch (lexeme.kind()) {
                case SPACE -> {}
                case COMMENT -> push(Shape.COMMENT, lexeme.start());
                case LINE_END -> lineEnd();
                case SEMICOLON, COMMA -> separate(lexeme);
                case OPEN_ROUND, HOLE -> push(Shape.ROUND, lexeme.start());
                case OPEN_BRACE -> push(brace(), lexeme.start());
                case QUOTE -> push(Shape.STRING, lexeme.start());
                case CLOSE_ROUND, CLOSE_BRACE, QUOTE_END -> close(lexeme);
                default -> pieces().add(lexeme);
            }
        }

        private void lineEnd() {
            while (shape() == Shape.COMMENT || shape() == Shape.STRING) drop();
            boolean separates = shape() == Shape.STATEMENTS || shape() == Shape.EDGES;
            if (separates
                    && !open.getLast().last().map(CursorContext::awaitsMore).orElse(false)) pieces().clear();
        }

        private void separate(Lexeme lexeme) {
            boolean statements = shape() == Shape.STATEMENTS || shape() == Shape.EDGES;
            if (statements != (lexeme.kind() == Kind.SEMICOLON)) {
                pieces().add(lexeme);
                return;
            }
            if (!statements) {
                open.getLast().earlier().addAll(pieces());
                open.getLast().earlier().add(lexeme);
            }
            pieces().clear();
        }

        private Shape brace() {
            List<Lexeme> before = pieces();
            if (before.isEmpty() || awaitsMore(before.getLast())) return Shape.SET;
            boolean statement = shape() == Shape.STATEMENTS;
            List<Lexeme> value = statement ? TypedStatement.value(before) : before;
            if (!value.isEmpty() && VALUES.contains(value.getFirst().text())) return Shape.STATEMENTS;
            if (!statement) return Shape.SET;
            String head = before.getFirst().text();
            if (head.equals("circuit")) return Shape.EDGES;
            boolean block = BLOCKS.contains(head)
                    || head.startsWith("{")
                    || head.equals("data")
                            && before.size() > 1
                            && before.get(1).text().equals("generate");
            return block ? Shape.STATEMENTS : Shape.SET;
        }

        /** A closed bracket and its content become one piece of the frame around it. */
        private void close(Lexeme closer) {
            if (open.size() == 1) return;
            int start = openedAt.getLast();
            drop();
            pieces().add(new Lexeme(closer.kind(), text(start, closer.end()), start, closer.end()));
        }

        private void drop() {
            open.removeLast();
            openedAt.removeLast();
        }

        private Shape shape() {
            return open.getLast().shape();
        }
    }

    /** Whether an operand has to follow. */
    static boolean awaitsMore(Lexeme lexeme) {
        return switch (lexeme.kind()) {
            case ARROW, AT, OPERATOR, CONNECTIVE, ASSIGN -> true;
            default -> false;
        };
    }
}
