package io.circuitscript.runtime.value;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shortens a value for display: a long list shows its beginning, rounded, and its length. */
public final class ValuePreview {
    /** A longer list inside another value is cut short. */
    private static final int FEW = 6;

    private static final int BEGINNING = 3;

    private ValuePreview() {}

    /** The value in about so many characters; a list alone takes all of them. */
    public static String of(Value value, long characters) {
        if (!(value instanceof Value.ListOf(List<Value> items)) || items.size() <= FEW) return inside(value);
        String whole = value.display();
        if (whole.length() <= characters) return whole;
        String end = end(items);
        var text = new StringBuilder("[");
        for (int i = 0; i < items.size(); i++) {
            String next = rounded(items.get(i));
            boolean last = i == items.size() - 1;
            if (text.length() + next.length() + (last ? 1 : 2 + end.length()) > characters) return text + end;
            text.append(next).append(last ? "]" : ", ");
        }
        return text.toString();
    }

    private static String inside(Value value) {
        return switch (value) {
            case Value.ListOf(List<Value> items)
            when items.size() > FEW ->
                items.subList(0, BEGINNING).stream()
                        .map(item -> rounded(item) + ", ")
                        .collect(Collectors.joining("", "[", end(items)));
            case Value.ListOf(List<Value> items) ->
                items.stream().map(ValuePreview::inside).collect(Collectors.joining(", ", "[", "]"));
            case Value.Fields it
            when it.isRecord() ->
                it.fields().entrySet().stream()
                        .map(field -> ValueText.fieldName(field.getKey()) + "=" + inside(field.getValue()))
                        .collect(Collectors.joining(", ", "(", ")"));
            case Value.Fields fields ->
                fields.fields().entrySet().stream()
                        .map(ValuePreview::named)
                        .collect(Collectors.joining(", ", "{", "}"));
            case Value.Text text -> text.repr();
            case Value.Number _, Value.Bool _, Value.None _, Value.Nodes _, Value.EdgeSet _, Value.Function _ ->
                value.display();
        };
    }

    private static String named(Map.Entry<String, Value> field) {
        return field.getKey() + ": " + inside(field.getValue());
    }

    private static String rounded(Value item) {
        return item instanceof Value.Number number && !number.percent() ? RoundedText.of(number.value()) : inside(item);
    }

    private static String end(List<Value> items) {
        boolean numbers = items.stream().allMatch(Value.Number.class::isInstance);
        return "… " + NumberText.count(items.size()) + (numbers ? " numbers in all]" : " in all]");
    }
}
