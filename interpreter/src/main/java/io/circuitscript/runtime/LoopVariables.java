package io.circuitscript.runtime;

import io.circuitscript.runtime.value.Value;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** The variables that have another value in each round of a loop or in each call, and the {@code param}s. */
final class LoopVariables {
    private Set<String> turning = new HashSet<>();
    private final SequencedMap<String, Value> params = new LinkedHashMap<>();
    private final SequencedMap<String, Value> rounds = new LinkedHashMap<>();

    /** What a loop puts back when it ends. */
    record Before(boolean first, Optional<Value> value) {}

    void setParam(String name, Value value) {
        params.put(name, value);
    }

    Before beginLoop(String name) {
        return new Before(turning.add(name), Optional.ofNullable(rounds.get(name)));
    }

    void beginRound(String name, Value value) {
        rounds.put(name, value);
    }

    void endLoop(String name, Before before) {
        if (before.first()) turning.remove(name);
        before.value().ifPresentOrElse(it -> rounds.put(name, it), () -> rounds.remove(name));
    }

    /** In a function its parameters differ from call to call. @return what {@link #leaveCall} takes */
    Set<String> enterCall(Set<String> parameters) {
        Set<String> outside = turning;
        turning = new HashSet<>(parameters);
        return outside;
    }

    void leaveCall(Set<String> outside) {
        turning = outside;
    }

    /** Whether that variable is one of a running loop or of the running function. */
    boolean isTurning(String name) {
        return turning.contains(name);
    }

    /** The values of the {@code param}s and of the running loops' variables, for a program that reads the results. */
    Value.Fields values() {
        SequencedMap<String, Value> values = new LinkedHashMap<>(params);
        values.putAll(rounds);
        values.values().removeIf(Value.Function.class::isInstance);
        return Value.Fields.record(values);
    }
}
