package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.pytorch.jni.TorchBridge;
import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Neither threads nor memory change a score beyond rounding. */
class RunSettingsTest {
    /** Of the largest score, in float64: products of other numbers of rows round otherwise on some processors. In float32 that is a hundred roundings. */
    private static final double CLOSE = 1e-12;

    private static final long MB = 1 << 20;

    /** The last holds a few examples only, so that batches do differ. */
    private static final long[] BUDGETS = {4096 * MB, 256 * MB, 2 * MB};

    @ParameterizedTest
    @ValueSource(strings = {"demo", "gpt2"})
    void threadsAndMemoryChangeNothing(String name) {
        try (Fixture fixture =
                name.equals("demo") ? Fixture.demo(Precision.FLOAT64) : new Fixture(name, Precision.FLOAT64)) {
            Analyses analyses = name.equals("demo")
                    ? fixture.analyses("ioi", Path.of("..", "examples", "ioi.csv"))
                    : fixture.analyses("ioi");
            int before = TorchBridge.threads();
            try {
                double[] first = scores(analyses, 1, BUDGETS[0]);
                double largest = Arrays.stream(first).map(Math::abs).max().orElseThrow();
                for (int threads : new int[] {1, 2}) {
                    for (long memory : BUDGETS) {
                        fixture.batches.close();
                        double[] other = scores(analyses, threads, memory);
                        double worst = 0;
                        for (int i = 0; i < first.length; i++) worst = Math.max(worst, Math.abs(first[i] - other[i]));
                        assertTrue(
                                worst < CLOSE * largest,
                                threads + " threads, " + memory + " bytes: " + worst / largest + " of the largest off");
                    }
                }
            } finally {
                Transformer.threads(before);
            }
        }
    }

    private static double[] scores(Analyses analyses, int threads, long memory) {
        Transformer.threads(threads);
        RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), 0, memory);
        return analyses.attribute(Analyses.Method.eapIg(2), Ablation.PATCHING, options)
                .toArray();
    }
}
