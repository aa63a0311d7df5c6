package io.circuitscript.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The most memory that this process had resident, as Linux keeps count of it: native tensors, mapped weights that were touched, the Java heap.
 * Where the count cannot be set back, it is that since the process began; elsewhere than on Linux there is none.
 */
final class PeakMemory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");

    /** Sets the peak back to what is resident now (proc(5)). */
    private static final String PEAK = "5";

    private PeakMemory() {}

    /** Begins a new count. @return whether that could be done */
    static boolean reset() {
        try {
            Files.writeString(RESET, PEAK);
            return true;
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    /** Bytes resident now. */
    static OptionalLong now() {
        return field("VmRSS:");
    }

    /** The most since the count began. */
    static OptionalLong peak() {
        return field("VmHWM:");
    }

    private static OptionalLong field(String name) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(name))
                    return OptionalLong.of(1024
                            * Long.parseLong(line.substring(name.length())
                                    .replace("kB", "")
                                    .strip()));
            }
        } catch (IOException | SecurityException | NumberFormatException e) {
            // No Linux, or one that does not tell.
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
