package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import java.util.List;

/**
 * What a metric sees of a batch: the logits of the run that it measures, and those of the two plain runs for a metric that compares with
 * them.
 *
 * @param batch whose points the rows are, once or several times over
 * @param logits of the run in question, at each point that is read. {@code [variant * point, dVocab]}
 */
public record RunLogits(Batch batch, Tensor logits, CancelToken cancel) {
    /** The logits after the last of some tokens, on the host. */
    public static double[] afterLast(Transformer model, int[] tokens, CancelToken cancel) {
        try (Batch batch = Batch.of(model, List.of(tokens), List.of(tokens), 0);
                Scope scope = model.torch().scope()) {
            return model.torch().toHost(batch.takeCleanLogits(scope, cancel));
        }
    }

    /** The clean run, computed where it is first asked for. {@code [point, dVocab]} */
    public Tensor clean() {
        return batch.keptCleanLogits(cancel);
    }

    /** The corrupted run, alike. {@code [point, dVocab]} */
    public Tensor corrupted() {
        return batch.keptCorruptedLogits(cancel);
    }
}
