package io.circuitscript.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;

/**
 * Merges what batches give, two neighbours at a time, in a tree whose shape follows from the number of batches alone: whoever computes them, and in whatever order
 * they come, the sums are rounded alike. It holds one partial result for each whole subtree so far: in order, about as many as the number of batches has binary digits.
 *
 * @param <P> what some of the batches give together
 */
final class MergeTree<P> {
    /**
     * What the batches of a whole subtree give.
     *
     * @param level 0: a batch
     * @param index which subtree of its level, from 0
     */
    record Node<P>(int level, int index, P value) {
        /** Its first batch. */
        int first() {
            return index << level;
        }

        /** Where its batches end. */
        int end() {
            return (index + 1) << level;
        }
    }

    private final BinaryOperator<P> merge;

    /** By their first batch. No two are siblings. */
    private final NavigableMap<Integer, Node<P>> nodes = new TreeMap<>();

    /** @param merge of what comes first with what comes next; may change and return the first */
    MergeTree(BinaryOperator<P> merge) {
        this.merge = merge;
    }

    /** Adds a subtree, none of whose batches is there. */
    void add(Node<P> node) {
        Node<P> grown = node;
        for (Node<P> sibling = sibling(grown); sibling != null; sibling = sibling(grown)) {
            nodes.remove(sibling.first());
            boolean left = grown.first() < sibling.first();
            P both = left ? merge.apply(grown.value, sibling.value) : merge.apply(sibling.value, grown.value);
            grown = new Node<>(grown.level + 1, grown.index >> 1, both);
        }
        nodes.put(grown.first(), grown);
    }

    private Node<P> sibling(Node<P> of) {
        Node<P> known = nodes.get((of.index ^ 1) << of.level);
        return known != null && known.level == of.level ? known : null;
    }

    /** The subtrees that are there, from the first batch on. */
    List<Node<P>> nodes() {
        return List.copyOf(nodes.values());
    }

    /** What all give: the last two subtrees first, where the number of batches is no power of two. @param zero what no batch gives */
    P whole(P zero) {
        List<Node<P>> rest = new ArrayList<>(nodes.values());
        if (rest.isEmpty()) return zero;
        P all = rest.removeLast().value;
        while (!rest.isEmpty()) all = merge.apply(rest.removeLast().value, all);
        nodes.clear();
        return merge.apply(zero, all);
    }
}
