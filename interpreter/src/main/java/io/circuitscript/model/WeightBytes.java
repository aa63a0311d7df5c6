package io.circuitscript.model;

import java.nio.ByteBuffer;

/** Where the bytes of weights are read, at any place by any thread. */
interface WeightBytes {
    /** Fills a buffer. @param position the place of its first byte */
    void read(long position, ByteBuffer to);

    /** Whether the numbers in so many bytes are known to be finite without being looked at one by one. */
    default boolean knownFinite(long position, long bytes) {
        return false;
    }
}
