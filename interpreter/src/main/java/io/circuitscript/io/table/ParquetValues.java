package io.circuitscript.io.table;

import java.util.Arrays;

/** The values of a page as cells, in each of the ways in which they can be written. */
final class ParquetValues {
    private final ParquetType type;
    private final ItemBudget budget;

    ParquetValues(ParquetType type, ItemBudget budget) {
        this.type = type;
        this.budget = budget;
    }

    /**
     * @param count how many to read; the caller has found it small enough
     * @param dictionary null where the column has none
     */
    Object[] read(int encoding, ByteCursor in, int count, Object[] dictionary) {
        if (count == 0) return new Object[0];
        return switch (encoding) {
            case ParquetFormat.PLAIN -> plain(in, count);
            case ParquetFormat.PLAIN_DICTIONARY, ParquetFormat.RLE_DICTIONARY -> fromDictionary(in, count, dictionary);
            case ParquetFormat.RLE -> runs(in, count);
            case ParquetFormat.DELTA_BINARY_PACKED -> numbers(ParquetDeltas.read(in, count), count);
            case ParquetFormat.DELTA_LENGTH_BYTE_ARRAY -> withLengths(in, count);
            case ParquetFormat.DELTA_BYTE_ARRAY -> withPrefixes(in, count);
            case ParquetFormat.BYTE_STREAM_SPLIT -> plain(joined(in, count), count);
            default -> throw new Damaged("a page is written in the unknown encoding " + encoding);
        };
    }

    Object[] plain(ByteCursor in, int count) {
        Object[] values = new Object[count];
        switch (type.physical()) {
            case ParquetFormat.BOOLEAN -> {
                int start = in.skip((count + 7L) / 8);
                for (int i = 0; i < count; i++) values[i] = (in.bytes[start + i / 8] >> (i % 8) & 1) == 1;
            }
            case ParquetFormat.INT32 -> {
                for (int i = 0; i < count; i++) values[i] = type.ofInt(in.int32());
            }
            case ParquetFormat.INT64 -> {
                for (int i = 0; i < count; i++) values[i] = type.ofLong(in.int64());
            }
            case ParquetFormat.INT96 -> {
                for (int i = 0; i < count; i++) values[i] = type.ofInt96(in.int64(), in.int32());
            }
            case ParquetFormat.FLOAT -> {
                for (int i = 0; i < count; i++) values[i] = UnsettledCell.of((double) Float.intBitsToFloat(in.int32()));
            }
            case ParquetFormat.DOUBLE -> {
                for (int i = 0; i < count; i++) values[i] = UnsettledCell.of(Double.longBitsToDouble(in.int64()));
            }
            case ParquetFormat.BYTES -> {
                for (int i = 0; i < count; i++) values[i] = bytes(in, Integer.toUnsignedLong(in.int32()));
            }
            default -> {
                for (int i = 0; i < count; i++) values[i] = bytes(in, type.length());
            }
        }
        return values;
    }

    private Object bytes(ByteCursor in, long length) {
        budget.takeText(length);
        return type.ofBytes(in.bytes, in.skip(length), (int) length);
    }

    private Object[] fromDictionary(ByteCursor in, int count, Object[] dictionary) {
        if (dictionary == null) throw new Damaged("a page refers to a dictionary that is not there");
        int[] indices = ParquetLevels.read(in, in.unsignedByte(), count);
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            if (indices[i] < 0 || indices[i] >= dictionary.length)
                throw new Damaged("a page refers to a value that its dictionary does not have");
            values[i] = dictionary[indices[i]];
            if (values[i] instanceof String text) budget.takeText(text.length());
        }
        return values;
    }

    private Object[] runs(ByteCursor in, int count) {
        if (type.physical() != ParquetFormat.BOOLEAN) throw wrongEncoding();
        int[] bits = ParquetLevels.read(in.part(Integer.toUnsignedLong(in.int32())), 1, count);
        return Arrays.stream(bits).mapToObj(bit -> (Object) (bit == 1)).toArray();
    }

    private Object[] numbers(long[] numbers, int count) {
        if (numbers.length != count) throw new Damaged("a page has fewer values than it says");
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (type.physical()) {
                case ParquetFormat.INT32 -> type.ofInt((int) numbers[i]);
                case ParquetFormat.INT64 -> type.ofLong(numbers[i]);
                default -> throw wrongEncoding();
            };
        }
        return values;
    }

    private Object[] withLengths(ByteCursor in, int count) {
        if (type.physical() != ParquetFormat.BYTES) throw wrongEncoding();
        long[] lengths = lengths(in, count);
        Object[] values = new Object[count];
        for (int i = 0; i < count; i++) values[i] = bytes(in, lengths[i]);
        return values;
    }

    /** Each value begins as the one before it does. */
    private Object[] withPrefixes(ByteCursor in, int count) {
        boolean hasBytes = type.physical() == ParquetFormat.BYTES || type.physical() == ParquetFormat.FIXED;
        if (!hasBytes) throw wrongEncoding();
        long[] prefixes = lengths(in, count);
        long[] suffixes = lengths(in, count);
        Object[] values = new Object[count];
        byte[] before = new byte[0];
        for (int i = 0; i < count; i++) {
            if (prefixes[i] < 0 || prefixes[i] > before.length)
                throw new Damaged("a value begins as another does, which is shorter");
            int start = in.skip(suffixes[i]);
            budget.takeText(prefixes[i] + suffixes[i]);
            byte[] value = Arrays.copyOf(before, (int) (prefixes[i] + suffixes[i]));
            System.arraycopy(in.bytes, start, value, (int) prefixes[i], (int) suffixes[i]);
            if (type.physical() == ParquetFormat.FIXED && value.length != type.length())
                throw new Damaged("a value has another length than its column says");
            values[i] = type.ofBytes(value, 0, value.length);
            before = value;
        }
        return values;
    }

    private static long[] lengths(ByteCursor in, int count) {
        long[] lengths = ParquetDeltas.read(in, count);
        if (lengths.length != count) throw new Damaged("a page has fewer values than it says");
        return lengths;
    }

    /** Of all values the first bytes, then of all values the second ones: as plain values again. */
    private ByteCursor joined(ByteCursor in, int count) {
        int size = switch (type.physical()) {
            case ParquetFormat.INT32, ParquetFormat.FLOAT -> 4;
            case ParquetFormat.INT64, ParquetFormat.DOUBLE -> 8;
            case ParquetFormat.FIXED -> type.length();
            default -> throw wrongEncoding();
        };
        int start = in.skip((long) size * count);
        byte[] plain = new byte[size * count];
        for (int stream = 0; stream < size; stream++)
            for (int i = 0; i < count; i++) plain[i * size + stream] = in.bytes[start + stream * count + i];
        return new ByteCursor(plain, 0, plain.length);
    }

    private static Damaged wrongEncoding() {
        return new Damaged("a page is written in an encoding that is not for its type");
    }
}
