package io.circuitscript.runtime.metric;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.table.ListCell;
import io.circuitscript.model.tokenizer.TokenList;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.runtime.evaluate.RandomChoice;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Scope;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Statement;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import io.circuitscript.task.SeededRandom;
import io.circuitscript.task.SpanField;
import io.circuitscript.task.SpanNames;
import io.circuitscript.task.SpanSource;
import io.circuitscript.task.UninformativeRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * Pairs that a {@code data generate} block makes. The same random seed gives the same rows on every machine, except
 * for rows left out because of the tokens of a model.
 *
 * @param scope the variables that the block sees
 * @param choosy whether rows are left out whose labels are not one token of this model: so with the standard library's tasks, whose words
 *     nobody chose for it; a script's own are told of it instead
 */
public record GeneratedData(
        String name, Statement.GenerateData definition, Scope scope, int count, long seed, boolean choosy)
        implements DataRequest {
    /** So many draws in a row without one that will do, and there is likely none. */
    private static final int MOST_REJECTED_IN_A_ROW = 10_000;

    /** The columns of a standard task that hold labels. */
    private static final List<String> LABELS = List.of("correct", "incorrect");

    /** What was drawn and left out. */
    private static final class LeftOut {
        private int conditions;
        private int lengths;
        private int tooLong;
        private String example = "";
        private int labels;
        private String label = "";

        private List<String> says() {
            List<String> notes = new ArrayList<>();
            int rows = lengths + tooLong;
            if (rows > 0) {
                notes.add(draws(rows)
                        + " left out, because clean and corrupted differ in their number of tokens, or have too many; the first was "
                        + example);
            }
            if (labels > 0)
                notes.add(draws(labels) + " left out, because a label is not one token; the first was " + label);
            return notes;
        }

        private static String draws(int rows) {
            return NumberText.count(rows) + (rows == 1 ? " draw was" : " draws were");
        }
    }

    @Override
    public Optional<List<String>> spanNames() {
        return Optional.of(spanNames(definition));
    }

    @Override
    public List<String> passedOver() {
        return new RowTemplate(definition).passedOver();
    }

    /** What a script may call the spans of such data. */
    public static List<String> spanNames(Statement.GenerateData definition) {
        return SpanNames.possible(new RowTemplate(definition).names());
    }

    @Override
    public Pairs read(
            Tokenizer tokenizer,
            int positions,
            Optional<MetricSource> metric,
            Consumer<String> say,
            CancelToken cancel) {
        SeededRandom draws = new SeededRandom(seed);
        RowGenerator maker = new RowGenerator(definition, scope, (among, span) -> {
            List<Value> items = RandomChoice.items(among, span);
            return items.get(draws.below(items.size()));
        });
        LeftOut leftOut = new LeftOut();
        List<Pair> pairs = new ArrayList<>();
        int inVain = 0;
        while (pairs.size() < count) {
            cancel.check();
            Optional<SequencedMap<String, AbstractValue>> row = maker.draw();
            if (row.isEmpty()) leftOut.conditions++;
            Optional<Pair> pair = row.flatMap(
                    it -> pair(pairs.size() + 1, texts(it), maker.fields(it), tokenizer, positions, leftOut));
            pair.ifPresent(pairs::add);
            inVain = pair.isPresent() ? 0 : inVain + 1;
            if (inVain == MOST_REJECTED_IN_A_ROW) throw tooRare(pairs.size(), leftOut, inVain);
        }
        leftOut.says().forEach(say);
        List<String> columns = definition.columns().stream()
                .map(column -> column.name().text())
                .toList();
        Pairs made = new Pairs(name, columns, pairs).from(SpanSource.FIELDS);
        UninformativeRows.tell(made, true, say);
        return made;
    }

    private static Map<String, String> texts(SequencedMap<String, AbstractValue> row) {
        Map<String, String> texts = new LinkedHashMap<>();
        row.forEach((column, value) -> texts.put(column, cell((Value) value)));
        return texts;
    }

    /** As a file would have it. */
    private static String cell(Value value) {
        return value instanceof Value.ListOf(List<Value> items)
                ? ListCell.text(items.stream()
                        .map(item -> item instanceof Value.Number(double number, boolean _) ? number : item.display())
                        .toList())
                : value.display();
    }

    private Optional<Pair> pair(
            int number,
            Map<String, String> row,
            List<SpanField> fields,
            Tokenizer tokenizer,
            int positions,
            LeftOut leftOut) {
        if (choosy && !labelsFit(row, tokenizer, leftOut)) return Optional.empty();
        int[] clean = tokenizer.encode(row.get("clean"));
        int[] corrupted = tokenizer.encode(row.get("corrupted"));
        if (clean.length == corrupted.length && clean.length > 0 && clean.length <= positions) {
            return Optional.of(new Pair(
                    number, row.get("clean"), row.get("corrupted"), clean, corrupted, row, fields, new int[0]));
        }
        if (leftOut.example.isEmpty())
            leftOut.example = TokenList.show(tokenizer, clean) + " and " + TokenList.show(tokenizer, corrupted);
        if (clean.length == corrupted.length) leftOut.tooLong++;
        else leftOut.lengths++;
        return Optional.empty();
    }

    private static boolean labelsFit(Map<String, String> row, Tokenizer tokenizer, LeftOut leftOut) {
        for (String column : LABELS) {
            if (!row.containsKey(column)) continue;
            int[] tokens = tokenizer.label(row.get(column)).ids();
            if (tokens.length == 1) continue;
            if (leftOut.label.isEmpty()) leftOut.label = TokenList.show(tokenizer, tokens);
            leftOut.labels++;
            return false;
        }
        return true;
    }

    private UserError tooRare(int found, LeftOut leftOut, int inVain) {
        List<String> notes = new ArrayList<>();
        if (leftOut.conditions > 0)
            notes.add(NumberText.count(leftOut.conditions) + " draws did not meet the conditions of `where`");
        if (leftOut.lengths > 0)
            notes.add(NumberText.count(leftOut.lengths) + " draws had texts of unequal length, as " + leftOut.example);
        if (leftOut.labels > 0)
            notes.add(
                    NumberText.count(leftOut.labels) + " draws had labels that are not one token, as " + leftOut.label);
        if (leftOut.tooLong > 0)
            notes.add(NumberText.count(leftOut.tooLong)
                    + " draws had texts that are empty, or longer than the model takes");
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.ROWS_TOO_RARE,
                "only " + NumberText.count(found) + " of " + NumberText.count(count) + " rows were found; "
                        + NumberText.count(inVain) + " draws in a row gave none",
                notes,
                choosy
                        ? "this model's tokenizer splits the task's words: use a model with a larger vocabulary, or a task of your own"
                        : "loosen the conditions, or word both texts so that they have the same number of tokens");
    }
}
