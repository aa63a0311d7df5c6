package io.circuitscript.runtime;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Variables by name. A block has none of its own, as in a shell; the call of a function has, and sees those outside it. */
public final class Scope {
    private final Scope outside;
    private final Map<String, Held> variables = new LinkedHashMap<>();

    private Scope(Scope outside) {
        this.outside = outside;
    }

    static Scope global() {
        return new Scope(null);
    }

    Scope inside() {
        return new Scope(this);
    }

    /** The scope outside all functions. */
    Scope root() {
        return outside == null ? this : outside.root();
    }

    Scope copy() {
        Scope copy = new Scope(outside == null ? null : outside.copy());
        copy.variables.putAll(variables);
        return copy;
    }

    Optional<Held> find(String name) {
        Held held = variables.get(name);
        if (held != null || outside == null) return Optional.ofNullable(held);
        return outside.find(name);
    }

    void set(String name, Held held) {
        variables.put(name, held);
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(variables.keySet());
        if (outside != null) names.addAll(outside.names());
        return names;
    }

    /** Becomes what a copy of it has become. */
    void become(Scope other) {
        variables.clear();
        variables.putAll(other.variables);
    }

    /** Becomes what is known where either of two flows may have led here: itself, or {@code other}, a copy that went its own way. */
    void join(Scope other) {
        Set<String> names = new LinkedHashSet<>(variables.keySet());
        names.addAll(other.variables.keySet());
        for (String name : names) {
            Held here = variables.get(name);
            Held there = other.variables.get(name);
            if (here == null || there == null) variables.put(name, Unknown.ANY);
            else if (!here.equals(there)) variables.put(name, here.type() == there.type() ? loose(here, there) : Unknown.ANY);
        }
    }

    private static Held loose(Held here, Held there) {
        boolean result = here.type() == Type.RESULT; // the results of two statements have other fields
        return result && !here.phrase().equals(there.phrase()) ? Unknown.ANY : result ? widened(here) : Unknown.of(here.type());
    }

    private static Held widened(Held held) {
        return held instanceof Unknown unknown ? unknown : Unknown.ANY;
    }
}
