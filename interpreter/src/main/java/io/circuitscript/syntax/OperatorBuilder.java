package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitParser.*;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression.Binary;
import io.circuitscript.syntax.Expression.Edges;
import io.circuitscript.syntax.Expression.Operator;
import io.circuitscript.syntax.Expression.Range;
import io.circuitscript.syntax.Expression.Unary;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Builds expressions of operators, and reports chains of those that do not chain. */
final class OperatorBuilder {
    /** The longest chain of operators. A longer one would make a tree too deep for recursion. */
    static final int LONGEST_CHAIN = 400;

    private final VariableNames names;
    private final Function<ParserRuleContext, Expression> build;
    private final Function<ParserRuleContext, Expression> word;

    /**
     * @param build builds an operand
     * @param word builds a word that stands where an operand does
     */
    OperatorBuilder(
            VariableNames names,
            Function<ParserRuleContext, Expression> build,
            Function<ParserRuleContext, Expression> word) {
        this.names = names;
        this.build = build;
        this.word = word;
    }

    Expression negation(NegationContext context) {
        List<Token> signs = context.NOT().stream().map(TerminalNode::getSymbol).toList();
        return prefixed(context, signs, build.apply(context.comparison()));
    }

    Expression comparison(ComparisonContext context) {
        Expression left = build.apply(context.arrow());
        List<ComparedContext> right = context.compared();
        Token operator = terminal(context, 1);
        if (right.size() > 1) {
            String first = left.span().text() + " " + operator.getText() + " "
                    + names.span(right.get(0)).text();
            String second =
                    names.span(right.get(0)).text() + " " + terminal(context, 3).getText() + " "
                            + names.span(right.get(1)).text();
            Token again = terminal(context, 3);
            names.report(
                    ErrorCode.COMPARISON_CHAIN,
                    "comparisons do not chain",
                    names.span(again, again),
                    "write `" + first + " and " + second + "`");
        }
        return new Binary(operator(operator), left, compared(right.getFirst()), names.span(context));
    }

    private Expression compared(ComparedContext context) {
        return context.arrow() != null ? build.apply(context.arrow()) : word.apply(context);
    }

    Expression arrow(ArrowContext context) {
        List<RangeContext> sides = context.range();
        Expression left = build.apply(sides.getFirst());
        Expression right = build.apply(sides.get(1));
        if (sides.size() > 2) {
            Token again = context.ARROW(1).getSymbol();
            names.report(
                    ErrorCode.ARROW_CHAIN,
                    "`->` does not chain",
                    names.span(again, again),
                    names.span(context).text().contains("@")
                            ? "put each edge in parentheses, as in `(m0->m1@end) + (m1->m2@end)`; one edge at several spans is `m0->m1@[giver, end]`"
                            : "write the edges one by one: `{" + left.span().text() + " -> "
                                    + right.span().text() + ", " + right.span().text() + " -> "
                                    + names.span(sides.get(2)).text() + "}`");
        }
        return new Edges(left, right, names.span(context));
    }

    Expression range(RangeContext context) {
        List<SumContext> ends = context.sum();
        if (ends.size() > 2) {
            Token again = context.RANGE(1).getSymbol();
            names.report(
                    ErrorCode.RANGE_CHAIN,
                    "a range has two ends",
                    names.span(again, again),
                    "several ranges are written as a list: `[1..3, 7..9]`");
        }
        return new Range(build.apply(ends.getFirst()), build.apply(ends.get(1)), names.span(context));
    }

    /** Powers group to the right. */
    Expression power(PowerContext context) {
        List<SignedContext> parts = limited(context, context.signed());
        Expression result = build.apply(parts.getLast());
        for (int i = parts.size() - 2; i >= 0; i--) {
            Span span = names.span(parts.get(i)).to(result.span());
            result = new Binary(Operator.POWER, build.apply(parts.get(i)), result, span);
        }
        return result;
    }

    Expression signed(SignedContext context) {
        List<Token> signs = context.SIGN().stream().map(TerminalNode::getSymbol).toList();
        return prefixed(context, signs, build.apply(context.postfix()));
    }

    private Expression prefixed(ParserRuleContext context, List<Token> signs, Expression operand) {
        Expression result = operand;
        for (Token sign : limited(context, signs).reversed()) {
            Operator operator = switch (sign.getText()) {
                case "-" -> Operator.NEGATE;
                case "+" -> Operator.PLUS;
                default -> Operator.NOT;
            };
            result = new Unary(operator, result, names.span(sign, context.getStop()));
        }
        return result;
    }

    Expression fold(ParserRuleContext context, List<? extends ParserRuleContext> parts) {
        List<? extends ParserRuleContext> operands = limited(context, parts);
        Expression result = build.apply(operands.getFirst());
        for (int i = 1; i < operands.size(); i++) {
            Span span = names.span(context.getStart(), operands.get(i).getStop());
            result = new Binary(operator(terminal(context, 2 * i - 1)), result, build.apply(operands.get(i)), span);
        }
        return result;
    }

    <T> List<T> limited(ParserRuleContext context, List<T> parts) {
        if (parts.size() <= LONGEST_CHAIN) return parts;
        names.report(
                ErrorCode.TOO_LONG,
                "an expression chains more than " + LONGEST_CHAIN + " operators",
                names.span(context),
                "give parts of it names with `let`, or sum a list");
        return parts.subList(0, LONGEST_CHAIN);
    }

    private static Token terminal(ParserRuleContext context, int child) {
        return ((TerminalNode) context.getChild(child)).getSymbol();
    }

    private static Operator operator(Token token) {
        return switch (token.getText()) {
            case "*" -> Operator.MULTIPLY;
            case "/" -> Operator.DIVIDE;
            case "&" -> Operator.INTERSECT;
            case "+" -> Operator.ADD;
            case "-" -> Operator.SUBTRACT;
            case "==" -> Operator.EQUAL;
            case "!=" -> Operator.NOT_EQUAL;
            case "<" -> Operator.LESS;
            case "<=" -> Operator.LESS_OR_EQUAL;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.GREATER_OR_EQUAL;
            case "in" -> Operator.IN;
            case "and" -> Operator.AND;
            case "or" -> Operator.OR;
            default -> throw new IllegalStateException("operator " + token.getText());
        };
    }
}
