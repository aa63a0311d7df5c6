package io.circuitscript.engine;

import io.circuitscript.model.natives.UnpackingWatch;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a run goes; nothing here changes a result beyond rounding.
 *
 * @param batch examples at once; 0: as many as the memory budget holds
 * @param notes takes what a user should know of how it went, as that a batch was halved
 * @param memory bytes that a batch may take; 0: an eighth of the device's memory, at least 1 GB
 * @param checkpoints keep what folds have so far
 * @param share how many runs share the device: the default memory is divided by it
 * @param workers other processes that folds run on; none: this one
 */
public record RunOptions(
        Progress progress,
        CancelToken cancel,
        int batch,
        long memory,
        Consumer<String> notes,
        CheckpointStore checkpoints,
        int share,
        Optional<Workers> workers) {
    public RunOptions(
            Progress progress,
            CancelToken cancel,
            int batch,
            long memory,
            Consumer<String> notes,
            CheckpointStore checkpoints,
            int share) {
        this(progress, cancel, batch, memory, notes, checkpoints, share, Optional.empty());
    }

    public RunOptions(
            Progress progress,
            CancelToken cancel,
            int batch,
            long memory,
            Consumer<String> notes,
            CheckpointStore checkpoints) {
        this(progress, cancel, batch, memory, notes, checkpoints, 1);
    }

    public RunOptions(Progress progress, CancelToken cancel, int batch, long memory, Consumer<String> notes) {
        this(progress, cancel, batch, memory, notes, CheckpointStore.NONE);
    }

    public RunOptions(Progress progress, CancelToken cancel, int batch, long memory) {
        this(progress, cancel, batch, memory, note -> {});
    }

    /** For a part of work that shows and saves how far it is itself. */
    public RunOptions within() {
        return new RunOptions(Progress.NONE, cancel, batch, memory, notes, CheckpointStore.NONE, share, workers);
    }

    /** The same where a batch may take so many bytes. */
    public RunOptions withMemory(long bytes) {
        return new RunOptions(progress, cancel, batch, bytes, notes, checkpoints, share, workers);
    }

    /** For native libraries that have to be unpacked first. */
    public UnpackingWatch unpacking() {
        return new UnpackingWatch(cancel::check, notes);
    }

    public static RunOptions quiet() {
        return new RunOptions(Progress.NONE, new CancelToken(), 0, 0);
    }
}
