package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which positions of some texts have the same tokens up to them. In a plain run all their activations are the same, so that one is computed for
 * all of them: a node of the trie that the texts make.
 *
 * <p>A pass over nodes has a single row, {@code [1, node, …]}. Only attention needs texts, {@code [row, pos, head, dHead]}: those that no other
 * text begins with. Nothing is computed at padding, where the last node of its text is read.
 */
final class SharedPositions {
    /** With more nodes than this share of the positions, the copies from and to nodes eat up the gain. */
    private static final double WORTH = 0.85;

    private final Torch torch;
    private final Trie trie;
    private final int width;

    /** Token ids of the rows that attention sees, {@code [row, pos]}. */
    private final Tensor ids;

    /** Which text each of these rows is, {@code [row]}; null where it is each its own. */
    private final Tensor texts;

    private final Nodes rows;

    /** The first place of each node among the rows' positions, row after row. {@code [node]} */
    private final Tensor places;

    /**
     * The node of each position of some texts.
     *
     * @param of row after row, {@code [n]}
     */
    record Nodes(int rows, Tensor of) {}

    private SharedPositions(Torch torch, Scope scope, Trie trie, int start, int width) {
        this.torch = torch;
        this.trie = trie;
        this.width = width;
        int[] leaves = trie.leaves();
        long[] idsOfRows = new long[leaves.length * width];
        long[] first = new long[trie.nodes];
        Arrays.fill(first, -1);
        for (int i = 0; i < idsOfRows.length; i++) {
            int[] text = trie.texts.get(leaves[i / width]);
            int at = start + i % width;
            if (at >= text.length) continue;
            idsOfRows[i] = text[at];
            int node = trie.nodeOf[leaves[i / width]][i % width];
            if (first[node] < 0) first[node] = i;
        }
        ids = torch.longs(scope, idsOfRows, leaves.length, width);
        boolean all = leaves.length == trie.texts.size();
        texts = all
                ? null
                : torch.longs(scope, Arrays.stream(leaves).asLongStream().toArray(), leaves.length);
        rows = nodes(scope, leaves, 0, width);
        places = torch.longs(scope, first, first.length);
    }

    /**
     * @param scope owns the indices
     * @param texts their tokens, of which those before {@code start} are not computed again, and those from {@code start + width} on do not count
     * @param otherwise at how many positions the run computes without this
     * @return null where too few positions are shared
     */
    static SharedPositions of(Torch torch, Scope scope, List<int[]> texts, int start, int width, long otherwise) {
        Trie trie = new Trie(texts, start, width);
        return trie.nodes < WORTH * otherwise ? new SharedPositions(torch, scope, trie, start, width) : null;
    }

    int width() {
        return width;
    }

    Tensor ids() {
        return ids;
    }

    /** The position of each node in its texts. */
    long[] positions() {
        return trie.positions;
    }

    /** The nodes of some texts' positions. @param from the first position, counted from the window's start */
    Nodes nodes(Scope scope, int firstText, int endText, int from, int to) {
        int[] some = new int[endText - firstText];
        Arrays.setAll(some, i -> firstText + i);
        return nodes(scope, some, from, to);
    }

    private Nodes nodes(Scope scope, int[] some, int from, int to) {
        int each = to - from;
        long[] of = new long[some.length * each];
        for (int i = 0; i < of.length; i++) of[i] = trie.nodeOf[some[i / each]][from + i % each];
        return new Nodes(some.length, torch.longs(scope, of, of.length));
    }

    /** {@code [row, pos, …]} → {@code [1, node, …]} */
    Tensor collect(Scope scope, Tensor x) {
        return torch.atPositions(scope, x, places);
    }

    /** {@code [1, node, …]} → {@code [row, pos, …]} */
    Tensor spread(Scope scope, Tensor x) {
        return spread(torch, scope, x, rows);
    }

    static Tensor spread(Torch torch, Scope scope, Tensor x, Nodes to) {
        return torch.byPosition(scope, x, to.of, to.rows);
    }

    /** Of each text's keys or values before the window those of the rows. {@code [batch, prefixPos, head, dHead]} → {@code [row, prefixPos, head, dHead]} */
    Tensor past(Scope scope, Tensor ofTexts) {
        return texts == null ? ofTexts : torch.pickRows(scope, ofTexts, texts);
    }

    /** The texts as a trie. Its nodes are numbered in the order in which the texts come to them. */
    private static final class Trie {
        final List<int[]> texts;

        /** How many nodes the window has, and the position of each. */
        final int nodes;

        final long[] positions;

        /** For each text the node of each position of the window. */
        final int[][] nodeOf;

        /** The first text that comes to each of all nodes' ends; -1 where one goes further. */
        private final List<Integer> ends = new ArrayList<>();

        Trie(List<int[]> texts, int start, int width) {
            this.texts = texts;
            nodeOf = new int[texts.size()][width];
            Map<Long, Integer> known = new HashMap<>();
            List<Integer> numbers = new ArrayList<>();
            long[] found = new long[texts.size() * width];
            int count = 0;
            for (int text = 0; text < nodeOf.length; text++) {
                int[] tokens = texts.get(text);
                int node = -1;
                for (int at = 0; at < Math.min(tokens.length, start + width); at++) {
                    if (node >= 0) ends.set(node, -1);
                    long key = (long) (node + 1) << Integer.SIZE | Integer.toUnsignedLong(tokens[at]);
                    Integer next = known.putIfAbsent(key, ends.size());
                    node = next == null ? ends.size() : next;
                    if (next == null) {
                        ends.add(text);
                        numbers.add(at < start ? -1 : count);
                        if (at >= start) found[count++] = at;
                    }
                    if (at >= start) nodeOf[text][at - start] = numbers.get(node);
                }
                int last = numbers.get(node);
                for (int at = Math.max(0, tokens.length - start); at < width; at++) nodeOf[text][at] = last;
            }
            nodes = count;
            positions = Arrays.copyOf(found, count);
        }

        /** A text for each leaf. */
        int[] leaves() {
            return ends.stream()
                    .filter(text -> text >= 0)
                    .mapToInt(text -> text)
                    .toArray();
        }
    }
}
