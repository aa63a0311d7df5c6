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
import java.util.Map;
import java.util.SequencedMap;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Writes Parquet by Apache's parquet-java, without Hadoop. Every field is optional, as pyarrow writes it. The same table gives the same bytes. */
final class ParquetWriter {
    /** Their values are in memory until they are written. */
    private static final int ROWS_OF_A_GROUP = 100_000;

    /** What the library asks for, and nothing here follows: parts are made by their number of rows. */
    private static final long BYTES_OF_A_GROUP = 128 << 20;

    private static final ParquetProperties PROPERTIES =
            ParquetProperties.builder().build();

    private final TableData table;
    private final List<Field> columns = new ArrayList<>();

    private ParquetWriter(TableData table, TableFault fault) {
        this.table = table;
        for (int i = 0; i < table.columns().size(); i++) {
            String name = table.columns().get(i);
            columns.add(new Field(name, new ColumnKind.Finder(name, fault).find(table, i)));
        }
    }

    static void write(TableData table, TableFault fault, OutputStream out) throws IOException {
        ParquetWriter writer = new ParquetWriter(table, fault);
        if (table.columns().isEmpty()) writeNothing(out);
        else writer.write(new Output(out));
    }

    /** The library does not write files without columns. */
    private static void writeNothing(OutputStream out) throws IOException {
        ByteArrayOutputStream footer = new ByteArrayOutputStream();
        SchemaElement root = new SchemaElement("schema").setNum_children(0);
        Util.writeFileMetaData(new FileMetaData(1, List.of(root), 0, List.of()), footer);
        out.write(ParquetFormat.MAGIC);
        footer.writeTo(out);
        out.write(new byte[] {(byte) footer.size(), 0, 0, 0});
        out.write(ParquetFormat.MAGIC);
    }

    private void write(OutputFile out) throws IOException {
        MessageType schema = new MessageType(
                "schema", columns.stream().map(ParquetWriter::type).toList());
        try (ParquetFileWriter file = new ParquetFileWriter(
                out,
                schema,
                ParquetFileWriter.Mode.CREATE,
                BYTES_OF_A_GROUP,
                0,
                PROPERTIES.getColumnIndexTruncateLength(),
                PROPERTIES.getStatisticsTruncateLength(),
                PROPERTIES.getPageWriteChecksumEnabled())) {
            file.start();
            int count = table.rows().size();
            for (int row = 0; row < count; row += ROWS_OF_A_GROUP)
                writeGroup(file, schema, table.rows().subList(row, Math.min(row + ROWS_OF_A_GROUP, count)));
            file.end(Map.of());
        }
    }

    private void writeGroup(ParquetFileWriter file, MessageType schema, List<List<Object>> rows) throws IOException {
        MessageColumnIO columnsOfSchema = new ColumnIOFactory().getColumnIO(schema);
        try (ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                        new ParquetCodec.Packing(),
                        schema,
                        PROPERTIES.getAllocator(),
                        PROPERTIES.getColumnIndexTruncateLength());
                ColumnWriteStore store = PROPERTIES.newColumnWriteStore(schema, pages, pages)) {
            RecordConsumer out = columnsOfSchema.getRecordWriter(store);
            for (List<Object> row : rows) {
                out.startMessage();
                for (int i = 0; i < row.size(); i++) addField(out, i, columns.get(i), row.get(i));
                out.endMessage();
            }
            out.flush();
            file.startBlock(rows.size());
            store.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
        }
    }

    private static Type type(Field field) {
        String name = field.name();
        return switch (field.kind()) {
            case Nothing() ->
                Types.optional(PrimitiveTypeName.INT32)
                        .as(LogicalTypeAnnotation.unknownType())
                        .named(name);
            case Whole() ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.intType(64, true))
                        .named(name);
            case Number() -> Types.optional(PrimitiveTypeName.DOUBLE).named(name);
            case Truth() -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
            case Text() ->
                Types.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case ListOf(ColumnKind item) ->
                Types.optionalGroup()
                        .as(LogicalTypeAnnotation.listType())
                        .repeatedGroup()
                        .addField(type(new Field("element", item)))
                        .named("list")
                        .named(name);
            case Fields fields ->
                Types.optionalGroup()
                        .addFields(fields.fields().stream()
                                .map(ParquetWriter::type)
                                .toArray(Type[]::new))
                        .named(name);
        };
    }

    /** A field that is none is left out. */
    private static void addField(RecordConsumer out, int index, Field field, Object cell) {
        if (cell == null) return;
        out.startField(field.name(), index);
        addValue(out, field.kind(), cell);
        out.endField(field.name(), index);
    }

    private static void addValue(RecordConsumer out, ColumnKind kind, Object cell) {
        switch (cell) {
            case Double number when kind instanceof Whole -> out.addLong(number.longValue());
            case Double number -> out.addDouble(number);
            case Boolean truth -> out.addBoolean(truth);
            case String text -> out.addBinary(Binary.fromString(text));
            case List<?> list -> addList(out, ((ListOf) kind).item(), list);
            case SequencedMap<?, ?> map -> {
                out.startGroup();
                List<Field> fields = ((Fields) kind).fields();
                for (int i = 0; i < fields.size(); i++)
                    addField(out, i, fields.get(i), map.get(fields.get(i).name()));
                out.endGroup();
            }
            default -> throw new IllegalArgumentException("a cell of class " + cell.getClass());
        }
    }

    private static void addList(RecordConsumer out, ColumnKind kind, List<?> items) {
        Field element = new Field("element", kind);
        out.startGroup();
        if (!items.isEmpty()) {
            out.startField("list", 0);
            for (Object item : items) {
                out.startGroup();
                addField(out, 0, element, item);
                out.endGroup();
            }
            out.endField("list", 0);
        }
        out.endGroup();
    }

    private record Output(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long blockSize) {
            return new Counted(out);
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }

    /** Leaves the stream open, which is not the library's. */
    private static final class Counted extends PositionOutputStream {
        private final OutputStream out;
        private long position;

        Counted(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            out.write(bytes, start, length);
            position += length;
        }
    }
}
