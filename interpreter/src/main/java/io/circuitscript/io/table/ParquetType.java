package io.circuitscript.io.table;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The type of a Parquet column's values, and what they are as cells.
 *
 * @param physical one of the constants of {@link ParquetFormat}
 * @param length of a value of {@link ParquetFormat#FIXED}
 * @param meaning what the bytes or the number stand for
 * @param scale digits after the point of a decimal number
 * @param unit how many of them are a second, for times
 * @param utc that an instant is meant, and no local time
 */
record ParquetType(int physical, int length, Meaning meaning, int scale, long unit, boolean utc) {
    enum Meaning {
        PLAIN,
        TEXT,
        UNSIGNED,
        DECIMAL,
        DATE,
        TIME,
        TIMESTAMP,
        UUID,
        HALF,
        INTERVAL
    }

    private static final long MILLIS = 1_000, MICROS = 1_000_000, NANOS = 1_000_000_000;
    private static final int LARGEST_SCALE = 400;
    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;

    /** Of an element of the schema. */
    static ParquetType of(ThriftStruct element) {
        int physical = (int) element.number(1);
        int length = physical == ParquetFormat.FIXED ? element.size(2) : 0;
        if (physical < 0 || physical > ParquetFormat.FIXED)
            throw new Damaged("a column has the unknown type " + physical);
        ThriftStruct logical = element.struct(10);
        int converted = (int) element.number(6, -1);
        if (logical.has(5) || converted == 5) return decimal(element, physical, length, logical.struct(5));
        if (logical.has(7)) return time(physical, Meaning.TIME, logical.struct(7));
        if (logical.has(8)) return time(physical, Meaning.TIMESTAMP, logical.struct(8));
        if (logical.has(10)) {
            boolean signed = logical.struct(10).truth(2, true);
            return new ParquetType(physical, length, signed ? Meaning.PLAIN : Meaning.UNSIGNED, 0, 1, false);
        }
        return switch (converted) {
            case 7 -> new ParquetType(physical, length, Meaning.TIME, 0, MILLIS, false);
            case 8 -> new ParquetType(physical, length, Meaning.TIME, 0, MICROS, false);
            case 9 -> new ParquetType(physical, length, Meaning.TIMESTAMP, 0, MILLIS, true);
            case 10 -> new ParquetType(physical, length, Meaning.TIMESTAMP, 0, MICROS, true);
            default -> new ParquetType(physical, length, meaning(physical, length, converted, logical), 0, 1, false);
        };
    }

    private static Meaning meaning(int physical, int length, int converted, ThriftStruct logical) {
        if (logical.has(6) || converted == 6) return Meaning.DATE;
        if (logical.has(14) && length == 16) return Meaning.UUID;
        if (logical.has(15) && length == 2) return Meaning.HALF;
        if (converted >= 11 && converted <= 14) return Meaning.UNSIGNED;
        if (converted == 21) return Meaning.INTERVAL;
        return physical == ParquetFormat.BYTES || physical == ParquetFormat.FIXED ? Meaning.TEXT : Meaning.PLAIN;
    }

    private static ParquetType decimal(ThriftStruct element, int physical, int length, ThriftStruct logical) {
        long scale = logical.number(1, element.number(7, 0));
        if (Math.abs(scale) > LARGEST_SCALE)
            throw new Damaged("a decimal number has " + scale + " digits after the point");
        return new ParquetType(physical, length, Meaning.DECIMAL, (int) scale, 1, false);
    }

    private static ParquetType time(int physical, Meaning meaning, ThriftStruct time) {
        ThriftStruct unit = time.struct(2);
        long perSecond = unit.has(1) ? MILLIS : unit.has(2) ? MICROS : NANOS;
        return new ParquetType(physical, 0, meaning, 0, perSecond, time.truth(1, false));
    }

    Object ofInt(int value) {
        return switch (meaning) {
            case UNSIGNED -> (double) Integer.toUnsignedLong(value);
            case DATE -> LocalDate.ofEpochDay(value).toString();
            case DECIMAL, TIME, TIMESTAMP -> ofLong(value);
            default -> (double) value;
        };
    }

    Object ofLong(long value) {
        return switch (meaning) {
            case UNSIGNED ->
                value >= 0 ? UnsettledCell.of(value) : new UnsettledCell.Wide(Long.toUnsignedString(value));
            case DECIMAL -> BigDecimal.valueOf(value, scale).doubleValue();
            case TIME -> timeOfDay(value);
            case TIMESTAMP -> timestamp(Math.floorDiv(value, unit), Math.floorMod(value, unit) * (NANOS / unit));
            default -> UnsettledCell.of(value);
        };
    }

    private Object timeOfDay(long value) {
        long seconds = Math.floorDiv(value, unit);
        if (seconds < 0 || seconds > 86_400) return new UnsettledCell.Unusable("it is no time of a day", "");
        long nanos = seconds * NANOS + Math.floorMod(value, unit) * (NANOS / unit);
        return nanos >= 86_400 * NANOS
                ? "24:00:00"
                : DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(nanos));
    }

    private Object timestamp(long seconds, long nanos) {
        // All that a local date-time can be.
        if (Math.abs(seconds) > 31_556_889_000_000_000L) return new UnsettledCell.Unusable("it is no time", "");
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, (int) nanos, ZoneOffset.UTC);
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) + (utc ? "Z" : "");
    }

    /** A day and the nanoseconds in it, as Spark wrote times once. */
    Object ofInt96(long nanos, int julianDay) {
        long seconds = ((long) julianDay - JULIAN_DAY_OF_EPOCH) * 86_400 + Math.floorDiv(nanos, NANOS);
        return timestamp(seconds, Math.floorMod(nanos, NANOS));
    }

    Object ofBytes(byte[] bytes, int start, int size) {
        return switch (meaning) {
            case DECIMAL -> decimal(bytes, start, size);
            case UUID -> {
                ByteBuffer id = ByteBuffer.wrap(bytes, start, size).order(ByteOrder.BIG_ENDIAN);
                yield new java.util.UUID(id.getLong(), id.getLong()).toString();
            }
            case HALF ->
                UnsettledCell.of((double) Float.float16ToFloat((short) (bytes[start] & 0xFF | bytes[start + 1] << 8)));
            case INTERVAL -> HexFormat.of().formatHex(bytes, start, start + size);
            default -> text(bytes, start, size);
        };
    }

    private Object decimal(byte[] bytes, int start, int size) {
        if (size == 0 || size > 64) return new UnsettledCell.Unusable("its decimal number has " + size + " bytes", "");
        BigInteger digits = new BigInteger(Arrays.copyOfRange(bytes, start, start + size));
        return new BigDecimal(digits, scale).doubleValue();
    }

    private static Object text(byte[] bytes, int start, int size) {
        boolean ascii = true;
        for (int i = start; i < start + size && ascii; i++) ascii = bytes[i] >= 0;
        if (ascii) return new String(bytes, start, size, StandardCharsets.ISO_8859_1);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, size));
            return text.toString();
        } catch (CharacterCodingException e) {
            return new UnsettledCell.Unusable(
                    "its bytes are no UTF-8 text", "leave the column out, or store it as text");
        }
    }
}
