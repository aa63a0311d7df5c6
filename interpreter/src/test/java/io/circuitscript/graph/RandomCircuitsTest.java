package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomCircuitsTest {
    /** {@code input}, {@code a0.h0} with three slots, {@code m0}, {@code logits}: 8 edges. */
    private static final ModelGraph SMALL = new ModelGraph(1, 1, false);

    private static RandomCircuits.Draws draws(Random random) {
        return random::nextInt;
    }

    @Test
    void everySetOfOneSizeIsAsLikely() {
        assertEquals(8, SMALL.edgeCount());
        RandomCircuits circuits = RandomCircuits.of(SMALL);
        Map<BitSet, Integer> seen = new HashMap<>();
        Random random = new Random(5);
        for (int i = 0; i < 56_000; i++)
            seen.merge(circuits.uniform(3, draws(random)).edges(), 1, Integer::sum);
        assertEquals(56, seen.size()); // 8 over 3
        assertTrue(seen.keySet().stream().allMatch(it -> it.cardinality() == 3));
        double chiSquare = seen.values().stream()
                .mapToDouble(it -> Math.pow(it - 1000, 2) / 1000)
                .sum();
        assertTrue(chiSquare < 93.2, "χ² " + chiSquare); // 55 degrees of freedom, p = 0.001
    }

    @Test
    void aWalkTakesEachOfANodesEdgesAsOften() {
        RandomCircuits circuits = RandomCircuits.of(SMALL);
        Map<String, Integer> seen = new HashMap<>();
        Random random = new Random(6);
        for (int i = 0; i < 40_000; i++) {
            StringBuilder names = new StringBuilder();
            for (int edge : circuits.path(draws(random)))
                names.append(SMALL.edgeName(edge)).append(' ');
            seen.merge(names.toString(), 1, Integer::sum);
        }
        // From input 5 edges, from the head 2, from the MLP 1.
        assertEquals(8, seen.size());
        assertEquals(8000, seen.get("input->logits "), 400);
        assertEquals(8000, seen.get("input->m0 m0->logits "), 400);
        assertEquals(4000, seen.get("input->a0.h0<k> a0.h0->logits "), 300);
        assertEquals(4000, seen.get("input->a0.h0<v> a0.h0->m0 m0->logits "), 300);
    }

    @Test
    void connectedCircuitsHaveNoDeadEndsAndNoMoreEdgesThanAsked() {
        Randomly.check(200, random -> {
            ModelGraph graph = Samples.scores(random).graph();
            int size = random.nextInt(graph.edgeCount() + 1);
            Circuit circuit = RandomCircuits.of(graph).connected(size, draws(random));
            assertEquals(circuit, circuit.pruned());
            assertTrue(circuit.edgeCount() <= size);
            assertEquals(size > 0, circuit.edgeCount() > 0);
        });
    }

    @Test
    void sizesAreReachedFromOneEdgeToAll() {
        ModelGraph gpt2Small = new ModelGraph(12, 12, false);
        RandomCircuits circuits = RandomCircuits.of(gpt2Small);
        for (int size : new int[] {1, 2, 3, 40, 400, 3_000, 16_000}) {
            Circuit circuit = circuits.connected(size, draws(new Random(size)));
            assertEquals(size, circuit.edgeCount());
        }
        assertEquals(
                8, RandomCircuits.of(SMALL).connected(8, draws(new Random(1))).edgeCount());
    }

    @Test
    void otherEdgesThanThoseAllowedAreNeverDrawn() {
        Randomly.check(200, random -> {
            Circuit full = Circuit.full(Samples.scores(random).graph());
            RandomCircuits all = RandomCircuits.from(full);
            Circuit not = all.uniform(full.edgeCount() / 2, draws(random));
            Circuit rest = full.without(not.edges());
            RandomCircuits circuits = RandomCircuits.from(rest);
            int size = random.nextInt(circuits.edgeCount() + 1);
            assertEquals(size, circuits.uniform(size, draws(random)).edgeCount());
            for (Circuit circuit :
                    new Circuit[] {circuits.uniform(size, draws(random)), circuits.connected(size, draws(random))})
                assertEquals(rest, rest.with(circuit.edges()));
        });
    }

    @Test
    void whereNoPathIsLeftThereIsNothingToDraw() {
        BitSet intoLogits = new BitSet();
        for (int source = 0; source < SMALL.sources(); source++) intoLogits.set(SMALL.edge(source, SMALL.slots() - 1));
        RandomCircuits circuits = RandomCircuits.from(Circuit.full(SMALL).without(intoLogits));
        assertFalse(circuits.hasPath());
        assertEquals(Circuit.empty(SMALL), circuits.connected(3, draws(new Random(1))));
        assertArrayEquals(
                new int[0],
                circuits.uniform(0, draws(new Random(1))).edges().stream().toArray());
    }
}
