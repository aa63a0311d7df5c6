package io.circuitscript.model.gguf;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the header of a GGUF file from its beginning on. Nothing is allocated for what the file has no bytes for. */
final class GgufReader {
    /** Several times what the largest tokenizers take. */
    private static final long LONGEST_HEADER = 1 << 28;
    /** All elements of all lists, and several times the largest vocabulary with its merges: a list may take more memory than its bytes. */
    private static final long MOST_ELEMENTS = 1 << 23;

    private static final int DEEPEST = 4;
    private static final int BUFFER = 1 << 16;

    private final GgufFile.Bytes file;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    /** Of the buffer's end in the file. */
    private long end;

    private long elements;

    GgufReader(GgufFile.Bytes file) {
        this.file = file;
    }

    /** How many bytes were read. */
    long position() {
        return end - buffer.remaining();
    }

    private long rest() {
        return file.size() - position();
    }

    private ByteBuffer need(int bytes) {
        if (buffer.remaining() >= bytes) return buffer;
        if (bytes > rest()) throw truncated("its header is longer");
        if (position() + bytes > LONGEST_HEADER)
            throw malformed("its header is longer than any (" + LONGEST_HEADER + " bytes)");
        buffer.compact();
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + file.size() - end));
        int more = buffer.remaining();
        file.read(end, buffer);
        end += more;
        return buffer.flip();
    }

    int int32() {
        return need(4).getInt();
    }

    long int64() {
        return need(8).getLong();
    }

    /** How many of something follow. @param least bytes that each takes */
    int count(String what, long most, int least) {
        long count = int64();
        if (count < 0 || count > most) {
            throw malformed(
                    "it says that it has " + Long.toUnsignedString(count) + " " + what + " (" + most + " at most)");
        }
        if (count > rest() / least) throw truncated("it says that it has " + count + " " + what);
        return (int) count;
    }

    /** A text that must be one. */
    String name(String what, int longest) {
        byte[] bytes = bytes(what);
        if (bytes.length == 0 || bytes.length > longest) throw malformed(what + " has " + bytes.length + " bytes");
        String name = strict(bytes, what + " is not UTF-8");
        if (name.chars().noneMatch(Character::isISOControl)) return name;
        throw malformed(what + " has a control character");
    }

    /** A text of a list: tokens differ in their bytes, while a description may be in whatever encoding. */
    private String token(String key) {
        byte[] bytes = bytes(key);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : strict(bytes, key + " has a text in it that is not UTF-8");
    }

    private String strict(byte[] bytes, String otherwise) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw malformed(otherwise);
        }
    }

    private byte[] bytes(String what) {
        long length = int64();
        if (length < 0 || length > rest())
            throw truncated(what + " would have " + Long.toUnsignedString(length) + " bytes");
        if (position() + length > LONGEST_HEADER) throw malformed(what + " has " + length + " bytes");
        byte[] bytes = new byte[(int) length];
        int buffered = Math.min(bytes.length, buffer.remaining());
        buffer.get(bytes, 0, buffered);
        if (buffered < bytes.length) { // then the buffer is empty
            file.read(end, ByteBuffer.wrap(bytes, buffered, bytes.length - buffered));
            end += bytes.length - buffered;
        }
        return bytes;
    }

    /** A value with its type in front. */
    Object value(String key) {
        return value(key, int32(), 0);
    }

    private Object value(String key, int type, int depth) {
        return switch (type) {
            case 0 -> (long) Byte.toUnsignedInt(need(1).get());
            case 1 -> (long) need(1).get();
            case 2 -> (long) Short.toUnsignedInt(need(2).getShort());
            case 3 -> (long) need(2).getShort();
            case 4 -> Integer.toUnsignedLong(int32());
            case 5 -> (long) int32();
            case 6 -> (double) need(4).getFloat();
            case 7 -> bool(key);
            case 8 -> depth == 0 ? new String(bytes(key), StandardCharsets.UTF_8) : token(key);
            case 9 -> list(key, depth + 1);
            case 10 -> unsigned(key);
            case 11 -> int64();
            case 12 -> need(8).getDouble();
            default -> throw noType(key, type);
        };
    }

    private boolean bool(String key) {
        byte value = need(1).get();
        if (value != 0 && value != 1) throw malformed(key + " is " + value + ", not true or false");
        return value == 1;
    }

    private long unsigned(String key) {
        long value = int64();
        if (value < 0) throw malformed(key + " is " + Long.toUnsignedString(value) + ", more than any number is");
        return value;
    }

    private Object list(String key, int depth) {
        if (depth > DEEPEST) throw malformed(key + " has lists in lists, more than " + DEEPEST + " deep");
        int type = int32();
        int count = count("elements in " + key, MOST_ELEMENTS, least(key, type));
        elements += count;
        if (elements > MOST_ELEMENTS)
            throw malformed("the lists of its metadata have more than " + MOST_ELEMENTS + " elements");
        return switch (type) {
            case 0, 1, 2, 3, 5 -> {
                int[] list = new int[count];
                for (int i = 0; i < count; i++) list[i] = ((Long) value(key, type, depth)).intValue();
                yield list;
            }
            case 4 -> unsignedInts(key, count);
            case 6 -> {
                float[] list = new float[count];
                for (int i = 0; i < count; i++) list[i] = need(4).getFloat();
                yield list;
            }
            case 10, 11 -> {
                long[] list = new long[count];
                for (int i = 0; i < count; i++) list[i] = type == 10 ? unsigned(key) : int64();
                yield list;
            }
            case 12 -> {
                double[] list = new double[count];
                for (int i = 0; i < count; i++) list[i] = need(8).getDouble();
                yield list;
            }
            default -> {
                List<Object> list = new ArrayList<>(count);
                for (int i = 0; i < count; i++) list.add(value(key, type, depth));
                yield Collections.unmodifiableList(list);
            }
        };
    }

    private int[] unsignedInts(String key, int count) {
        int[] list = new int[count];
        for (int i = 0; i < count; i++) {
            list[i] = int32();
            if (list[i] < 0)
                throw malformed(key + " has " + Integer.toUnsignedString(list[i]) + ", more than any id is");
        }
        return list;
    }

    /** The bytes that an element takes at least. */
    private int least(String key, int type) {
        return switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            case 9 -> 12;
            default -> throw noType(key, type);
        };
    }

    private UserError noType(String key, int type) {
        return malformed(key + " is of type " + Integer.toUnsignedString(type) + ", which this format does not have");
    }

    UserError malformed(String why) {
        return UserError.input(
                ErrorCode.WEIGHTS_MALFORMED,
                file.name() + " is not a valid GGUF file: " + why,
                "download or convert the model again");
    }

    UserError truncated(String why) {
        return UserError.input(
                ErrorCode.WEIGHTS_TRUNCATED,
                file.name() + " is truncated: it has " + file.size() + " bytes, and " + why,
                "download or copy it again");
    }

    UserError unsupported(String why, String help) {
        return UserError.input(
                ErrorCode.GGUF,
                file.name() + " is a GGUF file that cannot be read: " + why,
                help.isEmpty() ? "take a little-endian file of version 3, as current llama.cpp writes them" : help);
    }
}
