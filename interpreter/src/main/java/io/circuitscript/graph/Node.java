package io.circuitscript.graph;

/** A node of a model's graph: {@code input}, a head {@code a3.h1}, an MLP {@code m3}, or {@code logits}. */
public record Node(Kind kind, int layer, int head) {
    public enum Kind {
        INPUT,
        HEAD,
        MLP,
        LOGITS
    }

    public static final Node INPUT = new Node(Kind.INPUT, -1, -1);
    public static final Node LOGITS = new Node(Kind.LOGITS, -1, -1);

    public static Node head(int layer, int head) {
        return new Node(Kind.HEAD, layer, head);
    }

    public static Node mlp(int layer) {
        return new Node(Kind.MLP, layer, -1);
    }

    public String name() {
        return switch (kind) {
            case INPUT -> "input";
            case HEAD -> "a" + layer + ".h" + head;
            case MLP -> "m" + layer;
            case LOGITS -> "logits";
        };
    }

    @Override
    public String toString() {
        return name();
    }
}
