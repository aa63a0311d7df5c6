package io.circuitscript.io.table;

import io.circuitscript.source.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.PlainReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Reads Parquet by Apache's parquet-java, without Hadoop. The library believes what a file says; therefore sizes and counts are compared with the file first
 * ({@link ParquetFooter}, {@link ParquetPages}), and whatever the library throws at a damaged file becomes one message.
 */
final class ParquetReader {
    private final byte[] file;
    private final ItemBudget budget;

    private ParquetReader(byte[] file, ItemBudget budget) {
        this.file = file;
        this.budget = budget;
    }

    static TableData read(byte[] file, ItemBudget budget) {
        return read(file, budget, Columns::table);
    }

    /** @param maker makes the table of what was read */
    static <T> T read(byte[] file, ItemBudget budget, Columns.Maker<T> maker) {
        TableFault fault = budget.fault();
        if (ParquetFormat.startsWith(file, ParquetFormat.ENCRYPTED))
            throw fault.malformed("it is encrypted", "write it without");
        if (!ParquetFormat.startsWith(file, ParquetFormat.MAGIC))
            throw fault.malformed("it does not begin with PAR1", "check that it is the right file");
        try {
            return new ParquetReader(file, budget).read(maker);
        } catch (IOException | RuntimeException e) {
            throw message(e, fault);
        } catch (NoClassDefFoundError e) {
            // In messages about damaged files the library names the file by a class of Hadoop's.
            if (!e.getMessage().startsWith("org/apache/hadoop/")) throw e;
            throw damaged(fault);
        } catch (StackOverflowError e) {
            throw budget.tooDeep();
        } catch (OutOfMemoryError e) {
            throw fault.tooLarge("too much in it", "there is memory for");
        }
    }

    /** The library wraps what is thrown inside it. */
    private static UserError message(Exception thrown, TableFault fault) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < 10; i++) {
            if (cause instanceof UserError error) return error;
            if (cause instanceof Damaged damaged)
                return fault.malformed(damaged.getMessage(), "write or copy it again");
            cause = cause.getCause();
        }
        return damaged(fault);
    }

    private static UserError damaged(TableFault fault) {
        return fault.malformed("its parts contradict one another", "write or copy it again");
    }

    private <T> T read(Columns.Maker<T> maker) throws IOException {
        FileMetaData checked = ParquetFooter.read(file, budget);
        // The library refuses a file without columns.
        if (checked.getSchemaSize() == 1) return maker.of(List.of(), new ArrayList<>(), budget.fault());
        ParquetMetadata footer = new ParquetMetadataConverter().fromParquetMetadata(checked);
        MessageType schema = footer.getFileMetaData().getSchema();
        List<String> names =
                Columns.names(schema.getFields().stream().map(Type::getName).toList(), budget.fault());
        List<Object[]> rows = new ArrayList<>();
        if (!names.isEmpty()) readGroups(footer, schema, rows);
        return maker.of(names, rows, budget.fault());
    }

    private void readGroups(ParquetMetadata footer, MessageType schema, List<Object[]> rows) throws IOException {
        ParquetBytes bytes = new ParquetBytes(file);
        ParquetReadOptions options = PlainReadOptions.of(new ParquetCodec(budget), bytes);
        MessageColumnIO columns = new ColumnIOFactory(footer.getFileMetaData().getCreatedBy()).getColumnIO(schema);
        GroupConverter converter = new ParquetCells(budget).rows(schema, rows::add);
        try (ParquetFileReader reader = ParquetFileReader.open(bytes, footer, options, bytes.newStream())) {
            for (int i = 0; i < footer.getBlocks().size() && budget.wantsMore(rows.size()); i++) {
                // The library refuses to read a part without rows.
                if (footer.getBlocks().get(i).getRowCount() == 0) reader.skipNextRowGroup();
                else readGroup(reader, columns, converter, rows);
            }
        }
    }

    private void readGroup(
            ParquetFileReader reader, MessageColumnIO columns, GroupConverter converter, List<Object[]> rows)
            throws IOException {
        try (PageReadStore pages = new ParquetPages(reader.readNextRowGroup(), budget)) {
            RecordReader<Boolean> records = columns.getRecordReader(pages, new Rows(converter));
            for (long row = pages.getRowCount(); row > 0 && budget.wantsMore(rows.size()); row--) records.read();
        }
    }

    /** Rows go where the converter puts them. */
    private static final class Rows extends RecordMaterializer<Boolean> {
        private final GroupConverter converter;

        Rows(GroupConverter converter) {
            this.converter = converter;
        }

        @Override
        public Boolean getCurrentRecord() {
            return true;
        }

        @Override
        public GroupConverter getRootConverter() {
            return converter;
        }
    }
}
