package io.circuitscript.model;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One named tensor of a checkpoint, as it lies in its file.
 *
 * @param shape sizes of its axes, outermost first
 * @param bytes its elements in row-major order, little-endian, mapped and read-only
 */
public record Weight(String name, Format format, long[] shape, MemorySegment bytes) {
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

    /** Some of the tensor's bytes, at most 2 GiB: a view of its own, whose position nobody else moves. */
    ByteBuffer view(long begin, long end) {
        return bytes.asSlice(begin, end - begin).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements as 32-bit floats, a copy: for looking at, not for loading a large model. */
    public float[] toFloats() {
        float[] floats = new float[Math.toIntExact(elements())];
        ByteBuffer from = view(0, bytes.byteSize());
        for (int i = 0; i < floats.length; i++) {
            floats[i] = switch (format) {
                case F64 -> (float) from.getDouble();
                case F32 -> from.getFloat();
                case F16 -> Float.float16ToFloat(from.getShort());
                case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
            };
        }
        return floats;
    }
}
