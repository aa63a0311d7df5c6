package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitLexer.*;

import io.circuitscript.grammar.CircuitParser.BlockContext;
import io.circuitscript.grammar.CircuitParser.CallContext;
import io.circuitscript.grammar.CircuitParser.PrimaryContext;
import io.circuitscript.grammar.CircuitParser.RecordContext;
import io.circuitscript.grammar.CircuitParser.StatementContext;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;

/** Writes the messages for syntax errors, from the token at which the parser stopped. */
final class SyntaxMistakes {
    private static final String ITEMS = "items are separated by commas";

    private final Source source;
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    /** Where a mistake was found before parsing. A syntax error at the same place is the same mistake. */
    private final TreeSet<Integer> known = new TreeSet<>();

    SyntaxMistakes(Source source, List<Diagnostic> known) {
        this.source = source;
        for (Diagnostic diagnostic : known) this.known.add(diagnostic.span().start());
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** Reports one mistake; false where it has been reported already. */
    boolean report(Parser parser, Token first, Token offending) {
        int end = Math.max(offending.getStartIndex(), offending.getStopIndex());
        Integer found = known.ceiling(first.getStartIndex());
        if (found != null && found <= end) return false;
        Diagnostic mistake = explain(parser, first, offending, previous(parser.getInputStream(), offending));
        boolean vague = mistake.help().isEmpty() || mistake.help().equals(ITEMS);
        diagnostics.add(
                vague && inComprehension(parser.getInputStream(), offending)
                        ? mistake.withHelp("a comprehension reads `[ITEM for NAME in LIST if CONDITION]`")
                        : mistake);
        return true;
    }

    /** Whether a `for` stands before it in the same square brackets. */
    private static boolean inComprehension(TokenStream tokens, Token offending) {
        int depth = 0;
        boolean loop = false;
        for (int i = offending.getTokenIndex() - 1; i >= 0; i--) {
            switch (tokens.get(i).getType()) {
                case RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE -> depth++;
                case LEFT_PAREN, CALL_OPEN, LEFT_BRACE, INDEX_OPEN, HOLE -> {
                    if (depth-- == 0) return false;
                }
                case LEFT_BRACKET -> {
                    if (depth-- == 0) return loop;
                }
                case FOR -> loop |= depth == 0;
                default -> {}
            }
        }
        return false;
    }

    private static Token previous(TokenStream tokens, Token token) {
        int at = token.getTokenIndex() - 1;
        while (at >= 0 && tokens.get(at).getChannel() != Token.DEFAULT_CHANNEL) at--;
        return at < 0 ? null : tokens.get(at);
    }

    private Diagnostic explain(Parser parser, Token first, Token offending, Token before) {
        int type = offending.getType();
        String form = form(first.getType(), first.getText());
        if (type == FORMAT) return colon(first, offending, form);
        if (before != null && before.getType() == AT)
            return error(ErrorCode.UNEXPECTED, shown(offending) + " cannot stand behind `@`", offending)
                    .withHelp("a span's name stands there, a text, or a list: m0->m1@end, m0->m1@[giver, end]");
        if (type == AT)
            return error(ErrorCode.UNEXPECTED, "edges stand before `@`, and here are none", offending)
                    .withHelp("every edge at a span is *@end");
        if (type == ELSE || first.getType() == ELSE) {
            return error(
                            ErrorCode.ELSE_WITHOUT_IF,
                            "this `else` has no `if` before it",
                            type == ELSE ? offending : first)
                    .withHelp("`else` comes after the `}` of an `if`; at the prompt on the same line");
        }
        if (before != null
                && before.getType() == WORD
                && Words.SOFT_STATEMENTS.contains(before.getText())
                && beginsOperand(type)) {
            return error(
                            ErrorCode.STATEMENT_AS_VALUE,
                            "the value of `" + before.getText() + "` is meant here, and must be in parentheses",
                            before)
                    .withHelp("write `(" + before.getText() + " …)`");
        }
        if (before != null && endsOperand(before)) {
            Diagnostic glued = gluedOperator(offending, before);
            if (glued != null) return glued;
            if (type == LEFT_PAREN && before.getType() == WORD) {
                return error(ErrorCode.CALL_SPACE, "a call has no space before its `(`", offending)
                        .withHelp("write `" + before.getText()
                                + "(…)`; two statements are separated by `;` or a line end");
            }
        }
        if (type == ASSIGN && first.getType() != LET && first.getType() != PARAM
                || type == ASSIGN && seenAssign(parser, first, offending)) {
            return error(ErrorCode.ASSIGN_IN_EXPRESSION, "`=` gives a name its value and cannot stand here", offending)
                    .withHelp(assignment(first, before));
        }
        boolean ends = type == LINE_END || type == SEMICOLON || type == Token.EOF || type == RIGHT_BRACE;
        if (parser.getContext() instanceof BlockContext && type != RIGHT_BRACE) {
            Diagnostic missing = ends
                    ? after(ErrorCode.MISSING_BLOCK, "the block in braces is missing", before, offending)
                    : error(
                            ErrorCode.MISSING_BLOCK,
                            "a block in braces is expected here, not " + shown(offending),
                            offending);
            return missing.withHelp(form);
        }
        Token block = blockReadAsSet(parser);
        if (block != null) {
            String head = previous(parser.getInputStream(), block).getText();
            return error(ErrorCode.UNFINISHED, "something is missing after `" + head + "`", block)
                    .withHelp(form);
        }
        if (before != null
                && TokenLayout.awaitsMore(before)
                && offending.getLine() > before.getLine()
                && !beginsOperand(type)) {
            return after(ErrorCode.UNFINISHED, "something is missing after " + shown(before), before, offending)
                    .withHelp(missing(before, form));
        }
        boolean items = insideItems(parser.getContext());
        if (ends && items) {
            return after(ErrorCode.UNFINISHED_SET, "the set does not continue on the next line", before, offending)
                    .withHelp("inside `{ }` a line ends after a comma or an operator, or before a comma or `}`");
        }
        if (ends) {
            String message =
                    before == null ? "something is missing here" : "something is missing after " + shown(before);
            return after(ErrorCode.UNFINISHED, message, before, offending).withHelp(missing(before, form));
        }
        return misplaced(first, offending, before, items, items ? ITEMS : form);
    }

    /** What may follow the last token of an unfinished statement, where that says more than the statement's form. */
    private static String missing(Token before, String form) {
        return before != null && before.getType() == ARROW
                ? "the node that the edge leads to follows: as m3 or logits, or a port of a head, as a3.h0<q>"
                : form;
    }

    /** What was meant by an `=` after something that is not a name. */
    private static String assignment(Token first, Token before) {
        boolean named = first.getType() == WORD && before != null;
        String name = first.getText();
        if (named && before.getType() == RIGHT_BRACKET)
            return "a list is defined as a whole: let " + name + " = […]; to compare, write `==`";
        boolean adds = named
                && (before.getType() == PLUS
                        || before.getType() == MINUS
                        || before.getType() == STAR
                        || before.getType() == SLASH
                        || before.getType() == TIMES);
        return adds ? "write `let " + name + " = " + name + " " + before.getText() + " …`" : "to compare, write `==`";
    }

    /** The end of {@code evaluate()}, which is no call of a function. */
    private static boolean endsEmptyCall(Token offending, Token before) {
        return offending.getType() == RIGHT_PAREN
                && before != null
                && (before.getType() == LEFT_PAREN || before.getType() == CALL_OPEN);
    }

    private Diagnostic misplaced(Token first, Token offending, Token before, boolean items, String form) {
        int type = offending.getType();
        String text = offending.getText();
        boolean afterOperand = before != null && endsOperand(before);
        boolean word = Words.isValueStatement(type) || Words.isReserved(type) || Words.isSoft(type);
        boolean afterStatementWord =
                before != null && Words.isValueStatement(before.getType()) && Words.isReserved(type);
        boolean ofValue = items || first.getType() == LET || first.getType() == PRINT || first.getType() == RETURN;
        if (type == IF && afterOperand && ofValue) {
            return error(ErrorCode.UNEXPECTED, "a condition stands before the values that it chooses from", offending)
                    .withHelp("write `if CONDITION { A } else { B }`");
        }
        if (!items && word && (afterOperand || afterStatementWord)) {
            return error(ErrorCode.MISSING_SEPARATOR, "a statement ends before " + shown(offending), offending)
                    .withHelp("separate statements by `;` or a line end");
        }
        if (Words.isValueStatement(type)) {
            return error(
                            ErrorCode.STATEMENT_AS_VALUE,
                            "the value of `" + text + "` is meant here, and must be in parentheses",
                            offending)
                    .withHelp("write `(" + text + ")`, with its options inside");
        }
        if (Words.isReserved(type))
            return error(ErrorCode.RESERVED_WORD, "`" + text + "` is a reserved word and cannot stand here", offending)
                    .withHelp(form);
        if (!items && first.getType() == PRINT && afterOperand && beginsOperand(type)) {
            return error(ErrorCode.MISSING_COMMA, "the values of `print` are separated by commas", offending)
                    .withHelp("write `" + before.getText() + ", " + text + "`");
        }
        if (afterOperand && beginsOperand(type)) {
            return error(
                            ErrorCode.MISSING_SEPARATOR,
                            shown(offending) + " cannot follow " + shown(before) + " without something in between",
                            offending)
                    .withHelp(form.isEmpty() ? "items are separated by commas, statements by `;` or a line end" : form);
        }
        if (Words.isValueStatement(first.getType()) && endsEmptyCall(offending, before)) {
            String named = first.getText();
            return error(ErrorCode.UNEXPECTED, "a statement takes no parentheses", offending)
                    .withHelp("write `" + named + "`, or, where its value is needed, `(" + named + ")`");
        }
        return error(ErrorCode.UNEXPECTED, shown(offending) + " is not expected here", offending)
                .withHelp(form);
    }

    private Diagnostic colon(Token first, Token offending, String form) {
        boolean block = switch (first.getType()) {
            case IF, FOR, WHILE, QUIET, DEF, ELSE -> true;
            default -> false;
        };
        Span colon = new Span(source, offending.getStartIndex(), offending.getStartIndex() + 1);
        if (block)
            return Diagnostic.error(ErrorCode.COLON_BLOCK, "a block is written in braces, not after a colon", colon)
                    .withHelp(form);
        return Diagnostic.error(ErrorCode.UNEXPECTED, "`:` has no meaning here", colon)
                .withHelp("a name that holds it is quoted: \"…\"");
    }

    /** {@code 2 *3} and {@code 2* 3}: the lexer sees a pattern or a path beside an operand. */
    private Diagnostic gluedOperator(Token offending, Token before) {
        String left = before.getText();
        String right = offending.getText();
        boolean startsGlued =
                offending.getType() == WORD && right.length() > 1 && (right.startsWith("*") || right.startsWith("/"));
        boolean endsGlued = before.getType() == WORD
                && left.length() > 1
                && left.endsWith("*")
                && beginsOperand(offending.getType());
        if (!startsGlued && !endsGlued) return null;
        String spaced = startsGlued
                ? left + " " + right.charAt(0) + " " + right.substring(1)
                : left.substring(0, left.length() - 1) + " * " + right;
        Token at = startsGlued ? offending : before;
        return error(ErrorCode.OPERATOR_SPACING, "an operator between values has a space on both sides", at)
                .withHelp("write `" + spaced + "`");
    }

    /** Whether the place is between the brackets of a set, a list or a call. */
    private static boolean insideItems(RuleContext context) {
        for (RuleContext at = context; at != null && !(at instanceof StatementContext); at = at.parent) {
            if (at instanceof RecordContext || at instanceof CallContext) return true;
            // A list is told from a comprehension only further on.
            if (at instanceof PrimaryContext brackets
                    && (brackets.getStart().getType() == LEFT_BRACKET
                            || brackets.getStart().getType() == LEFT_BRACE)) return true;
        }
        return false;
    }

    /** The brace of a block that was read as a set, since nothing stands between it and the `if` or `in` before it. */
    private static Token blockReadAsSet(Parser parser) {
        for (RuleContext at = parser.getContext(); at != null && !(at instanceof StatementContext); at = at.parent) {
            if (!(at instanceof PrimaryContext braces) || braces.getStart().getType() != LEFT_BRACE) continue;
            Token before = previous(parser.getInputStream(), braces.getStart());
            if (before != null && (before.getType() == IF || before.getType() == IN)) return braces.getStart();
        }
        return null;
    }

    private static boolean seenAssign(Parser parser, Token first, Token offending) {
        TokenStream tokens = parser.getInputStream();
        for (int i = first.getTokenIndex(); i < offending.getTokenIndex(); i++) {
            if (tokens.get(i).getType() == ASSIGN) return true;
        }
        return false;
    }

    private Diagnostic error(ErrorCode code, String message, Token token) {
        int start = token.getStartIndex();
        return Diagnostic.error(code, message, new Span(source, start, Math.max(start, token.getStopIndex() + 1)));
    }

    /** A mistake that is what is not there: it stands right behind the last token. */
    private Diagnostic after(ErrorCode code, String message, Token before, Token offending) {
        int at = before == null ? offending.getStartIndex() : before.getStopIndex() + 1;
        return Diagnostic.error(code, message, new Span(source, at, at));
    }

    private static String shown(Token token) {
        return switch (token.getType()) {
            case Token.EOF -> "the end";
            case LINE_END -> "the line's end";
            case QUOTE, QUOTE_END, TEXT -> "a string";
            default -> "`" + token.getText() + "`";
        };
    }

    private static boolean endsOperand(Token token) {
        return switch (token.getType()) {
            case WORD, NUMBER, QUOTE_END, RIGHT_PAREN, RIGHT_BRACKET, RIGHT_BRACE, PORT, TRUE, FALSE, NONE -> true;
            default -> false;
        };
    }

    private static boolean beginsOperand(int type) {
        return switch (type) {
            case WORD, NUMBER, QUOTE, LEFT_PAREN, LEFT_BRACKET, LEFT_BRACE, TRUE, FALSE, NONE -> true;
            default -> false;
        };
    }

    /** How a statement reads, for its help line; empty where its first word says nothing. */
    private static String form(int type, String word) {
        String form = switch (type) {
            case LET -> "let NAME = VALUE";
            case PARAM -> "param NAME = VALUE";
            case PRINT -> "print VALUE, VALUE";
            case EXPECT -> "expect CONDITION";
            case FOR -> "for NAME in LIST { … }` or `for NAME in LIST, NAME in LIST { … }";
            case IF -> "if CONDITION { … } else { … }";
            case WHILE -> "while CONDITION { … }";
            case QUIET -> "quiet { … }";
            case RETURN -> "return VALUE";
            case DEF -> "def NAME(PARAMETER, PARAMETER=VALUE) { … }";
            case IMPORT -> "import \"FILE\"";
            case CIRCUIT -> "circuit NAME { EDGES }";
            case TASK -> "task NAME";
            case METRIC, LOSS -> word + " NAME(COLUMN) = EXPRESSION where NAME = EXPRESSION";
            case DATA -> "data \"FILE.csv\" option=value";
            case SET -> "set KEY=VALUE";
            case SEED -> "seed NUMBER";
            default -> "";
        };
        if (!form.isEmpty()) return "it reads `" + form + "`";
        return Words.isValueStatement(type) ? "values come first, then options as `key=value`" : "";
    }
}
