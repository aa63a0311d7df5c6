package io.circuitscript.io.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Writes structs in Thrift's compact protocol. Fields are written in the order of their numbers. */
final class ThriftWriter {
    private static final int TRUE = 1, FALSE = 2, BYTE = 3, I32 = 5, I64 = 6, BINARY = 8, LIST = 9, STRUCT = 12;

    private final ByteArrayOutputStream out;
    private int last;

    ThriftWriter(ByteArrayOutputStream out) {
        this.out = out;
    }

    /** Writes a struct with these fields. */
    static void struct(ByteArrayOutputStream out, Consumer<ThriftWriter> fields) {
        fields.accept(new ThriftWriter(out));
        out.write(0);
    }

    static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        for (; left > 0x7F || left < 0; left >>>= 7) out.write((int) (left & 0x7F | 0x80));
        out.write((int) left);
    }

    private void head(int field, int type) {
        // All numbers here are near one another.
        out.write((field - last) << 4 | type);
        last = field;
    }

    private void zigzag(long value) {
        varint(out, value << 1 ^ value >> 63);
    }

    ThriftWriter int32(int field, int value) {
        head(field, I32);
        zigzag(value);
        return this;
    }

    ThriftWriter int64(int field, long value) {
        head(field, I64);
        zigzag(value);
        return this;
    }

    ThriftWriter int8(int field, int value) {
        head(field, BYTE);
        out.write(value);
        return this;
    }

    ThriftWriter truth(int field, boolean value) {
        head(field, value ? TRUE : FALSE);
        return this;
    }

    ThriftWriter text(int field, String value) {
        head(field, BINARY);
        text(value);
        return this;
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    ThriftWriter struct(int field, Consumer<ThriftWriter> fields) {
        head(field, STRUCT);
        struct(out, fields);
        return this;
    }

    <T> ThriftWriter structs(int field, List<T> items, java.util.function.BiConsumer<ThriftWriter, T> fields) {
        listHead(field, items.size(), STRUCT);
        for (T item : items) struct(out, writer -> fields.accept(writer, item));
        return this;
    }

    ThriftWriter texts(int field, List<String> items) {
        listHead(field, items.size(), BINARY);
        items.forEach(this::text);
        return this;
    }

    ThriftWriter int32s(int field, List<Integer> items) {
        listHead(field, items.size(), I32);
        items.forEach(this::zigzag);
        return this;
    }

    private void listHead(int field, int size, int type) {
        head(field, LIST);
        if (size < 15) {
            out.write(size << 4 | type);
        } else {
            out.write(0xF0 | type);
            varint(out, size);
        }
    }
}
