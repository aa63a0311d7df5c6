package io.circuitscript.task;

import io.circuitscript.engine.Continuations;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a metric reads answers of several tokens: each token after those before it. Answers that begin alike share what they begin with, so that the
 * hundred numbers of two digits take ten runs.
 *
 * <p>Every beginning of an answer that a token is read after is a node, the same for all examples: the empty one is 0. What an example's runs go on
 * with follows from the nodes that its answers need.
 */
public final class AnswerPoints implements Serializable {
    /** A beginning one token longer than another. */
    private record Step(int from, int token) implements Serializable {}

    /** What an example reads. @param nodes by point: those it needs, in order */
    private record Reads(Continuations then, int[] nodes) implements Serializable {}

    private static final BitSet ROOT = BitSet.valueOf(new long[] {1});

    private final Map<Step, Integer> nodes = new HashMap<>();

    /** The step that leads to each node; null for the empty beginning. */
    private final List<Step> steps = new ArrayList<>();

    /** The nodes that each example needs; null where it needs none but the empty one. */
    private final BitSet[] needed;

    private final Map<BitSet, Reads> known = new HashMap<>();

    /** @param examples how many there are; none in the check */
    public AnswerPoints(int examples) {
        needed = new BitSet[examples];
        steps.add(null);
    }

    /**
     * An answer's tokens, with the node that each is read after.
     *
     * @param tokens one at least
     */
    public record Answer(int[] tokens, int[] nodes) implements Serializable {
        public boolean single() {
            return tokens.length == 1;
        }
    }

    /** An answer by its tokens. No example reads it yet. */
    public Answer answer(int[] tokens) {
        int[] path = new int[tokens.length];
        for (int i = 1; i < tokens.length; i++) {
            path[i] = nodes.computeIfAbsent(new Step(path[i - 1], tokens[i - 1]), step -> {
                steps.add(step);
                return steps.size() - 1;
            });
        }
        return new Answer(tokens, path);
    }

    /** Says that an example reads an answer. */
    public void read(int example, Answer answer) {
        if (answer.single()) return;
        if (needed[example] == null) needed[example] = (BitSet) ROOT.clone();
        for (int node : answer.nodes) needed[example].set(node);
    }

    /** What an example's runs go on with. */
    public Continuations continuations(int example) {
        return needed[example] == null ? Continuations.NONE : reads(example).then;
    }

    /** Which of an example's points a node is. */
    int point(int example, int node) {
        return node == 0 ? 0 : Arrays.binarySearch(reads(example).nodes, node);
    }

    private Reads reads(int example) {
        return known.computeIfAbsent(needed[example], this::reads);
    }

    /** A node comes before those that are longer, so that point 0 is the empty one. */
    private Reads reads(BitSet needs) {
        BitSet inner = new BitSet(); // which others go on from
        needs.stream().skip(1).forEach(node -> inner.set(steps.get(node).from));
        List<List<Integer>> sequences = new ArrayList<>();
        Map<Integer, Continuations.Point> points = new HashMap<>();
        needs.stream().filter(node -> !inner.get(node)).forEach(leaf -> {
            List<Integer> sequence = new ArrayList<>();
            List<Integer> ends = new ArrayList<>();
            for (int node = leaf; node != 0; node = steps.get(node).from) {
                sequence.addFirst(steps.get(node).token);
                ends.addFirst(node);
            }
            ends.addFirst(0);
            for (int after = 0; after < ends.size(); after++)
                points.putIfAbsent(ends.get(after), new Continuations.Point(sequences.size(), after));
            sequences.add(sequence);
        });
        int[] nodesByPoint = needs.stream().toArray();
        return new Reads(
                new Continuations(
                        sequences, needs.stream().mapToObj(points::get).toList()),
                nodesByPoint);
    }
}
