package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.circuitscript.JavaCommand;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.RandomGpt2;
import io.circuitscript.task.SyntheticTask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two texts of 2,048 tokens stay within a memory budget that is a fraction of what they take at once; each analysis in a process of its own. */
class LongTextMemoryTest {
    private static final RandomGpt2.Shape SHAPE = new RandomGpt2.Shape(6, 8, 256, 2048);
    private static final long MB = 1 << 20;

    /** At once, attribution takes 600 MB and the circuit 350. */
    private static final long BUDGET = 256 * MB;

    @TempDir
    private Path folder;

    private interface Work {
        void run(Analyses analyses, RunOptions options);
    }

    private static final Map<String, Work> WORKS = Map.of(
            "attribution",
            (analyses, options) -> analyses.attribute(Analyses.Method.eapIg(2), Ablation.PATCHING, options),
            "circuit",
            (analyses, options) -> analyses.evaluate(nearlyAll(analyses.graph()), Ablation.PATCHING, options));

    private static Circuit nearlyAll(ModelGraph graph) {
        BitSet edges = new BitSet();
        Random random = new Random(5);
        for (int edge = 0; edge < graph.edgeIndexBound(); edge++)
            if (graph.exists(edge) && random.nextInt(100) > 0) edges.set(edge);
        return new Circuit(graph, edges);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attribution", "circuit"})
    void staysWithinTheBudget(String work) throws Exception {
        Path model = folder.resolve("long");
        RandomGpt2.write(model, SHAPE);
        ProcessBuilder builder = new ProcessBuilder(JavaCommand.of(
                        List.of(), LongTextMemoryTest.class.getName(), model.toString(), work, Long.toString(BUDGET)))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("OMP_NUM_THREADS", "1"); // beside other tests, two threads wait for each other
        Process process = builder.start();
        String peak = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor());
        assumeFalse(peak.isEmpty(), "this system counts no peak of memory");
        assertTrue(Long.parseLong(peak) < BUDGET, work + ": " + Long.parseLong(peak) / MB + " MB");
    }

    /** Prints the peak of memory, in bytes above what the model and a short text have taken. */
    public static void main(String... args) {
        Checkpoint checkpoint = Checkpoint.open("long", Path.of(args[0]));
        Work work = WORKS.get(args[1]);
        RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), 0, Long.parseLong(args[2]));
        try (Transformer model = Transformer.load(checkpoint, "cpu", Precision.FLOAT32, RunOptions.quiet())) {
            run(model, 16, work, options);
            if (!PeakMemory.reset()) return;
            long before = PeakMemory.now().orElseThrow();
            run(model, SHAPE.positions(), work, options);
            System.out.println(PeakMemory.peak().orElseThrow() - before);
        }
    }

    private static void run(Transformer model, int tokens, Work work, RunOptions options) {
        SyntheticTask task = SyntheticTask.of(2, RandomGpt2.VOCABULARY, tokens, SyntheticTask.Difference.EARLY);
        try (BatchStore store = new BatchStore()) {
            work.run(new Analyses(model, task.pairs(), task.metric(), store), options);
        }
    }
}
