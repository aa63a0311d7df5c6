package io.circuitscript.graph;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/**
 * The edges that a model of L layers of H heads has, in their one fixed order. Sources: {@code input}, then for each layer its heads and
 * its MLP; n = 1 + L(H+1). Slots: for each layer the q slots of all heads, then k, then v, then the MLP; last {@code logits}; L(3H+1)+1. An
 * edge is the number {@code source * slots() + slot}, so that ascending numbers are the fixed order of edges, and exists where the source
 * comes before the slot's node: always a prefix of the sources, {@link #sourcesBefore}.
 *
 * <p>Of a graph with {@link #spans}, an edge at one of S spans has the number {@code (source * slots() + slot) * S + span}, so that within an edge
 * ascending numbers are the order of the spans. Each such edge at a span is an edge of the graph.
 *
 * @param parallel whether attention and MLP of a layer read the same residual stream, so that heads do not feed their layer's MLP
 * @param spans at which edges are told apart; {@link Spans#NONE} where an edge stands for all positions
 */
public record ModelGraph(int layers, int heads, boolean parallel, Spans spans) implements Serializable {
    /** Of edges that stand for all positions. */
    public ModelGraph(int layers, int heads, boolean parallel) {
        this(layers, heads, parallel, Spans.NONE);
    }

    /** Whether edges are told apart by spans. */
    public boolean hasSpans() {
        return !spans.isNone();
    }

    /**
     * The same model with edges at these spans.
     *
     * @throws UserError where so many edges at spans have no numbers
     */
    public ModelGraph at(Spans others) {
        if ((long) sources() * slots() * others.size() > Integer.MAX_VALUE)
            throw UserError.input(
                    ErrorCode.OUT_OF_MEMORY,
                    "a model of " + withoutSpans().edgeCount() + " edges at " + others.size()
                            + " spans has more edges at spans than can be told apart",
                    "name fewer spans: spans=[COLUMN, …]");
        return new ModelGraph(layers, heads, parallel, others);
    }

    /** A graph of the model to which edges of this one and of another can be moved: with the spans of both. */
    public ModelGraph withSpansOf(ModelGraph other) {
        if (!other.hasSpans()) return this;
        return hasSpans() ? at(spans.with(other.spans)) : other;
    }

    /** The same model with edges that stand for all positions. */
    public ModelGraph withoutSpans() {
        return hasSpans() ? at(Spans.NONE) : this;
    }

    /** How many numbers an edge of the model has: as many as there are spans, and 1 where there are none. */
    public int perEdge() {
        return Math.max(1, spans.size());
    }

    public int sources() {
        return firstHead(layers);
    }

    public int slots() {
        return firstSlot(layers) + 1;
    }

    /** The source that is a layer's first head; its MLP is {@link #heads} further. */
    public int firstHead(int layer) {
        return 1 + layer * (heads + 1);
    }

    /** How many slots a layer has: q, k and v of its heads, and its MLP's. */
    public int slotsPerLayer() {
        return 3 * heads + 1;
    }

    /** A layer's first slot, q of its first head. */
    public int firstSlot(int layer) {
        return layer * slotsPerLayer();
    }

    /** A layer's first slot of a port: that of its first head, or, of {@link Slot.Port#WHOLE}, its MLP's. */
    public int firstSlot(int layer, Slot.Port port) {
        return firstSlot(layer) + port.ordinal() * heads;
    }

    /** How many edge numbers there are, whether or not the edge exists: {@code sources() * slots()} for each span. */
    public int edgeIndexBound() {
        return Math.multiplyExact(Math.multiplyExact(sources(), slots()), perEdge());
    }

    /** How many sources come before a slot: exactly the sources {@code 0 … n-1} have an edge to it. */
    public int sourcesBefore(int slot) {
        if (slot == slots() - 1) return sources();
        int layer = slot / slotsPerLayer();
        boolean mlp = slot % slotsPerLayer() == 3 * heads;
        return firstHead(layer) + (mlp && !parallel ? heads : 0);
    }

    /** Whether the edges of a model of so many layers and heads have numbers: those of the largest that are known have. */
    public static boolean isCountable(long layers, long heads) {
        long sources = 1 + layers * (heads + 1);
        return sources <= Integer.MAX_VALUE && sources * (layers * (3 * heads + 1) + 1) <= Integer.MAX_VALUE;
    }

    /** How many edges exist. */
    public int edgeCount() {
        int count = 0;
        for (int slot = 0; slot < slots(); slot++) count += sourcesBefore(slot);
        return count * perEdge();
    }

    /** Of a graph without spans. */
    public int edge(int source, int slot) {
        if (hasSpans()) throw new IllegalStateException("an edge at which of the spans " + spans + "?");
        return source * slots() + slot;
    }

    /** @param span by number; 0 where the graph has none */
    public int edge(int source, int slot, int span) {
        return (source * slots() + slot) * perEdge() + span;
    }

    /** The first number of an edge that leaves a source: all others follow, up to that of the next source. */
    public int firstEdge(int source) {
        return source * slots() * perEdge();
    }

    public int sourceOf(int edge) {
        return edge / perEdge() / slots();
    }

    public int slotOf(int edge) {
        return edge / perEdge() % slots();
    }

    /** The span of an edge by number; 0 where the graph has none. */
    public int spanOf(int edge) {
        return edge % perEdge();
    }

    /** Edges of the model without spans, each at all spans of this graph. */
    public BitSet atAllSpans(BitSet edges) {
        if (!hasSpans()) return (BitSet) edges.clone();
        BitSet all = new BitSet(edgeIndexBound());
        edges.stream().forEach(edge -> all.set(edge * perEdge(), (edge + 1) * perEdge()));
        return all;
    }

    /**
     * Edges of this graph as edges of another of the same model: one without a span is at all of them.
     *
     * @throws UserError where one is at a span that the other does not have
     */
    public BitSet edgesOn(ModelGraph other, BitSet edges) {
        if (!hasSpans()) return other.atAllSpans(edges);
        if (spans.equals(other.spans())) return (BitSet) edges.clone();
        BitSet moved = new BitSet(other.edgeIndexBound());
        for (int edge = edges.nextSetBit(0); edge >= 0; edge = edges.nextSetBit(edge + 1)) {
            int span = other.spans().named(spans.name(spanOf(edge)));
            if (span < 0) throw noSpan(spans.name(spanOf(edge)), other.spans());
            moved.set(other.edge(sourceOf(edge), slotOf(edge), span));
        }
        return moved;
    }

    private static UserError noSpan(String name, Spans there) {
        return UserError.input(
                ErrorCode.UNKNOWN_SPAN,
                "there are edges at the span " + name + ", which these rows do not have",
                there.isNone()
                        ? "take data with spans: data FILE spans=[COLUMN, …]"
                        : "these rows have the spans " + there);
    }

    /** The edges of the model, without spans, that are among these at one span or more. */
    public BitSet withoutSpans(BitSet edges) {
        BitSet whole = new BitSet(withoutSpans().edgeIndexBound());
        edges.stream().forEach(edge -> whole.set(edge / perEdge()));
        return whole;
    }

    public boolean exists(int edge) {
        return sourceOf(edge) < sourcesBefore(slotOf(edge));
    }

    public int source(Node node) {
        return switch (node.kind()) {
            case INPUT -> 0;
            case HEAD -> firstHead(node.layer()) + node.head();
            case MLP -> firstHead(node.layer()) + heads;
            case LOGITS -> throw new IllegalArgumentException("logits is no source");
        };
    }

    public Node sourceNode(int source) {
        if (source == 0) return Node.INPUT;
        int layer = (source - 1) / (heads + 1);
        int head = (source - 1) % (heads + 1);
        return head == heads ? Node.mlp(layer) : Node.head(layer, head);
    }

    public int slot(Slot slot) {
        Node node = slot.node();
        return switch (node.kind()) {
            case INPUT -> throw new IllegalArgumentException("input has no slot");
            case HEAD -> firstSlot(node.layer(), slot.port()) + node.head();
            case MLP -> firstSlot(node.layer(), slot.port());
            case LOGITS -> slots() - 1;
        };
    }

    public Slot slotAt(int slot) {
        if (slot == slots() - 1) return new Slot(Node.LOGITS, Slot.Port.WHOLE);
        int layer = slot / slotsPerLayer();
        int within = slot % slotsPerLayer();
        if (within == 3 * heads) return new Slot(Node.mlp(layer), Slot.Port.WHOLE);
        return new Slot(Node.head(layer, within % heads), Slot.Port.values()[within / heads]);
    }

    /** The node that a slot belongs to, as a source; -1 for {@code logits}. */
    public int sourceOfSlot(int slot) {
        if (slot == slots() - 1) return -1;
        int layer = slot / slotsPerLayer();
        int within = slot % slotsPerLayer();
        return firstHead(layer) + (within == 3 * heads ? heads : within % heads);
    }

    /** The slots by which edges enter a source: none for {@code input}, q, k and v of a head, one for an MLP. */
    public int[] slotsOf(int source) {
        if (source == 0) return new int[0];
        int first = firstSlot((source - 1) / (heads + 1));
        int head = (source - 1) % (heads + 1);
        return head == heads
                ? new int[] {first + 3 * heads}
                : new int[] {first + head, first + heads + head, first + 2 * heads + head};
    }

    /**
     * Of the node that a slot belongs to, the spans at which its output depends on the slot's input at one span: of a head's key and value those that see
     * it, of anything else the same. Where the graph has no spans, the one that stands for all.
     */
    public BitSet spansReached(int slot, int span) {
        int within = slot % slotsPerLayer();
        boolean moves = slot < slots() - 1 && within >= heads && within < 3 * heads;
        BitSet reached = new BitSet();
        for (int later = 0; hasSpans() && moves && later < spans.size(); later++)
            reached.set(later, spans.sees(later, span));
        if (!hasSpans() || !moves) reached.set(span);
        return reached;
    }

    /** The ways into a node, in the fixed order; none into {@code input}. */
    public List<Slot> slots(Node node) {
        return switch (node.kind()) {
            case INPUT -> List.of();
            case HEAD -> List.of(new Slot(node, Slot.Port.Q), new Slot(node, Slot.Port.K), new Slot(node, Slot.Port.V));
            case MLP, LOGITS -> List.of(new Slot(node, Slot.Port.WHOLE));
        };
    }

    /** Every node in the fixed order, from {@code input} to {@code logits}. */
    public List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(sources() + 1);
        for (int source = 0; source < sources(); source++) nodes.add(sourceNode(source));
        nodes.add(Node.LOGITS);
        return List.copyOf(nodes);
    }

    /** Every edge that exists from one of the nodes to one of the slots; {@code logits} among the nodes has none. */
    public BitSet edgesBetween(Collection<Node> from, Collection<Slot> to) {
        BitSet edges = new BitSet();
        for (Slot end : to) {
            int slot = slot(end);
            int before = sourcesBefore(slot);
            for (Node node : from) {
                if (node.kind() == Node.Kind.LOGITS) continue;
                int source = source(node);
                if (source < before) edges.set(edge(source, slot, 0), edge(source, slot, 0) + perEdge());
            }
        }
        return edges;
    }

    public boolean has(Node node) {
        return switch (node.kind()) {
            case INPUT, LOGITS -> true;
            case HEAD -> node.layer() >= 0 && node.layer() < layers && node.head() >= 0 && node.head() < heads;
            case MLP -> node.layer() >= 0 && node.layer() < layers;
        };
    }

    /** {@code m0->a2.h1<v>}, a name as EAP-IG writes it; at a span {@code m0->a2.h1<v>@S2}. */
    public String edgeName(int edge) {
        String name =
                sourceNode(sourceOf(edge)).name() + "->" + slotAt(slotOf(edge)).name();
        return hasSpans() ? name + "@" + spans.name(spanOf(edge)) : name;
    }
}
