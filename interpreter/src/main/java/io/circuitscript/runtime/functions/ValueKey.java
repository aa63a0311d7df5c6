package io.circuitscript.runtime.functions;

import io.circuitscript.runtime.value.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Stands for a value in a hash table: two keys are equal where {@code ==} holds of their values. */
final class ValueKey {
    private ValueKey() {}

    static Object of(Value value) {
        return switch (value) {
            // 0 and -0 are one number, and so are 5% and 0.05.
            case Value.Number(double number, boolean _) -> number + 0.0;
            case Value.ListOf(List<Value> items) ->
                items.stream().map(ValueKey::of).toList();
            case Value.Fields it -> {
                Map<String, Object> fields = new HashMap<>();
                it.fields().forEach((name, field) -> fields.put(name, of(field)));
                yield fields;
            }
            case Value.Bool _, Value.Text _, Value.None _, Value.Nodes _, Value.EdgeSet _, Value.Function _ -> value;
        };
    }
}
