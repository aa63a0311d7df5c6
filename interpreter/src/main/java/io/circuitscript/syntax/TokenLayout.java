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
    private final List<Opened> open = new ArrayList<>();

    private final int[] next;

    /** The last token that the parser will see, and the first of its statement. */
    private Token previous;

    private Token head;

    /** The `=` after which the value of a `let` or a `param` begins. */
    private Token valueSign;
    /** The word that waits for a block's brace: {@code if}, {@code for}, … */
    private Token blockWord;

    /** The word whose condition on rows goes on. */
    private Token conditionWord;

    /**
     * An open bracket.
     *
     * @param block whether it is the brace of a block, and not of a set
     * @param head the first token of the statement around it
     * @param blockWord the word that waits for its own block around it
     * @param conditionWord the word whose condition goes on around it
     */
    private record Opened(
            Token token,
            boolean block,
            Optional<Token> head,
            Optional<Token> blockWord,
            Optional<Token> conditionWord) {
        boolean isRound() {
            return token.getType() != LEFT_BRACE && token.getType() != HOLE;
        }
    }

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
                if (Words.isSoftStatement(type)) token.setType(soft(index));
                else if (conditionWord != null && Words.isValueStatement(type) && !startsStatementIn(index))
                    token.setType(WORD);
                else if (isWordLike(type)) word(token, type);
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
                if (brackets.partner(token) != null) {
                    open.add(opened(token, false, Optional.ofNullable(blockWord)));
                    blockWord = null;
                }
            }
            case LEFT_BRACE -> {
                boolean block = opensBlock();
                if (brackets.partner(token) != null) {
                    Optional<Token> waiting = block ? Optional.empty() : Optional.ofNullable(blockWord);
                    open.add(opened(token, block, waiting));
                }
                if (block) conditionWord = null;
                head = null;
                blockWord = null;
            }
            case RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE -> {
                Token opener = brackets.partner(token);
                if (opener != null && !open.isEmpty() && open.getLast().token() == opener) {
                    Opened closed = open.removeLast();
                    head = closed.head().orElse(null);
                    blockWord = closed.blockWord().orElse(null);
                    conditionWord = closed.conditionWord().orElse(null);
                }
            }
            case LINE_END, SEMICOLON -> {
                head = null;
                blockWord = null;
                conditionWord = null;
                valueSign = null;
            }
            case IF, FOR, WHILE, QUIET, DEF, ELSE, CIRCUIT, TASK -> {
                boolean ofValue = (type == IF || type == FOR || type == QUIET) && !endsOperand(previous);
                if (head == token || type == ELSE || type == IF || ofValue) blockWord = token;
            }
            case ASSIGN -> {
                boolean first = previous != null && head != null && previous != head;
                if (first && (head.getType() == LET || head.getType() == PARAM) && valueSign == null) valueSign = token;
            }
            case GENERATE -> {
                if (head != null && head.getType() == DATA) blockWord = token;
            }
            default -> {}
        }
    }

    private Opened opened(Token token, boolean block, Optional<Token> waiting) {
        return new Opened(token, block, Optional.ofNullable(head), waiting, Optional.ofNullable(conditionWord));
    }

    private boolean lineGoesOn(int index) {
        if (insideRound()) return true;
        if (previous == null) return false;
        if (awaitsMore(previous)) return !statementFollows(index);
        if (previous.getType() == LEFT_BRACE) return true;
        boolean inSet = !open.isEmpty() && open.getLast().token().getType() == LEFT_BRACE;
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

    /** Whether the next line begins with a word that no operand does: then what the operator waits for has not been written yet. */
    private boolean statementFollows(int index) {
        return switch (nextVisible(index).getType()) {
            case LET, PRINT, EXPECT, FOR, DEF, IMPORT, HELP -> true;
            case SOFT_FILE_COMMAND ->
                conditionWord == null && nextOnLine(next[index]).getType() == QUOTE;
            default ->
                conditionWord == null
                        && Words.isValueStatement(nextVisible(index).getType());
        };
    }

    /** After an operator a line end does not separate, unless a statement follows. */
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

    /** Whether a brace after the previous token would be that of a block: where a set may begin, an operand is still missing. */
    private boolean opensBlock() {
        if (blockWord == null) return false;
        boolean wordOnly = previous == blockWord && (is(previous, ELSE) || is(previous, QUIET));
        return wordOnly || endsOperand(previous);
    }

    /** Whether the innermost bracket that matters is a round or a square one: in a block inside it, lines end again. */
    private boolean insideRound() {
        for (Opened bracket : open.reversed()) {
            if (bracket.block()) return false;
            if (bracket.isRound()) return true;
        }
        return false;
    }

    private static boolean is(Token token, int type) {
        return token != null && token.getType() == type;
    }

    /** What a soft word is at its place: the beginning of a statement, or a name like any other. */
    private int soft(int index) {
        CommonToken token = tokens.get(index);
        Token next = nextOnLine(index);
        boolean ends = switch (next.getType()) {
            case LINE_END, SEMICOLON, RIGHT_BRACE, Token.EOF -> true;
            default -> false;
        };
        boolean begins = startsStatement() && !operatorFollows(index, next);
        return switch (token.getType()) {
            case QUIET -> next.getType() == LEFT_BRACE && (startsStatement() || startsBlockValue()) ? QUIET : WORD;
            case WHILE -> begins && !ends || startsStatement() && bracketsThenBlock(next) ? WHILE : WORD;
            case BREAK, CONTINUE -> startsStatement() && ends ? token.getType() : WORD;
            case RETURN -> begins ? RETURN : WORD;
            default -> {
                boolean command = begins || startsStatementValue() && !operatorFollows(index, next);
                if (!command) yield WORD;
                if (token.getType() == SOFT_CONDITION) conditionWord = token;
                yield token.getType() == SOFT_FILE_COMMAND ? FILE_COMMAND : COMMAND;
            }
        };
    }

    /** Whether a statement's word in a condition is that statement: in parentheses, alone or with its own words. That is a mistake of its own. */
    private boolean startsStatementIn(int index) {
        return is(previous, LEFT_PAREN) && !operatorFollows(index, nextOnLine(index));
    }

    /** Whether a value may begin here that is a statement's, without parentheses around it. */
    private boolean startsStatementValue() {
        if (previous == null) return false;
        return switch (previous.getType()) {
            case PRINT, RETURN, LEFT_PAREN -> true;
            case ASSIGN -> previous == valueSign;
            case COMMA -> is(head, PRINT) && !insideRound();
            default -> false;
        };
    }

    /** Whether a value may begin here that is a block's. */
    private boolean startsBlockValue() {
        if (startsStatementValue() || is(previous, CALL_OPEN)) return true;
        return (is(previous, ASSIGN) || is(previous, COMMA)) && insideRound();
    }

    /** Whether what follows a word goes on with it as an operand. */
    private boolean operatorFollows(int index, Token next) {
        return switch (next.getType()) {
            case ASSIGN,
                    ARROW,
                    RANGE,
                    DOT,
                    PORT,
                    AT,
                    EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    CARET,
                    AMPERSAND,
                    AND,
                    OR,
                    IN,
                    COMMA -> true;
            case PLUS, MINUS, STAR, SLASH -> spaced(indexOf(next, index));
            case LEFT_PAREN, LEFT_BRACKET -> tokens.get(index + 1) == next;
            default -> false;
        };
    }

    private int indexOf(Token token, int from) {
        int at = from;
        while (tokens.get(at) != token) at++;
        return at;
    }

    /** {@code while(x < 3) {}: what would be a call is a condition where a block follows it. */
    private boolean bracketsThenBlock(Token next) {
        Token closer = next.getType() == LEFT_PAREN ? brackets.partner(next) : null;
        if (closer == null) return false;
        int at = indexOf(closer, 0);
        return nextOnLine(at).getType() == LEFT_BRACE;
    }

    /** The next token that the parser may see, a line end too. */
    private Token nextOnLine(int index) {
        int at = index + 1;
        while (at < tokens.size() - 1 && tokens.get(at).getChannel() != Token.DEFAULT_CHANNEL) at++;
        return tokens.get(Math.min(at, tokens.size() - 1));
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
