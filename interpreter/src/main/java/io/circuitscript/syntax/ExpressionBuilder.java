package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitParser.*;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression.Binary;
import io.circuitscript.syntax.Expression.BlockValue;
import io.circuitscript.syntax.Expression.BooleanLiteral;
import io.circuitscript.syntax.Expression.Call;
import io.circuitscript.syntax.Expression.Comprehension;
import io.circuitscript.syntax.Expression.Edges;
import io.circuitscript.syntax.Expression.Field;
import io.circuitscript.syntax.Expression.Index;
import io.circuitscript.syntax.Expression.ListLiteral;
import io.circuitscript.syntax.Expression.NoneLiteral;
import io.circuitscript.syntax.Expression.NumberLiteral;
import io.circuitscript.syntax.Expression.Operator;
import io.circuitscript.syntax.Expression.Port;
import io.circuitscript.syntax.Expression.Range;
import io.circuitscript.syntax.Expression.RecordLiteral;
import io.circuitscript.syntax.Expression.SetLiteral;
import io.circuitscript.syntax.Expression.StatementValue;
import io.circuitscript.syntax.Expression.StringLiteral;
import io.circuitscript.syntax.Expression.Unary;
import io.circuitscript.syntax.Expression.Word;
import io.circuitscript.syntax.Statement.Command;
import io.circuitscript.syntax.Statement.Iteration;
import io.circuitscript.syntax.Statement.Name;
import io.circuitscript.syntax.Statement.Option;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Builds expressions from the parse tree, and reports mistakes that the grammar accepts on purpose. */
final class ExpressionBuilder {
    /** The longest chain of operators. A longer one would make a tree too deep for recursion. */
    static final int LONGEST_CHAIN = 400;

    private final VariableNames names;
    private final StringLiterals strings;
    private final Function<BlockValueContext, Statement> blocks;

    /** @param blocks builds a statement with a block that stands where a value does */
    ExpressionBuilder(VariableNames names, Function<BlockValueContext, Statement> blocks) {
        this.names = names;
        this.blocks = blocks;
        this.strings = new StringLiterals(names, this::expression);
    }

    Expression value(ValueContext context) {
        if (context.command() != null) return statementValue(context.command());
        return context.blockValue() != null ? blockValue(context.blockValue()) : expression(context.expression());
    }

    private BlockValue blockValue(BlockValueContext context) {
        return new BlockValue(blocks.apply(context), names.span(context));
    }

    private Expression given(GivenContext context) {
        return context.blockValue() != null ? blockValue(context.blockValue()) : item(context.item());
    }

    Iteration iteration(IterationContext context) {
        return new Iteration(names.variable(context.variable()), expression(context.expression()), names.span(context));
    }

    private StatementValue statementValue(CommandContext context) {
        return new StatementValue(command(context), names.span(context));
    }

    Expression item(ItemContext context) {
        return context.expression() != null ? expression(context.expression()) : word(context);
    }

    Option option(OptionContext context) {
        return new Option(names.any(context.name()), item(context.item()), names.span(context));
    }

    /** A statement without braces, its words and options in the order written. */
    Command command(ParserRuleContext context) {
        var arguments = new ArrayList<Expression>();
        var options = new ArrayList<Option>();
        collect(context, arguments, options);
        var word = new Name(context.getStart().getText(), names.span(context.getStart(), context.getStart()));
        return new Command(word, arguments, options, names.span(context));
    }

    private void collect(ParserRuleContext context, List<Expression> arguments, List<Option> options) {
        for (int i = 0; i < context.getChildCount(); i++) {
            switch (context.getChild(i)) {
                case TailContext tail -> collect(tail, arguments, options);
                case OptionContext option -> options.add(option(option));
                case ParserRuleContext value -> {
                    Expression argument = argument(value);
                    boolean fileLast = argument instanceof StringLiteral
                            && arguments.stream().noneMatch(StringLiteral.class::isInstance)
                            && Words.isFileStatement(first(context));
                    if (!options.isEmpty() && !fileLast) positionAfterOption(argument.span(), options.getLast());
                    arguments.add(argument);
                }
                case TerminalNode terminal -> {
                    // The first is the statement's own word; `task 5` has another.
                    if (i > 0) arguments.add(number(terminal.getSymbol()));
                }
                default ->
                    throw new IllegalStateException(
                            "child of a statement: " + context.getChild(i).getClass());
            }
        }
    }

    private static int first(ParserRuleContext context) {
        ParserRuleContext command = context instanceof TailContext ? context.getParent() : context;
        return command.getStart().getType();
    }

    private Expression argument(ParserRuleContext context) {
        return switch (context) {
            case ItemContext item -> item(item);
            case ExpressionContext expression -> expression(expression);
            case StringContext string -> strings.literal(string);
            default -> word(context);
        };
    }

    private void positionAfterOption(Span span, Option option) {
        names.report(
                ErrorCode.VALUE_AFTER_OPTION,
                "values come before options",
                span,
                "move it before `" + option.key() + "=`");
    }

    Expression expression(ExpressionContext context) {
        return build(context);
    }

    /** Skips layers of the parse tree with a single child, as most layers have. */
    private Expression build(ParserRuleContext context) {
        ParserRuleContext at = context;
        while (at.getChildCount() == 1 && !(at instanceof PrimaryContext)) at = (ParserRuleContext) at.getChild(0);
        return switch (at) {
            case ExpressionContext or -> fold(or, or.conjunction());
            case ConjunctionContext and -> fold(and, and.negation());
            case NegationContext negation -> negation(negation);
            case ComparisonContext comparison -> comparison(comparison);
            case ArrowContext arrow -> arrow(arrow);
            case RangeContext range -> range(range);
            case SumContext sum -> fold(sum, sum.intersection());
            case IntersectionContext intersection -> fold(intersection, intersection.product());
            case ProductContext product -> fold(product, product.power());
            case PowerContext power -> power(power);
            case SignedContext signed -> signed(signed);
            case PostfixContext postfix -> postfix(postfix);
            case PrimaryContext primary -> primary(primary);
            default -> throw new IllegalStateException("expression: " + at.getClass());
        };
    }

    private Expression negation(NegationContext context) {
        List<Token> signs = context.NOT().stream().map(TerminalNode::getSymbol).toList();
        return prefixed(context, signs, build(context.comparison()));
    }

    private Expression comparison(ComparisonContext context) {
        Expression left = build(context.arrow());
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
        return context.arrow() != null ? build(context.arrow()) : word(context);
    }

    private Expression arrow(ArrowContext context) {
        List<RangeContext> sides = context.range();
        Expression left = build(sides.getFirst());
        Expression right = build(sides.get(1));
        if (sides.size() > 2) {
            Token again = context.ARROW(1).getSymbol();
            names.report(
                    ErrorCode.ARROW_CHAIN,
                    "`->` does not chain",
                    names.span(again, again),
                    "write the edges one by one: `{" + left.span().text() + " -> "
                            + right.span().text() + ", " + right.span().text() + " -> "
                            + names.span(sides.get(2)).text() + "}`");
        }
        return new Edges(left, right, names.span(context));
    }

    private Expression range(RangeContext context) {
        List<SumContext> ends = context.sum();
        if (ends.size() > 2) {
            Token again = context.RANGE(1).getSymbol();
            names.report(
                    ErrorCode.RANGE_CHAIN,
                    "a range has two ends",
                    names.span(again, again),
                    "several ranges are written as a list: `[1..3, 7..9]`");
        }
        return new Range(build(ends.getFirst()), build(ends.get(1)), names.span(context));
    }

    /** Powers group to the right. */
    private Expression power(PowerContext context) {
        List<SignedContext> parts = limited(context, context.signed());
        Expression result = build(parts.getLast());
        for (int i = parts.size() - 2; i >= 0; i--) {
            Span span = names.span(parts.get(i)).to(result.span());
            result = new Binary(Operator.POWER, build(parts.get(i)), result, span);
        }
        return result;
    }

    private Expression signed(SignedContext context) {
        List<Token> signs = context.SIGN().stream().map(TerminalNode::getSymbol).toList();
        return prefixed(context, signs, build(context.postfix()));
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

    private Expression postfix(PostfixContext context) {
        Expression result = primary(context.primary());
        for (SuffixContext suffix : limited(context, context.suffix())) {
            Span span = names.span(context.getStart(), suffix.getStop());
            result = switch (suffix) {
                case CallContext call -> call(result, call, span);
                case IndexContext index -> new Index(result, item(index.item()), span);
                case FieldContext field -> field(result, field.WORD().getSymbol(), context.getStart());
                case PortContext port -> new Port(result, ports(port), span);
                default -> throw new IllegalStateException("suffix: " + suffix.getClass());
            };
        }
        return result;
    }

    private Call call(Expression function, CallContext context, Span span) {
        var arguments = new ArrayList<Expression>();
        var options = new ArrayList<Option>();
        for (ArgumentContext argument : context.argument()) {
            Expression value = given(argument.given());
            if (argument.name() != null) {
                options.add(new Option(names.any(argument.name()), value, names.span(argument)));
                continue;
            }
            if (!options.isEmpty()) positionAfterOption(value.span(), options.getLast());
            arguments.add(value);
        }
        return new Call(function, arguments, options, span);
    }

    /** {@code .a.b} is one word of the lexer and two fields. */
    private Expression field(Expression target, Token word, Token first) {
        Expression result = target;
        int start = word.getStartIndex();
        for (String part : word.getText().split("\\.")) {
            int end = start + part.codePointCount(0, part.length());
            var name = new Name(part, new Span(result.span().source(), start, end));
            Words.spaced(part)
                    .ifPresent(spaced -> names.report(
                            ErrorCode.OPERATOR_SPACING,
                            "an operator between values has a space on both sides",
                            name.span(),
                            "write `" + spaced + "`"));
            result = new Field(result, name, new Span(name.span().source(), first.getStartIndex(), end));
            start = end + 1;
        }
        return result;
    }

    private String ports(PortContext context) {
        String text = context.getText();
        String ports = text.substring(1, text.length() - 1);
        if (!NodeNotation.readsAsPorts(ports)) {
            names.report(
                    ErrorCode.UNKNOWN_PORT,
                    "`" + text + "` is not a port",
                    names.span(context),
                    "ports are `q`, `k` and `v`, as in `a1.h0<v>` or `a1.h0<qk>`");
        }
        return ports;
    }

    private Expression primary(PrimaryContext context) {
        Span span = names.span(context);
        return switch (context) {
            case WordContext word -> word(word);
            case NumberContext number -> number(number.getStart());
            case TextContext text -> strings.literal(text.string());
            case BooleanContext truth -> new BooleanLiteral(truth.TRUE() != null, span);
            case NoneContext _ -> new NoneLiteral(span);
            case ParenthesesContext inner -> {
                Expression value = value(inner.value());
                // The brackets belong to a statement that stands in them, and not to an expression.
                yield switch (value) {
                    case StatementValue it -> new StatementValue(it.command(), span);
                    case BlockValue it -> new BlockValue(it.statement(), span);
                    default -> value;
                };
            }
            case RecordContext fields -> fields(fields, span);
            case ComprehensionContext of ->
                new Comprehension(
                        item(of.item()),
                        iteration(of.iteration()),
                        Optional.ofNullable(of.expression()).map(this::expression),
                        span);
            case ListContext list ->
                new ListLiteral(list.item().stream().map(this::item).toList(), span);
            case SetContext set ->
                new SetLiteral(set.item().stream().map(this::item).toList(), span);
            default -> throw new IllegalStateException("primary: " + context.getClass());
        };
    }

    private RecordLiteral fields(RecordContext context, Span span) {
        var fields = new ArrayList<Option>();
        var seen = new HashSet<String>();
        for (EntryContext entry : context.entry()) {
            Name name = names.field(entry.name());
            if (!seen.add(name.text())) {
                names.report(
                        ErrorCode.REPEATED_NAME,
                        "the record has two fields named `" + name + "`",
                        name.span(),
                        "give each a name of its own");
            }
            fields.add(new Option(name, given(entry.given()), names.span(entry)));
        }
        return new RecordLiteral(fields, span);
    }

    private NumberLiteral number(Token token) {
        String text = token.getText();
        boolean percent = text.endsWith("%");
        double value = Double.parseDouble(percent ? text.substring(0, text.length() - 1) : text);
        Span span = names.span(token, token);
        if (Double.isInfinite(value)) {
            names.report(ErrorCode.NUMBER_TOO_LARGE, "this number is too large", span, "the largest is about 1.8e308");
            value = Double.MAX_VALUE; // the check of the rest of the script relies on finite numbers
        }
        return new NumberLiteral(value, percent, text, span);
    }

    private Word word(ParserRuleContext context) {
        String text = context.getText();
        Span span = names.span(context);
        if (!isWholeArgument(context)) {
            int dot = text.indexOf('.');
            if (Words.readsAsArithmetic(text)) {
                names.report(
                        ErrorCode.OPERATOR_SPACING,
                        "`" + text + "` is one word: an operator between values has a space on both sides",
                        span,
                        "write `" + Words.spaced(text).orElse(text) + "`");
            } else if (dot > 0 && Words.VALUE_STATEMENTS.contains(text.substring(0, dot))) {
                names.report(
                        ErrorCode.STATEMENT_AS_VALUE,
                        "the value of `" + text.substring(0, dot) + "` must be in parentheses",
                        span,
                        "write `(" + text.substring(0, dot) + ")" + text.substring(dot) + "`");
            }
        }
        return new Word(text, span);
    }

    /** Whether a word is all of a statement's argument or of an option's value, where any name may stand. */
    private static boolean isWholeArgument(ParserRuleContext context) {
        ParserRuleContext at = context;
        while (at.getParent() != null
                && at.getParent().getChildCount() == 1
                && !(at.getParent() instanceof TailContext)) at = at.getParent();
        return at.getParent() instanceof TailContext
                || at.getParent() instanceof OptionContext
                || at.getParent() instanceof CommandContext;
    }

    private Expression fold(ParserRuleContext context, List<? extends ParserRuleContext> parts) {
        List<? extends ParserRuleContext> operands = limited(context, parts);
        Expression result = build(operands.getFirst());
        for (int i = 1; i < operands.size(); i++) {
            Span span = names.span(context.getStart(), operands.get(i).getStop());
            result = new Binary(operator(terminal(context, 2 * i - 1)), result, build(operands.get(i)), span);
        }
        return result;
    }

    private <T> List<T> limited(ParserRuleContext context, List<T> parts) {
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
