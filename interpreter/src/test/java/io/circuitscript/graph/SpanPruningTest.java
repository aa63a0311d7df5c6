package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dead ends where edges are told apart by spans. */
class SpanPruningTest {
    /** Of rows that are made up: words of span numbers, each in any order. */
    private static Spans spans(Random random) {
        int count = 1 + random.nextInt(5);
        List<String> names = new ArrayList<>();
        List<BitSet> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("s" + i);
            seen.add(new BitSet());
            seen.getLast().set(i);
        }
        BitSet read = new BitSet();
        for (int row = 1 + random.nextInt(2); row > 0; row--) {
            BitSet before = new BitSet();
            int last = 0;
            for (int length = 1 + random.nextInt(6); length > 0; length--) {
                last = random.nextInt(count);
                before.set(last);
                seen.get(last).or(before);
            }
            read.set(last);
        }
        return Spans.of(names, seen, read);
    }

    private static ModelGraph graph(Random random) {
        return new ModelGraph(1 + random.nextInt(3), 1 + random.nextInt(3), random.nextBoolean()).at(spans(random));
    }

    private static Circuit circuit(ModelGraph graph, Random random) {
        double share = Math.pow(random.nextDouble(), 2);
        BitSet edges = new BitSet();
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
            if (graph.exists(edge) && random.nextDouble() < share) edges.set(edge);
        return new Circuit(graph, edges);
    }

    /** Whether an edge at a span leads to what a node gives at another. */
    private static boolean leads(ModelGraph graph, int edge, int node, int span) {
        int slot = graph.slotOf(edge);
        if (node == 0 || graph.sourceOfSlot(slot) != node) return false;
        return switch (graph.slotAt(slot).port()) {
            case K, V -> graph.spans().sees(span, graph.spanOf(edge));
            case Q, WHOLE -> span == graph.spanOf(edge);
        };
    }

    /** As the rule says it: one edge after the other, until nothing changes. */
    private static BitSet literally(Circuit circuit, boolean childless, boolean parentless) {
        ModelGraph graph = circuit.graph();
        BitSet kept = circuit.edges();
        BitSet before;
        do {
            before = (BitSet) kept.clone();
            for (int edge : before.stream().toArray()) {
                boolean fed = graph.sourceOf(edge) == 0
                        || kept.stream().anyMatch(into -> leads(graph, into, graph.sourceOf(edge), graph.spanOf(edge)));
                boolean used = graph.slotOf(edge) == graph.slots() - 1
                        ? graph.spans().isRead(graph.spanOf(edge))
                        : kept.stream().anyMatch(out -> leads(graph, edge, graph.sourceOf(out), graph.spanOf(out)));
                if (parentless && !fed || childless && !used) kept.clear(edge);
            }
        } while (!before.equals(kept));
        return kept;
    }

    @Test
    void removesWhatTheRuleSays() {
        int[] left = {0};
        int[] gone = {0};
        Randomly.check(300, random -> {
            Circuit circuit = circuit(graph(random), random);
            for (boolean childless : new boolean[] {true, false}) {
                boolean parentless = !childless || random.nextInt(4) > 0;
                Circuit pruned = circuit.pruned(childless, parentless);
                assertEquals(literally(circuit, childless, parentless), pruned.edges());
                assertEquals(pruned, pruned.pruned(childless, parentless));
                left[0] += pruned.edgeCount();
                gone[0] += circuit.edgeCount() - pruned.edgeCount();
            }
        });
        assertTrue(left[0] > 1000 && gone[0] > 1000, left[0] + " left, " + gone[0] + " gone");
    }

    @Test
    void randomConnectedCircuitsHaveNoDeadEnds() {
        Randomly.check(100, random -> {
            ModelGraph graph = graph(random);
            int size = random.nextInt(Math.min(60, graph.edgeCount()) + 1);
            Circuit circuit = RandomCircuits.of(graph).connected(size, random::nextInt);
            assertEquals(circuit, circuit.pruned());
            assertTrue(circuit.edgeCount() <= size);
        });
    }

    /** Each edge that greedy takes leads to one that it took before. What has no parents it may take: those are pruned, as without spans. */
    @Test
    void greedyTakesNothingThatLeadsNowhere() {
        Randomly.check(150, random -> {
            ModelGraph graph = graph(random);
            double[] values = new double[graph.edgeIndexBound()];
            for (int edge = 0; edge < values.length; edge++)
                if (graph.exists(edge)) values[edge] = random.nextGaussian();
            Scores scores = new Scores(graph, values);
            Circuit circuit = Selection.greedy(scores, random.nextInt(graph.edgeCount() + 1), random.nextBoolean());
            assertEquals(circuit, circuit.pruned(true, false));
        });
    }

    @Test
    void withOneSpanThatIsReadItIsThePlainRule() {
        Randomly.check(100, random -> {
            ModelGraph plain = new ModelGraph(1 + random.nextInt(3), 1 + random.nextInt(3), random.nextBoolean());
            Circuit circuit = circuit(plain, random);
            ModelGraph one = plain.at(Spans.inAnyOrder(List.of("all")));
            assertEquals(circuit.pruned(), circuit.on(one).pruned().withoutSpans());
        });
    }

    @Test
    void whatLeadsToLogitsIsWhatHasNoChildlessNode() {
        Randomly.check(300, random -> {
            Circuit circuit = circuit(graph(random), random);
            assertEquals(circuit.pruned(true, false), circuit.leadingTo(List.of(Node.LOGITS)));
        });
    }

    @Test
    void whatLeadsToANodeLeadsThereAtSomeSpan() {
        Randomly.check(300, random -> {
            Circuit circuit = circuit(graph(random), random);
            ModelGraph graph = circuit.graph();
            int node = 1 + random.nextInt(graph.sources() - 1);
            BitSet literally = new BitSet();
            BitSet before;
            do {
                BitSet known = (BitSet) literally.clone();
                before = known;
                for (int edge : circuit.edges().stream().toArray()) {
                    boolean ends = graph.sourceOfSlot(graph.slotOf(edge)) == node;
                    boolean goesOn = known.stream()
                            .anyMatch(next -> leads(graph, edge, graph.sourceOf(next), graph.spanOf(next)));
                    if (ends || goesOn) literally.set(edge);
                }
            } while (!before.equals(literally));
            assertEquals(
                    literally,
                    circuit.leadingTo(List.of(graph.sourceNode(node))).edges());
        });
    }

    @Test
    void moreEdgesAtSpansThanHaveNumbersAreRefused() {
        ModelGraph large = new ModelGraph(32, 32, false);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) names.add("t" + i);
        UserError error = assertThrows(UserError.class, () -> large.at(Spans.inAnyOrder(names)));
        assertTrue(error.getMessage().contains("at 1000 spans"), error.getMessage());
        assertEquals(3, large.at(Spans.inAnyOrder(names.subList(0, 3))).perEdge());
    }
}
