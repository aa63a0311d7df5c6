package io.circuitscript.io.table;

import io.circuitscript.io.table.ColumnKind.Field;
import io.circuitscript.io.table.ColumnKind.Fields;
import io.circuitscript.io.table.ColumnKind.ListOf;
import io.circuitscript.io.table.ColumnKind.Nothing;
import io.circuitscript.io.table.ColumnKind.Number;
import io.circuitscript.io.table.ColumnKind.Text;
import io.circuitscript.io.table.ColumnKind.Truth;
import io.circuitscript.io.table.ColumnKind.Whole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * Writes Parquet: plain values in pages compressed by Snappy, which everything reads. Every field is optional, as pyarrow writes it. The same table gives the same
 * bytes.
 */
final class ParquetWriter {
    private static final String CREATED_BY = "CircuitScript";

    /** Rows are written in groups, so that a page stays far below what its 32-bit size can say. */
    private static final int ROWS_OF_A_GROUP = 100_000;

    private static final int LONGEST_PAGE = 1 << 30;

    private final TableData table;
    private final TableFault fault;
    private final OutputStream out;
    private final List<Field> columns = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private long position;

    private ParquetWriter(TableData table, TableFault fault, OutputStream out) {
        this.table = table;
        this.fault = fault;
        this.out = out;
    }

    private record Group(List<Placed> chunks, int rows, long size) {}

    /** A chunk that has been written. */
    private record Placed(List<String> path, int physical, int entries, long offset, long size, long packed) {}

    /** An element of the schema. @param children below 0 for a value */
    private record Element(String name, int repetition, int physical, int children, ColumnKind kind) {}

    static void write(TableData table, TableFault fault, OutputStream out) throws IOException {
        new ParquetWriter(table, fault, out).write();
    }

    private void write() throws IOException {
        for (int i = 0; i < table.columns().size(); i++) {
            String name = table.columns().get(i);
            columns.add(new Field(name, new ColumnKind.Finder(name, fault).find(table, i)));
        }
        put(ParquetFormat.MAGIC);
        for (int row = 0; row < table.rows().size(); row += ROWS_OF_A_GROUP) {
            writeGroup(table.rows()
                    .subList(row, Math.min(row + ROWS_OF_A_GROUP, table.rows().size())));
        }
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        ThriftWriter.struct(footer, this::describe);
        put(footer.toByteArray());
        int length = footer.size();
        put(new byte[] {(byte) length, (byte) (length >> 8), (byte) (length >> 16), (byte) (length >> 24)});
        put(ParquetFormat.MAGIC);
    }

    private void put(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private void writeGroup(List<List<Object>> rows) throws IOException {
        List<Placed> placed = new ArrayList<>();
        long size = 0;
        for (int i = 0; i < columns.size(); i++) {
            Field column = columns.get(i);
            List<ParquetChunk> chunks = new ArrayList<>();
            makeChunks(column, new ArrayList<>(), 0, 0, chunks);
            for (List<Object> row : rows) new Shredder(chunks).add(column.kind(), row.get(i), 0, 0, 0);
            for (ParquetChunk chunk : chunks) {
                Placed written = writeChunk(chunk, column.name());
                size += written.size();
                placed.add(written);
            }
        }
        groups.add(new Group(placed, rows.size(), size));
    }

    private Placed writeChunk(ParquetChunk chunk, String column) throws IOException {
        if (chunk.size() > LONGEST_PAGE)
            throw fault.tooLarge("too much in column " + column, TableFault.count(LONGEST_PAGE) + " bytes");
        byte[] page = chunk.page();
        byte[] packed = ParquetCodec.snappy(page);
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ThriftWriter.struct(
                head,
                writer -> writer.int32(1, ParquetFormat.DATA_PAGE)
                        .int32(2, page.length)
                        .int32(3, packed.length)
                        .struct(
                                5,
                                data -> data.int32(1, chunk.entries())
                                        .int32(2, ParquetFormat.PLAIN)
                                        .int32(3, ParquetFormat.RLE)
                                        .int32(4, ParquetFormat.RLE)));
        long offset = position;
        put(head.toByteArray());
        put(packed);
        long size = head.size() + (long) page.length;
        return new Placed(chunk.path(), chunk.physical(), chunk.entries(), offset, size, position - offset);
    }

    private static void makeChunks(
            Field field, List<String> around, int repetition, int definition, List<ParquetChunk> chunks) {
        List<String> path = new ArrayList<>(around);
        path.add(field.name());
        switch (field.kind()) {
            case ListOf(ColumnKind item) -> {
                path.add("list");
                makeChunks(new Field("element", item), path, repetition + 1, definition + 2, chunks);
            }
            case Fields fields -> {
                for (Field inner : fields.fields()) makeChunks(inner, path, repetition, definition + 1, chunks);
            }
            case Nothing(), Whole(), Number(), Truth(), Text() ->
                chunks.add(new ParquetChunk(path, physical(field.kind()), repetition, definition + 1));
        }
    }

    private static int physical(ColumnKind kind) {
        return switch (kind) {
            case Nothing() -> ParquetFormat.INT32;
            case Whole() -> ParquetFormat.INT64;
            case Number() -> ParquetFormat.DOUBLE;
            case Truth() -> ParquetFormat.BOOLEAN;
            case Text() -> ParquetFormat.BYTES;
            case ListOf list -> -1;
            case Fields fields -> -1;
        };
    }

    /** Takes a cell apart into entries of its chunks. */
    private static final class Shredder {
        private final List<ParquetChunk> chunks;
        private int next;

        Shredder(List<ParquetChunk> chunks) {
            this.chunks = chunks;
        }

        /**
         * @param repetition the list that this goes on, counted from the outermost as 1; 0 for a new row
         * @param lists around the cell
         * @param definition of what is around the cell
         */
        void add(ColumnKind kind, Object cell, int repetition, int lists, int definition) {
            switch (kind) {
                case ListOf(ColumnKind item) -> {
                    if (!(cell instanceof List<?> list) || list.isEmpty()) {
                        addNone(item, repetition, cell == null ? definition : definition + 1);
                        return;
                    }
                    int start = next;
                    for (int i = 0; i < list.size(); i++) {
                        next = start;
                        add(item, list.get(i), i == 0 ? repetition : lists + 1, lists + 1, definition + 2);
                    }
                }
                case Fields fields -> {
                    if (!(cell instanceof SequencedMap<?, ?> map)) {
                        addNone(kind, repetition, definition);
                        return;
                    }
                    for (Field field : fields.fields())
                        add(field.kind(), map.get(field.name()), repetition, lists, definition + 1);
                }
                case Nothing(), Whole(), Number(), Truth(), Text() ->
                    chunks.get(next++).add(repetition, cell == null ? definition : definition + 1, cell);
            }
        }

        /** An entry without a value in each chunk of this kind. */
        private void addNone(ColumnKind kind, int repetition, int definition) {
            switch (kind) {
                case ListOf(ColumnKind item) -> addNone(item, repetition, definition);
                case Fields fields -> {
                    for (Field field : fields.fields()) addNone(field.kind(), repetition, definition);
                }
                case Nothing(), Whole(), Number(), Truth(), Text() ->
                    chunks.get(next++).add(repetition, definition, null);
            }
        }
    }

    private void describe(ThriftWriter footer) {
        List<Element> elements = new ArrayList<>();
        elements.add(new Element("schema", -1, -1, columns.size(), null));
        for (Field column : columns) addElements(column, elements);
        footer.int32(1, 1)
                .structs(2, elements, ParquetWriter::describe)
                .int64(3, table.rows().size())
                .structs(4, groups, ParquetWriter::describe)
                .text(6, CREATED_BY);
    }

    private static void addElements(Field field, List<Element> elements) {
        int optional = ParquetFormat.OPTIONAL;
        switch (field.kind()) {
            case ListOf(ColumnKind item) -> {
                elements.add(new Element(field.name(), optional, -1, 1, field.kind()));
                elements.add(new Element("list", ParquetFormat.REPEATED, -1, 1, null));
                addElements(new Field("element", item), elements);
            }
            case Fields fields -> {
                elements.add(
                        new Element(field.name(), optional, -1, fields.fields().size(), null));
                for (Field inner : fields.fields()) addElements(inner, elements);
            }
            case Nothing(), Whole(), Number(), Truth(), Text() ->
                elements.add(new Element(field.name(), optional, physical(field.kind()), -1, field.kind()));
        }
    }

    private static void describe(ThriftWriter writer, Element element) {
        if (element.physical() >= 0) writer.int32(1, element.physical());
        if (element.repetition() >= 0) writer.int32(3, element.repetition());
        writer.text(4, element.name());
        if (element.children() >= 0) writer.int32(5, element.children());
        // Both the old and the new way to say what a field means.
        switch (element.kind()) {
            case Text() -> writer.int32(6, 0).struct(10, type -> type.struct(1, string -> {}));
            case ListOf list -> writer.int32(6, 3).struct(10, type -> type.struct(3, none -> {}));
            case Whole() ->
                writer.int32(6, 18)
                        .struct(
                                10,
                                type -> type.struct(
                                        10, whole -> whole.int8(1, 64).truth(2, true)));
            case Nothing() -> writer.struct(10, type -> type.struct(11, none -> {}));
            case null, default -> {}
        }
    }

    private static void describe(ThriftWriter writer, Group group) {
        writer.structs(1, group.chunks(), ParquetWriter::describe)
                .int64(2, group.size())
                .int64(3, group.rows());
    }

    private static void describe(ThriftWriter writer, Placed chunk) {
        writer.int64(2, 0)
                .struct(
                        3,
                        about -> about.int32(1, chunk.physical())
                                .int32s(2, List.of(ParquetFormat.PLAIN, ParquetFormat.RLE))
                                .texts(3, chunk.path())
                                .int32(4, ParquetFormat.SNAPPY)
                                .int64(5, chunk.entries())
                                .int64(6, chunk.size())
                                .int64(7, chunk.packed())
                                .int64(9, chunk.offset()));
    }
}
