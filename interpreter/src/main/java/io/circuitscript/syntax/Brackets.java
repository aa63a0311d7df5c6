package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitLexer.*;

import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/**
 * Matches brackets before the parser runs. A string ends at its line end, a closing bracket without an opening one is
 * hidden from the parser, and nesting is limited, since the parser is recursive.
 */
final class Brackets {
    static final int MAX_DEPTH = 100;

    private final Source source;
    private final List<Token> open = new ArrayList<>();
    private final Map<Token, Token> partners = new IdentityHashMap<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    /** The last token that is neither hidden nor a line end, and whether a line end has come since. */
    private Token previous;

    private boolean lineStart;
    private boolean tooDeep;
    private boolean unclosedAtEnd;

    private Brackets(Source source) {
        this.source = source;
    }

    static Brackets match(Source source, List<CommonToken> tokens) {
        var brackets = new Brackets(source);
        for (CommonToken token : tokens) {
            brackets.take(token);
            if (brackets.tooDeep) break;
        }
        if (!brackets.tooDeep) brackets.end();
        return brackets;
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    boolean tooDeep() {
        return tooDeep;
    }

    /** Whether a bracket is still open at the end of the text. Another line may close it. */
    boolean unclosedAtEnd() {
        return unclosedAtEnd;
    }

    /** The bracket that matches a bracket; null where there is none. */
    Token partner(Token bracket) {
        return partners.get(bracket);
    }

    private void take(CommonToken token) {
        if (token.getChannel() != Token.DEFAULT_CHANNEL) return;
        if (beginsStatement(token)) closeRound();
        switch (token.getType()) {
            case LEFT_PAREN, LEFT_BRACKET, LEFT_BRACE, HOLE, QUOTE -> push(token);
            case QUOTE_END -> closeString(token);
            case RIGHT_PAREN -> close(token, LEFT_PAREN);
            case RIGHT_BRACKET -> close(token, LEFT_BRACKET);
            case RIGHT_BRACE -> closeBrace(token);
            case LINE_END -> endStrings();
            default -> {}
        }
        if (token.getType() == LINE_END) {
            lineStart = true;
        } else {
            lineStart = false;
            previous = token;
        }
    }

    /** Whether a line begins with a word that can only begin a statement there: the brackets before it were forgotten, not left open. */
    private boolean beginsStatement(Token token) {
        if (!lineStart || open.isEmpty() || !isRound(open.getLast())) return false;
        return switch (token.getType()) {
            case PRINT, EXPECT, LET, DEF, IMPORT -> true;
            // A comprehension's, or those of a value.
            case FOR, IF ->
                open.getLast().getType() == LEFT_PAREN
                        && !isRound(previous)
                        && previous.getType() != COMMA
                        && previous.getType() != ASSIGN;
            default ->
                Words.isValueStatement(token.getType())
                        && !isRound(previous)
                        && previous.getType() != COMMA
                        && previous.getType() != ASSIGN
                        && !TokenLayout.awaitsMore(previous);
        };
    }

    private void closeRound() {
        int at = open.size() - 1;
        while (at >= 0 && isRound(open.get(at))) at--;
        unclosed(open.get(at + 1));
        open.subList(at + 1, open.size()).clear();
    }

    private void push(Token token) {
        open.add(token);
        if (open.size() <= MAX_DEPTH) return;
        tooDeep = true;
        diagnostics.add(
                Diagnostic.error(ErrorCode.TOO_DEEP, "brackets nest more than " + MAX_DEPTH + " deep", span(token))
                        .withHelp("give parts of it names with `let`"));
    }

    private void closeString(Token token) {
        // Inside a string only its own hole can leave something open, and that has been closed by its brace.
        join(open.removeLast(), token);
    }

    private void closeBrace(CommonToken token) {
        int at = open.size() - 1;
        while (at >= 0 && isRound(open.get(at))) at--;
        if (at < 0) {
            stray(token);
            return;
        }
        // What the brace leaves open inside was never closed; one message is enough.
        if (at + 1 < open.size()) unclosed(open.get(at + 1));
        Token opener = open.get(at);
        open.subList(at, open.size()).clear();
        join(opener, token);
    }

    private void close(CommonToken token, int opener) {
        Token last = open.isEmpty() ? null : open.getLast();
        if (last != null && last.getType() == opener) {
            open.removeLast();
            join(last, token);
            return;
        }
        int at = open.size() - 1;
        while (at >= 0 && isRound(open.get(at)) && open.get(at).getType() != opener) at--;
        boolean deeper = at >= 0 && open.get(at).getType() == opener;
        if (deeper) {
            unclosed(open.get(at + 1));
            Token found = open.get(at);
            open.subList(at, open.size()).clear();
            join(found, token);
        } else if (last != null && isRound(last) && last.getLine() == token.getLine()) {
            open.removeLast();
            token.setChannel(Token.HIDDEN_CHANNEL);
            diagnostics.add(Diagnostic.error(
                            ErrorCode.WRONG_BRACKET,
                            "`" + token.getText() + "` cannot close `" + last.getText() + "`",
                            span(token))
                    .withSecondary(span(last), "opened here")
                    .withHelp("write `" + closer(last) + "`"));
        } else {
            stray(token);
        }
    }

    private void stray(CommonToken token) {
        token.setChannel(Token.HIDDEN_CHANNEL);
        diagnostics.add(
                Diagnostic.error(ErrorCode.STRAY_BRACKET, "this `" + token.getText() + "` closes nothing", span(token))
                        .withHelp("remove it, or put its opening bracket where it belongs"));
    }

    private void endStrings() {
        int first = 0;
        while (first < open.size() && open.get(first).getType() != QUOTE) first++;
        if (first == open.size()) return;
        Token quote = open.get(first);
        Token hole = first + 1 < open.size() ? open.get(first + 1) : null;
        if (hole == null) {
            diagnostics.add(
                    Diagnostic.error(ErrorCode.OPEN_STRING, "this string is not closed on its line", span(quote))
                            .withLabel("opened here")
                            .withHelp("end it with `\"`; inside, a quote is written `\\\"` and a line end `\\n`"));
        } else {
            diagnostics.add(Diagnostic.error(
                            ErrorCode.OPEN_HOLE, "this `{` puts a value into the string and is not closed", span(hole))
                    .withHelp("close it with `}`; a brace itself is written `{{`"));
        }
        open.subList(first, open.size()).clear();
    }

    private void end() {
        endStrings();
        if (open.isEmpty()) return;
        unclosedAtEnd = true;
        // An unclosed bracket inside an unclosed brace is a mistake of its own only where it began another line.
        int lastLine = -1;
        for (Token token : open) {
            if (token.getLine() != lastLine) unclosed(token);
            lastLine = token.getLine();
        }
    }

    private void unclosed(Token token) {
        diagnostics.add(Diagnostic.error(
                        ErrorCode.UNCLOSED_BRACKET, "this `" + token.getText() + "` is never closed", span(token))
                .withHelp("close it with `" + closer(token) + "`"));
    }

    private void join(Token opener, Token closer) {
        partners.put(opener, closer);
        partners.put(closer, opener);
    }

    private Span span(Token token) {
        return new Span(source, token.getStartIndex(), token.getStopIndex() + 1);
    }

    private static boolean isRound(Token token) {
        return token.getType() == LEFT_PAREN || token.getType() == LEFT_BRACKET;
    }

    private static String closer(Token opener) {
        return switch (opener.getText()) {
            case "(" -> ")";
            case "[" -> "]";
            default -> "}";
        };
    }
}
