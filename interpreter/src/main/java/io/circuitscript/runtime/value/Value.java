package io.circuitscript.runtime.value;

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

/** A value of the language. Immutable; no value is a tensor. */
public sealed interface Value extends AbstractValue {
    /** What a message calls it: {@code number}, {@code list}. */
    String typeName();

    /** As the language writes it: text in quotes, everything of a set. */
    default String repr() {
        return ValueText.repr(this);
    }

    /** As a person wants to read it: text bare, a large set cut short. Numbers are never rounded. */
    default String display() {
        return ValueText.display(this);
    }

    /** @param percent whether it was written with a percent sign; {@code value} is then what it stands for (0.05 for {@code 5%}) */
    record Number(double value, boolean percent) implements Value {
        public Number(double value) {
            this(value, false);
        }

        /** With five significant digits, for a sentence. */
        public String rounded() {
            return NumberText.significant(value, 5);
        }

        @Override
        public Type type() {
            return Type.NUMBER;
        }

        @Override
        public String typeName() {
            return "number";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public Type type() {
            return Type.TRUTH;
        }

        @Override
        public String typeName() {
            return "truth value";
        }
    }

    record Text(String value) implements Value {
        @Override
        public Type type() {
            return Type.TEXT;
        }

        @Override
        public String typeName() {
            return "text";
        }
    }

    record None() implements Value {
        @Override
        public Type type() {
            return Type.NONE;
        }

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
        public Type type() {
            return Type.LIST;
        }

        @Override
        public String typeName() {
            return "list";
        }
    }

    /** The result of a statement, a part of one, or a record: fields by name, in the order they are shown. */
    record Fields(String typeName, SequencedMap<String, Value> fields) implements Value {
        private static final String RECORD = "record";

        public Fields {
            fields = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(fields));
        }

        @Override
        public Type type() {
            return Type.RESULT;
        }

        /** A record that a script wrote, or a row of a table that it read. */
        public static Fields record(SequencedMap<String, Value> fields) {
            return new Fields(RECORD, fields);
        }

        public boolean isRecord() {
            return typeName.equals(RECORD);
        }

        @Override
        public String phrase() {
            return isRecord() ? "a record" : "the " + typeName;
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
        public Type type() {
            return Type.NODES;
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

        /** Whether these are the same edges; an edge without a span is the edge at all of them. */
        @Override
        public boolean equals(Object other) {
            if (!(other instanceof EdgeSet set)) return false;
            if (graph.equals(set.graph)) return edges.equals(set.edges);
            if (!graph.withoutSpans().equals(set.graph.withoutSpans())) return false;
            ModelGraph both = graph.withSpansOf(set.graph);
            return graph.edgesOn(both, edges).equals(set.graph.edgesOn(both, set.edges));
        }

        @Override
        public int hashCode() {
            return graph.withoutSpans(edges).hashCode();
        }

        @Override
        public Type type() {
            return Type.EDGES;
        }

        @Override
        public String typeName() {
            return "set of edges";
        }
    }

    /** A function of the script's own. */
    record Function(Statement.Def definition) implements Value {
        @Override
        public Type type() {
            return Type.FUNCTION;
        }

        @Override
        public String typeName() {
            return "function";
        }
    }
}
