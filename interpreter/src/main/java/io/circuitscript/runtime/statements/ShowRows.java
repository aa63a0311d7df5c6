package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;
import static io.circuitscript.runtime.evaluate.Declaration.Argument.truth;

import io.circuitscript.graph.Spans;
import io.circuitscript.model.tokenizer.TokenTexts;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.Offers;
import io.circuitscript.runtime.evaluate.RowNames;
import io.circuitscript.runtime.metric.ColumnValues;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** {@code rows}: the rows of the data with their metric in the runs so far. */
final class ShowRows implements StatementHandler {
    private static final String BY = "by";
    private static final String SPANS = "spans";

    /** A terminal shows no more where nobody asked for a number of them. */
    private static final int FEW = 5;

    /** What a row of the table has before its other columns, and after them. */
    private static final List<String> FIRST = List.of(RowNames.ROW);

    private static final List<String> LAST = List.of(RowNames.METRIC, RowNames.CORRUPTED_METRIC, RowNames.CIRCUIT);

    private static final Declaration DECLARATION = Declaration.of(
                    "rows",
                    "shows rows of the data: texts, labels, and the metric of the model and of the current circuit",
                    "rows top=3 by=metric")
            .options(
                    optional("top", Kind.COUNT, "how many; by default all, of which a terminal shows 5"),
                    optional(
                                    BY,
                                    Kind.COLUMN,
                                    "sorts them, numbers largest first, texts from a to z: a column, metric, corrupted_metric, circuit or row")
                            .offering(Offers.ROW_NUMBERS),
                    truth("reverse", false, "sorts the other way round: numbers smallest first"),
                    truth(SPANS, false, "shows which span each token of the clean text is in"),
                    DataSplits.on())
            .gives("count", Type.NUMBER)
            .gives("top", Type.NUMBER)
            .gives("items", Type.LIST)
            .needs(Need.MODEL, Need.DATA)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(RowsView.INSTANCE)
            .items("`items` of rows, with the columns of the data", "row", "metric", "corrupted_metric", "circuit")
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        DataSplits.check(arguments, facts);
        if (arguments.given("reverse") && !arguments.given(BY))
            throw Mistake.form(
                    ErrorCode.WRONG_VALUE,
                    "`reverse=` turns the order of `by=`, and there is none",
                    arguments.spanOf("reverse"),
                    "as in rows by=metric reverse=true");
        boolean spans =
                arguments.known(SPANS).filter(new Value.Bool(true)::equals).isPresent();
        if (spans && facts.spanNames().filter(List::isEmpty).isPresent() && facts.met(Need.DATA) != Facts.Known.NO)
            throw noSpans(arguments);
        if (facts.columns().isEmpty()) return Unknown.of(Type.LIST);
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        fields.put(RowNames.ROW, Unknown.of(Type.NUMBER));
        RowNames.ofColumns(facts.columns().get()).keySet().forEach(it -> fields.put(it, Unknown.ANY));
        LAST.forEach(it -> fields.put(it, Unknown.ANY));
        if (arguments.given(SPANS)) fields.put(SPANS, Unknown.ANY);
        return Unknown.listOf(Unknown.record(fields));
    }

    private static Mistake noSpans(Arguments arguments) {
        return Mistake.value(
                ErrorCode.NO_SPANS,
                "the positions of the data are in no spans",
                arguments.spanOf(SPANS),
                "name columns as spans: data \"x.csv\" spans=[giver, place]; generated rows have a span for each field");
    }

    @Override
    public Value run(Arguments arguments, State state) {
        DataSplit part = DataSplits.of(arguments);
        boolean spans = arguments.truth(SPANS);
        if (spans && state.experiment().spans().isNone()) throw noSpans(arguments);
        Pairs pairs = state.experiment().pairs(part);
        RowMetrics metrics = metrics(arguments, part, state);
        ColumnValues columns = ColumnValues.of(state.experiment().pairs(DataSplit.ALL));
        List<Pair> ordered = pairs.pairs().stream()
                .sorted(Comparator.comparingInt(Pair::row))
                .toList();
        if (arguments.given(BY)) ordered = sorted(ordered, arguments, columns, metrics);
        if (arguments.given("top")) ordered = ordered.subList(0, Math.min(arguments.count("top"), ordered.size()));
        List<Value> rows = new ArrayList<>(ordered.size());
        for (Pair pair : ordered) {
            state.runOptions().cancel().check();
            SequencedMap<String, Value> row = row(pair, columns, metrics);
            if (spans) {
                Value own = row.remove(SPANS);
                if (own != null) row.put(SPANS + "_in_file", own);
                row.put(SPANS, spans(pair, state));
            }
            rows.add(Value.Fields.record(row));
        }
        return new Value.ListOf(rows);
    }

    /** Rows can be looked at before there is a metric. */
    private static RowMetrics metrics(Arguments arguments, DataSplit part, State state) {
        try {
            return RowMetrics.of(part, state);
        } catch (UserError e) {
            if (e.code() != ErrorCode.NO_METRIC || isMeasured(arguments)) throw e;
            return RowMetrics.none();
        }
    }

    private static boolean isMeasured(Arguments arguments) {
        return arguments.knownText(BY).filter(LAST::contains).isPresent();
    }

    private static List<Pair> sorted(List<Pair> rows, Arguments arguments, ColumnValues columns, RowMetrics metrics) {
        String by = arguments.text(BY);
        boolean measured = RowNames.NUMBERS.contains(by);
        if (by.equals(RowNames.CIRCUIT) && !metrics.anyOfCircuit())
            throw Mistake.value(
                    ErrorCode.TOO_EARLY,
                    "`" + by + "` is the current circuit's metric of a row, and it was not evaluated yet",
                    arguments.spanOf(BY),
                    "`evaluate` the same rows first: `on=` of both statements says which");
        int sign = arguments.truth("reverse") ? -1 : 1;
        record Keyed(Pair pair, Value key) {}
        // Stable: of equal rows the earlier comes first. Rows without a value come last in any case.
        return rows.stream()
                .map(it -> new Keyed(it, measured ? metrics.of(it, by) : columns.at(it, by)))
                .sorted(Comparator.<Keyed>comparingInt(it -> it.key() instanceof Value.None ? 1 : 0)
                        .thenComparing((a, b) -> sign * order(a.key(), b.key())))
                .map(Keyed::pair)
                .toList();
    }

    private static int order(Value a, Value b) {
        if (a instanceof Value.Number x && b instanceof Value.Number y) return Double.compare(y.value(), x.value());
        return a.display().compareTo(b.display());
    }

    /** The tokens of the clean text one after the other, those of a span that are together as one. */
    private static Value spans(Pair pair, State state) {
        Spans spans = state.experiment().spans();
        TokenTexts texts = state.model().tokenizer().encodeWithTexts(pair.cleanText());
        List<Value> runs = new ArrayList<>();
        int begins = 0;
        for (int from = 0, to; from < pair.length(); from = to) {
            to = from + 1;
            while (to < pair.length() && pair.spans()[to] == pair.spans()[from]) to++;
            // Whatever no token stands for, as a space that a tokenizer drops, is shown with the token before it.
            int ends = to == pair.length() ? pair.cleanText().length() : Math.max(begins, texts.starts()[to]);
            SequencedMap<String, Value> run = new LinkedHashMap<>();
            run.put("span", new Value.Text(spans.name(pair.spans()[from])));
            run.put("from", new Value.Number(from));
            run.put("to", new Value.Number(to - 1));
            run.put("text", new Value.Text(pair.cleanText().substring(begins, ends)));
            runs.add(Value.Fields.record(run));
            begins = ends;
        }
        return new Value.ListOf(runs);
    }

    private static SequencedMap<String, Value> row(Pair pair, ColumnValues columns, RowMetrics metrics) {
        SequencedMap<String, Value> fields = new LinkedHashMap<>();
        for (String name : FIRST) fields.put(name, metrics.of(pair, name));
        fields.putAll(columns.row(pair));
        for (String name : LAST) fields.put(name, metrics.of(pair, name));
        return fields;
    }

    @Override
    public Optional<Value.Fields> shown(Value value, Arguments arguments, State state) {
        Value.ListOf rows = (Value.ListOf) value;
        return Optional.of(ResultFields.of("rows")
                .put("count", state.experiment().pairs(DataSplits.of(arguments)).size())
                .put("top", arguments.given("top") ? arguments.count("top") : FEW)
                .put("items", rows)
                .done());
    }
}
