package io.circuitscript.engine.positions;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which positions of some texts have the same tokens up to them. In a plain run all their activations are the same, so that one is computed for
 * all of them: a node of the trie that the texts make.
 *
 * <p>A pass over nodes has a single row, {@code [1, node, …]}. Only attention works on rows of texts, {@code [row, pos, head, dHead]}. Nothing is
 * computed at padding, where the last node of its text is read.
 */
public final class SharedPositions {
    /** With more nodes than this share of the positions, the copies from and to nodes eat up the gain. */
    private static final double WORTH = 0.85;

    private final Torch torch;
    private final Trie trie;
    /** Which text each row of attention is, {@code [row]}; null where it is each its own. */
    private final Tensor texts;

    private final Nodes rows;

    /** The first place of each node among the rows' positions, row after row. {@code [node]} */
    private final Tensor places;

    /**
     * The node of each position of some texts.
     *
     * @param of row after row, {@code [n]}
     */
    public record Nodes(int rows, Tensor of) {}

    /** @param ofRows the node of each of the rows' places, row after row */
    private SharedPositions(Torch torch, Scope scope, Trie trie, Tensor texts, int rows, long[] ofRows) {
        this.torch = torch;
        this.trie = trie;
        this.texts = texts;
        this.rows = new Nodes(rows, torch.longs(scope, ofRows, ofRows.length));
        long[] first = new long[trie.nodes];
        for (int place = ofRows.length - 1; place >= 0; place--) first[(int) ofRows[place]] = place;
        this.places = torch.longs(scope, first, first.length);
    }

    /**
     * Of a run of some texts. Attention works on those that no other begins with.
     *
     * @param scope owns the indices
     * @param texts their tokens, of which those before {@code start} are not computed again, and those from {@code start + width} on do not count
     * @return null where too few positions are shared
     */
    public static SharedPositions of(Torch torch, Scope scope, List<int[]> texts, int start, int width) {
        Trie trie = new Trie(texts, start, width);
        if (trie.nodes >= WORTH * texts.size() * width) return null;
        int[] leaves = trie.leaves();
        boolean all = leaves.length == texts.size();
        Tensor which = all
                ? null
                : torch.longs(scope, Arrays.stream(leaves).asLongStream().toArray(), leaves.length);
        return new SharedPositions(torch, scope, trie, which, leaves.length, trie.nodesOf(leaves, 0, width));
    }

    /**
     * Of a run of pairs, which holds the prefix of each, the window of its first text, then that of its second. Its texts are all the first ones,
     * then all the second ones.
     *
     * @return null where too few positions are shared
     */
    public static SharedPositions ofPairs(
            Torch torch, Scope scope, List<int[]> first, List<int[]> second, int start, int width) {
        List<int[]> texts = new ArrayList<>(first);
        texts.addAll(second);
        Trie trie = new Trie(texts, 0, start + width);
        int pairs = first.size();
        int length = start + 2 * width;
        if (trie.nodes >= WORTH * pairs * length) return null;
        long[] ofRows = new long[pairs * length];
        for (int i = 0; i < ofRows.length; i++) {
            int pair = i / length;
            int at = i % length;
            ofRows[i] = at < start + width ? trie.nodeOf[pair][at] : trie.nodeOf[pairs + pair][at - width];
        }
        return new SharedPositions(torch, scope, trie, null, pairs, ofRows);
    }

    /** The position of each node in its texts. */
    public long[] positions() {
        return trie.positions;
    }

    /** The node of one position of a text. @param at counted from where the run begins */
    public long node(int text, int at) {
        return trie.nodeOf[text][at];
    }

    /** The nodes of some texts' positions. @param from the first position, counted from where the run begins */
    public Nodes nodes(Scope scope, int firstText, int endText, int from, int to) {
        int[] some = IntStream.range(firstText, endText).toArray();
        long[] of = trie.nodesOf(some, from, to);
        return new Nodes(some.length, torch.longs(scope, of, of.length));
    }

    /** Of something for each text that for each row of attention. {@code [batch, …]} → {@code [row, …]} */
    public Tensor ofRows(Scope scope, Tensor ofTexts) {
        return texts == null ? ofTexts : torch.pickRows(scope, ofTexts, texts);
    }

    /** {@code [row, pos, …]} → {@code [1, node, …]} */
    public Tensor collect(Scope scope, Tensor x) {
        return torch.atPositions(scope, x, places);
    }

    /** {@code [1, node, …]} → {@code [row, pos, …]} */
    public Tensor spread(Scope scope, Tensor x) {
        return spread(torch, scope, x, rows);
    }

    public static Tensor spread(Torch torch, Scope scope, Tensor x, Nodes to) {
        return torch.byPosition(scope, x, to.of, to.rows);
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

        /** The node of each of some positions of some texts, text after text. */
        long[] nodesOf(int[] some, int from, int to) {
            int each = to - from;
            long[] of = new long[some.length * each];
            for (int i = 0; i < of.length; i++) of[i] = nodeOf[some[i / each]][from + i % each];
            return of;
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
