package io.circuitscript.analysis;

import io.circuitscript.engine.ActivationPatches;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;

/** Activation patching that can be gone on with, layer by layer. */
public final class Patching {
    private Patching() {}

    /** As {@link ActivationPatches#of}. */
    public static ActivationPatches.Grid of(
            Transformer model,
            int[] clean,
            int[] corrupted,
            ActivationPatches.Over over,
            int first,
            int second,
            RunOptions options) {
        int columns = over == ActivationPatches.Over.HEAD ? model.config().heads() : clean.length;
        StepCheckpoint checkpoint = new StepCheckpoint(
                options.checkpoints()
                        .begin(() -> new Identity()
                                .add("patch")
                                .add(over.name())
                                .add(clean)
                                .add(corrupted)
                                .add(first)
                                .add(second)
                                .add(model, options)
                                .bytes()),
                model.config().layers(),
                columns);
        ActivationPatches.Grid grid =
                ActivationPatches.of(model, clean, corrupted, over, first, second, checkpoint, options);
        checkpoint.end();
        return grid;
    }
}
