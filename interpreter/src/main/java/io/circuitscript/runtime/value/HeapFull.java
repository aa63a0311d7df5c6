package io.circuitscript.runtime.value;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;

/** The error message for a full Java heap. The session goes on; only the running statement is given up. */
public final class HeapFull {
    private HeapFull() {}

    public static UserError error(OutOfMemoryError e) {
        String said = String.valueOf(e.getMessage());
        boolean machine = said.startsWith("Unable to allocate") || said.contains("native thread");
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.OUT_OF_MEMORY,
                machine ? "this process gets no more memory" : "the memory of the Java machine is used up",
                List.of("Java says: " + said),
                machine
                        ? "close other programs, or take smaller batches: set memory=500MB"
                        : "take fewer rows (limit=) or shorter lists, or give it more: CIRCUIT_JAVA_OPTIONS=-Xmx8g");
    }
}
