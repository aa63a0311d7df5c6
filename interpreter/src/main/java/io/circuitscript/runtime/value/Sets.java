package io.circuitscript.runtime.value;

import io.circuitscript.graph.EdgeNames;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.NodeNames;
import io.circuitscript.graph.Slot;
import io.circuitscript.graph.Spans;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.NodeNotation;
import io.circuitscript.source.Span;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import io.circuitscript.syntax.Expression.Operator;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Operations on sets of nodes and of edges. */
public final class Sets {
    private Sets() {}

    /** The nodes, each with all its ports, in the fixed order. */
    public static Value.Nodes nodes(ModelGraph graph, Collection<Node> nodes) {
        Set<Slot> slots = new LinkedHashSet<>();
        for (Node node : nodes) slots.addAll(graph.slots(node));
        return inOrder(graph, Set.copyOf(nodes), slots);
    }

    /** What a word, or a quoted string, means as nodes: {@code m3}, {@code a8.h*}, {@code m0..m3}, {@code a0.h1<qk>}. */
    public static Value.Nodes named(ModelGraph graph, String text, Span span) {
        int port = text.indexOf('<');
        if (port > 0 && text.endsWith(">")) {
            return withPorts(
                    named(graph, text.substring(0, port), span), text.substring(port + 1, text.length() - 1), span);
        }
        return switch (NodeNames.match(graph, text)) {
            case NodeNames.Match.Found(List<Node> nodes) -> nodes(graph, nodes);
            case NodeNames.Match.Nothing(var why) -> throw Mistake.unresolved(why, span);
        };
    }

    public static Value.Nodes withPorts(Value.Nodes nodes, String ports, Span span) {
        if (!NodeNotation.readsAsPorts(ports)) {
            String help = "a head has the ports q, k and v: <v>, or several as <qk>";
            throw Mistake.form(ErrorCode.UNKNOWN_PORT, "<" + ports + "> names no ports", span, help);
        }
        Set<Slot> slots = new LinkedHashSet<>();
        Set<Node> heads = new LinkedHashSet<>();
        for (Node node : nodes.nodes()) {
            List<Slot> meant = EdgeNames.slots(nodes.graph(), node, ports);
            if (node.kind() != Node.Kind.HEAD) {
                if (nodes.nodes().size() > 1) continue; // of a pattern such as *, the heads are meant
                throw Mistake.value(
                        ErrorCode.UNKNOWN_PORT,
                        node + " has no ports: only heads have them",
                        span,
                        "leave <" + ports + "> out");
            }
            heads.add(node);
            meant.stream().filter(nodes.slots()::contains).forEach(slots::add);
        }
        return new Value.Nodes(nodes.graph(), heads, slots);
    }

    /** Every edge from a node of the one to a way into a node of the other. */
    public static Value.EdgeSet edges(Value.Nodes from, Value.Nodes to, String fromText, String toText, Span span) {
        ModelGraph graph = sameGraph(from.graph(), to.graph(), span);
        BitSet edges = graph.edgesBetween(from.nodes(), to.slots());
        if (!edges.isEmpty()) return new Value.EdgeSet(graph, edges);
        if (from.nodes().size() == 1 && to.nodes().size() == 1) {
            var why = EdgeNames.why(
                    graph, from.nodes().iterator().next(), to.nodes().iterator().next(), ports(to));
            if (why.isPresent()) throw Mistake.unresolved(why.get(), span);
        }
        String message = "no edge runs from " + fromText + " to " + toText;
        throw Mistake.value(
                ErrorCode.NO_SUCH_EDGES,
                message,
                span,
                "edges run from a node to a later one, in the order that `nodes` shows");
    }

    /** The ports meant of a single node, as letters; empty where they are all that it has. */
    private static String ports(Value.Nodes node) {
        String name = node.display();
        return name.endsWith(">") ? name.substring(name.indexOf('<') + 1, name.length() - 1) : "";
    }

    /** What a text means where edges are wanted: an edge by name, or nodes for the edges that leave them. */
    public static Value.EdgeSet edgesNamed(ModelGraph graph, Optional<Spans> spans, String text, Span span) {
        int at = text.indexOf('@'); // no node has one in its name
        if (at > 0 && spans.isPresent()) {
            Value.EdgeSet edges = edgesNamed(graph, spans, text.substring(0, at).strip(), span);
            return at(
                    edges,
                    spans.get(),
                    List.of(ValueText.unquoted(text.substring(at + 1).strip())),
                    span);
        }
        if (!text.contains("->")) return leaving(named(graph, text, span), span);
        return switch (EdgeNames.match(graph, text)) {
            case EdgeNames.Match.Found(BitSet edges) -> new Value.EdgeSet(graph, edges);
            case EdgeNames.Match.Nothing(var why) -> throw Mistake.unresolved(why, span);
        };
    }

    /** All edges that leave these nodes. */
    public static Value.EdgeSet leaving(Value.Nodes nodes, Span span) {
        ModelGraph graph = nodes.graph();
        BitSet edges = new BitSet();
        for (Node node : nodes.nodes()) {
            if (node.kind() == Node.Kind.LOGITS) continue;
            int source = graph.source(node);
            for (int slot = 0; slot < graph.slots(); slot++) {
                if (source < graph.sourcesBefore(slot)) edges.set(graph.edge(source, slot));
            }
        }
        if (edges.isEmpty() && !nodes.nodes().isEmpty()) {
            throw Mistake.value(
                    ErrorCode.NO_SUCH_EDGES, "no edge leaves logits", span, "for the edges into it, write * -> logits");
        }
        return new Value.EdgeSet(graph, edges);
    }

    /** Those of some edges that are at spans of these names. @param span of the whole */
    public static Value.EdgeSet at(Value.EdgeSet edges, Spans spans, Collection<String> names, Span span) {
        ModelGraph graph =
                edges.graph().hasSpans() ? edges.graph() : edges.graph().at(spans);
        BitSet at = new BitSet();
        for (String name : names) {
            checkSpan(graph.spans().names(), name, span);
            at.set(graph.spans().named(name));
        }
        BitSet kept = lifted(edges, graph, span);
        for (int edge = kept.nextSetBit(0); edge >= 0; edge = kept.nextSetBit(edge + 1)) {
            if (!at.get(graph.spanOf(edge))) kept.clear(edge);
        }
        return new Value.EdgeSet(graph, kept);
    }

    /** @throws Mistake where there is no span of that name */
    public static void checkSpan(List<String> spans, String name, Span place) {
        if (spans.contains(name)) return;
        if (spans.isEmpty())
            throw Mistake.value(
                    ErrorCode.NO_SPANS,
                    "there are no rows with spans",
                    place,
                    "take a task, whose template names them, or data with spans: data FILE spans=[COLUMN, …]");
        List<String> near = Spelling.nearest(name, spans, 1);
        String all = "the spans are " + String.join(", ", spans);
        throw Mistake.value(
                ErrorCode.UNKNOWN_SPAN,
                "there is no span `" + name + "`",
                place,
                near.isEmpty() ? all : "did you mean " + near.getFirst() + "? " + all);
    }

    /** Edges as edges of another graph of the model. */
    private static BitSet lifted(Value.EdgeSet edges, ModelGraph graph, Span span) {
        try {
            return edges.graph().edgesOn(graph, edges.edges());
        } catch (UserError e) {
            throw Mistake.at(span, e);
        }
    }

    static boolean contains(Value.EdgeSet all, Value.EdgeSet some, Span span) {
        ModelGraph graph = sameGraph(all.graph(), some.graph(), span);
        BitSet rest = lifted(some, graph, span);
        rest.andNot(lifted(all, graph, span));
        return rest.isEmpty();
    }

    static Value combine(Operator operator, Value left, Value right, Span span) {
        if (left instanceof Value.Nodes a && right instanceof Value.Nodes b) return combineNodes(operator, a, b, span);
        return combineEdges(operator, asEdges(left, span), asEdges(right, span), span);
    }

    private static Value.EdgeSet asEdges(Value set, Span span) {
        return set instanceof Value.Nodes nodes ? leaving(nodes, span) : (Value.EdgeSet) set;
    }

    private static Value combineEdges(Operator operator, Value.EdgeSet a, Value.EdgeSet b, Span span) {
        ModelGraph graph = sameGraph(a.graph(), b.graph(), span);
        BitSet edges = lifted(a, graph, span);
        BitSet others = lifted(b, graph, span);
        switch (operator) {
            case ADD -> edges.or(others);
            case SUBTRACT -> edges.andNot(others);
            case INTERSECT -> edges.and(others);
            default -> throw new IllegalArgumentException(operator.text());
        }
        return new Value.EdgeSet(graph, edges);
    }

    private static Value combineNodes(Operator operator, Value.Nodes a, Value.Nodes b, Span span) {
        ModelGraph graph = sameGraph(a.graph(), b.graph(), span);
        Set<Node> nodes = new LinkedHashSet<>(a.nodes());
        Set<Slot> slots = new LinkedHashSet<>(a.slots());
        switch (operator) {
            case ADD -> {
                nodes.addAll(b.nodes());
                slots.addAll(b.slots());
            }
            case SUBTRACT -> {
                slots.removeAll(b.slots());
                // A head of which some ports stay is still in the set.
                nodes.removeIf(node ->
                        b.nodes().contains(node) && graph.slots(node).stream().noneMatch(slots::contains));
            }
            case INTERSECT -> {
                nodes.retainAll(b.nodes());
                slots.retainAll(b.slots());
                nodes.removeIf(node -> !graph.slots(node).isEmpty()
                        && graph.slots(node).stream().noneMatch(slots::contains));
            }
            default -> throw new IllegalArgumentException(operator.text());
        }
        return inOrder(graph, nodes, slots);
    }

    private static Value.Nodes inOrder(ModelGraph graph, Set<Node> nodes, Set<Slot> slots) {
        List<Node> ordered = graph.nodes().stream().filter(nodes::contains).toList();
        Set<Slot> orderedSlots = new LinkedHashSet<>();
        for (Node node : ordered)
            graph.slots(node).stream().filter(slots::contains).forEach(orderedSlots::add);
        return new Value.Nodes(graph, new LinkedHashSet<>(ordered), orderedSlots);
    }

    /** One value for each member, in the fixed order. */
    public static List<Value> members(Value.Nodes nodes) {
        List<Value> members = new ArrayList<>();
        for (Node node : nodes.nodes()) {
            Set<Slot> slots = new LinkedHashSet<>(nodes.graph().slots(node));
            slots.retainAll(nodes.slots());
            members.add(new Value.Nodes(nodes.graph(), Set.of(node), slots));
        }
        return members;
    }

    public static List<Value> members(Value.EdgeSet edges) {
        List<Value> members = new ArrayList<>();
        edges.edges().stream().forEach(edge -> {
            BitSet one = new BitSet();
            one.set(edge);
            members.add(new Value.EdgeSet(edges.graph(), one));
        });
        return members;
    }

    /** A graph for both; where only one of them has spans, that one. */
    private static ModelGraph sameGraph(ModelGraph a, ModelGraph b, Span span) {
        if (a.equals(b)) return a;
        if (a.withoutSpans().equals(b.withoutSpans())) return a.withSpansOf(b);
        throw Mistake.value(
                ErrorCode.OTHER_MODEL, "these sets belong to two models", span, "define the set again after `load`");
    }
}
