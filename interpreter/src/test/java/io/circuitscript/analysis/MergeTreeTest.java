package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is merged with what follows from the number of batches alone. */
final class MergeTreeTest {
    private static MergeTree<String> tree() {
        return new MergeTree<>((a, b) -> a.isEmpty() ? b : "(" + a + b + ")");
    }

    private static String inOrder(int count) {
        MergeTree<String> tree = tree();
        for (int i = 0; i < count; i++) {
            tree.add(new MergeTree.Node<>(0, i, letter(i)));
            assertEquals(Integer.bitCount(i + 1), tree.nodes().size());
        }
        return tree.whole("");
    }

    private static String letter(int i) {
        return String.valueOf((char) ('a' + i));
    }

    @Test
    void neighboursAreMergedFirst() {
        assertEquals("", inOrder(0));
        assertEquals("a", inOrder(1));
        assertEquals("(ab)", inOrder(2));
        assertEquals("((ab)c)", inOrder(3));
        assertEquals("(((ab)(cd))(ef))", inOrder(6));
        assertEquals("(((ab)(cd))((ef)g))", inOrder(7));
    }

    /** Whoever computes them, and however many were merged before they came. */
    @Test
    void theOrderInWhichTheyComeChangesNothing() {
        Random random = new Random(4);
        for (int count = 1; count <= 24; count++) {
            String expected = inOrder(count);
            for (int i = 0; i < 20; i++) {
                List<MergeTree.Node<String>> nodes = new ArrayList<>();
                split(0, 5, count, random, nodes);
                Collections.shuffle(nodes, random);
                MergeTree<String> tree = tree();
                nodes.forEach(tree::add);
                assertEquals(expected, tree.whole(""));
            }
        }
        assertTrue(inOrder(24).length() > 24);
    }

    /** Cuts a subtree into whole ones, by chance. */
    private static void split(int index, int level, int count, Random random, List<MergeTree.Node<String>> nodes) {
        int first = index << level;
        if (first >= count) return;
        boolean whole = (index + 1) << level <= count;
        if (whole && (level == 0 || random.nextInt(3) == 0)) {
            MergeTree<String> tree = tree();
            for (int i = first; i < (index + 1) << level; i++) tree.add(new MergeTree.Node<>(0, i, letter(i)));
            nodes.add(new MergeTree.Node<>(level, index, tree.whole("")));
            return;
        }
        split(2 * index, level - 1, count, random, nodes);
        split(2 * index + 1, level - 1, count, random, nodes);
    }
}
