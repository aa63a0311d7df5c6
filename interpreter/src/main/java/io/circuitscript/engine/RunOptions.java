package io.circuitscript.engine;

import java.util.function.Consumer;

/**
 * How a run goes; nothing here changes a result beyond rounding.
 *
 * @param batch examples at once; 0: as many as the memory budget holds
 * @param memory bytes that a batch may take; 0: an eighth of the device's memory, at least 1 GB
 * @param notes is told what the user should know of a run and is no result
 */
public record RunOptions(Progress progress, CancelToken cancel, int batch, long memory, Consumer<String> notes) {
    public RunOptions(Progress progress, CancelToken cancel, int batch, long memory) {
        this(progress, cancel, batch, memory, note -> {});
    }

    public static RunOptions quiet() {
        return new RunOptions(Progress.NONE, new CancelToken(), 0, 0);
    }
}
