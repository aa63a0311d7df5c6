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
import java.util.HexFormat;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntervalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What the values of a Parquet column are as cells.
 *
 * @param meaning what the bytes or the number stand for
 * @param scale digits after the point of a decimal number
 * @param unit how many of them are a second, for times
 * @param utc that an instant is meant, and no local time
 */
record ParquetType(Meaning meaning, int scale, long unit, boolean utc) {
    enum Meaning {
        PLAIN,
        UNSIGNED,
        DECIMAL,
        DATE,
        TIME,
        TIMESTAMP,
        INT96,
        UUID,
        HALF,
        INTERVAL
    }

    private static final long MILLIS = 1_000, MICROS = 1_000_000, NANOS = 1_000_000_000;
    private static final int LARGEST_SCALE = 400;
    private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;

    static ParquetType of(PrimitiveType type) {
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) return plain(Meaning.INT96);
        LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
        return switch (logical) {
            case DecimalLogicalTypeAnnotation decimal -> decimal(decimal.getScale());
            case TimeLogicalTypeAnnotation time -> time(Meaning.TIME, time.getUnit(), false);
            case TimestampLogicalTypeAnnotation time -> time(Meaning.TIMESTAMP, time.getUnit(), time.isAdjustedToUTC());
            case IntLogicalTypeAnnotation whole -> plain(whole.isSigned() ? Meaning.PLAIN : Meaning.UNSIGNED);
            case DateLogicalTypeAnnotation _ -> plain(Meaning.DATE);
            case UUIDLogicalTypeAnnotation _ -> plain(Meaning.UUID);
            case Float16LogicalTypeAnnotation _ -> plain(Meaning.HALF);
            case IntervalLogicalTypeAnnotation _ -> plain(Meaning.INTERVAL);
            case null, default -> plain(Meaning.PLAIN);
        };
    }

    private static ParquetType plain(Meaning meaning) {
        return new ParquetType(meaning, 0, 1, false);
    }

    private static ParquetType decimal(int scale) {
        if (Math.abs(scale) > LARGEST_SCALE)
            throw new Damaged("a decimal number has " + scale + " digits after the point");
        return new ParquetType(Meaning.DECIMAL, scale, 1, false);
    }

    private static ParquetType time(Meaning meaning, TimeUnit unit, boolean utc) {
        long perSecond = switch (unit) {
            case MILLIS -> MILLIS;
            case MICROS -> MICROS;
            case NANOS -> NANOS;
        };
        return new ParquetType(meaning, 0, perSecond, utc);
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

    Object ofBytes(byte[] bytes) {
        return switch (meaning) {
            case INT96 -> int96(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
            case DECIMAL -> decimal(bytes);
            case UUID -> {
                ByteBuffer id = ByteBuffer.wrap(bytes);
                yield new java.util.UUID(id.getLong(), id.getLong()).toString();
            }
            case HALF -> UnsettledCell.of((double) Float.float16ToFloat((short) (bytes[0] & 0xFF | bytes[1] << 8)));
            case INTERVAL -> HexFormat.of().formatHex(bytes);
            default -> text(bytes);
        };
    }

    /** A day and the nanoseconds in it, as Spark wrote times once. */
    private Object int96(ByteBuffer bytes) {
        long nanos = bytes.getLong();
        long seconds = ((long) bytes.getInt() - JULIAN_DAY_OF_EPOCH) * 86_400 + Math.floorDiv(nanos, NANOS);
        return timestamp(seconds, Math.floorMod(nanos, NANOS));
    }

    private Object decimal(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > 64)
            return new UnsettledCell.Unusable("its decimal number has " + bytes.length + " bytes", "");
        return new BigDecimal(new BigInteger(bytes), scale).doubleValue();
    }

    private static Object text(byte[] bytes) {
        boolean ascii = true;
        for (int i = 0; i < bytes.length && ascii; i++) ascii = bytes[i] >= 0;
        if (ascii) return new String(bytes, StandardCharsets.ISO_8859_1);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return text.toString();
        } catch (CharacterCodingException e) {
            return new UnsettledCell.Unusable(
                    "its bytes are no UTF-8 text", "leave the column out, or store it as text");
        }
    }
}
