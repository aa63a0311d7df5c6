package io.circuitscript.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/**
 * One named tensor of a checkpoint, as it lies in its file or is decoded from it: elements in row-major order, little-endian.
 *
 * @param shape sizes of its axes, outermost first
 * @param file where it is, from the byte {@code begin} on
 */
public record Weight(String name, Format format, long[] shape, WeightBytes file, long begin) {
    /** What one thread reads at once: little enough that all threads share a layer's smallest matrix. */
    private static final int CHUNK = 1 << 19;

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

    public long bytes() {
        return elements() * format.size();
    }

    /** Its bytes, in memory that the arena owns: what becomes of the file later does not change them. */
    public MemorySegment read(Arena arena) {
        long size = bytes();
        MemorySegment all = RawMemory.allocate(size, arena);
        LongStream.rangeClosed(0, (size - 1) / CHUNK).parallel().forEach(chunk -> {
            long from = chunk * CHUNK;
            file.read(
                    begin + from,
                    all.asSlice(from, Math.min(CHUNK, size - from)).asByteBuffer());
        });
        return all;
    }

    /** Reads some of its bytes: as many as the buffer has room for. */
    void read(long from, ByteBuffer to) {
        file.read(begin + from, to);
    }

    /** Whether so many of its bytes are known to hold finite numbers only; they may be if not. */
    boolean knownFinite(long from, long bytes) {
        return file.knownFinite(begin + from, bytes);
    }

    /** The elements as 32-bit floats, a copy: for looking at, not for loading a large model. */
    public float[] toFloats() {
        float[] floats = new float[Math.toIntExact(elements())];
        ByteBuffer from = ByteBuffer.allocate(Math.toIntExact(bytes())).order(ByteOrder.LITTLE_ENDIAN);
        read(0, from);
        from.flip();
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
