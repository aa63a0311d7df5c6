package io.circuitscript.render;

import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.graph.Node;
import io.circuitscript.graph.Slot;
import io.circuitscript.graph.Spans;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Where the nodes of a circuit over spans stand in a picture: in a column for each span. An edge at a span stays in its column: also one into a head's
 * key or value, which leads to the head there. From there {@link Move}s lead along the row to where the head's output is used, if that is elsewhere.
 */
final class SpanColumns {
    /** Of attention: none of the ports' colours, and not the grey of edges into MLPs. */
    static final String MOVE_COLOUR = "#CC79A7";

    /** The fill of a head that is only read. */
    static final String HOLLOW = "#FFFFFF";

    /** The most characters of a heading. */
    private static final int LONGEST = 20;

    private final ModelGraph graph;
    private final Spans names;

    /** By number: a source or, last, {@code logits}, times spans, plus the span. */
    private final BitSet touched = new BitSet();

    private final BitSet sending = new BitSet();
    private final List<Move> moves = new ArrayList<>();
    private final Set<String> ends;

    /** What a head's attention carries: from the span of its keys and values to one of its output. */
    record Move(Node head, int from, int to) {}

    /** @param ends names of nodes that paths are drawn to: what leaves them is not drawn, and does not count as missing */
    SpanColumns(Circuit circuit, Set<String> ends) {
        this.ends = Set.copyOf(ends);
        this.graph = circuit.graph();
        this.names = graph.spans();
        BitSet carrying = new BitSet();
        circuit.edges().stream().forEach(edge -> {
            int span = graph.spanOf(edge);
            Slot slot = graph.slotAt(graph.slotOf(edge));
            int end = number(slot.node(), span);
            sending.set(graph.sourceOf(edge) * names.size() + span);
            touched.set(end);
            if (slot.port() == Slot.Port.K || slot.port() == Slot.Port.V) carrying.set(end);
        });
        touched.or(sending);
        carrying.stream().forEach(place -> {
            int source = place / names.size();
            int from = place % names.size();
            for (int to = 0; to < names.size(); to++) {
                if (to != from && sending.get(source * names.size() + to) && names.sees(to, from))
                    moves.add(new Move(graph.sourceNode(source), from, to));
            }
        });
    }

    private int number(Node node, int span) {
        int place = node.kind() == Node.Kind.LOGITS ? graph.sources() : graph.source(node);
        return place * names.size() + span;
    }

    /** The spans that have a column, in order: those that an edge is at, or all where there are no edges. */
    List<Integer> spans() {
        return IntStream.range(0, names.size())
                .filter(span -> touched.isEmpty() || !nodes(span).isEmpty())
                .boxed()
                .toList();
    }

    /** The nodes of a column, in the fixed order. */
    List<Node> nodes(int span) {
        return graph.nodes().stream()
                .filter(node -> touched.get(number(node, span)))
                .toList();
    }

    /** Whether an edge leaves the node at the span, or may. */
    boolean sends(Node node, int span) {
        return node.kind() == Node.Kind.LOGITS || ends.contains(node.name()) || sending.get(number(node, span));
    }

    /** In the order of heads, then of spans. */
    List<Move> moves() {
        return List.copyOf(moves);
    }

    String name(int span) {
        return names.name(span);
    }

    /** What stands over a column. A character that turns the order of what follows it is left out. */
    String heading(int span) {
        return shortened(names.name(span), LONGEST);
    }

    static String shortened(String name, int most) {
        String plain = inOrder(name);
        return plain.codePointCount(0, plain.length()) <= most
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** Without what turns the order of letters around: it would reach beyond the name. */
    static String inOrder(String name) {
        return name.codePoints()
                .filter(c -> !(c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** {@code a2.h1: attention from S2 to end}. */
    String text(Move move) {
        return move.head().name() + ": attention from " + inOrder(name(move.from())) + " to "
                + inOrder(name(move.to()));
    }
}
