package io.circuitscript.runtime.value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What is known of a value that may be one of several: their type where it is the same, the fields that they share. */
public final class Shapes {
    private Shapes() {}

    /** What is known where a value is either of two. */
    public static AbstractValue join(AbstractValue a, AbstractValue b) {
        if (a.equals(b)) return a;
        if (a.type() != b.type()) return Unknown.ANY;
        Unknown left = of(a);
        Unknown right = of(b);
        return switch (a.type()) {
            case LIST ->
                left.item().isPresent() && right.item().isPresent()
                        ? Unknown.listOf(join(left.item().get(), right.item().get()))
                        : Unknown.of(Type.LIST);
            case RESULT -> joined(left, right);
            default -> Unknown.of(a.type());
        };
    }

    private static AbstractValue joined(Unknown a, Unknown b) {
        if (!a.origin().equals(b.origin())
                || !a.fields().keySet().equals(b.fields().keySet())) return Unknown.ANY;
        SequencedMap<String, AbstractValue> fields = new LinkedHashMap<>();
        a.fields()
                .forEach(
                        (name, value) -> fields.put(name, join(value, b.fields().get(name))));
        return new Unknown(Type.RESULT, a.origin(), fields, Optional.empty());
    }

    /** What is known of each item of a list with these items. */
    public static AbstractValue item(List<? extends AbstractValue> items) {
        return items.stream().<AbstractValue>map(it -> it).reduce(Shapes::join).orElse(Unknown.ANY);
    }

    /** A list of which items are known in part. */
    public static AbstractValue list(List<? extends AbstractValue> items) {
        boolean known = items.stream().allMatch(Value.class::isInstance);
        return known ? new Value.ListOf(items.stream().map(Value.class::cast).toList()) : Unknown.listOf(item(items));
    }

    /** What is known of an item of a list. */
    public static AbstractValue itemOf(AbstractValue list) {
        return switch (list) {
            case Value.ListOf(List<Value> items) -> item(items);
            case Unknown unknown -> unknown.item().orElse(Unknown.ANY);
            default -> Unknown.ANY;
        };
    }

    /** The same where whether it is there at all is not known. */
    public static AbstractValue loose(AbstractValue value) {
        return of(value);
    }

    /** A value as the check sees one that only a run gives: its type, and the fields or items that it has. */
    private static Unknown of(AbstractValue value) {
        return switch (value) {
            case Unknown unknown -> unknown;
            case Value.Fields it ->
                new Unknown(Type.RESULT, it.phrase(), new LinkedHashMap<>(it.fields()), Optional.empty());
            case Value.ListOf(List<Value> items) ->
                items.isEmpty() ? Unknown.of(Type.LIST) : Unknown.listOf(item(items));
            case Value other -> Unknown.of(other.type());
        };
    }
}
