package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Shortage;
import io.circuitscript.engine.torch.OutOfDeviceMemory;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.graph.Circuit;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the device has no memory left, a batch is halved: what comes of it is what the smaller batch gives, and nothing stays behind. */
class OutOfMemoryTest {
    /** Of the largest score, in float64: products of other numbers of rows round otherwise on some processors. In float32 that is a hundred roundings. */
    private static final double CLOSE = 1e-12;

    /** Of each analysis so many moments are tried, from its first operation to its last. */
    private static final int MOMENTS = 12;

    private final Fixture fixture = new Fixture("gpt2", Precision.FLOAT64);
    private final Analyses analyses = fixture.analyses("ioi");
    private final List<String> notes = new ArrayList<>();
    private final RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), 0, 0, notes::add);
    private final Map<String, Function<RunOptions, double[]>> works = works();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Map<String, Function<RunOptions, double[]>> works() {
        Circuit half = Circuit.empty(fixture.model.graph());
        Map<String, Function<RunOptions, double[]>> works = new LinkedHashMap<>();
        works.put("baseline", it -> analyses.baseline(it).corrupted());
        works.put("evaluate", it -> analyses.evaluate(half, Ablation.ZERO, it));
        works.put(
                "eap-ig",
                it -> analyses.attribute(Analyses.Method.eapIg(2), Ablation.PATCHING, it)
                        .toArray());
        works.put(
                "nodes",
                it -> analyses.attributeNodes(Analyses.Method.eap(), Ablation.PATCHING, it)
                        .nodes());
        works.put("flow", it -> analyses.informationFlow(it).toArray());
        works.put("exact", it -> analyses.exact(Ablation.PATCHING, it).toArray());
        works.put("mean", it -> analyses.evaluate(half, Analyses.mean(fixture.model, analyses.pairs(), false, it), it));
        return works;
    }

    @Test
    void aHalvedBatchGivesTheSame() {
        for (var work : works.entrySet()) {
            fixture.batches.close();
            double[] expected = work.getValue().apply(RunOptions.quiet());
            double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            fixture.batches.close();
            int operations =
                    Shortage.operations(fixture.model, () -> work.getValue().apply(RunOptions.quiet()));
            for (int moment : IntStream.range(0, MOMENTS)
                    .map(i -> i * (operations - 1) / (MOMENTS - 1))
                    .toArray()) {
                fixture.batches.close();
                notes.clear();
                // Twice: a half may be too large as well.
                Shortage.of(fixture.model, at -> at == moment || at == moment + 1);
                assertArrayEquals(
                        expected,
                        work.getValue().apply(options),
                        CLOSE * largest,
                        work.getKey() + ", operation " + moment);
                assertTrue(
                        !notes.isEmpty()
                                && notes.getFirst()
                                        .contains("out of memory with "
                                                + analyses.pairs().size() + " examples"),
                        notes.toString());
                fixture.batches.close();
                assertEquals(0, fixture.model.liveTensors(), work.getKey());
            }
        }
    }

    @Test
    void aSingleExampleThatIsTooLargeIsAMessageAndNothingStays() {
        for (var work : works.entrySet()) {
            Shortage.end(fixture.model);
            // What a model keeps for all runs is made in the first.
            work.getValue().apply(RunOptions.quiet());
            fixture.batches.close();
            int operations =
                    Shortage.operations(fixture.model, () -> work.getValue().apply(RunOptions.quiet()));
            for (int from : new int[] {0, operations / 3, operations - 1}) {
                fixture.batches.close();
                Shortage.of(fixture.model, at -> at >= from);
                UserError error =
                        assertThrows(UserError.class, () -> work.getValue().apply(options), work.getKey());
                assertEquals(ErrorCode.OUT_OF_MEMORY, error.code());
                assertEquals(
                        List.of(
                                "RuntimeError: [enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to "
                                        + "allocate 400000000000 bytes. Error code 12 (Cannot allocate memory)"),
                        error.notes());
                fixture.batches.close();
                assertEquals(0, fixture.model.liveTensors(), work.getKey());
            }
        }
        Shortage.end(fixture.model);
        assertEquals(
                works.get("baseline").apply(options).length, analyses.pairs().size());
    }

    @Test
    void workThatHasNoBatchFails() {
        Shortage.of(fixture.model, at -> at == 5);
        assertThrows(OutOfDeviceMemory.class, () -> Analyses.predict(fixture.model, new int[] {1, 2, 3}, 5, options));
        assertEquals(0, fixture.model.liveTensors());
    }
}
