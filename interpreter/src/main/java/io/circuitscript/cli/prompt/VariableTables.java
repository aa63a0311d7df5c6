package io.circuitscript.cli.prompt;

import io.circuitscript.cli.console.Table;
import io.circuitscript.runtime.value.AbstractValue;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.RoundedText;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows variables and results as tables, each value in one line of the screen. */
final class VariableTables {
    private final int width;

    /** @param width of the screen */
    VariableTables(int width) {
        this.width = width;
    }

    /** Variables, then functions; without the last results, which the prompt named. */
    List<String> variables(Map<String, AbstractValue> variables) {
        Table table = new Table("name", "type", "value");
        List<String> functions = new ArrayList<>();
        variables.forEach((name, variable) -> {
            if (name.equals(LastResult.NAME) || NumberedResults.isName(name) || !(variable instanceof Value value))
                return;
            if (value instanceof Value.Function(Statement.Def definition)) functions.add(signature(definition));
            else table.row(name, type(value), brief(value));
        });
        List<String> lines = new ArrayList<>();
        if (table.lines().size() > 1) lines.addAll(cut(table.lines()));
        if (!functions.isEmpty()) {
            if (!lines.isEmpty()) lines.add("");
            lines.add("functions");
            functions.forEach(it -> lines.add("  " + it));
        }
        return lines;
    }

    /** The last results with the statements that they are from. */
    List<String> results(List<NumberedResults.Entry> entries) {
        Table table = new Table("name", "statement", "value");
        for (NumberedResults.Entry entry : entries) {
            String statement = entry.statement().lines().findFirst().orElse("");
            table.row(entry.name(), cut(statement, width / 2), brief(entry.value()));
        }
        return cut(table.lines());
    }

    /** What a variable or a field of one is: its type and its value, and of a result each field. */
    List<String> description(String name, Value value) {
        if (value instanceof Value.Function(Statement.Def definition))
            return List.of(definition.span().text().split("\n"));
        List<String> lines = new ArrayList<>();
        if (value instanceof Value.Fields result) {
            lines.add(name + ": " + result.phrase());
            Table table = new Table("field", "type", "value");
            result.fields().forEach((field, of) -> table.row(field, type(of), brief(of)));
            table.lines().forEach(line -> lines.add("  " + line));
            return cut(lines);
        }
        lines.add(name + ": " + value.type().phrase() + size(value));
        lines.add("  " + brief(value));
        return cut(lines);
    }

    /** The value of a variable, or of a field: {@code best.interval.low}. */
    static Optional<Value> find(String name, Map<String, AbstractValue> variables) {
        if (variables.get(name) instanceof Value value) return Optional.of(value);
        int point = name.lastIndexOf('.');
        if (point < 0) return Optional.empty();
        return find(name.substring(0, point), variables)
                .filter(Value.Fields.class::isInstance)
                .flatMap(owner -> ((Value.Fields) owner).field(name.substring(point + 1)));
    }

    private static String size(Value value) {
        return switch (value) {
            case Value.ListOf list -> " of " + list.items().size();
            case Value.Nodes nodes -> ", " + nodes.nodes().size() + " of them";
            case Value.EdgeSet edges -> ", " + edges.edges().cardinality() + " of them";
            case Value.Number _, Value.Bool _, Value.Text _, Value.None _, Value.Fields _, Value.Function _ -> "";
        };
    }

    private static String type(Value value) {
        if (value instanceof Value.Fields result) return result.phrase();
        return Tables.isTable(value) ? "table" : value.typeName();
    }

    private String brief(Value value) {
        if (value instanceof Value.Number number) return number.display();
        return cut(text(value).lines().findFirst().orElse(""), width);
    }

    /** In a result, numbers are rounded: its fields show them in full. */
    private String text(Value value) {
        return switch (value) {
            case Value.ListOf(List<Value> items)
            when Tables.isTable(value) ->
                NumberText.count(items.size())
                        + (items.size() == 1 ? " row: " : " rows: ")
                        + String.join(", ", Tables.columns(items).orElseThrow());
            case Value.Fields result
            when !result.isRecord() ->
                result.fields().entrySet().stream()
                        .map(field -> field.getKey() + ": " + text(field.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Value.Number number when !number.percent() -> RoundedText.of(number.value());
            default -> ValuePreview.of(value, width);
        };
    }

    private static String signature(Statement.Def definition) {
        return definition.name().text()
                + definition.parameters().stream()
                        .map(parameter -> parameter.span().text())
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    private List<String> cut(List<String> lines) {
        return lines.stream().map(line -> cut(line, width)).toList();
    }

    /** A text in so many columns at most. */
    static String cut(String text, int columns) {
        if (text.codePointCount(0, text.length()) <= columns) return text;
        return text.substring(0, text.offsetByCodePoints(0, Math.max(columns - 1, 1))) + "…";
    }
}
