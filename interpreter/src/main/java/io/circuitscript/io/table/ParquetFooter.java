package io.circuitscript.io.table;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;

/** What a Parquet file says of itself, compared with the file before the library believes it and takes memory for it. */
final class ParquetFooter {
    /** Its length, and PAR1. */
    private static final int TAIL = 8;

    /** It becomes many objects. */
    private static final int LONGEST = 16 << 20;

    /** The library looks for a version in it with a pattern that is slow on long texts. */
    private static final int LONGEST_WRITER = 100;

    /** What the library makes of a field takes as much memory as so many cells, and one more for each level that it is deep. */
    private static final int ITEMS_OF_A_FIELD = 16;

    private final FileMetaData footer;
    private final ItemBudget budget;

    /** Where the values end. */
    private final int end;

    /** For each column, that it has several values in a row, or none. */
    private final List<Boolean> inLists = new ArrayList<>();

    private int next;
    private long packed;

    private ParquetFooter(FileMetaData footer, int end, ItemBudget budget) {
        this.footer = footer;
        this.end = end;
        this.budget = budget;
    }

    /** The footer, without what nothing here needs. */
    static FileMetaData read(byte[] file, ItemBudget budget) throws IOException {
        int end = file.length - TAIL;
        boolean whole = end >= TAIL
                && Arrays.equals(
                        file, file.length - 4, file.length, ParquetFormat.MAGIC, 0, ParquetFormat.MAGIC.length);
        if (!whole) throw new Damaged("it ends too early");
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
        if (length < 0 || length > end - 4) throw new Damaged("its footer is longer than the file");
        if (length > LONGEST) throw new Damaged("its footer has " + length + " bytes");
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, end - length, length), length);
        new ParquetFooter(footer, end - length, budget).check();
        return footer;
    }

    private void check() {
        if (footer.isSetEncryption_algorithm()) throw budget.fault().malformed("it is encrypted", "write it without");
        checkSchema();
        long rows = 0;
        for (RowGroup group : footer.getRow_groups()) {
            if (group.getNum_rows() < 0) throw new Damaged("a part of it has " + group.getNum_rows() + " rows");
            if (!inLists.isEmpty()) budget.take(group.getNum_rows());
            rows += group.getNum_rows();
            if (group.getColumnsSize() != inLists.size()) throw new Damaged("a part of its rows lacks columns");
            for (int i = 0; i < inLists.size(); i++)
                checkChunk(group.getColumns().get(i), inLists.get(i), group.getNum_rows());
        }
        if (rows != footer.getNum_rows() && !inLists.isEmpty())
            throw new Damaged("it says " + footer.getNum_rows() + " rows and has " + rows);
        footer.unsetKey_value_metadata();
        footer.unsetColumn_orders();
        if (footer.isSetCreated_by() && footer.getCreated_by().length() > LONGEST_WRITER) footer.unsetCreated_by();
    }

    private void checkSchema() {
        if (footer.getSchemaSize() == 0) throw new Damaged("it has no schema");
        SchemaElement root = footer.getSchema().get(next++);
        checkChildren(root, "", false, 0);
        if (next != footer.getSchemaSize()) throw new Damaged("its schema has parts that belong to nothing");
    }

    private void checkChildren(SchemaElement group, String path, boolean inList, int depth) {
        int count = group.getNum_children();
        if (count < 0 || count > footer.getSchemaSize() - next) throw new Damaged("its schema is incomplete");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            if (next >= footer.getSchemaSize()) throw new Damaged("its schema is incomplete");
            SchemaElement field = footer.getSchema().get(next++);
            budget.take(ITEMS_OF_A_FIELD + depth);
            // Two fields for each list.
            if (depth > 2 * budget.depth()) throw budget.tooDeep();
            if (!names.add(field.getName())) throw budget.fault().duplicate(path + field.getName());
            boolean repeated = inList || field.getRepetition_type() == FieldRepetitionType.REPEATED;
            if (field.isSetType()) inLists.add(repeated);
            else if (field.getNum_children() == 0) throw new Damaged("its field " + field.getName() + " has no type");
            else checkChildren(field, depth < 2 ? path + field.getName() + "." : path, repeated, depth + 1);
        }
    }

    private void checkChunk(ColumnChunk chunk, boolean inList, long rows) {
        TableFault fault = budget.fault();
        if (chunk.isSetCrypto_metadata() || chunk.isSetEncrypted_column_metadata())
            throw fault.malformed("one of its columns is encrypted", "write it without");
        ColumnMetaData about = chunk.getMeta_data();
        if (about == null || about.getPath_in_schema() == null) throw new Damaged("a column is not described");
        String name = String.join(".", about.getPath_in_schema());
        if (chunk.isSetFile_path() && !chunk.getFile_path().isEmpty()) {
            throw fault.malformed("its column " + name + " is in another file", "write one file that has all in it");
        }
        ParquetCodec.check(about.getCodec(), fault);
        if (about.getNum_values() < 0 || !inList && about.getNum_values() != rows) {
            throw new Damaged("column " + name + " has " + about.getNum_values() + " values for " + rows + " rows");
        }
        budget.take(about.getNum_values());
        long size = about.getTotal_compressed_size();
        long start = about.getData_page_offset();
        long dictionary = about.getDictionary_page_offset();
        if (about.isSetDictionary_page_offset() && dictionary > 0) start = Math.min(start, dictionary);
        if (start < 0 || size < 0 || start > end || size > end - start)
            throw new Damaged("column " + name + " lies outside the file");
        // All of a part of the rows are in memory at once.
        packed += size;
        if (packed > end) throw new Damaged("its columns lie in one another");
        about.unsetStatistics();
        about.unsetSize_statistics();
        about.unsetGeospatial_statistics();
    }
}
