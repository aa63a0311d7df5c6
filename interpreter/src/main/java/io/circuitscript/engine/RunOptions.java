package io.circuitscript.engine;

/**
 * How a run goes; nothing here changes a result beyond rounding.
 *
 * @param batch examples at once; 0: as many as the memory budget holds
 * @param memory bytes that a batch may take; 0: an eighth of the device's memory, at least 1 GB
 */
public record RunOptions(Progress progress, CancelToken cancel, int batch, long memory) {
    public static RunOptions quiet() {
        return new RunOptions(Progress.NONE, new CancelToken(), 0, 0);
    }
}
