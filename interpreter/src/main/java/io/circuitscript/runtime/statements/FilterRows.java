package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.required;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.HelpGroup;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.evaluate.Need;
import io.circuitscript.runtime.evaluate.RowCondition;
import io.circuitscript.runtime.evaluate.RowNames;
import io.circuitscript.runtime.metric.ColumnValues;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.Facts;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.state.StatementHandler;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** {@code filter}: keeps the rows of the data for which a condition holds. */
final class FilterRows implements StatementHandler {
    private static final String CONDITION = "condition";

    /** More of a row than a note shows. */
    private static final int LONGEST_CELL = 40;

    /** The numbers of a row for which the model has to run. */
    private static final List<String> MEASURED = List.of(RowNames.METRIC, RowNames.CORRUPTED_METRIC, RowNames.CIRCUIT);

    private static final Declaration DECLARATION = Declaration.of(
                    "filter",
                    "keeps the rows of the data for which a condition holds",
                    "filter metric > 0 and row <= 100")
            .takes(required(
                    CONDITION,
                    Kind.CONDITION,
                    "of the columns, by their names, and of metric, corrupted_metric, circuit and row"))
            .gives("kept", Type.NUMBER)
            .gives("left_out", Type.NUMBER)
            .gives("train", Type.NUMBER)
            .gives("test", Type.NUMBER)
            .needs(Need.MODEL, Need.DATA)
            .in(HelpGroup.MODELS_AND_DATA)
            .shown(FilterRows::lines)
            .build();

    @Override
    public Declaration declaration() {
        return DECLARATION;
    }

    @Override
    public AbstractValue check(Arguments arguments, Facts facts) {
        RowCondition condition = arguments.condition(CONDITION);
        Map<String, AbstractValue> more = new LinkedHashMap<>();
        for (String name : MEASURED) {
            more.put(name, Unknown.of(Type.NUMBER));
            if (condition.reads(name)) facts.require(Need.METRIC, "`" + name + "`", condition.span());
        }
        List<String> columns = facts.columns().orElse(List.of());
        more.put(RowNames.ROW, Unknown.of(Type.NUMBER));
        more.put(RowNames.COLUMNS, record(facts));
        for (String text : ColumnValues.TEXTS) if (columns.contains(text)) more.put(text, Unknown.of(Type.TEXT));
        condition.check(
                facts.columns().map(it -> List.copyOf(RowNames.ofColumns(it).keySet())), more);
        return DECLARATION.resultShape();
    }

    /** All columns as one record. */
    private static AbstractValue record(Facts facts) {
        if (facts.columns().isEmpty()) return Unknown.ANY;
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        facts.columns().get().forEach(it -> fields.put(it, Unknown.ANY));
        return Unknown.record(fields);
    }

    @Override
    public Value run(Arguments arguments, State state) {
        RowCondition condition = arguments.condition(CONDITION);
        Pairs pairs = state.experiment().pairs(DataSplit.ALL);
        boolean measured = MEASURED.stream().anyMatch(condition::reads);
        RowMetrics metrics = measured ? RowMetrics.of(DataSplit.ALL, state) : RowMetrics.none();
        if (condition.reads(RowNames.CIRCUIT) && !metrics.anyOfCircuit())
            throw Mistake.value(
                    ErrorCode.TOO_EARLY,
                    "`" + RowNames.CIRCUIT + "` is the current circuit's metric of a row, and it was not evaluated yet",
                    condition.span(),
                    "`evaluate` first, with on=all where the data is split");
        List<Pair> kept = kept(condition, pairs, metrics, state);
        int leftOut = pairs.size() - kept.size();
        if (leftOut == 0) state.say("the condition holds for every row: nothing is left out");
        else
            arguments.at(CONDITION, () -> {
                state.experiment().keep(kept);
                return kept;
            });
        Map<DataSplit, Integer> rows = state.experiment().rows();
        return ResultFields.of("filter")
                .put("kept", kept.size())
                .put("left_out", leftOut)
                .put("train", rows.getOrDefault(DataSplit.TRAIN, kept.size()))
                .put("test", rows.getOrDefault(DataSplit.TEST, 0))
                .done();
    }

    private static List<Pair> kept(RowCondition condition, Pairs pairs, RowMetrics metrics, State state) {
        ColumnValues columns = ColumnValues.of(pairs);
        List<Pair> kept = new ArrayList<>();
        // In the order of the file, so that what is wrong is told of the first row.
        List<Pair> ordered = pairs.pairs().stream()
                .sorted(Comparator.comparingInt(Pair::row))
                .toList();
        for (Pair pair : ordered) {
            state.runOptions().cancel().check();
            SequencedMap<String, Value> row = columns.row(pair);
            row.put(RowNames.ROW, metrics.of(pair, RowNames.ROW));
            row.put(RowNames.COLUMNS, Value.Fields.record(columns.ofFile(pair)));
            for (String name : MEASURED) row.put(name, metrics.of(pair, name));
            try {
                if (condition.holds(row)) kept.add(pair);
            } catch (Mistake mistake) {
                throw atRow(mistake, condition, pair, pairs, columns, row);
            }
        }
        return kept;
    }

    /** The same mistake, with the row that it is about. */
    private static Mistake atRow(
            Mistake mistake,
            RowCondition condition,
            Pair pair,
            Pairs pairs,
            ColumnValues columns,
            Map<String, Value> row) {
        List<String> notes = new ArrayList<>(mistake.diagnostic().notes());
        String holds = row.entrySet().stream()
                .filter(it -> condition.reads(it.getKey()) && !it.getKey().equals(RowNames.COLUMNS))
                .map(it -> it.getKey() + " is " + shown(it.getValue()))
                .collect(Collectors.joining(", "));
        notes.add("in row " + pair.row() + " of " + pairs.name() + (holds.isEmpty() ? "" : ", where " + holds));
        if (mistake.diagnostic().code() == ErrorCode.WRONG_TYPE)
            columns.inexact().stream()
                    .filter(it -> condition.reads(it) || condition.reads(RowNames.COLUMNS))
                    .forEach(
                            it -> notes.add(
                                    it
                                            + " is a column of texts, since its numbers are too large to be exact: above 2^53 two whole numbers may be the same double"));
        return mistake.withNotes(notes);
    }

    private static String shown(Value value) {
        String text = value.repr();
        return text.length() <= LONGEST_CELL ? text : ValuePreview.of(value, LONGEST_CELL);
    }

    private static List<String> lines(Value.Fields value, ResultText text) {
        String parts = ResultText.number(value, "test") > 0
                ? " (" + ResultText.text(value, "train") + " to train, " + ResultText.text(value, "test") + " to test)"
                : "";
        return List.of(ResultText.counted(value, "kept", "row") + " kept" + parts + ", "
                + ResultText.text(value, "left_out") + " left out");
    }
}
