package io.circuitscript.runtime;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Slot;
import io.circuitscript.syntax.Statement;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** What a variable holds and an expression gives. Immutable; no tensor is ever one. */
public sealed interface Value {
    /** What a message calls it: {@code number}, {@code list}. */
    String typeName();

    record Number(double value) implements Value {
        @Override
        public String typeName() {
            return "number";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public String typeName() {
            return "truth value";
        }
    }

    record Text(String value) implements Value {
        @Override
        public String typeName() {
            return "text";
        }
    }

    record None() implements Value {
        @Override
        public String typeName() {
            return "none";
        }
    }

    record ListOf(List<Value> items) implements Value {
        public ListOf {
            items = List.copyOf(items);
        }

        @Override
        public String typeName() {
            return "list";
        }
    }

    /** The result of a statement, or a part of one: fields by name, in the order they are shown. */
    record Fields(String typeName, SequencedMap<String, Value> fields) implements Value {
        public Fields {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        public Optional<Value> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    /**
     * A set of nodes, each with the ports meant of it (all of a head's where nothing was said).
     */
    record Nodes(ModelGraph graph, Set<Node> nodes, Set<Slot> slots) implements Value {
        public Nodes {
            nodes = Collections.unmodifiableSet(new LinkedHashSet<>(nodes));
            slots = Collections.unmodifiableSet(new LinkedHashSet<>(slots));
        }

        @Override
        public String typeName() {
            return "set of nodes";
        }
    }

    /** A set of edges, by edge number. */
    record EdgeSet(ModelGraph graph, BitSet edges) implements Value {
        public EdgeSet {
            edges = (BitSet) edges.clone();
        }

        @Override
        public BitSet edges() {
            return (BitSet) edges.clone();
        }

        @Override
        public String typeName() {
            return "set of edges";
        }
    }

    /** A function of the script's own. */
    record Function(Statement.Def definition) implements Value {
        @Override
        public String typeName() {
            return "function";
        }
    }
}
