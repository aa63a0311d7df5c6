package io.circuitscript.runtime.statements;

import io.circuitscript.render.TableChart;
import io.circuitscript.runtime.evaluate.Arguments;
import io.circuitscript.runtime.state.State;
import io.circuitscript.runtime.value.Mistake;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/** Makes a chart of a table: rows that share a place and a group are their mean and their standard deviation. */
final class TablePlot {
    private static final double LARGEST = 1e100;

    /** More texts than fit beside one another along an axis. */
    private static final int MOST_CATEGORIES = 200;

    private static final Value ALL = new Value.Text("");

    /** A row that can be drawn. */
    private record Row(Value x, double y, Value by) {}

    private final Arguments arguments;
    private final State state;
    private final String x;
    private final String y;
    private final Optional<String> by;
    private final TableChart.Kind kind;

    TablePlot(Arguments arguments, State state) {
        this.arguments = arguments;
        this.state = state;
        x = arguments.text("x");
        y = arguments.text("y");
        by = arguments.knownText("by");
        kind = TableChart.Kind.valueOf(arguments.text("kind").toUpperCase(Locale.ROOT));
    }

    TableChart chart() {
        List<Row> rows = rows();
        boolean numeric = kind != TableChart.Kind.BARS
                && rows.stream().allMatch(it -> number(it.x()).isPresent());
        List<Value> categories = numeric ? List.of() : categories(rows);
        List<Value> groups = ordered(rows.stream().map(Row::by).distinct().toList());
        if (groups.size() > TableChart.MOST_SERIES) {
            throw Mistake.value(
                    ErrorCode.WRONG_VALUE,
                    "`" + by.orElseThrow() + "` has " + NumberText.count(groups.size())
                            + " different values, and a chart can tell " + TableChart.MOST_SERIES + " apart",
                    arguments.spanOf("by"),
                    "draw some of them: plot [r for r in rows if r." + by.orElseThrow() + " in […]] …");
        }
        List<TableChart.Series> series = groups.stream()
                .map(group -> new TableChart.Series(
                        label(group),
                        places(rows.stream().filter(it -> it.by().equals(group)).toList(), categories)))
                .toList();
        return new TableChart(
                y + " by " + x,
                subtitle(rows.size(), series),
                kind,
                new TableChart.Axis(x, percent(rows.stream().map(Row::x).toList())),
                categories.stream().map(TablePlot::label).toList(),
                new TableChart.Axis(y, percent(column(y))),
                by.orElse(""),
                series);
    }

    private List<Value.Fields> table() {
        return ((Value.ListOf) arguments.value("table"))
                .items().stream().map(Value.Fields.class::cast).toList();
    }

    private List<Value> column(String field) {
        return table().stream().map(it -> it.field(field).orElseThrow()).toList();
    }

    private static boolean percent(List<Value> values) {
        List<Value> there =
                values.stream().filter(it -> !(it instanceof Value.None)).toList();
        return !there.isEmpty() && there.stream().allMatch(it -> it instanceof Value.Number number && number.percent());
    }

    /** Those with a number upwards and something along the axis; of the others a note tells. */
    private List<Row> rows() {
        List<Value.Fields> table = table();
        List<Row> rows = new ArrayList<>();
        int withoutX = 0;
        for (Value.Fields row : table) {
            Value across = row.field(x).orElseThrow();
            OptionalDouble up = number(row.field(y).orElseThrow());
            boolean nowhere = across instanceof Value.None
                    || across instanceof Value.Number && number(across).isEmpty();
            if (up.isEmpty()) continue;
            checkSize(up.getAsDouble(), "y", y);
            if (across instanceof Value.Number) checkSize(number(across).orElse(0), "x", x);
            if (nowhere) withoutX++;
            else
                rows.add(new Row(
                        across,
                        up.getAsDouble(),
                        by.map(it -> row.field(it).orElseThrow()).orElse(ALL)));
        }
        if (rows.isEmpty()) {
            String why = table.isEmpty()
                    ? "the table has no rows"
                    : "no row of the table has a number in `" + y + "`"
                            + (withoutX > 0 ? " and a value in `" + x + "`" : "");
            throw Mistake.value(ErrorCode.WRONG_VALUE, why, arguments.spanOf(table.isEmpty() ? "table" : "y"), "");
        }
        int withoutY = table.size() - rows.size() - withoutX;
        leftOut(withoutY, table.size(), "no number in `" + y + "`");
        leftOut(withoutX, table.size(), "nothing in `" + x + "`");
        return rows;
    }

    /** Beyond this, differences and squares are too large for a number. */
    private void checkSize(double number, String option, String field) {
        if (Math.abs(number) <= LARGEST) return;
        throw Mistake.value(
                ErrorCode.WRONG_VALUE,
                "`" + field + "` holds " + RoundedText.of(number) + ", and a chart draws numbers up to "
                        + RoundedText.of(LARGEST),
                arguments.spanOf(option),
                "draw its logarithm, or leave such rows out");
    }

    private void leftOut(int count, int all, String why) {
        if (count == 0) return;
        state.say(NumberText.count(count) + " of " + NumberText.count(all) + (all == 1 ? " row" : " rows")
                + (count == 1 ? " is" : " are") + " left out: " + why);
    }

    private static OptionalDouble number(Value value) {
        return value instanceof Value.Number(double number, boolean _) && Double.isFinite(number)
                ? OptionalDouble.of(number)
                : OptionalDouble.empty();
    }

    private List<Value> categories(List<Row> rows) {
        List<Value> all = ordered(rows.stream().map(Row::x).distinct().toList());
        if (all.size() <= MOST_CATEGORIES) return all;
        throw Mistake.value(
                ErrorCode.WRONG_VALUE,
                "`" + x + "` has " + NumberText.count(all.size()) + " different values, and " + MOST_CATEGORIES
                        + " fit beside one another on a chart",
                arguments.spanOf("x"),
                kind == TableChart.Kind.BARS ? "take fewer rows, or draw lines: kind=line" : "take fewer rows");
    }

    /** Numbers by size, anything else as it comes first. */
    private static List<Value> ordered(List<Value> values) {
        if (!values.stream().allMatch(it -> number(it).isPresent())) return values;
        return values.stream()
                .sorted(Comparator.comparingDouble(it -> number(it).getAsDouble()))
                .toList();
    }

    private static String label(Value value) {
        return switch (value) {
            case Value.Number number when number.percent() -> RoundedText.of(100 * number.value()) + "%";
            case Value.Number number -> RoundedText.of(number.value()).replace('-', '\u2212');
            case Value other -> other.display();
        };
    }

    private static List<TableChart.Place> places(List<Row> rows, List<Value> categories) {
        Map<Value, Integer> numbers = new LinkedHashMap<>();
        for (int i = 0; i < categories.size(); i++) numbers.put(categories.get(i), i);
        SequencedMap<Double, List<Double>> values = new LinkedHashMap<>();
        for (Row row : rows) {
            double at = categories.isEmpty() ? number(row.x()).getAsDouble() + 0.0 : numbers.get(row.x());
            values.computeIfAbsent(at, it -> new ArrayList<>()).add(row.y());
        }
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(it -> place(it.getKey(), it.getValue()))
                .toList();
    }

    private static TableChart.Place place(double at, List<Double> values) {
        double mean = values.stream().mapToDouble(it -> it).sum() / values.size();
        double squares =
                values.stream().mapToDouble(it -> (it - mean) * (it - mean)).sum();
        OptionalDouble deviation = values.size() > 1
                ? OptionalDouble.of(Math.sqrt(squares / (values.size() - 1)))
                : OptionalDouble.empty();
        return new TableChart.Place(at, mean, deviation, values);
    }

    private String subtitle(int rows, List<TableChart.Series> series) {
        boolean means = series.stream()
                .flatMap(it -> it.places().stream())
                .anyMatch(it -> it.deviation().isPresent());
        return NumberText.count(rows)
                + (rows == 1 ? " row" : " rows")
                + (means ? " \u00B7 mean \u00B1 standard deviation where several share a place" : "");
    }
}
