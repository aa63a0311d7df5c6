package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.Randomly;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SelectionTest {
    @TestFactory
    List<DynamicTest> choosesAndPrunesAsEapIgDoes() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Fixture fixture : List.of(Fixture.gpt2(), Fixture.gptNeox())) {
            for (String task : List.of("greater-than", "ioi")) {
                Scores scores = fixture.scores(task);
                fixture.expected().get(task).get("circuits").properties().forEach(entry -> {
                    String name = (fixture.graph().parallel() ? "gpt_neox " : "gpt2 ") + task + " " + entry.getKey();
                    tests.add(DynamicTest.dynamicTest(name, () -> agrees(entry.getKey(), entry.getValue(), scores)));
                });
            }
        }
        assertEquals(32, tests.size());
        return tests;
    }

    private static void agrees(String selection, JsonNode expected, Scores scores) {
        Circuit chosen = choose(selection, scores);
        Circuit pruned = chosen.pruned();
        assertEquals(Fixture.names(expected.get("chosen")), Fixture.names(chosen));
        assertEquals(Fixture.names(expected.get("edges")), Fixture.names(pruned));
        TreeSet<String> nodes = pruned.nodes().stream().map(Node::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Fixture.names(expected.get("nodes")), nodes);
        assertEquals(nodes.size(), pruned.nodeCount());
    }

    private static Circuit choose(String selection, Scores scores) {
        String[] words = selection.split(" ");
        return switch (words[0]) {
            case "top" -> Selection.top(scores, Integer.parseInt(words[1]), words[2].equals("abs=true"));
            case "greedy" -> Selection.greedy(scores, Integer.parseInt(words[1]), words[2].equals("abs=true"));
            case "threshold" -> Selection.threshold(scores, Double.parseDouble(words[1]), words[2].equals("abs=true"));
            case "full" -> Circuit.full(scores.graph());
            case "empty" -> Circuit.empty(scores.graph());
            case "all" -> Circuit.full(scores.graph()).without(ByName.edges(scores.graph(), words[2]));
            default -> throw new IllegalArgumentException(selection);
        };
    }

    @TestFactory
    List<DynamicTest> countsEdgesAndNodesAsEapIgDoes() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Fixture fixture : List.of(Fixture.gpt2(), Fixture.gptNeox())) {
            for (String task : List.of("greater-than", "ioi")) {
                tests.add(DynamicTest.dynamicTest(fixture.graph() + " " + task, () -> {
                    JsonNode expected = fixture.expected().get(task);
                    assertEquals(
                            expected.get("n_edges").intValue(), fixture.graph().edgeCount());
                    assertEquals(
                            expected.get("n_nodes").intValue(),
                            fixture.graph().nodes().size());
                }));
            }
        }
        return tests;
    }

    @Test
    void topTakesTheFirstOfTheSortedEdges() {
        Randomly.check(200, random -> {
            Scores scores = Samples.scores(random);
            int n = random.nextInt(251);
            boolean absolute = random.nextBoolean();
            List<Integer> sorted = new ArrayList<>(
                    Circuit.full(scores.graph()).edges().stream().boxed().toList());
            int count = Math.min(n, sorted.size());
            sorted.sort((a, b) -> {
                double scoreA = absolute ? Math.abs(scores.of(a)) : scores.of(a);
                double scoreB = absolute ? Math.abs(scores.of(b)) : scores.of(b);
                return scoreA > scoreB ? -1 : scoreA < scoreB ? 1 : Integer.compare(a, b);
            });
            BitSet expected = new BitSet();
            sorted.subList(0, count).forEach(expected::set);
            assertEquals(expected, Selection.top(scores, count, absolute).edges());
        });
    }

    @Test
    void moreEdgesKeepTheFewer() {
        Randomly.check(200, random -> {
            Scores scores = Samples.scores(random);
            int n = random.nextInt(251);
            boolean absolute = random.nextBoolean();
            int more = Math.min(n, scores.graph().edgeCount());
            int fewer = more / 2;
            assertContains(Selection.top(scores, more, absolute), Selection.top(scores, fewer, absolute), fewer);
            assertContains(Selection.greedy(scores, more, absolute), Selection.greedy(scores, fewer, absolute), fewer);
        });
    }

    private static void assertContains(Circuit larger, Circuit smaller, int size) {
        assertEquals(size, smaller.edgeCount());
        assertEquals(larger, larger.with(smaller.edges()));
    }

    @Test
    void greedyLeavesNoNodeWithoutAWayToTheLogits() {
        Randomly.check(200, random -> {
            Scores scores = Samples.scores(random);
            int n = random.nextInt(251);
            Circuit chosen = Selection.greedy(scores, Math.min(n, scores.graph().edgeCount()), false);
            assertEquals(chosen, chosen.pruned(true, false));
        });
    }

    @Test
    void thresholdKeepsWhatReachesIt() {
        Randomly.check(200, random -> {
            Scores scores = Samples.scores(random);
            boolean absolute = random.nextBoolean();
            Circuit chosen = Selection.threshold(scores, 1, absolute);
            Circuit.full(scores.graph()).edges().stream().forEach(edge -> {
                double score = absolute ? Math.abs(scores.of(edge)) : scores.of(edge);
                assertEquals(score >= 1, chosen.contains(edge));
            });
        });
    }

    @Test
    void minusZeroTiesWithZero() {
        ModelGraph graph = new ModelGraph(1, 1, false);
        double[] values = new double[graph.edgeIndexBound()];
        values[graph.edge(0, 0)] = -0.0;
        assertTrue(Selection.top(new Scores(graph, values), 1, false).contains(graph.edge(0, 0)));
        assertTrue(Selection.greedy(new Scores(graph, values), 1, false).contains(graph.edge(0, graph.slots() - 1)));
    }

    @Test
    void askingForMoreEdgesThanThereAreNamesBothNumbers() {
        ModelGraph demo = new ModelGraph(4, 4, false);
        Scores scores = new Scores(demo, new double[demo.edgeIndexBound()]);
        UserError top = assertThrows(UserError.class, () -> Selection.top(scores, 99999, true));
        UserError greedy = assertThrows(UserError.class, () -> Selection.greedy(scores, 99999, true));
        assertEquals("99999 edges are asked for, but the model has 479", greedy.getMessage());
        assertEquals(top.getMessage(), greedy.getMessage());
        assertEquals(
                ErrorCode.TOO_FEW_EDGES,
                assertThrows(UserError.class, () -> Selection.top(scores, -1, true))
                        .code());
    }
}
