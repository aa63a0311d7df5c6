package io.circuitscript.engine;

/** The device has no memory left for a batch. The process is sound: the batch can be halved and tried again. */
public final class OutOfDeviceMemory extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfDeviceMemory(String message) {
        super(message);
    }
}
