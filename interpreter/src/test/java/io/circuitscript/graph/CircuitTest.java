package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.Randomly;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private static final ModelGraph GRAPH = new ModelGraph(4, 4, false);

    private static Circuit of(String... edges) {
        Circuit circuit = Circuit.empty(GRAPH);
        for (String edge : edges) circuit = circuit.with(ByName.edges(GRAPH, edge));
        return circuit;
    }

    @Test
    void aNodeWithoutAChildGoesWithTheEdgesIntoItAndWhatOnlyFedIt() {
        Circuit circuit = of("input->m0", "m0->a2.h1<v>", "input->m3", "m3->logits");
        assertEquals(of("input->m3", "m3->logits"), circuit.pruned());
        assertEquals(circuit, circuit.pruned(false, true));
        assertEquals(of("input->m3", "m3->logits"), circuit.pruned(true, false));
    }

    @Test
    void aNodeWithoutAParentGoesWithTheEdgesOutOfItAndWhatOnlyItFed() {
        Circuit circuit = of("a0.h1->m1", "m1->logits", "input->logits");
        assertEquals(of("input->logits"), circuit.pruned());
        assertEquals(of("input->logits"), circuit.pruned(false, true));
        assertEquals(circuit, circuit.pruned(true, false));
        assertEquals(circuit, circuit.pruned(false, false));
    }

    @Test
    void countsNodesAtBothEndsButNotLogits() {
        Circuit circuit = of("input->a1.h2<k>", "m3->logits");
        assertEquals(List.of(Node.INPUT, Node.head(1, 2), Node.mlp(3)), circuit.nodes());
        assertEquals(3, circuit.nodeCount());
        assertEquals(21, Circuit.full(GRAPH).nodeCount());
        assertEquals(0, Circuit.empty(GRAPH).nodeCount());
    }

    @Test
    void pruningTwiceChangesNothingMore() {
        Randomly.check(300, random -> {
            Circuit circuit = Samples.circuit(random);
            Circuit pruned = circuit.pruned();
            assertEquals(pruned, pruned.pruned());
            assertEquals(circuit, circuit.with(pruned.edges()));
            assertEquals(pruned, circuit.pruned(true, false).pruned(false, true));
            assertEquals(pruned, circuit.pruned(false, true).pruned(true, false));
        });
    }

    @Test
    void pruningReachesTheSameAsRemovingOneNodeAtATime() {
        Randomly.check(300, random -> {
            Circuit circuit = Samples.circuit(random);
            assertEquals(prunedSlowly(circuit), circuit.pruned());
        });
    }

    private static Circuit prunedSlowly(Circuit circuit) {
        ModelGraph graph = circuit.graph();
        for (Node node : circuit.nodes()) {
            BitSet out = circuit.edges();
            out.and(graph.edgesBetween(
                    List.of(node),
                    graph.nodes().stream().flatMap(n -> graph.slots(n).stream()).toList()));
            BitSet in = circuit.edges();
            in.and(graph.edgesBetween(graph.nodes(), graph.slots(node)));
            if (out.isEmpty() || in.isEmpty() && node.kind() != Node.Kind.INPUT) {
                in.or(out);
                return prunedSlowly(circuit.without(in));
            }
        }
        return circuit;
    }

    @Test
    void everyEdgeHasANameOfItsOwnThatLeadsBack() {
        Randomly.check(50, random -> {
            ModelGraph graph = Samples.graph(random);
            Set<String> names = new HashSet<>();
            BitSet edges = Circuit.full(graph).edges();
            assertEquals(graph.edgeCount(), edges.cardinality());
            edges.stream().forEach(edge -> {
                String name = graph.edgeName(edge);
                assertTrue(names.add(name));
                BitSet back = ByName.edges(graph, name);
                assertEquals(1, back.cardinality());
                assertEquals(edge, back.nextSetBit(0));
            });
        });
    }

    @Test
    void slotsAndTheirSourcesAgree() {
        Randomly.check(50, random -> {
            ModelGraph graph = Samples.graph(random);
            for (int source = 0; source < graph.sources(); source++) {
                List<Slot> slots = graph.slots(graph.sourceNode(source));
                int[] numbers = graph.slotsOf(source);
                assertEquals(slots.size(), numbers.length);
                for (int i = 0; i < numbers.length; i++) {
                    assertEquals(graph.slot(slots.get(i)), numbers[i]);
                    assertEquals(source, graph.sourceOfSlot(numbers[i]));
                }
            }
            assertEquals(-1, graph.sourceOfSlot(graph.slots() - 1));
        });
    }

    @Test
    void modelsHaveTheEdgesThatTheReferenceCounts() {
        assertEquals(32_491, new ModelGraph(12, 12, false).edgeCount());
        assertEquals(32_347, new ModelGraph(12, 12, true).edgeCount());
        assertEquals(179_749, new ModelGraph(24, 14, false).edgeCount());
        assertEquals(74_218, new ModelGraph(26, 8, false).edgeCount());
        assertEquals(1_592_881, new ModelGraph(32, 32, false).edgeCount());
    }
}
