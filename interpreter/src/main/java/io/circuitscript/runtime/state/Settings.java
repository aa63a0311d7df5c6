package io.circuitscript.runtime.state;

import java.util.Optional;

/**
 * The values that {@code set} and {@code seed} chose.
 *
 * @param device, dtype what {@code load} takes where it does not say
 * @param memory bytes that a batch may take; 0: what the machine's size gives
 * @param threads 0: what the machine has
 * @param batch examples at once; 0: what the memory gives
 * @param models folders that hold models, by the system's path separator
 */
public record Settings(
        String device, String dtype, long memory, int threads, int batch, Optional<String> models, long seed) {
    public static final Settings DEFAULT = new Settings("auto", "float32", 0, 0, 0, Optional.empty(), 0);

    public Settings withDevice(String value) {
        return new Settings(value, dtype, memory, threads, batch, models, seed);
    }

    public Settings withDtype(String value) {
        return new Settings(device, value, memory, threads, batch, models, seed);
    }

    public Settings withMemory(long value) {
        return new Settings(device, dtype, value, threads, batch, models, seed);
    }

    public Settings withThreads(int value) {
        return new Settings(device, dtype, memory, value, batch, models, seed);
    }

    public Settings withBatch(int value) {
        return new Settings(device, dtype, memory, threads, value, models, seed);
    }

    public Settings withModels(String value) {
        return new Settings(device, dtype, memory, threads, batch, Optional.of(value), seed);
    }

    public Settings withSeed(long value) {
        return new Settings(device, dtype, memory, threads, batch, models, value);
    }
}
