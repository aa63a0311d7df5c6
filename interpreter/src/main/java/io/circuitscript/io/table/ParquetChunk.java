package io.circuitscript.io.table;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One column that is being written: levels and values, one after the other. */
final class ParquetChunk {
    private final List<String> path;
    private final int physical;
    private final int mostRepeated;
    private final int mostDefined;

    private final ByteArrayOutputStream repetitions = new ByteArrayOutputStream();
    private final ByteArrayOutputStream definitions = new ByteArrayOutputStream();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private int entries;
    private int bits;
    private int bitCount;

    ParquetChunk(List<String> path, int physical, int mostRepeated, int mostDefined) {
        this.path = List.copyOf(path);
        this.physical = physical;
        this.mostRepeated = mostRepeated;
        this.mostDefined = mostDefined;
    }

    List<String> path() {
        return path;
    }

    int physical() {
        return physical;
    }

    int entries() {
        return entries;
    }

    int size() {
        return values.size();
    }

    /** @param cell null where the definition level says that there is no value */
    void add(int repetition, int definition, Object cell) {
        repetitions.write(repetition);
        definitions.write(definition);
        entries++;
        switch (cell) {
            case null -> {}
            case Boolean truth -> addBit(truth);
            case Double number ->
                addLong(physical == ParquetFormat.INT64 ? number.longValue() : Double.doubleToLongBits(number));
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                addInt(values, bytes.length);
                values.writeBytes(bytes);
            }
            default -> throw new IllegalArgumentException("a cell of class " + cell.getClass());
        }
    }

    private void addBit(boolean bit) {
        bits |= (bit ? 1 : 0) << bitCount;
        if (++bitCount < 8) return;
        values.write(bits);
        bits = 0;
        bitCount = 0;
    }

    private void addLong(long value) {
        addInt(values, (int) value);
        addInt(values, (int) (value >>> 32));
    }

    private static void addInt(ByteArrayOutputStream out, int value) {
        for (int shift = 0; shift < 32; shift += 8) out.write(value >>> shift);
    }

    /** All of it as the content of one page, before compression. */
    byte[] page() {
        ByteArrayOutputStream page = new ByteArrayOutputStream(values.size() + 64);
        if (mostRepeated > 0) addLevels(page, repetitions.toByteArray());
        if (mostDefined > 0) addLevels(page, definitions.toByteArray());
        page.writeBytes(values.toByteArray());
        if (bitCount > 0) page.write(bits);
        return page.toByteArray();
    }

    /** As runs: a length, and the level, which one byte holds. */
    private static void addLevels(ByteArrayOutputStream page, byte[] levels) {
        ByteArrayOutputStream runs = new ByteArrayOutputStream();
        for (int start = 0, end; start < levels.length; start = end) {
            for (end = start + 1; end < levels.length && levels[end] == levels[start]; ) end++;
            ThriftWriter.varint(runs, (long) (end - start) << 1);
            runs.write(levels[start]);
        }
        addInt(page, runs.size());
        page.writeBytes(runs.toByteArray());
    }
}
