package io.circuitscript.runtime.value;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/** Builds a result field by field, in the order in which it is shown. */
public final class ResultFields {
    /** Fields with a number for each example or step: for a program, not for a person. */
    public static final Set<String> PER_EXAMPLE = Set.of("values", "clean_values", "corrupted_values", "losses");

    private final String typeName;
    private final SequencedMap<String, Value> fields = new LinkedHashMap<>();

    private ResultFields(String typeName) {
        this.typeName = typeName;
    }

    /** The result of a statement. */
    public static ResultFields of(String statement) {
        return new ResultFields("result of " + statement);
    }

    /** One entry of a list within a result. */
    public static ResultFields entry() {
        return new ResultFields("entry");
    }

    public ResultFields put(String name, Value value) {
        fields.put(name, value);
        return this;
    }

    public ResultFields put(String name, double value) {
        return put(name, new Value.Number(value));
    }

    public ResultFields put(String name, String value) {
        return put(name, new Value.Text(value));
    }

    public ResultFields put(String name, boolean value) {
        return put(name, new Value.Bool(value));
    }

    public ResultFields put(String name, double[] values) {
        List<Value> items = new ArrayList<>(values.length);
        for (double value : values) items.add(new Value.Number(value));
        return put(name, new Value.ListOf(items));
    }

    public ResultFields put(String name, List<String> texts) {
        return put(
                name,
                new Value.ListOf(texts.stream().<Value>map(Value.Text::new).toList()));
    }

    public Value.Fields done() {
        return new Value.Fields(typeName, fields);
    }
}
