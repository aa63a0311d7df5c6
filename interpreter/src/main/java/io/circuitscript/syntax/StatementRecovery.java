package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitLexer.*;

import io.circuitscript.grammar.CircuitParser.BlockContext;
import io.circuitscript.grammar.CircuitParser.OptionContext;
import io.circuitscript.grammar.CircuitParser.ScriptContext;
import io.circuitscript.grammar.CircuitParser.StatementContext;
import io.circuitscript.grammar.CircuitParser.StatementsContext;
import java.util.HashSet;
import java.util.Set;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/**
 * Error recovery of the parser: after a mistake, the rest of the statement is skipped, up to {@code ;}, the line's end
 * or the brace around it. No token is inserted or deleted by guess.
 */
final class StatementRecovery extends DefaultErrorStrategy {
    static final int MOST_ERRORS = 10;

    private final Brackets brackets;
    private final SyntaxMistakes mistakes;
    private final Set<String> unsureNames = new HashSet<>();
    private int reported;

    StatementRecovery(Brackets brackets, SyntaxMistakes mistakes) {
        this.brackets = brackets;
        this.mistakes = mistakes;
    }

    /** Names that statements with mistakes would have defined. */
    Set<String> unsureNames() {
        return unsureNames;
    }

    @Override
    public void reportError(Parser parser, RecognitionException e) {
        if (inErrorRecoveryMode(parser)) return;
        beginErrorCondition(parser);
        // A reserved word could only have been an option's key: where it is none, it is itself the mistake.
        boolean key = parser.getContext() instanceof OptionContext
                && Words.isReserved(parser.getContext().getStart().getType());
        report(parser, key ? parser.getContext().getStart() : e.getOffendingToken());
    }

    private void report(Parser parser, Token offending) {
        if (!mistakes.report(parser, firstToken(parser, offending), offending)) return;
        if (++reported >= MOST_ERRORS) throw new ParseCancellationException();
    }

    /** The first token of the statement that a mistake belongs to. */
    private static Token firstToken(Parser parser, Token offending) {
        ParserRuleContext context = parser.getContext();
        if (context instanceof StatementsContext list) {
            int children = list.getChildCount();
            return children > 0 && list.getChild(children - 1) instanceof StatementContext statement
                    ? statement.getStart()
                    : offending;
        }
        while (context != null && !(context instanceof StatementContext)) context = context.getParent();
        return context == null ? offending : context.getStart();
    }

    @Override
    public void recover(Parser parser, RecognitionException e) {
        switch (parser.getContext()) {
            case StatementContext statement -> skip(parser, statement.getStart());
            // There is no outer rule to continue with; what was read so far is kept.
            case ScriptContext _ -> {}
            default -> throw e;
        }
    }

    /** A block that the text's end leaves open has been reported already: what stands in it is still read. */
    @Override
    public Token recoverInline(Parser parser) {
        boolean openAtEnd = parser.getContext() instanceof BlockContext
                && parser.getCurrentToken().getType() == Token.EOF;
        if (openAtEnd && parser.getExpectedTokens().contains(RIGHT_BRACE)) return getMissingSymbol(parser);
        throw new InputMismatchException(parser);
    }

    /** Only a list of statements looks ahead: at what follows a statement, and at what cannot begin one. */
    @Override
    public void sync(Parser parser) {
        if (!(parser.getContext() instanceof StatementsContext)) return;
        int type = parser.getInputStream().LA(1);
        if (endsStatement(type)) return;
        ATNState state = parser.getInterpreter().atn.states.get(parser.getState());
        boolean beforeStatement = state.getStateType() == ATNState.BLOCK_START;
        if (beforeStatement && parser.getATN().nextTokens(state).contains(type)) return;
        Token token = parser.getCurrentToken();
        report(parser, token);
        skip(parser, token);
    }

    private static boolean endsStatement(int type) {
        return type == LINE_END || type == SEMICOLON || type == RIGHT_BRACE || type == Token.EOF;
    }

    private void skip(Parser parser, Token first) {
        TokenStream tokens = parser.getInputStream();
        int from = first.getTokenIndex();
        int target = -1;
        // What the statement has opened and closes later is left behind first: a set over several lines is one mistake.
        for (int i = from; i < tokens.index(); i++) {
            Token closer = closerOf(tokens.get(i));
            if (closer != null) target = Math.max(target, closer.getTokenIndex());
        }
        while (true) {
            Token token = tokens.LT(1);
            if (token.getType() == Token.EOF) break;
            Token closer = closerOf(token);
            if (closer != null) target = Math.max(target, closer.getTokenIndex());
            boolean inside = token.getTokenIndex() <= target;
            if (!inside && endsStatement(token.getType())) break;
            parser.consume();
        }
        rememberNames(tokens, from, tokens.index());
        endErrorCondition(parser);
    }

    private Token closerOf(Token token) {
        return switch (token.getType()) {
            case LEFT_BRACE, LEFT_PAREN, CALL_OPEN, LEFT_BRACKET, INDEX_OPEN, HOLE -> brackets.partner(token);
            default -> null;
        };
    }

    private void rememberNames(TokenStream tokens, int from, int to) {
        Token before = null;
        for (int i = from; i < to; i++) {
            Token token = tokens.get(i);
            if (token.getChannel() != Token.DEFAULT_CHANNEL) continue;
            if (before != null && names(before.getType())) unsureNames.add(token.getText());
            before = token;
        }
    }

    private static boolean names(int type) {
        return type == LET
                || type == PARAM
                || type == FOR
                || type == DEF
                || type == METRIC
                || type == LOSS
                || type == CIRCUIT
                || type == TASK
                || type == KEEP;
    }
}
