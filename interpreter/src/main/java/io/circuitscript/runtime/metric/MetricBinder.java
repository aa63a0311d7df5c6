package io.circuitscript.runtime.metric;

import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.evaluate.Functions;
import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.Formula;
import io.circuitscript.task.FormulaMetric;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns a written metric into a formula over the logits of a run. In the check there are no rows yet, and only types
 * are checked.
 */
public final class MetricBinder {
    private static final Map<String, Formula.Quantity> QUANTITIES =
            Map.of("logit", Formula.Quantity.LOGIT, "prob", Formula.Quantity.PROB, "logprob", Formula.Quantity.LOGPROB);
    private static final Map<String, Formula.Run> PLAIN_RUNS =
            Map.of("clean", Formula.Run.CLEAN, "corrupted", Formula.Run.CORRUPTED);
    private static final String DIVERGENCE = "kl";

    private final MetricSource source;
    private final MetricRows rows;
    private final MetricTokens tokens;
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
    }

    /** @throws Mistake in the metric's text, or where it does not fit the data */
    public static Bound bind(MetricSource source, Pairs pairs, Tokenizer tokenizer) {
        try {
            source.checkColumns(
                    pairs.columns(), pairs.name(), source.definition().name().span());
            var binder = new MetricBinder(source, Optional.of(pairs), Optional.of(tokenizer));
            Formula formula = ((MetricPart.OfRun) binder.whole()).formula();
            var metric = new FormulaMetric(source.name(), source.expression(), source.lessIsBetter(), formula);
            return new Bound(metric, binder.tokens.columns(), binder.tokens.spaceAdded());
        } catch (Mistake mistake) {
            if (!source.standard()) throw mistake;
            // Nobody can mend the standard library's text: the statement that uses it says what the data lacks.
            var said = mistake.diagnostic();
            throw new UserError(UserError.Kind.INPUT, said.code(), said.message(), said.notes(), said.help());
        }
    }

    /** The metric as far as its text alone tells, with no rows to be bound to; empty where that is not enough, or wrong. */
    static Optional<Metric> sketch(MetricSource source) {
        try {
            MetricPart whole = new MetricBinder(source, Optional.empty(), Optional.empty()).whole();
            if (!(whole instanceof MetricPart.OfRun run)) return Optional.empty();
            return Optional.of(
                    new FormulaMetric(source.name(), source.expression(), source.lessIsBetter(), run.formula()));
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
                    "constant-metric",
                    "the metric does not depend on the model: this is " + row.phrase(),
                    definition.body().span(),
                    help);
        }
        Formula formula = ((MetricPart.OfRun) whole).formula();
        if (formula.vector()) {
            throw Mistake.form(
                    "wrong-type",
                    "a metric is a number for each example, and this is a vector",
                    definition.body().span(),
                    "make one number of it, with sum, mean, min or max, or take an item: p[0]");
        }
        return whole;
    }

    private static Mistake repeated(Statement.Name name) {
        return Mistake.form(
                "repeated-name",
                "the metric has two parts named `" + name + "`",
                name.span(),
                "give each a name of its own");
    }

    private MetricPart part(Expression expression) {
        if (!ofRun(expression)) {
            checkCalls(expression);
            return rows.value(expression);
        }
        return switch (expression) {
            case Expression.Word word -> ofRuns.get(word.text());
            case Expression.Call call -> call(call);
            case Expression.Unary unary -> unary(unary);
            case Expression.Binary binary -> binary(binary);
            case Expression.Index index -> index(index);
            case Expression.ListLiteral list -> stack(list);
            case Expression.NumberLiteral _,
                    Expression.BooleanLiteral _,
                    Expression.NoneLiteral _,
                    Expression.StringLiteral _,
                    Expression.SetLiteral _,
                    Expression.Range _,
                    Expression.Edges _,
                    Expression.Port _,
                    Expression.Field _,
                    Expression.StatementValue _ ->
                throw Mistake.form(
                        "wrong-type",
                        "what a run gives cannot stand here",
                        expression.span(),
                        "a metric calculates with numbers and vectors");
        };
    }

    /** Whether it reads a run, directly or by a name. */
    private boolean ofRun(Expression expression) {
        return Subexpressions.any(expression, part -> switch (part) {
            case Expression.Word word -> ofRuns.containsKey(word.text());
            case Expression.Call call -> readsRun(call);
            default -> false;
        });
    }

    private static boolean readsRun(Expression.Call call) {
        if (!(call.function() instanceof Expression.Word word)) return false;
        String name = word.text().substring(word.text().lastIndexOf('.') + 1);
        return QUANTITIES.containsKey(name) || name.equals(DIVERGENCE);
    }

    private void checkCalls(Expression expression) {
        Subexpressions.any(expression, part -> {
            if (part instanceof Expression.Call call && call.function() instanceof Expression.Word word)
                checkFunction(word);
            return false;
        });
    }

    private void checkFunction(Expression.Word word) {
        if (Functions.has(word.text()) || rows.knows(word.text())) return;
        Set<String> known = new TreeSet<>(Functions.names());
        known.addAll(QUANTITIES.keySet());
        known.add(DIVERGENCE);
        List<String> near = Spelling.nearest(word.text(), known, 2);
        String help = near.isEmpty()
                ? "functions are " + String.join(", ", known)
                : "did you mean " + String.join(" or ", near) + "?";
        throw Mistake.form("unknown-function", "there is no function `" + word.text() + "`", word.span(), help);
    }

    private MetricPart call(Expression.Call call) {
        if (!(call.function() instanceof Expression.Word word)) {
            throw Mistake.form(
                    "wrong-type", "this is no function", call.function().span(), "");
        }
        if (!call.options().isEmpty()) {
            throw Mistake.form(
                    "unknown-option",
                    "`" + word.text() + "` takes no options",
                    call.options().getFirst().key().span(),
                    "");
        }
        if (readsRun(call)) return reading(word, call);
        checkFunction(word);
        return function(word.text(), call);
    }

    /** {@code prob(t)}, {@code clean.prob(t)}, {@code kl(clean)}. */
    private MetricPart reading(Expression.Word word, Expression.Call call) {
        int dot = word.text().lastIndexOf('.');
        String name = word.text().substring(dot + 1);
        Formula.Run run =
                dot < 0 ? Formula.Run.CURRENT : PLAIN_RUNS.get(word.text().substring(0, dot));
        if (run == null || dot >= 0 && name.equals(DIVERGENCE)) {
            String help = name.equals(DIVERGENCE)
                    ? "write kl(clean) or kl(corrupted)"
                    : "write clean." + name + "(…) or corrupted." + name + "(…)";
            throw Mistake.form("unknown-run", "there is no run `" + word.text() + "`", word.span(), help);
        }
        if (call.arguments().size() != 1) {
            String wanted = name.equals(DIVERGENCE) ? "one run: kl(clean)" : "one token, or one list of tokens";
            throw Mistake.form("wrong-arguments", "`" + word.text() + "` takes " + wanted, call.span(), "");
        }
        Expression argument = call.arguments().getFirst();
        if (name.equals(DIVERGENCE)) return divergence(argument);
        if (!(part(argument) instanceof MetricPart.OfRow row)) {
            throw Mistake.form(
                    "wrong-type", "`" + word.text() + "` takes a token, not what a run gives", argument.span(), "");
        }
        return tokens.read(QUANTITIES.get(name), run, argument, row);
    }

    private static MetricPart divergence(Expression argument) {
        Formula.Run from = argument instanceof Expression.Word word ? PLAIN_RUNS.get(word.text()) : null;
        if (from == null)
            throw Mistake.form(
                    "unknown-run", "`kl` takes a run: clean or corrupted", argument.span(), "write kl(clean)");
        return new MetricPart.OfRun(new Formula.Divergence(from));
    }

    private MetricPart function(String name, Expression.Call call) {
        Optional<Formula.Reduction> reduction = Arrays.stream(Formula.Reduction.values())
                .filter(it -> it.name().equalsIgnoreCase(name))
                .findFirst();
        Optional<Formula.Function> function = Arrays.stream(Formula.Function.values())
                .filter(it -> it.name().equalsIgnoreCase(name) && it != Formula.Function.NEGATE)
                .findFirst();
        if (reduction.isEmpty() && function.isEmpty()) {
            throw Mistake.form("not-in-a-metric", "`" + name + "` is not for what a run gives", call.span(), "");
        }
        int given = call.arguments().size();
        if (given == 0 || function.isPresent() && given > 1) {
            throw Mistake.form(
                    "wrong-arguments",
                    "`" + name + "` takes " + (function.isPresent() ? "one value" : "a vector, or several numbers"),
                    call.span(),
                    "");
        }
        List<MetricPart> parts = call.arguments().stream().map(this::part).toList();
        if (parts.contains(MetricPart.UNSURE)) return MetricPart.UNSURE;
        List<Formula> formulas = new ArrayList<>();
        for (int i = 0; i < given; i++)
            formulas.add(formula(parts.get(i), call.arguments().get(i)));
        if (function.isPresent()) return new MetricPart.OfRun(new Formula.Apply(function.get(), formulas.getFirst()));
        if (given > 1) return several(reduction.get(), formulas, call);
        if (!formulas.getFirst().vector()) {
            throw Mistake.form(
                    "wrong-type",
                    "`" + name + "` takes a vector, or several numbers, and this is a number",
                    call.arguments().getFirst().span(),
                    "a list of tokens gives a vector: prob([\"a\", \"b\"])");
        }
        return new MetricPart.OfRun(reduce(reduction.get(), formulas.getFirst(), call));
    }

    private Formula reduce(Formula.Reduction reduction, Formula vector, Expression.Call call) {
        for (int i = 0; i < rows.examples() && reduction != Formula.Reduction.SUM; i++) {
            if (vector.lengths().each()[i] > 0) continue;
            String name = reduction.name().toLowerCase(java.util.Locale.ROOT);
            throw rows.atRow(
                    Mistake.value(
                            "empty-list",
                            "an empty vector has no " + name,
                            call.span(),
                            "only a sum over nothing has a value: 0"),
                    i);
        }
        return new Formula.Reduce(reduction, vector);
    }

    private MetricPart several(Formula.Reduction reduction, List<Formula> formulas, Expression.Call call) {
        for (int i = 0; i < formulas.size(); i++) {
            if (!formulas.get(i).vector()) continue;
            throw Mistake.form(
                    "wrong-type",
                    "of several values each is a number, and this is a vector",
                    call.arguments().get(i).span(),
                    "");
        }
        Formula.Lengths lengths = Formula.Lengths.of(rows.examples(), formulas.size());
        return new MetricPart.OfRun(new Formula.Reduce(reduction, new Formula.Stack(formulas, lengths)));
    }

    private MetricPart stack(Expression.ListLiteral list) {
        List<Formula> parts = new ArrayList<>();
        for (Expression item : list.items()) {
            MetricPart part = part(item);
            if (part instanceof MetricPart.Unsure) return part;
            Formula formula = formula(part, item);
            if (formula.vector())
                throw Mistake.form(
                        "wrong-type", "a list's items are numbers here, and this is a vector", item.span(), "");
            parts.add(formula);
        }
        return new MetricPart.OfRun(new Formula.Stack(parts, Formula.Lengths.of(rows.examples(), parts.size())));
    }

    private MetricPart unary(Expression.Unary unary) {
        if (unary.operator() == Expression.Operator.NOT) {
            throw Mistake.form(
                    "not-in-a-metric",
                    "`not` is not for what a run gives",
                    unary.span(),
                    "a comparison gives 1 or 0: write 1 - x");
        }
        MetricPart operand = part(unary.operand());
        boolean negates = unary.operator() == Expression.Operator.NEGATE;
        if (operand instanceof MetricPart.Unsure || !negates) return operand;
        return new MetricPart.OfRun(new Formula.Apply(Formula.Function.NEGATE, formula(operand, unary.operand())));
    }

    private MetricPart binary(Expression.Binary binary) {
        MetricPart first = part(binary.left());
        MetricPart second = part(binary.right());
        if (first instanceof MetricPart.Unsure || second instanceof MetricPart.Unsure) return MetricPart.UNSURE;
        Formula left = formula(first, binary.left());
        Formula right = formula(second, binary.right());
        if (left.vector() && right.vector()) checkLengths(left, right, binary);
        return new MetricPart.OfRun(
                switch (binary.operator()) {
                    case ADD -> new Formula.Combine(Formula.Operator.ADD, left, right);
                    case SUBTRACT -> new Formula.Combine(Formula.Operator.SUBTRACT, left, right);
                    case MULTIPLY -> new Formula.Combine(Formula.Operator.MULTIPLY, left, right);
                    case DIVIDE -> new Formula.Combine(Formula.Operator.DIVIDE, left, right);
                    case POWER -> new Formula.Combine(Formula.Operator.POWER, left, right);
                    case LESS -> new Formula.Combine(Formula.Operator.LESS, left, right);
                    case LESS_OR_EQUAL -> new Formula.Combine(Formula.Operator.LESS_OR_EQUAL, left, right);
                    case GREATER -> new Formula.Combine(Formula.Operator.LESS, right, left);
                    case GREATER_OR_EQUAL -> new Formula.Combine(Formula.Operator.LESS_OR_EQUAL, right, left);
                    case EQUAL -> new Formula.Combine(Formula.Operator.EQUAL, left, right);
                    case NOT_EQUAL ->
                        new Formula.Combine(
                                Formula.Operator.SUBTRACT,
                                new Formula.Numbers(ones()),
                                new Formula.Combine(Formula.Operator.EQUAL, left, right));
                    case IN, AND, OR, NOT, NEGATE, PLUS, INTERSECT ->
                        throw Mistake.form(
                                "not-in-a-metric",
                                "`" + binary.operator().text() + "` is not for what a run gives",
                                binary.span(),
                                "a comparison gives 1 or 0: x * y is both, max(x, y) one of them");
                });
    }

    private double[] ones() {
        double[] ones = new double[rows.examples()];
        Arrays.fill(ones, 1);
        return ones;
    }

    private void checkLengths(Formula left, Formula right, Expression.Binary binary) {
        for (int i = 0; i < rows.examples(); i++) {
            int a = left.lengths().each()[i];
            int b = right.lengths().each()[i];
            if (a == b) continue;
            String message = "`" + binary.operator().text() + "` takes two vectors of one length, and these have " + a
                    + " and " + b + " items";
            throw rows.atRow(Mistake.value("wrong-length", message, binary.span(), ""), i);
        }
    }

    private MetricPart index(Expression.Index index) {
        MetricPart target = part(index.target());
        if (target instanceof MetricPart.Unsure) return target;
        Formula vector = formula(target, index.target());
        if (!vector.vector()) {
            throw Mistake.form(
                    "wrong-type",
                    "only a vector has items by number, and this is a number",
                    index.target().span(),
                    "a list of tokens gives a vector: prob([\"a\", \"b\"])");
        }
        if (!(index.index() instanceof Expression.Range slice)) {
            return new MetricPart.OfRun(new Formula.Item(vector, positions(index.index(), vector, false)));
        }
        int[] from = positions(slice.from(), vector, true);
        int[] to = positions(slice.to(), vector, true);
        int[] lengths = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            lengths[i] = Math.max(0, to[i] - from[i] + 1);
            if (lengths[i] > 0 && from[i] < 0) throw noItem(from[i], vector, i, slice.from());
            if (lengths[i] > 0 && to[i] >= vector.lengths().each()[i]) throw noItem(to[i], vector, i, slice.to());
            if (lengths[i] == 0) from[i] = 0;
        }
        return new MetricPart.OfRun(new Formula.Slice(vector, from, Formula.Lengths.of(lengths)));
    }

    /** @param bound of a slice, which may be empty and then end anywhere */
    private int[] positions(Expression written, Formula vector, boolean bound) {
        if (!(part(written) instanceof MetricPart.OfRow row)) {
            throw Mistake.form(
                    "wrong-type",
                    "an item's number follows from the row alone, not from what a run gives",
                    written.span(),
                    "");
        }
        if (!row.general().type().mayBe(Type.NUMBER)) {
            throw Mistake.value(
                    "wrong-type",
                    "an item's number is a whole number from 0, and this is " + row.phrase(),
                    written.span(),
                    "");
        }
        int[] positions = new int[rows.examples()];
        for (int i = 0; i < positions.length; i++) {
            boolean whole = row.at(i) instanceof Value.Number(double at, boolean _)
                    && at == Math.rint(at)
                    && Math.abs(at) < 1e9;
            if (!whole) {
                String message = "an item's number is a whole number from 0, not "
                        + row.at(i).display();
                throw rows.atRow(Mistake.value("wrong-type", message, written.span(), ""), i);
            }
            positions[i] = (int) ((Value.Number) row.at(i)).value();
            boolean there = positions[i] >= 0 && positions[i] < vector.lengths().each()[i];
            if (!bound && !there) throw noItem(positions[i], vector, i, written);
        }
        return positions;
    }

    private Mistake noItem(int at, Formula vector, int example, Expression written) {
        int length = vector.lengths().each()[example];
        String has = length == 0 ? "the vector is empty" : "the vector has the items 0 to " + (length - 1);
        return rows.atRow(
                Mistake.value("no-such-item", "there is no item " + at + ": " + has, written.span(), ""), example);
    }

    /** As numbers to calculate with. */
    private Formula formula(MetricPart part, Expression written) {
        return switch (part) {
            case MetricPart.OfRun run -> run.formula();
            case MetricPart.Unsure _ ->
                throw new IllegalStateException("unsure: " + written.span().text());
            case MetricPart.OfRow row -> {
                Type type = row.general().type();
                if (type == Type.LIST) yield table(row, written);
                if (!type.mayBe(Type.NUMBER, Type.TRUTH)) {
                    throw Mistake.value(
                            "wrong-type",
                            "a metric calculates with numbers, and this is " + row.phrase(),
                            written.span(),
                            "");
                }
                double[] values = new double[rows.examples()];
                for (int i = 0; i < values.length; i++) values[i] = number(row.at(i), i, written);
                yield new Formula.Numbers(values);
            }
        };
    }

    private double number(Value value, int example, Expression written) {
        if (value instanceof Value.Number(double number, boolean _)) return number;
        if (value instanceof Value.Bool(boolean truth)) return truth ? 1 : 0;
        String message = "a metric calculates with numbers, and this is " + value.phrase();
        throw rows.atRow(Mistake.value("wrong-type", message, written.span(), ""), example);
    }

    private Formula table(MetricPart.OfRow row, Expression written) {
        int[] each = new int[rows.examples()];
        for (int i = 0; i < each.length; i++)
            each[i] = ((Value.ListOf) row.at(i)).items().size();
        Formula.Lengths lengths = Formula.Lengths.of(each);
        double[][] values = new double[each.length][lengths.width()];
        for (int i = 0; i < each.length; i++) {
            List<Value> items = ((Value.ListOf) row.at(i)).items();
            for (int j = 0; j < items.size(); j++) values[i][j] = number(items.get(j), i, written);
        }
        return new Formula.Rows(values, lengths);
    }
}
