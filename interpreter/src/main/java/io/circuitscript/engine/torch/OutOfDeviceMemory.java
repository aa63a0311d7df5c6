package io.circuitscript.engine.torch;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.Locale;

/** The device has no memory left for a batch. The process is sound: the batch can be halved and tried again. */
public final class OutOfDeviceMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** As PyTorch, the C++ library, CUDA and its libraries say it, in lower case. */
    private static final List<String> PHRASES = List.of(
            "out of memory",
            "can't allocate memory",
            "cannot allocate memory",
            "not enough memory",
            "bad_alloc",
            "_alloc_failed",
            "memoryallocation");

    /** @param message of the library's, with its trace */
    OutOfDeviceMemory(String message) {
        super(cause(message));
    }

    /** Whether a message of the library's says so. */
    static boolean isMeant(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return PHRASES.stream().anyMatch(lower::contains);
    }

    /** The line that says it, without the trace before or after it. */
    private static String cause(String message) {
        return message.lines()
                .filter(OutOfDeviceMemory::isMeant)
                .findFirst()
                .orElse(message)
                .strip();
    }

    /** The same as a failure of what was to be done, which there is no smaller piece of. */
    public UserError failure() {
        return new UserError(
                UserError.Kind.FAILURE,
                ErrorCode.OUT_OF_MEMORY,
                "the device does not have enough memory for this",
                List.of(getMessage()),
                "use a smaller model, shorter texts, or a device with more memory");
    }
}
