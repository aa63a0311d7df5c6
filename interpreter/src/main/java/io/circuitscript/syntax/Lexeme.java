package io.circuitscript.syntax;

import io.circuitscript.grammar.CircuitLexer;
import io.circuitscript.source.Source;
import java.util.List;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * A token as the prompt uses it, for colours and completion. The text around it need not be correct.
 *
 * @param start, end half-open, in code points
 */
public record Lexeme(Kind kind, String text, int start, int end) {
    /** What a piece is; the pieces of a text follow each other without gaps. */
    public enum Kind {
        /** Begins a statement with a result: {@code evaluate}. Elsewhere it may be an option's key or a plain word. */
        STATEMENT,
        /** {@code let}, {@code for}, {@code print} and their like. */
        KEYWORD,
        /** {@code param}, {@code set}, {@code where}, {@code while}, {@code rows} and their like: special only at some places. */
        SOFT,
        /** {@code and}, {@code or}, {@code not}, {@code in}. */
        CONNECTIVE,
        /** {@code true}, {@code false}, {@code none}. */
        CONSTANT,
        WORD,
        NUMBER,
        PORT,
        ARROW,
        /** What leads to a span: {@code @}. */
        AT,
        OPERATOR,
        ASSIGN,
        DOT,
        COMMA,
        SEMICOLON,
        LINE_END,
        /** {@code (} or {@code [}. */
        OPEN_ROUND,
        CLOSE_ROUND,
        OPEN_BRACE,
        CLOSE_BRACE,
        /** The brace that puts a value into a string. */
        HOLE,
        QUOTE,
        QUOTE_END,
        /** Text within a string. */
        TEXT,
        COMMENT,
        SPACE,
        /** A sign that the language does not have. */
        WRONG;

        public boolean isWordLike() {
            return this == STATEMENT
                    || this == KEYWORD
                    || this == SOFT
                    || this == CONNECTIVE
                    || this == CONSTANT
                    || this == WORD;
        }
    }

    /** The pieces of a text, in order. */
    public static List<Lexeme> of(String text) {
        return Parser.tokens(new Source("<text>", text)).stream()
                .filter(token -> token.getType() != Token.EOF)
                .map(Lexeme::of)
                .toList();
    }

    private static Lexeme of(CommonToken token) {
        return new Lexeme(kind(token.getType()), token.getText(), token.getStartIndex(), token.getStopIndex() + 1);
    }

    private static Kind kind(int type) {
        if (Words.isValueStatement(type)) return Kind.STATEMENT;
        if (Words.isSoft(type) || Words.isSoftStatement(type)) return Kind.SOFT;
        return switch (type) {
            case CircuitLexer.AND, CircuitLexer.OR, CircuitLexer.NOT, CircuitLexer.IN -> Kind.CONNECTIVE;
            case CircuitLexer.TRUE, CircuitLexer.FALSE, CircuitLexer.NONE -> Kind.CONSTANT;
            case CircuitLexer.WORD -> Kind.WORD;
            case CircuitLexer.NUMBER -> Kind.NUMBER;
            case CircuitLexer.PORT -> Kind.PORT;
            case CircuitLexer.ARROW -> Kind.ARROW;
            case CircuitLexer.AT -> Kind.AT;
            case CircuitLexer.ASSIGN -> Kind.ASSIGN;
            case CircuitLexer.DOT -> Kind.DOT;
            case CircuitLexer.COMMA -> Kind.COMMA;
            case CircuitLexer.SEMICOLON -> Kind.SEMICOLON;
            case CircuitLexer.LINE_END -> Kind.LINE_END;
            case CircuitLexer.LEFT_PAREN, CircuitLexer.LEFT_BRACKET -> Kind.OPEN_ROUND;
            case CircuitLexer.RIGHT_PAREN, CircuitLexer.RIGHT_BRACKET -> Kind.CLOSE_ROUND;
            case CircuitLexer.LEFT_BRACE -> Kind.OPEN_BRACE;
            case CircuitLexer.RIGHT_BRACE -> Kind.CLOSE_BRACE;
            case CircuitLexer.HOLE -> Kind.HOLE;
            case CircuitLexer.QUOTE -> Kind.QUOTE;
            case CircuitLexer.QUOTE_END -> Kind.QUOTE_END;
            case CircuitLexer.TEXT, CircuitLexer.ESCAPE, CircuitLexer.BRACES, CircuitLexer.STRAY, CircuitLexer.FORMAT ->
                Kind.TEXT;
            case CircuitLexer.COMMENT -> Kind.COMMENT;
            case CircuitLexer.SPACE -> Kind.SPACE;
            case CircuitLexer.FOREIGN, CircuitLexer.ANY -> Kind.WRONG;
            default -> Words.isReserved(type) ? Kind.KEYWORD : Kind.OPERATOR;
        };
    }
}
