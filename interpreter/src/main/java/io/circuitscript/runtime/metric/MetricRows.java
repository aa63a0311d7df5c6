package io.circuitscript.runtime.metric;

import io.circuitscript.io.table.ListCell;
import io.circuitscript.runtime.evaluate.Evaluator;
import io.circuitscript.runtime.evaluate.RowContext;
import io.circuitscript.runtime.evaluate.Subexpressions;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueText;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.LabelTokens;
import io.circuitscript.task.MissingValues;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Evaluates the parts of a metric that depend on a row of data but not on logits, once for each row. In the check
 * there are no rows, and their values are unknown.
 */
final class MetricRows {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,15}(\\.[0-9]{1,15})?([eE][-+]?[0-9]{1,2})?");

    private static final RowContext.Refusals REFUSALS = new RowContext.Refusals(
            ErrorCode.NOT_IN_A_METRIC,
            "a metric cannot contain statements",
            "give its result a name with `let` before the metric",
            "a metric cannot call functions of the script",
            "write out what it does, or give parts of the metric names with `where`",
            "a metric cannot draw at random",
            "draw before the metric: `let drawn = sample(…)`");

    private final MetricSource source;
    private final Scope scope;
    private final Evaluator evaluator;
    private final Optional<Pairs> pairs;
    private final Map<String, MetricPart.OfRow> named = new LinkedHashMap<>();

    /** What columns hold that are not numbers, for messages. */
    private final Map<String, String> textColumns = new LinkedHashMap<>();

    /** Names that a row gives a value, directly or through what a {@code where} names. */
    private final Set<String> ofRows = new LinkedHashSet<>();

    /** @param pairs empty in the check */
    MetricRows(MetricSource source, Optional<Pairs> pairs) {
        this.source = source;
        this.scope = source.scope().inside();
        this.evaluator = new Evaluator(new RowContext(scope, REFUSALS));
        this.pairs = pairs;
        for (Statement.Name column : source.definition().columns()) {
            String name = column.text();
            ofRows.add(name);
            put(
                    name,
                    pairs.map(it -> column(it, name, source.columns().getOrDefault(name, name)))
                            .orElse(new MetricPart.OfRow(Unknown.ANY, List.of())));
        }
    }

    /** A column whose cells are lists holds lists, one of numbers numbers, any other texts. */
    private MetricPart.OfRow column(Pairs data, String name, String column) {
        List<Value> lists = lists(data, column);
        if (!lists.isEmpty()) return new MetricPart.OfRow(Unknown.of(Type.LIST), lists);
        Optional<Pair> text = data.pairs().stream()
                .filter(pair ->
                        !NUMBER.matcher(pair.columns().get(column).strip()).matches())
                .findFirst();
        text.ifPresent(pair -> textColumns.put(
                name,
                "the column " + data.fileColumn(column) + " holds text: "
                        + ValueText.quoted(pair.columns().get(column)) + " in row " + pair.row() + " of "
                        + data.name()));
        List<Value> each = data.pairs().stream()
                .map(pair -> pair.columns().get(column))
                .<Value>map(
                        it -> text.isPresent() ? new Value.Text(it) : new Value.Number(Double.parseDouble(it.strip())))
                .toList();
        return new MetricPart.OfRow(Unknown.of(text.isPresent() ? Type.TEXT : Type.NUMBER), each);
    }

    /**
     * The cells as lists; empty where one of them is none.
     *
     * @throws UserError where all are meant to be lists, and one is not: the first one
     */
    private static List<Value> lists(Pairs data, String column) {
        Optional<Pair> wrong = Optional.empty();
        boolean any = false;
        for (Pair pair : data.pairs()) {
            String cell = pair.columns().get(column);
            boolean missing = MissingValues.isMissing(cell);
            if (!missing && !ListCell.isBracketed(cell)) return List.of();
            boolean list = !missing && ListCell.fault(cell).isEmpty();
            any |= list;
            if (!list && wrong.isEmpty()) wrong = Optional.of(pair);
        }
        if (!any) return List.of();
        wrong.ifPresent(pair -> {
            String cell = pair.columns().get(column);
            throw LabelTokens.notAList(
                    cell,
                    ListCell.fault(cell).orElse("is missing, where other rows have a list"),
                    "row " + pair.row() + " of " + data.name() + ", column " + data.fileColumn(column));
        });
        List<Value> lists = new ArrayList<>();
        for (Pair pair : data.pairs()) {
            Optional<List<Object>> items = ListCell.items(pair.columns().get(column));
            lists.add(new Value.ListOf(items.get().stream()
                    .<Value>map(item ->
                            item instanceof String text ? new Value.Text(text) : new Value.Number((Double) item))
                    .toList()));
        }
        return lists;
    }

    /** Gives what a row has, or what a {@code where} names, its name. */
    void put(String name, MetricPart.OfRow part) {
        named.put(name, part);
        if (!part.each().isEmpty() || !(part.general() instanceof Value)) ofRows.add(name);
        scope.set(name, part.general());
    }

    boolean knows(String name) {
        return named.containsKey(name) || scope.find(name).isPresent();
    }

    Set<String> names() {
        return scope.names();
    }

    /** The columns that hold lists, of those that a metric reads, by the data's names. */
    List<String> listColumns() {
        return source.definition().columns().stream()
                .map(Statement.Name::text)
                .filter(name -> named.get(name).general().type() == Type.LIST)
                .map(name -> source.columns().getOrDefault(name, name))
                .toList();
    }

    boolean isColumn(Expression expression) {
        return expression instanceof Expression.Word word && ofRows.contains(word.text());
    }

    int examples() {
        return pairs.map(Pairs::size).orElse(0);
    }

    /** Whether this is the check, where no rows are known. */
    boolean checking() {
        return pairs.isEmpty();
    }

    /** What the file calls a column. */
    String fileColumn(String column) {
        return pairs.map(it -> it.fileColumn(column)).orElse(column);
    }

    /** The row of an example, as a message names it. */
    String row(int example) {
        return "row " + pairs.orElseThrow().pairs().get(example).row() + " of "
                + pairs.get().name();
    }

    MetricPart.OfRow value(Expression expression) {
        try {
            named.forEach((name, part) -> scope.set(name, part.general()));
            AbstractValue general = evaluator.value(expression);
            if (checking() || !Subexpressions.reads(expression, ofRows::contains))
                return new MetricPart.OfRow(general, List.of());
            List<Value> each = new ArrayList<>(examples());
            for (int i = 0; i < examples(); i++) each.add(at(i, expression));
            return new MetricPart.OfRow(general, each);
        } catch (Mistake mistake) {
            Optional<String> text = textColumns.keySet().stream()
                    .filter(name -> Subexpressions.reads(expression, name::equals))
                    .findFirst();
            if (text.isEmpty() || mistake.diagnostic().code() != ErrorCode.WRONG_TYPE) throw mistake;
            String message = "a number is expected here, and " + textColumns.get(text.get());
            throw Mistake.value(
                    ErrorCode.WRONG_TYPE,
                    message,
                    mistake.diagnostic().span(),
                    "a column of numbers has a number in every row");
        }
    }

    private Value at(int example, Expression expression) {
        named.forEach((name, part) -> {
            if (!part.each().isEmpty()) scope.set(name, part.at(example));
        });
        try {
            return (Value) evaluator.value(expression);
        } catch (Mistake mistake) {
            throw atRow(mistake, example);
        }
    }

    /** The same mistake, with the row that it is about. */
    Mistake atRow(Mistake mistake, int example) {
        List<String> notes = new ArrayList<>(mistake.diagnostic().notes());
        notes.add("in " + row(example) + values(example));
        return mistake.withNotes(notes);
    }

    /** What the columns hold there that the metric reads. */
    private String values(int example) {
        Map<String, String> columns = pairs.orElseThrow().pairs().get(example).columns();
        return source.definition().columns().stream()
                .map(Statement.Name::text)
                .map(name -> name + " is "
                        + ValueText.quoted(columns.get(source.columns().getOrDefault(name, name))))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "), it -> it.isEmpty() ? "" : ", where " + it));
    }
}
