package io.circuitscript.io.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A place in a range of bytes, which it does not leave. Numbers are little-endian, as everywhere in Parquet. */
final class ByteCursor {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    final byte[] bytes;
    private final int end;
    private int position;

    ByteCursor(byte[] bytes, int position, int end) {
        if (position < 0 || position > end || end > bytes.length) throw new Damaged("a part lies outside the file");
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    int position() {
        return position;
    }

    int left() {
        return end - position;
    }

    /** Goes over that many bytes, and says where they begin. */
    int skip(long length) {
        if (length < 0 || length > left()) throw new Damaged("a part is longer than what holds it");
        int start = position;
        position += (int) length;
        return start;
    }

    /** The next bytes as a range of their own. */
    ByteCursor part(long length) {
        int start = skip(length);
        return new ByteCursor(bytes, start, position);
    }

    int unsignedByte() {
        return bytes[skip(1)] & 0xFF;
    }

    int int32() {
        return (int) INT.get(bytes, skip(4));
    }

    long int64() {
        return (long) LONG.get(bytes, skip(8));
    }

    /** Seven bits a byte, the lowest first. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = unsignedByte();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new Damaged("a number has too many bytes");
    }

    long zigzag() {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** A length or a count, which memory may be taken for. */
    int count() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE) throw new Damaged("a count is too large");
        return (int) value;
    }
}
