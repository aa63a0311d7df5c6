package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.RandomGpt2;
import io.circuitscript.task.SyntheticTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many examples of a wide model run at once on a CPU: an activation has at most 2^19 numbers, 682 positions of 768, however much memory there is. */
class BatchSizeTest {
    private static final long PLENTY = 64L << 30;

    @TempDir
    private Path folder;

    /** The examples of each batch. */
    private static List<Long> batches(Transformer model, int examples, int tokens, int batch) {
        List<Long> batches = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void begin(String what, long total, String unit) {}

            @Override
            public void advance(long by) {
                batches.add(by);
            }

            @Override
            public void end() {}
        };
        SyntheticTask task = SyntheticTask.of(examples, RandomGpt2.VOCABULARY, tokens, SyntheticTask.Difference.EARLY);
        try (BatchStore store = new BatchStore()) {
            Analyses analyses = new Analyses(model, task.pairs(), task.metric(), store);
            analyses.baseline(new RunOptions(progress, new CancelToken(), batch, PLENTY));
        }
        return batches;
    }

    @Test
    void followsFromTheLengthOfTheTexts() {
        RandomGpt2.write(folder.resolve("wide"), new RandomGpt2.Shape(1, 12, 768, 700));
        Checkpoint checkpoint = Checkpoint.open("wide", folder.resolve("wide"));
        try (Transformer model = Transformer.load(checkpoint, "cpu", Precision.FLOAT32, RunOptions.quiet())) {
            assertEquals(List.of(4L, 4L, 1L), batches(model, 9, 167, 0));
            assertEquals(List.of(2L, 2L), batches(model, 4, 341, 0));
            assertEquals(List.of(1L, 1L), batches(model, 2, 342, 0));
            assertEquals(List.of(1L, 1L), batches(model, 2, 700, 0), "never none");
            assertEquals(List.of(9L), batches(model, 9, 167, 9), "as the script says");
        }
    }
}
