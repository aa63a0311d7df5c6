package io.circuitscript.runtime.statements;

import static io.circuitscript.runtime.evaluate.Declaration.Argument.optional;

import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.evaluate.Declaration;
import io.circuitscript.runtime.evaluate.Kind;
import io.circuitscript.runtime.metric.ColumnValues;
import io.circuitscript.runtime.metric.DataSplit;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Type;
import io.circuitscript.runtime.value.Unknown;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.source.QuotedText;
import io.circuitscript.task.Pair;
import io.circuitscript.task.Pairs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The option {@code per=COLUMN}: a result over all examples, and beside it the same for each value of a column. It takes no further runs: every example has its
 * metric.
 *
 * @param column by which the examples are grouped
 * @param all in the order of their values: numbers by size, texts by their characters, examples without a value last
 */
record Groups(String column, List<Group> all) {
    static final String PER = "per";
    static final String GROUPS = "groups";
    static final String GROUP = "group";

    /** A terminal shows no more of them. */
    static final int MOST_ROWS = 20;

    private static final int LONGEST_LIST = 60;

    private static final Comparator<Value> ORDER =
            Comparator.comparingInt(Groups::kind).thenComparing(Groups::order);

    /** @param examples their places among those of the part */
    record Group(Value value, int[] examples) {}

    static Declaration.Argument per() {
        return optional(PER, Kind.COLUMN, "splits the result by the values of a column");
    }

    /** Declares what {@link #put} puts. */
    static Declaration.Builder declare(Declaration.Builder statement) {
        return statement.gives(PER, Type.ANY).gives(GROUPS, Type.ANY);
    }

    /** The result's shape, as the check knows it: there are groups where they are asked for. */
    static AbstractValue shape(Declaration declaration, Arguments arguments) {
        Unknown shape = (Unknown) declaration.resultShape();
        if (arguments.given(PER)) return shape.with(GROUPS, groups(declaration)).with(PER, Unknown.of(Type.TEXT));
        var fields = new LinkedHashMap<>(shape.fields());
        List.of(PER, GROUPS).forEach(fields::remove);
        return Unknown.result(declaration.word(), fields);
    }

    private static AbstractValue groups(Declaration declaration) {
        var fields = new LinkedHashMap<String, AbstractValue>();
        declaration.items().forEach((label, names) -> {
            if (label.startsWith("`" + GROUPS + "`")) names.forEach(it -> fields.put(it, Unknown.ANY));
        });
        return Unknown.listOf(Unknown.record(fields));
    }

    /** Those that the statement asks for. */
    static Optional<Groups> of(Arguments arguments, DataSplit part, State state) {
        if (!arguments.given(PER)) return Optional.empty();
        String column = arguments.text(PER);
        ColumnValues values = ColumnValues.of(state.experiment().pairs(DataSplit.ALL));
        Pairs pairs = state.experiment().pairs(part);
        Map<Value, List<Integer>> examples = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.pairs().get(i);
            examples.computeIfAbsent(values.at(pair, column), it -> new ArrayList<>())
                    .add(i);
        }
        return Optional.of(new Groups(
                column,
                examples.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey(ORDER))
                        .map(it -> new Group(
                                it.getKey(),
                                it.getValue().stream().mapToInt(i -> i).toArray()))
                        .toList()));
    }

    private static int kind(Value value) {
        return switch (value) {
            case Value.Number _ -> 0;
            case Value.Bool _ -> 1;
            case Value.Text _ -> 2;
            case Value.None _ -> 4;
            default -> 3;
        };
    }

    private static int order(Value a, Value b) {
        if (a instanceof Value.Number x && b instanceof Value.Number y) return Double.compare(x.value(), y.value());
        return a.display().compareTo(b.display());
    }

    /** The values of some of the examples. */
    static double[] of(double[] values, int[] examples) {
        return IntStream.of(examples).mapToDouble(i -> values[i]).toArray();
    }

    /** Puts the groups beside the result over all examples. @param fields what is known of a group, after its value and its size */
    ResultFields put(ResultFields result, BiFunction<Group, ResultFields, ResultFields> fields) {
        List<Value> rows = new ArrayList<>();
        for (Group group : all) {
            ResultFields row = ResultFields.entry().put(GROUP, group.value()).put("examples", group.examples().length);
            rows.add(fields.apply(group, row).done());
        }
        return result.put(PER, column).put(GROUPS, new Value.ListOf(rows));
    }

    /** Says for which groups faithfulness has no value. */
    void tell(FaithfulnessReference reference, State state) {
        List<Group> without = all.stream()
                .filter(it -> !reference.over(it.examples()).differs())
                .toList();
        if (without.isEmpty()) return;
        String first = column + " " + named(without.getFirst().value());
        String others = without.size() == 1
                ? ""
                : " and " + NumberText.count(without.size() - 1)
                        + (without.size() == 2 ? " other group" : " other groups");
        state.say("faithfulness has no value for " + first + others
                + ": the model's metric and the empty circuit's are the same there");
    }

    static String named(Value value) {
        return switch (value) {
            case Value.Text(String text) -> QuotedText.middle(text);
            case Value.ListOf list -> ValuePreview.of(list, LONGEST_LIST);
            default -> ResultText.shown(value);
        };
    }

    /**
     * How a result is shown that may have groups.
     *
     * @param whole the lines of the result over all examples
     * @param headings of what is shown of each group, after its value and its size
     * @param cells the same of a group, and of the result over all examples
     */
    static ResultView view(ResultView whole, Function<Value.Fields, List<String>> headings, Cells cells) {
        return new ResultView() {
            @Override
            public List<String> lines(Value.Fields result, ResultText text) {
                Optional<ResultTable> table = table(result, MOST_ROWS);
                if (table.isEmpty()) return whole.lines(result, text);
                List<String> lines = new ArrayList<>(whole.lines(result, text));
                lines.addAll(text.table(table.get()));
                return lines;
            }

            @Override
            public Optional<ResultTable> table(Value.Fields result, int most) {
                Optional<ResultTable> ofWhole = whole.table(result, most);
                if (ofWhole.isPresent() || result.field(GROUPS).isEmpty()) return ofWhole;
                return Optional.of(Groups.table(result, most, headings, cells));
            }
        };
    }

    /** What a table shows of a group, or of all examples. */
    interface Cells {
        /** @param part a group, or the result over all examples */
        List<String> of(Value.Fields part, Value.Fields result);
    }

    /** A row a group, one that says how many groups are not shown, and a last one for all examples. */
    static ResultTable table(
            Value.Fields result, int most, Function<Value.Fields, List<String>> headings, Cells cells) {
        List<Value.Fields> groups = ResultTable.entries(result, GROUPS);
        List<String> first = new ArrayList<>(List.of(ResultText.text(result, PER), "examples"));
        first.addAll(headings.apply(result));
        List<List<String>> rows = new ArrayList<>();
        List<String> names = names(result);
        for (int i = 0; i < Math.min(most, groups.size()); i++)
            rows.add(row(names.get(i), groups.get(i), result, cells));
        if (groups.size() > most) rows.add(more(groups.size() - most, first.size()));
        rows.add(row("all", result, result, cells));
        return new ResultTable(first, rows, rows.size());
    }

    /** A row that says how many groups are not shown. @param cells of a row */
    static List<String> more(int groups, int cells) {
        List<String> row = new ArrayList<>(Collections.nCopies(cells, ""));
        row.set(0, "… and " + NumberText.count(groups) + " more");
        return row;
    }

    /** The groups' names in a table. Of texts that would be cut to the same, each has its number before it. */
    static List<String> names(Value.Fields result) {
        List<String> cut = ResultTable.entries(result, GROUPS).stream()
                .map(it -> named(it.field(GROUP).orElseThrow()))
                .toList();
        Map<String, Long> times = cut.stream().collect(Collectors.groupingBy(it -> it, Collectors.counting()));
        return IntStream.range(0, cut.size())
                .mapToObj(i -> times.get(cut.get(i)) == 1 ? cut.get(i) : (i + 1) + ": " + cut.get(i))
                .toList();
    }

    private static List<String> row(String name, Value.Fields part, Value.Fields result, Cells cells) {
        List<String> row = new ArrayList<>(List.of(name, ResultTable.cell(part, "examples")));
        row.addAll(cells.of(part, result));
        return row;
    }

    /** A number with its interval where it has one; a dash where there is no number. */
    static String cell(Value.Fields part, String field) {
        return ResultText.isNumber(part, field) ? ResultText.sure(part, field) : "–";
    }
}
