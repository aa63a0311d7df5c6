package io.circuitscript.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Looks for a NaN or an infinity among weights. Bits are compared, not numbers: a value is not finite exactly where its exponent is all
 * ones, that is, where the bits without the sign are at least those of infinity.
 */
final class FiniteScan {
    /** Bytes that one task takes: many tasks even for one large tensor. */
    private static final int CHUNK = 1 << 20;
    /** Bytes copied at once to an array that stays in the fastest cache, where the loop over it is vectorized. */
    private static final int BLOCK = 1 << 14;

    private FiniteScan() {}

    /** The first element that is not finite: {@code NaN} or {@code an infinity}. */
    record Found(Weight weight, long element, String value) {}

    private record Chunk(int tensor, Weight weight, long begin, long end) {
        /** @return the buffer, or the part of it that the chunk fills */
        private ByteBuffer read(ByteBuffer buffer) {
            ByteBuffer bytes = buffer.clear().slice(0, (int) (end - begin)).order(ByteOrder.LITTLE_ENDIAN);
            weight.read(begin, bytes);
            return bytes.flip();
        }
    }

    /** One a thread: pages that were used before are read into faster than new ones. */
    private static final ThreadLocal<ByteBuffer> BUFFERS =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK));

    /** Whether two tensors are bit by bit the same. */
    static boolean same(Weight a, Weight b) {
        if (a.format() != b.format() || a.bytes() != b.bytes()) return false;
        long size = a.bytes();
        return LongStream.rangeClosed(0, (size - 1) / CHUNK).parallel().allMatch(number -> {
            long begin = number * CHUNK;
            long end = Math.min(size, begin + CHUNK);
            ByteBuffer ours = new Chunk(0, a, begin, end).read(BUFFERS.get());
            ByteBuffer others = new Chunk(0, b, begin, end).read(ByteBuffer.allocate((int) (end - begin)));
            return ours.mismatch(others) < 0;
        });
    }

    static Optional<Found> firstBad(List<Weight> weights) {
        List<Chunk> chunks = new ArrayList<>();
        for (int tensor = 0; tensor < weights.size(); tensor++) {
            Weight weight = weights.get(tensor);
            long size = weight.bytes();
            for (long begin = 0; begin < size; begin += CHUNK) {
                chunks.add(new Chunk(tensor, weight, begin, Math.min(size, begin + CHUNK)));
            }
        }
        return chunks.parallelStream()
                .filter(FiniteScan::bad)
                .min(Comparator.comparingInt(Chunk::tensor).thenComparingLong(Chunk::begin))
                .map(FiniteScan::locate);
    }

    private static boolean bad(Chunk chunk) {
        if (chunk.weight().knownFinite(chunk.begin(), chunk.end() - chunk.begin())) return false;
        ByteBuffer bytes = chunk.read(BUFFERS.get());
        return switch (chunk.weight().format()) {
            case F64 -> badLongs(bytes);
            case F32 -> badInts(bytes);
            case F16 -> badShorts(bytes, 0x7C00);
            case BF16 -> badShorts(bytes, 0x7F80);
        };
    }

    private static boolean badInts(ByteBuffer bytes) {
        var from = bytes.asIntBuffer();
        int[] block = new int[BLOCK / 4];
        while (from.hasRemaining()) {
            int count = Math.min(block.length, from.remaining());
            from.get(block, 0, count);
            int max = 0;
            for (int i = 0; i < count; i++) max = Math.max(max, block[i] & 0x7FFFFFFF);
            if (max >= 0x7F800000) return true;
        }
        return false;
    }

    /** Two elements in an int at a time. */
    private static boolean badShorts(ByteBuffer bytes, int infinity) {
        var from = bytes.asIntBuffer();
        int[] block = new int[BLOCK / 4];
        while (from.hasRemaining()) {
            int count = Math.min(block.length, from.remaining());
            from.get(block, 0, count);
            int max = 0;
            for (int i = 0; i < count; i++) max = Math.max(max, Math.max(block[i] & 0x7FFF, block[i] >>> 16 & 0x7FFF));
            if (max >= infinity) return true;
        }
        boolean odd = bytes.limit() % 4 != 0;
        return odd && (bytes.getShort(bytes.limit() - 2) & 0x7FFF) >= infinity;
    }

    private static boolean badLongs(ByteBuffer bytes) {
        var from = bytes.asLongBuffer();
        long[] block = new long[BLOCK / 8];
        while (from.hasRemaining()) {
            int count = Math.min(block.length, from.remaining());
            from.get(block, 0, count);
            long max = 0;
            for (int i = 0; i < count; i++) max = Math.max(max, block[i] & Long.MAX_VALUE);
            if (max >= 0x7FF0000000000000L) return true;
        }
        return false;
    }

    private static Found locate(Chunk chunk) {
        ByteBuffer bytes = chunk.read(BUFFERS.get());
        Weight.Format format = chunk.weight().format();
        for (int at = 0; at < bytes.limit(); at += format.size()) {
            double value = switch (format) {
                case F64 -> bytes.getDouble(at);
                case F32 -> bytes.getFloat(at);
                case F16 -> Float.float16ToFloat(bytes.getShort(at));
                case BF16 -> Float.intBitsToFloat(bytes.getShort(at) << 16);
            };
            if (!Double.isFinite(value)) {
                return new Found(
                        chunk.weight(),
                        (chunk.begin() + at) / format.size(),
                        Double.isNaN(value) ? "NaN" : "an infinity");
            }
        }
        throw new IllegalStateException("nothing to locate");
    }
}
