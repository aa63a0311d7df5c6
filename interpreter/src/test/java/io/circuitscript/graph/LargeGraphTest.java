package io.circuitscript.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shape of an eight-billion-parameter Llama, 32 layers of 32 heads, without its weights: choosing, pruning and files take seconds. */
class LargeGraphTest {
    private static final ModelGraph GRAPH = new ModelGraph(32, 32, false);
    private static final Scores SCORES = scores();

    @TempDir
    private Path folder;

    private static Scores scores() {
        var random = new Random(8);
        double[] values = new double[GRAPH.edgeIndexBound()];
        Circuit.full(GRAPH).edges().stream().forEach(edge -> values[edge] = random.nextGaussian());
        return new Scores(GRAPH, values);
    }

    /**
     * Seconds of this thread's own time, as a test machine may be busy with other work, and four times as many: the tests' JVM stops at its quick compiler.
     * What grows with the square of the edges takes hours.
     */
    private static <T> T within(int seconds, Supplier<T> work) {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        T result = work.get();
        double taken = (threads.getCurrentThreadCpuTime() - start) / 1e9;
        assertTrue(taken < 4 * seconds, "seconds: " + taken);
        return result;
    }

    @Test
    void hasAsManyEdgesAsEapIgSays() {
        assertEquals(1_592_881, GRAPH.edgeCount());
        assertEquals(1_592_881, within(2, () -> Circuit.full(GRAPH)).edgeCount());
    }

    @Test
    void selectionTakesSeconds() {
        int count = GRAPH.edgeCount() / 10;
        assertEquals(count, within(5, () -> Selection.top(SCORES, count, true)).edgeCount());
        assertEquals(
                count, within(5, () -> Selection.greedy(SCORES, count, false)).edgeCount());
        assertEquals(
                GRAPH.edgeCount(),
                within(5, () -> Selection.greedy(SCORES, GRAPH.edgeCount(), true))
                        .edgeCount());
        Circuit chosen = within(5, () -> Selection.threshold(SCORES, 2, true));
        assertTrue(chosen.edgeCount() > 50_000 && chosen.edgeCount() < 100_000, "edges: " + chosen.edgeCount());
        assertTrue(within(5, () -> chosen.pruned()).edgeCount() <= chosen.edgeCount());
        assertEquals(
                GRAPH.edgeCount(), within(5, () -> Circuit.full(GRAPH).pruned()).edgeCount());
    }

    @Test
    void filesTakeSeconds() throws Exception {
        Path file = folder.resolve("large.json");
        Circuit circuit = Selection.top(SCORES, 100_000, true);
        within(10, () -> {
            CircuitFile.save(file, circuit, Optional.of(SCORES), Optional.empty(), 4096);
            return true;
        });
        assertTrue(Files.size(file) < 150 << 20, "bytes: " + Files.size(file));
        CircuitFile.Opened opened = within(10, () -> CircuitFile.open(file));
        assertEquals(circuit.edges(), opened.circuit().edges());
        assertEquals(Optional.of(SCORES), opened.scores());
    }
}
