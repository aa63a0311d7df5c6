package io.circuitscript.syntax;

import static io.circuitscript.grammar.CircuitParser.*;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Span;
import io.circuitscript.syntax.Expression.AtSpan;
import io.circuitscript.syntax.Expression.BlockValue;
import io.circuitscript.syntax.Expression.BooleanLiteral;
import io.circuitscript.syntax.Expression.Call;
import io.circuitscript.syntax.Expression.Comprehension;
import io.circuitscript.syntax.Expression.Field;
import io.circuitscript.syntax.Expression.Index;
import io.circuitscript.syntax.Expression.ListLiteral;
import io.circuitscript.syntax.Expression.NoneLiteral;
import io.circuitscript.syntax.Expression.NumberLiteral;
import io.circuitscript.syntax.Expression.Port;
import io.circuitscript.syntax.Expression.RecordLiteral;
import io.circuitscript.syntax.Expression.SetLiteral;
import io.circuitscript.syntax.Expression.StatementValue;
import io.circuitscript.syntax.Expression.StringLiteral;
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
    private final VariableNames names;
    private final StringLiterals strings;
    private final OperatorBuilder operators;
    private final Function<BlockValueContext, Statement> blocks;

    /** @param blocks builds a statement with a block that stands where a value does */
    ExpressionBuilder(VariableNames names, Function<BlockValueContext, Statement> blocks) {
        this.names = names;
        this.blocks = blocks;
        this.strings = new StringLiterals(names, this::expression);
        this.operators = new OperatorBuilder(names, this::build, this::word);
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
                    if (!options.isEmpty() && !fileLast) positionAfterOption(argument, options.getLast());
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

    private void positionAfterOption(Expression value, Option option) {
        String move = "move it before `" + option.key() + "=`";
        boolean words = option.value() instanceof Expression.Word && value instanceof Expression.Word;
        String together = option.value().span().text() + " " + value.span().text();
        names.report(
                ErrorCode.VALUE_AFTER_OPTION,
                "values come before options",
                value.span(),
                words ? move + "; a name with a space is in quotes: " + option.key() + "=\"" + together + "\"" : move);
    }

    Expression expression(ExpressionContext context) {
        return build(context);
    }

    /** Skips layers of the parse tree with a single child, as most layers have. */
    private Expression build(ParserRuleContext context) {
        ParserRuleContext at = context;
        while (at.getChildCount() == 1 && !(at instanceof PrimaryContext)) at = (ParserRuleContext) at.getChild(0);
        return switch (at) {
            case ExpressionContext or -> operators.fold(or, or.conjunction());
            case ConjunctionContext and -> operators.fold(and, and.negation());
            case NegationContext negation -> operators.negation(negation);
            case ComparisonContext comparison -> operators.comparison(comparison);
            case ArrowContext arrow -> operators.arrow(arrow);
            case RangeContext range -> operators.range(range);
            case SumContext sum -> operators.fold(sum, sum.intersection());
            case IntersectionContext intersection -> operators.fold(intersection, intersection.product());
            case ProductContext product -> operators.fold(product, product.power());
            case PowerContext power -> operators.power(power);
            case SignedContext signed -> operators.signed(signed);
            case PostfixContext postfix -> postfix(postfix);
            case PrimaryContext primary -> primary(primary);
            default -> throw new IllegalStateException("expression: " + at.getClass());
        };
    }

    private Expression postfix(PostfixContext context) {
        Expression result = primary(context.primary());
        for (SuffixContext suffix : operators.limited(context, context.suffix())) {
            Span span = names.span(context.getStart(), suffix.getStop());
            result = switch (suffix) {
                case CallContext call -> call(result, call, span);
                case IndexContext index -> new Index(result, item(index.item()), span);
                case FieldContext field -> field(result, field.WORD().getSymbol(), context.getStart());
                case PortContext port -> new Port(result, ports(port), span);
                case AtSpanContext at -> new AtSpan(result, at(at.span()), span);
                default -> throw new IllegalStateException("suffix: " + suffix.getClass());
            };
        }
        return result;
    }

    private Expression at(SpanContext context) {
        return switch (context) {
            case SpanNameContext it -> new Word(it.name().getText(), names.span(it));
            case SpanTextContext it -> strings.literal(it.string());
            case SpanValueContext it -> value(it.value());
            case SpanListContext it ->
                new ListLiteral(it.item().stream().map(this::item).toList(), names.span(it));
            default -> throw new IllegalStateException("span: " + context.getClass());
        };
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
            if (!options.isEmpty()) positionAfterOption(value, options.getLast());
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
}
