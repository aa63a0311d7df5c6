package io.circuitscript.runtime.metric;

import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.Formula;
import io.circuitscript.task.FormulaMetric;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a written metric into a formula over the logits of a run. In the check there are no rows yet, and only types
 * are checked.
 */
public final class MetricBinder {
    private final MetricSource source;
    private final MetricRows rows;
    private final MetricTokens tokens;
    private final MetricNumbers numbers;
    private final MetricCalls calls;
    private final MetricOperators operators;
    private final MetricItems items;
    private final Map<String, MetricPart> ofRuns = new LinkedHashMap<>();

    /**
     * A metric bound to pairs.
     *
     * @param tokenColumns the columns that it reads tokens from
     * @param spaceAdded the labels that are tokens only with a space in front
     */
    public record Bound(FormulaMetric metric, Set<String> tokenColumns, Set<String> spaceAdded) {}

    private MetricBinder(MetricSource source, Optional<Pairs> pairs, Optional<Tokenizer> tokenizer) {
        this.source = source;
        this.rows = new MetricRows(source, pairs);
        this.tokens = new MetricTokens(source, rows, tokenizer);
        this.numbers = new MetricNumbers(rows);
        this.calls = new MetricCalls(rows, tokens, numbers, this::part);
        this.operators = new MetricOperators(rows, numbers, this::part);
        this.items = new MetricItems(rows, numbers, this::part);
    }

    /** @throws Mistake in the metric's text, or where it does not fit the data */
    public static Bound bind(MetricSource source, Pairs pairs, Tokenizer tokenizer) {
        try {
            source.checkColumns(
                    pairs.columns(), pairs.name(), source.definition().name().span());
            var binder = new MetricBinder(source, Optional.of(pairs), Optional.of(tokenizer));
            if (source.standard()) refuseLists(source, binder.rows.listColumns(), pairs);
            Formula formula = ((MetricPart.OfRun) binder.whole()).formula();
            var metric = new FormulaMetric(
                    source.name(), source.expression(), source.lessIsBetter(), formula, binder.tokens.points());
            return new Bound(metric, binder.tokens.columns(), binder.tokens.spaceAdded());
        } catch (Mistake mistake) {
            if (!source.standard()) throw mistake;
            // Nobody can mend the standard library's text: the statement that uses it says what the data lacks.
            var said = mistake.diagnostic();
            throw new UserError(UserError.Kind.INPUT, said.code(), said.message(), said.notes(), said.help());
        }
    }

    /** The metrics of the library read one answer in a cell. */
    private static void refuseLists(MetricSource source, List<String> lists, Pairs pairs) {
        if (lists.isEmpty()) return;
        throw UserError.input(
                ErrorCode.WRONG_TYPE,
                "the metric " + source.name() + " reads one answer in each row, and "
                        + StandardMetrics.holdLists(pairs, lists),
                StandardMetrics.severalHelp(source.reads()));
    }

    /** The metric as far as its text alone tells, with no rows to be bound to; empty where that is not enough, or wrong. */
    public static Optional<Metric> sketch(MetricSource source) {
        try {
            MetricBinder binder = new MetricBinder(source, Optional.empty(), Optional.empty());
            MetricPart whole = binder.whole();
            if (!(whole instanceof MetricPart.OfRun run)) return Optional.empty();
            return Optional.of(new FormulaMetric(
                    source.name(), source.expression(), source.lessIsBetter(), run.formula(), binder.tokens.points()));
        } catch (Mistake saidElsewhere) {
            return Optional.empty();
        }
    }

    /** @throws Mistake where it is wrong whatever the data */
    public static void check(MetricSource source) {
        new MetricBinder(source, Optional.empty(), Optional.empty()).whole();
    }

    private MetricPart whole() {
        Statement.MetricDefinition definition = source.definition();
        Set<String> names = new LinkedHashSet<>();
        for (Statement.Name column : definition.columns()) {
            if (!names.add(column.text())) throw repeated(column);
        }
        for (Statement.Binding part : definition.where()) {
            if (!names.add(part.name().text())) throw repeated(part.name());
            MetricPart value = part(part.value());
            if (value instanceof MetricPart.OfRow row) rows.put(part.name().text(), row);
            else ofRuns.put(part.name().text(), value);
        }
        MetricPart whole = part(definition.body());
        if (whole instanceof MetricPart.Unsure) return whole;
        if (whole instanceof MetricPart.OfRow row) {
            String help = "read a run with logit(t), prob(t), logprob(t) or kl(clean)";
            throw Mistake.form(
                    ErrorCode.CONSTANT_METRIC,
                    "the metric does not depend on the model: this is " + row.phrase(),
                    definition.body().span(),
                    help);
        }
        Formula formula = ((MetricPart.OfRun) whole).formula();
        if (formula.vector()) {
            throw Mistake.form(
                    ErrorCode.WRONG_TYPE,
                    "a metric is a number for each example, and this is a vector",
                    definition.body().span(),
                    "make it one number with sum, mean, min or max, or take an item: p[0]");
        }
        return whole;
    }

    private static Mistake repeated(Statement.Name name) {
        return Mistake.form(
                ErrorCode.REPEATED_NAME,
                "the metric has two parts named `" + name + "`",
                name.span(),
                "give each a name of its own");
    }

    private MetricPart part(Expression expression) {
        if (!ofRun(expression)) {
            calls.checkCalls(expression);
            return rows.value(expression);
        }
        return switch (expression) {
            case Expression.Word word -> ofRuns.get(word.text());
            case Expression.Call call -> calls.call(call);
            case Expression.Unary unary -> operators.unary(unary);
            case Expression.Binary binary -> operators.binary(binary);
            case Expression.Index index -> items.index(index);
            case Expression.ListLiteral list -> stack(list);
            case Expression.NumberLiteral _,
                    Expression.BooleanLiteral _,
                    Expression.NoneLiteral _,
                    Expression.StringLiteral _,
                    Expression.SetLiteral _,
                    Expression.Range _,
                    Expression.Edges _,
                    Expression.Port _,
                    Expression.AtSpan _,
                    Expression.Field _,
                    Expression.RecordLiteral _,
                    Expression.Comprehension _,
                    Expression.BlockValue _,
                    Expression.StatementValue _ ->
                throw Mistake.form(
                        ErrorCode.WRONG_TYPE,
                        "the output of a run cannot be used here",
                        expression.span(),
                        "a metric calculates with numbers and vectors");
        };
    }

    /** Whether it reads a run, directly or by a name. */
    private boolean ofRun(Expression expression) {
        return Subexpressions.any(expression, part -> switch (part) {
            case Expression.Word word -> ofRuns.containsKey(word.text());
            case Expression.Call call -> MetricCalls.readsRun(call);
            default -> false;
        });
    }

    private MetricPart stack(Expression.ListLiteral list) {
        List<Formula> parts = new ArrayList<>();
        for (Expression item : list.items()) {
            MetricPart part = part(item);
            if (part instanceof MetricPart.Unsure) return part;
            Formula formula = numbers.of(part, item);
            if (formula.vector())
                throw Mistake.form(
                        ErrorCode.WRONG_TYPE, "a list's items are numbers here, and this is a vector", item.span(), "");
            parts.add(formula);
        }
        return new MetricPart.OfRun(new Formula.Stack(parts, Formula.Lengths.of(rows.examples(), parts.size())));
    }
}
