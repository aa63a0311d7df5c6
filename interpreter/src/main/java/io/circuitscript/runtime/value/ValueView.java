package io.circuitscript.runtime.value;

import io.circuitscript.source.QuotedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.stream.Collectors;

/** How the value of {@code print}, or one that a script looks at, is shown: a table as one, anything else as text. */
public enum ValueView implements ResultView {
    /** All that a script asked for. */
    PRINTED(1_000),
    /** A value alone on its line. */
    LOOKED_AT(40);

    /** The field of the result that holds the value. */
    private static final String VALUE = "value";

    /** A longer text in a cell is cut. */
    private static final int LONGEST_CELL = 60;

    /** A longer list in a cell shows its beginning and its length. */
    private static final int FEW = 3;

    private final int rows;

    ValueView(int rows) {
        this.rows = rows;
    }

    /** How many rows are shown at most. */
    public int rows() {
        return rows;
    }

    @Override
    public List<String> lines(Value.Fields result, ResultText text) {
        Optional<ResultTable> table = table(result, rows);
        if (table.isEmpty())
            return List.of(result.field(VALUE).map(Value::display).orElse(""));
        List<String> lines = new ArrayList<>(text.table(table.get()));
        int all = table.get().all();
        if (all > rows) lines.add(more(all));
        return lines;
    }

    private String more(int all) {
        return switch (this) {
            case PRINTED ->
                "… " + NumberText.count(all - rows) + " more rows; write them to a file: write rows \"rows.csv\"";
            case LOOKED_AT -> "… " + NumberText.count(all) + " rows in all";
        };
    }

    @Override
    public Optional<ResultTable> table(Value.Fields result, int most) {
        if (!(result.field(VALUE).orElse(null) instanceof Value.ListOf list)) return Optional.empty();
        return Tables.columns(list.items()).map(columns -> table(list, columns, most));
    }

    private static ResultTable table(Value.ListOf list, SequencedCollection<String> columns, int most) {
        List<List<String>> rows = new ArrayList<>();
        for (Value item : list.items().subList(0, Math.min(most, list.items().size()))) {
            Value.Fields row = (Value.Fields) item;
            rows.add(columns.stream()
                    .map(column -> cut(cell(row.field(column).orElseThrow())))
                    .toList());
        }
        return new ResultTable(List.copyOf(columns), rows, list.items().size(), true);
    }

    private static String cell(Value value) {
        return switch (value) {
            case Value.Number number -> number(number);
            case Value.Text(String text) -> text(text);
            case Value.ListOf list
            when list.items().size() > 1 && Tables.isTable(list) ->
                "[" + NumberText.count(list.items().size()) + " rows]";
            case Value.ListOf(List<Value> items)
            when items.size() > FEW ->
                items.stream().limit(FEW).map(it -> cell(it) + ", ").collect(Collectors.joining("", "[", "")) + "… "
                        + NumberText.count(items.size()) + " in all]";
            case Value.ListOf(List<Value> items) ->
                items.stream().map(ValueView::cell).collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields fields ->
                fields.fields().entrySet().stream()
                        .limit(2 * FEW)
                        .map(ValueView::named)
                        .collect(Collectors.joining(", ", "(", fields.fields().size() > 2 * FEW ? ", …)" : ")"));
            case Value.Bool _, Value.None _, Value.Nodes _, Value.EdgeSet _, Value.Function _ -> value.display();
        };
    }

    private static String named(Map.Entry<String, Value> field) {
        return field.getKey() + "=" + cell(field.getValue());
    }

    private static String number(Value.Number number) {
        return number.percent() ? RoundedText.of(100 * number.value()) + "%" : RoundedText.of(number.value());
    }

    /** Bare, unless its spaces would not show: tokens differ in them. */
    private static String text(String text) {
        return text.equals(text.strip()) && !text.isEmpty() ? text : QuotedText.of(text);
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_CELL
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST_CELL - 1)) + "…";
    }
}
