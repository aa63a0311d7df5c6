package io.circuitscript.runtime.value;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Variables by name. A function call has a scope of its own and sees the one around it; a block has none of its own,
 * as in a shell.
 */
public final class Scope {
    private final Scope outside;
    private final Map<String, AbstractValue> variables = new LinkedHashMap<>();

    private Scope(Scope outside) {
        this.outside = outside;
    }

    public static Scope global() {
        return new Scope(null);
    }

    public Scope inside() {
        return new Scope(this);
    }

    /** The scope outside all functions. */
    public Scope root() {
        return outside == null ? this : outside.root();
    }

    public Scope copy() {
        Scope copy = new Scope(outside == null ? null : outside.copy());
        copy.variables.putAll(variables);
        return copy;
    }

    public Optional<AbstractValue> find(String name) {
        AbstractValue value = variables.get(name);
        if (value != null || outside == null) return Optional.ofNullable(value);
        return outside.find(name);
    }

    public void set(String name, AbstractValue value) {
        variables.put(name, value);
    }

    /** Forgets a variable of this scope, and not of one around it. */
    public void remove(String name) {
        variables.remove(name);
    }

    public Set<String> names() {
        Set<String> names = new LinkedHashSet<>(variables.keySet());
        if (outside != null) names.addAll(outside.names());
        return names;
    }

    /** Becomes what a copy of it has become. */
    public void become(Scope other) {
        variables.clear();
        variables.putAll(other.variables);
    }

    /** Becomes what is known where either of two flows may have led here: itself, or {@code other}, a copy that went its own way. */
    public void join(Scope other) {
        Set<String> names = new LinkedHashSet<>(variables.keySet());
        names.addAll(other.variables.keySet());
        for (String name : names) {
            AbstractValue here = variables.get(name);
            AbstractValue there = other.variables.get(name);
            if (here == null || there == null) variables.put(name, Unknown.ANY);
            else variables.put(name, Shapes.join(here, there));
        }
    }
}
