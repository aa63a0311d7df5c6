package io.circuitscript.io.table;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A struct of Thrift's compact protocol, in which Parquet writes everything that is not values: fields by number. */
final class ThriftStruct {
    private static final int TRUE = 1, FALSE = 2, BYTE = 3, I16 = 4, I32 = 5, I64 = 6, DOUBLE = 7, BINARY = 8;
    private static final int LIST = 9, SET = 10, MAP = 11, STRUCT = 12;

    /** Parquet's own structs nest a fourth as deep. */
    private static final int DEEPEST = 24;

    private final Map<Integer, Object> fields = new HashMap<>(8);

    private ThriftStruct() {}

    static ThriftStruct read(ByteCursor in) {
        return read(in, 0);
    }

    private static ThriftStruct read(ByteCursor in, int depth) {
        if (depth > DEEPEST) throw new Damaged("its description is nested too deep");
        ThriftStruct struct = new ThriftStruct();
        int field = 0;
        while (true) {
            int head = in.unsignedByte();
            if (head == 0) return struct;
            int step = head >>> 4;
            field = step == 0 ? (int) in.zigzag() : field + step;
            int type = head & 0xF;
            struct.fields.put(field, type <= FALSE ? (Object) (type == TRUE) : value(in, type, depth));
        }
    }

    private static Object value(ByteCursor in, int type, int depth) {
        return switch (type) {
            case TRUE, FALSE -> in.unsignedByte() == TRUE;
            case BYTE -> (long) (byte) in.unsignedByte();
            case I16, I32, I64 -> in.zigzag();
            case DOUBLE -> Double.longBitsToDouble(in.int64());
            case BINARY -> {
                int length = in.count();
                int start = in.skip(length);
                yield new String(in.bytes, start, length, StandardCharsets.UTF_8);
            }
            case LIST, SET -> list(in, depth);
            case MAP -> skipMap(in, depth);
            case STRUCT -> read(in, depth + 1);
            default -> throw new Damaged("its description has a part of an unknown kind");
        };
    }

    private static List<Object> list(ByteCursor in, int depth) {
        if (depth > DEEPEST) throw new Damaged("its description is nested too deep");
        int head = in.unsignedByte();
        int size = head >>> 4;
        if (size == 15) size = in.count();
        if (size == 0) return List.of();
        // An item takes a byte at least.
        if (size > in.left()) throw new Damaged("a list is longer than its description");
        List<Object> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) items.add(value(in, head & 0xF, depth + 1));
        return items;
    }

    private static Object skipMap(ByteCursor in, int depth) {
        int size = in.count();
        if (size == 0) return List.of();
        if (size > in.left() || depth > DEEPEST) throw new Damaged("a list is longer than its description");
        int types = in.unsignedByte();
        for (int i = 0; i < size; i++) {
            value(in, types >>> 4, depth + 1);
            value(in, types & 0xF, depth + 1);
        }
        return List.of();
    }

    boolean has(int field) {
        return fields.containsKey(field);
    }

    long number(int field, long otherwise) {
        return switch (fields.get(field)) {
            case Long number -> number;
            case null -> otherwise;
            default -> throw wrong(field);
        };
    }

    long number(int field) {
        if (!has(field)) throw wrong(field);
        return number(field, 0);
    }

    /** A number that counts bytes or values. */
    int size(int field) {
        long number = number(field);
        if (number < 0 || number > Integer.MAX_VALUE) throw new Damaged("a size is " + number);
        return (int) number;
    }

    boolean truth(int field, boolean otherwise) {
        return switch (fields.get(field)) {
            case Boolean truth -> truth;
            case null -> otherwise;
            default -> throw wrong(field);
        };
    }

    String text(int field) {
        return switch (fields.get(field)) {
            case String text -> text;
            case null -> "";
            default -> throw wrong(field);
        };
    }

    /** Empty where there is none. */
    ThriftStruct struct(int field) {
        return switch (fields.get(field)) {
            case ThriftStruct struct -> struct;
            case null -> new ThriftStruct();
            default -> throw wrong(field);
        };
    }

    List<ThriftStruct> structs(int field) {
        return switch (fields.get(field)) {
            case List<?> list ->
                list.stream()
                        .map(item -> item instanceof ThriftStruct struct ? struct : new ThriftStruct())
                        .toList();
            case null -> List.of();
            default -> throw wrong(field);
        };
    }

    private static Damaged wrong(int field) {
        return new Damaged("field " + field + " of its description is missing or of the wrong kind");
    }
}
