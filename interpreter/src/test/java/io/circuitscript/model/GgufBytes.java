package io.circuitscript.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes a GGUF file that may say anything about itself. */
final class GgufBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Magic, version 3, and the two counts. */
    static GgufBytes header(long tensors, long keys) {
        return new GgufBytes().raw("GGUF").int32(3).int64(tensors).int64(keys);
    }

    GgufBytes raw(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    GgufBytes int8(int value) {
        out.write(value);
        return this;
    }

    GgufBytes int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    GgufBytes int64(long value) {
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
        return this;
    }

    GgufBytes text(String value) {
        return int64(value.getBytes(StandardCharsets.UTF_8).length).raw(value);
    }

    GgufBytes text(String key, String value) {
        return text(key).int32(8).text(value);
    }

    GgufBytes whole(String key, int value) {
        return text(key).int32(4).int32(value);
    }

    /** A key of metadata: a text, a whole number, or a list of bytes of texts, of whole numbers or of 32-bit floats. */
    GgufBytes value(String key, Object value) {
        switch (value) {
            case String text -> text(key, text);
            case Integer number -> whole(key, number);
            case byte[][] texts -> {
                text(key).int32(9).int32(8).int64(texts.length);
                for (byte[] text : texts) int64(text.length).out.writeBytes(text);
            }
            case int[] numbers -> {
                text(key).int32(9).int32(5).int64(numbers.length);
                for (int number : numbers) int32(number);
            }
            case float[] numbers -> {
                text(key).int32(9).int32(6).int64(numbers.length);
                for (float number : numbers) int32(Float.floatToRawIntBits(number));
            }
            default -> throw new IllegalArgumentException(key);
        }
        return this;
    }

    /** A tensor of one axis. */
    GgufBytes tensor(String name, long size, int type, long begin) {
        return text(name).int32(1).int64(size).int32(type).int64(begin);
    }

    /** Zeros up to the next multiple of 32, and then some. */
    GgufBytes data(int bytes) {
        while (out.size() % 32 != 0) out.write(0);
        out.writeBytes(new byte[bytes]);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
