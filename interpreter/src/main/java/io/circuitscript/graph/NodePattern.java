package io.circuitscript.graph;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word that names one or more nodes, such as {@code a8.h*}, whether or not a model has them. */
public sealed interface NodePattern {
    /** {@code *}: every node, {@code input} and {@code logits} too. */
    record Every() implements NodePattern {}

    /** A node by its name. */
    record Single(Node node) implements NodePattern {}

    /** {@code m*}. */
    record Mlps() implements NodePattern {}

    /** {@code a8.h*}, {@code a*.h3}, {@code a*.h*}: empty stands for any. */
    record Heads(OptionalInt layer, OptionalInt head) implements NodePattern {}

    /** {@code m0..m3}, {@code a5.h0..a5.h3}: the nodes of their kind from one to the other in the fixed order, both included. */
    record Range(Node first, Node last) implements NodePattern {}

    /** Reads a word; empty where it is no node and no pattern of nodes. */
    static Optional<NodePattern> read(String word) {
        int dots = word.indexOf("..");
        if (dots >= 0) {
            Optional<Node> first = readNode(word.substring(0, dots));
            Optional<Node> last = readNode(word.substring(dots + 2));
            boolean fits = first.isPresent()
                    && last.isPresent()
                    && first.get().kind() == last.get().kind();
            return fits ? Optional.of(new Range(first.get(), last.get())) : Optional.empty();
        }
        if (word.equals("*")) return Optional.of(new Every());
        if (word.equals("m*")) return Optional.of(new Mlps());
        Matcher heads = Shapes.HEADS.matcher(word);
        if (heads.matches() && word.contains("*")) {
            return Optional.of(new Heads(Shapes.number(heads.group(1)), Shapes.number(heads.group(2))));
        }
        return readNode(word).map(Single::new);
    }

    /** Reads the name of a single node, as EAP-IG writes it; whether a model has it is not asked. */
    static Optional<Node> readNode(String word) {
        if (word.equals("input")) return Optional.of(Node.INPUT);
        if (word.equals("logits")) return Optional.of(Node.LOGITS);
        Matcher mlp = Shapes.MLP.matcher(word);
        if (mlp.matches()) return Optional.of(Node.mlp(Integer.parseInt(mlp.group(1))));
        Matcher heads = Shapes.HEADS.matcher(word);
        if (!heads.matches() || word.contains("*")) return Optional.empty();
        return Optional.of(Node.head(Integer.parseInt(heads.group(1)), Integer.parseInt(heads.group(2))));
    }

    /** Whether a pattern means this node. */
    default boolean matches(Node node) {
        return switch (this) {
            case Every() -> true;
            case Single(Node only) -> node.equals(only);
            case Mlps() -> node.kind() == Node.Kind.MLP;
            case Heads(OptionalInt layer, OptionalInt head) ->
                node.kind() == Node.Kind.HEAD
                        && layer.orElse(node.layer()) == node.layer()
                        && head.orElse(node.head()) == node.head();
            case Range(Node first, Node last) ->
                node.kind() == first.kind() && Shapes.compare(first, node) <= 0 && Shapes.compare(node, last) <= 0;
        };
    }

    /** How the words look. */
    final class Shapes {
        // Up to six digits: more than any model has, and always an int.
        private static final String NUMBER = "(0|[1-9][0-9]{0,5})";
        private static final String NUMBER_OR_STAR = "(\\*|0|[1-9][0-9]{0,5})";
        static final Pattern MLP = Pattern.compile("m" + NUMBER);
        static final Pattern HEADS = Pattern.compile("a" + NUMBER_OR_STAR + "\\.h" + NUMBER_OR_STAR);

        private Shapes() {}

        static OptionalInt number(String text) {
            return text.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        }

        /** The fixed order among nodes of one kind. */
        static int compare(Node a, Node b) {
            int byLayer = Integer.compare(a.layer(), b.layer());
            return byLayer != 0 ? byLayer : Integer.compare(a.head(), b.head());
        }
    }
}
