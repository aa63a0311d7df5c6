package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitLexer.*;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Decides, before the parser runs, what depends on a token's position: whether a line end separates statements,
 * whether {@code -} is a sign, whether {@code *} is a pattern, whether {@code (} calls. The grammar needs no
 * predicates then.
 */
final class TokenLayout {
    private final Source source;
    private final List<CommonToken> tokens;
    private final Brackets brackets;
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final List<Token> open = new ArrayList<>();
    /** The heads of the statements around each open brace. */
    private final List<Optional<Token>> heads = new ArrayList<>();

    private final int[] next;

    /** The last token that the parser will see, and the first of its statement. */
    private Token previous;

    private Token head;
    /** The word that waits for a block's brace: {@code if}, {@code for}, … */
    private Token blockWord;

    private TokenLayout(Source source, List<CommonToken> tokens, Brackets brackets) {
        this.source = source;
        this.tokens = tokens;
        this.brackets = brackets;
        this.next = next(tokens);
    }

    /** Changes types and channels of the tokens in place, and says what is wrong with them. */
    static List<Diagnostic> arrange(Source source, List<CommonToken> tokens, Brackets brackets) {
        var layout = new TokenLayout(source, tokens, brackets);
        for (int i = 0; i < tokens.size(); i++) layout.place(i);
        return layout.diagnostics;
    }

    private void place(int index) {
        CommonToken token = tokens.get(index);
        if (token.getChannel() != Token.DEFAULT_CHANNEL) return;
        int type = token.getType();
        switch (type) {
            case LINE_END -> {
                if (lineGoesOn(index)) {
                    token.setChannel(Token.HIDDEN_CHANNEL);
                    return;
                }
            }
            case SEMICOLON -> {
                if (insideRound()) {
                    report(
                            ErrorCode.STRAY_SEPARATOR,
                            "`;` cannot stand inside brackets",
                            token,
                            "remove it, or close the bracket before it");
                    token.setChannel(Token.HIDDEN_CHANNEL);
                    return;
                }
            }
            case MINUS, PLUS -> sign(index);
            case STAR -> token.setType(endsOperand(previous) && spaced(index) ? TIMES : WORD);
            case SLASH -> {
                if (!spaced(index)) spacing(index);
            }
            case LEFT_PAREN -> {
                if (endsCallee(previous) && tight(index)) token.setType(CALL_OPEN);
            }
            case LEFT_BRACKET -> {
                if (endsIndexed(previous) && tight(index)) token.setType(INDEX_OPEN);
            }
            case ANY, FOREIGN -> diagnostics.add(ForeignText.explain(token.getText(), span(token)));
            default -> {
                if (isWordLike(type)) word(token, type);
            }
        }
        track(token);
        previous = token;
    }

    /** Keeps what later tokens ask about: open brackets, the statement's first token, the word that waits for a block. */
    private void track(Token token) {
        int type = token.getType();
        if (head == null && type != LINE_END && type != SEMICOLON) head = token;
        switch (type) {
            case LEFT_PAREN, CALL_OPEN, LEFT_BRACKET, INDEX_OPEN, HOLE -> {
                if (brackets.partner(token) != null) open.add(token);
            }
            case LEFT_BRACE -> {
                if (brackets.partner(token) != null) {
                    open.add(token);
                    heads.add(Optional.ofNullable(head));
                }
                head = null;
                blockWord = null;
            }
            case RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE -> {
                Token opener = brackets.partner(token);
                if (opener != null && !open.isEmpty() && open.getLast() == opener) {
                    open.removeLast();
                    if (opener.getType() == LEFT_BRACE)
                        head = heads.removeLast().orElse(null);
                }
            }
            case LINE_END, SEMICOLON -> {
                head = null;
                blockWord = null;
            }
            case IF, FOR, DEF, ELSE, CIRCUIT, TASK -> {
                if (head == token || type == ELSE || type == IF) blockWord = token;
            }
            case GENERATE -> {
                if (head != null && head.getType() == DATA) blockWord = token;
            }
            default -> {}
        }
    }

    private boolean lineGoesOn(int index) {
        if (insideRound()) return true;
        if (previous == null) return false;
        if (awaitsMore(previous) || previous.getType() == LEFT_BRACE) return true;
        boolean inSet = !open.isEmpty() && open.getLast().getType() == LEFT_BRACE;
        if (previous.getType() == COMMA) return inSet;
        Token next = nextVisible(index);
        int type = next.getType();
        if (type == RIGHT_BRACE && next.getChannel() == Token.DEFAULT_CHANNEL) return true;
        if (type == COMMA) return inSet;
        if (type == ELSE) return previous.getType() == RIGHT_BRACE;
        if (type == LEFT_BRACE && blockWord != null) {
            report(
                    ErrorCode.BRACE_ON_ITS_OWN_LINE,
                    "the `{` of a block must be on the line of its `" + blockWord.getText() + "`",
                    next,
                    "move it to the end of line " + previous.getLine());
            return true;
        }
        return false;
    }

    /** After an operator a line end never separates. */
    static boolean awaitsMore(Token token) {
        return switch (token.getType()) {
            case ARROW,
                    RANGE,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    PLUS,
                    MINUS,
                    SIGN,
                    TIMES,
                    SLASH,
                    CARET,
                    AMPERSAND,
                    IN,
                    AND,
                    OR,
                    NOT -> true;
            default -> false;
        };
    }

    private boolean insideRound() {
        return open.stream().anyMatch(token -> token.getType() != LEFT_BRACE && token.getType() != HOLE);
    }

    private void sign(int index) {
        CommonToken token = tokens.get(index);
        if (!endsOperand(previous)) token.setType(SIGN);
        else if (token.getType() == MINUS && !spaced(index)) spacing(index);
    }

    private void spacing(int index) {
        Token token = tokens.get(index);
        Token next = nextVisible(index);
        String left = previous == null ? "a" : previous.getText();
        String right = next.getType() == Token.EOF || next.getType() == LINE_END ? "b" : next.getText();
        report(
                ErrorCode.OPERATOR_SPACING,
                "`" + token.getText() + "` between values has a space on both sides",
                token,
                "write `" + left + " " + token.getText() + " " + right + "`");
    }

    private void word(CommonToken token, int type) {
        if (previous != null && previous.getType() == DOT) {
            token.setType(WORD);
        } else if (type == WHERE) {
            boolean ofMetric = head != null && (head.getType() == METRIC || head.getType() == LOSS);
            if (!startsStatement() && (!ofMetric || !endsOperand(previous))) token.setType(WORD);
        } else if (Words.isSoft(type) && !startsStatement()) {
            token.setType(WORD);
        }
    }

    private boolean startsStatement() {
        return previous == null
                || previous.getType() == LINE_END
                || previous.getType() == SEMICOLON
                || previous.getType() == LEFT_BRACE;
    }

    private Token nextVisible(int index) {
        return tokens.get(next[index]);
    }

    /** For each token, the index of the next one that is neither hidden nor a line end; counted once, as blank lines may be many. */
    static int[] next(List<CommonToken> tokens) {
        int[] next = new int[tokens.size()];
        int found = tokens.size() - 1;
        for (int i = tokens.size() - 1; i >= 0; i--) {
            next[i] = found;
            Token token = tokens.get(i);
            if (token.getChannel() == Token.DEFAULT_CHANNEL && token.getType() != LINE_END) found = i;
        }
        return next;
    }

    private boolean tight(int index) {
        return index > 0 && tokens.get(index - 1) == previous;
    }

    private boolean spaced(int index) {
        return index > 0 && isGap(tokens.get(index - 1)) && isGap(tokens.get(index + 1));
    }

    private static boolean isGap(Token token) {
        int type = token.getType();
        return type == SPACE || type == COMMENT || type == LINE_END || type == Token.EOF;
    }

    private static boolean endsOperand(Token token) {
        if (token == null) return false;
        return switch (token.getType()) {
            case WORD, NUMBER, QUOTE_END, RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE, PORT, TRUE, FALSE, NONE -> true;
            default -> false;
        };
    }

    private static boolean endsCallee(Token token) {
        if (token == null) return false;
        return token.getType() == WORD || token.getType() == RIGHT_PAREN || token.getType() == RIGHT_BRACKET;
    }

    private static boolean endsIndexed(Token token) {
        return endsCallee(token) || token != null && token.getType() == QUOTE_END;
    }

    private static boolean isWordLike(int type) {
        return Words.isReserved(type) || Words.isSoft(type) || Words.isValueStatement(type);
    }

    private void report(ErrorCode code, String message, Token token, String help) {
        diagnostics.add(Diagnostic.error(code, message, span(token)).withHelp(help));
    }

    private Span span(Token token) {
        return new Span(source, token.getStartIndex(), token.getStopIndex() + 1);
    }
}
