package io.circuitscript.model;

import java.nio.ByteBuffer;

/**
 * One named tensor of a checkpoint, as it lies in its file.
 *
 * @param shape sizes of its axes, outermost first
 * @param bytes its elements in row-major order, little-endian, mapped and read-only; at most 2 GiB
 */
public record Weight(String name, Format format, long[] shape, ByteBuffer bytes) {
    public enum Format {
        F64(8),
        F32(4),
        F16(2),
        BF16(2);

        private final int size;

        Format(int size) {
            this.size = size;
        }

        /** Bytes of an element. */
        public int size() {
            return size;
        }
    }

    public long elements() {
        long count = 1;
        for (long size : shape) count *= size;
        return count;
    }
}
