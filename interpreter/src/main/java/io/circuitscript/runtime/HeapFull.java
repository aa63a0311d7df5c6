package io.circuitscript.runtime;

import io.circuitscript.source.UserError;
import java.util.List;

/** What a user is told where the Java machine has no memory left: the session is sound, and what ran is given up. */
public final class HeapFull {
    private HeapFull() {}

    public static UserError error(OutOfMemoryError e) {
        return new UserError(
                UserError.Kind.FAILURE,
                "out-of-memory",
                "the memory of the Java machine is used up",
                e.getMessage() == null ? List.of() : List.of("Java says: " + e.getMessage()),
                "take fewer rows (limit=) or shorter lists, or give it more: CIRCUIT_JAVA_OPTIONS=-Xmx8g");
    }
}
