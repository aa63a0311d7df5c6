package io.circuitscript.runtime.value;

import io.circuitscript.source.QuotedText;
import io.circuitscript.source.Visible;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The parts of a result in words, as a {@link ResultView} puts them together, and how a terminal marks them. */
public final class ResultText {
    private final UnaryOperator<String> prominent;
    private final Optional<BiFunction<Integer, String, String>> colour;
    private final UnaryOperator<String> written;
    private final Function<ResultTable, List<String>> table;

    /**
     * @param prominent marks what a reader looks for first
     * @param colour marks texts of one kind, by its number from 0, apart from those of another; empty where a terminal has no colours
     * @param written from a file's name in the script to the one that a user opens it by
     * @param table lays a table out
     */
    public ResultText(
            UnaryOperator<String> prominent,
            Optional<BiFunction<Integer, String, String>> colour,
            UnaryOperator<String> written,
            Function<ResultTable, List<String>> table) {
        this.prominent = prominent;
        this.colour = colour;
        this.written = written;
        this.table = table;
    }

    public String prominent(String text) {
        return prominent.apply(text);
    }

    /** A part of a text that has a name: in that name's colour, or where there are none in brackets with it. */
    public String part(String name, int number, String text) {
        if (colour.isEmpty()) return "[" + name + (text.isEmpty() ? "" : " ") + text + "]";
        return text.isEmpty() ? "" : colour.get().apply(number, text);
    }

    /** A name in its colour, where there are some. */
    public String coloured(String name, int number) {
        return colour.map(it -> it.apply(number, name)).orElse(name);
    }

    /** The line of what writes a file, whose name is the field {@code file}. */
    public List<String> wrote(Value.Fields value) {
        return List.of("wrote " + written.apply(text(value, "file")));
    }

    public List<String> table(ResultTable rows) {
        return table.apply(rows);
    }

    /** All fields, each with its name. */
    public static String fields(Value.Fields value) {
        return value.fields().entrySet().stream()
                .filter(field -> !ResultFields.PER_EXAMPLE.contains(field.getKey()))
                .map(ResultText::named)
                .collect(Collectors.joining(", "));
    }

    private static String named(Map.Entry<String, Value> field) {
        return switch (field.getKey()) {
            case "edges" -> counted(field.getValue(), "edge");
            case "nodes" -> counted(field.getValue(), "node");
            case "neurons" -> counted(field.getValue(), "neuron");
            case "spans" -> "at " + counted(field.getValue(), "span");
            default -> field.getKey() + " " + shown(field.getValue());
        };
    }

    public static Value field(Value.Fields value, String name) {
        return value.field(name)
                .orElseThrow(() -> new IllegalStateException("the result of " + value.typeName() + " has no " + name));
    }

    public static String text(Value.Fields value, String field) {
        return shown(field(value, field));
    }

    /** 0 where it is no number. */
    public static double number(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Number number ? number.value() : 0;
    }

    public static boolean isNumber(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Number;
    }

    public static boolean holds(Value.Fields value, String field) {
        return field(value, field).equals(new Value.Bool(true));
    }

    /** A number with its interval, where there is one. */
    public static String sure(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Number number
                ? IntervalText.of(
                        number.value(), value.field(field + "_interval").orElse(new Value.None()))
                : text(value, field);
    }

    public static String counted(Value.Fields value, String field, String unit) {
        return counted(field(value, field), unit);
    }

    /** A number of things, or the things themselves, as a number with its unit. */
    public static String counted(Value value, String unit) {
        String count = switch (value) {
            case Value.EdgeSet edges -> grouped(edges.edges().cardinality());
            case Value.Nodes nodes -> grouped(nodes.nodes().size());
            case Value.ListOf list -> grouped(list.items().size());
            case Value.Number number -> grouped(number.value());
            default -> shown(value);
        };
        return count + " " + unit + (count.equals("1") ? "" : "s");
    }

    /** A count, its thousands apart. */
    public static String grouped(double count) {
        return String.format(Locale.ROOT, "%,.0f", count);
    }

    public static List<Value> list(Value.Fields value, String field) {
        return field(value, field) instanceof Value.ListOf list ? list.items() : List.of();
    }

    /** A token, quoted so that its spaces show. */
    public static String quoted(Value.Fields value, String field) {
        return field(value, field) instanceof Value.Text token ? QuotedText.of(token.value()) : text(value, field);
    }

    public static String shown(Value value) {
        return switch (value) {
            case Value.Number number -> RoundedText.of(number.value());
            case Value.ListOf list ->
                list.items().stream().map(ResultText::shown).collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields fields -> fields(fields);
            case Value.Text text -> Visible.line(text.display());
            case Value.Bool bool -> bool.display();
            case Value.None none -> none.display();
            case Value.Nodes nodes -> nodes.display();
            case Value.EdgeSet edges -> edges.display();
            case Value.Function function -> function.display();
        };
    }
}
