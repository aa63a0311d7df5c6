package io.circuitscript.engine;

import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Something for each port of an attention head: its query, its key and its value. */
public record PerPort<T>(T q, T k, T v) {
    /** Makes one for each port, in the order query, key, value. */
    public static <T> PerPort<T> of(Function<Slot.Port, T> make) {
        return new PerPort<>(make.apply(Slot.Port.Q), make.apply(Slot.Port.K), make.apply(Slot.Port.V));
    }

    /** An empty list for each port. */
    public static <T> PerPort<List<T>> lists() {
        return of(port -> new ArrayList<>());
    }

    public T get(Slot.Port port) {
        return switch (port) {
            case Q -> q;
            case K -> k;
            case V -> v;
            case WHOLE -> throw new IllegalArgumentException("a head has no port for all of it");
        };
    }

    public void forEach(Consumer<T> action) {
        action.accept(q);
        action.accept(k);
        action.accept(v);
    }
}
