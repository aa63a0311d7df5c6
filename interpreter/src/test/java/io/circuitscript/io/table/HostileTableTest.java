package io.circuitscript.io.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;

/** Files that were made to fill the memory, or to confuse. */
final class HostileTableTest {
    private static final TableLimits SMALL = new TableLimits(1 << 20, 1 << 20, 1_000, 10);

    @Test
    void noFileHasTooManyCells() {
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused("a\n" + "1\n".repeat(2_000), TableFormat.CSV));
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused("{\"a\":[" + "1,".repeat(2_000) + "1]}", TableFormat.JSONL));
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused("a\n" + "x".repeat(20_000), TableFormat.CSV));
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused("x".repeat((1 << 20) + 1), TableFormat.CSV));
        StringBuilder wider = new StringBuilder();
        for (int i = 0; i < 500; i++) wider.append("{\"c").append(i).append("\":1}\n");
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused(wider.toString(), TableFormat.JSONL));
    }

    @Test
    void noFileIsTooDeep() {
        for (int depth : List.of(11, 1_000, 100_000)) {
            String deep = "[".repeat(depth) + "]".repeat(depth);
            assertEquals(ErrorCode.TABLE_TOO_LARGE, refused("{\"a\":" + deep + "}", TableFormat.JSONL));
            if (depth < 100_000)
                assertEquals(ErrorCode.TABLE_TOO_LARGE, refused("a\n\"" + deep + "\"\n", TableFormat.CSV));
        }
        // Brackets that never close are a text.
        TableData open = TableReader.read(
                "t", ("a\n" + "[".repeat(150)).getBytes(StandardCharsets.UTF_8), TableFormat.CSV, SMALL);
        assertEquals(List.of(List.of("[".repeat(150))), open.rows());
    }

    @Test
    void textsThatAreNot() {
        assertEquals(ErrorCode.TABLE_MALFORMED, refused("a,b\n1,\"x\n", TableFormat.CSV));
        assertEquals(ErrorCode.TABLE_MALFORMED, refused("a,b\n1,\"x\"y\n", TableFormat.CSV));
        assertEquals(ErrorCode.DATA_RAGGED_ROW, refused("a,b\n1\n", TableFormat.CSV));
        assertEquals(ErrorCode.DATA_RAGGED_ROW, refused("a,b\n1,2,3\n", TableFormat.CSV));
        assertEquals(ErrorCode.DATA_DUPLICATE_COLUMN, refused("a,a\n1,2\n", TableFormat.CSV));
        assertEquals(ErrorCode.DATA_DUPLICATE_COLUMN, refused(",Unnamed: 0\n1,2\n", TableFormat.CSV));
        for (String text :
                List.of("{", "{\"a\":1", "[1]", "1", "{\"a\":1}]", "{\"a\":1,\"a\":2}", "{}", "{\"a\":}", "{\"a\":01}"))
            assertEquals(ErrorCode.TABLE_MALFORMED, refused(text, TableFormat.JSONL), text);
        for (String text : List.of("", "{\"a\":1}", "[{\"a\":1}", "[{\"a\":1}] x", "[1]", "[{\"a\":1},]", "]"))
            assertEquals(ErrorCode.TABLE_MALFORMED, refused(text, TableFormat.JSON), text);
        byte[] latin = {'a', '\n', (byte) 0xE9, '\n'};
        assertEquals(ErrorCode.DATA_NOT_UTF8, refused(latin, TableFormat.CSV));
        assertEquals(ErrorCode.TABLE_MALFORMED, refused(new byte[] {0x1F, (byte) 0x8B, 8}, TableFormat.CSV));
        assertEquals(ErrorCode.TABLE_MALFORMED, refused("PAR1", TableFormat.CSV));
    }

    @Test
    void parquetCutAnywhere() throws IOException {
        for (String name : List.of("pyarrow-zstd.parquet", "duckdb-snappy-v2.parquet")) {
            byte[] whole = Files.readAllBytes(TablesOfOthersTest.FOLDER.resolve(name));
            for (int length = 0; length < whole.length; length += 7)
                assertEquals(ErrorCode.TABLE_MALFORMED, refused(Arrays.copyOf(whole, length), TableFormat.PARQUET));
        }
    }

    /** Sizes and counts that the file does not have. */
    @Test
    void parquetThatStatesTooMuch() throws IOException {
        List<Long> absurd = List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, (long) Integer.MAX_VALUE, 1L << 40, 900L);
        for (long number : absurd) {
            refusedParquet(new Parts().rows(number));
            refusedParquet(new Parts().values(number));
            refusedParquet(new Parts().offset(number));
            refusedParquet(new Parts().pageValues((int) number));
            refusedParquet(new Parts().pageSize((int) number));
            refusedParquet(new Parts().packedSize((int) number));
            refusedParquet(new Parts().children((int) number));
        }
        TableData right = TableReader.read("t", new Parts().bytes(), TableFormat.PARQUET, SMALL);
        assertEquals(List.of(List.of(1.0), List.of(2.0)), right.rows());
    }

    /** Levels that say to be a thousand million in a page of eight bytes, and work that does not end. */
    @Test
    void parquetThatIsWorkWithoutEnd() throws IOException {
        byte[] levels = {5, 0, 0, 0, -1, -1, -1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
        refusedParquet(new Parts().optional().page(levels).pageSize(levels.length));
        ItemBudget late = new ItemBudget(new TableFault("t", TableFormat.PARQUET), SMALL);
        late.checkTime(Duration.ofDays(1));
        assertThrows(UserError.class, () -> late.checkTime(Duration.ZERO));
    }

    /** 100 MB of zeros in 100 kB. */
    @Test
    void parquetThatUnpacksToTooMuch() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(new byte[100 << 20]);
        }
        Parts parts = new Parts().page(packed.toByteArray()).pageSize(100 << 20).codec(CompressionCodec.GZIP);
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused(parts.bytes(), TableFormat.PARQUET));
        // It says that it is small.
        parts.pageSize(16);
        assertEquals(ErrorCode.TABLE_MALFORMED, refused(parts.bytes(), TableFormat.PARQUET));
    }

    @Test
    void parquetNestedTooDeep() {
        Object cell = 1.0;
        for (int i = 0; i < 60; i++) cell = List.of(cell);
        byte[] deep = TableWriter.bytes("t", new TableData(List.of("a"), List.of(List.of(cell))), TableFormat.PARQUET);
        assertEquals(ErrorCode.TABLE_TOO_LARGE, refused(deep, TableFormat.PARQUET));
    }

    private static void refusedParquet(Parts parts) throws IOException {
        ErrorCode code = refused(parts.bytes(), TableFormat.PARQUET);
        assertTrue(code == ErrorCode.TABLE_MALFORMED || code == ErrorCode.TABLE_TOO_LARGE, code.word());
    }

    private static ErrorCode refused(String text, TableFormat format) {
        return refused(text.getBytes(StandardCharsets.UTF_8), format);
    }

    private static ErrorCode refused(byte[] bytes, TableFormat format) {
        return assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(UserError.class, () -> TableReader.read("t", bytes, format, SMALL))
                        .code());
    }

    /** A Parquet file of one required column with the numbers 1 and 2, in which every number can be another one. */
    private static final class Parts {
        private long rows = 2;
        private long values = 2;
        private long offset = 4;
        private int pageValues = 2;
        private int pageSize = 16;
        private int packedSize = 16;
        private int children = 1;
        private FieldRepetitionType repetition = FieldRepetitionType.REQUIRED;
        private CompressionCodec codec = CompressionCodec.UNCOMPRESSED;
        private byte[] page = {1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0};

        Parts optional() {
            repetition = FieldRepetitionType.OPTIONAL;
            return this;
        }

        Parts rows(long number) {
            rows = number;
            return this;
        }

        Parts values(long number) {
            values = number;
            return this;
        }

        Parts offset(long number) {
            offset = number;
            return this;
        }

        Parts pageValues(int number) {
            pageValues = number;
            return this;
        }

        Parts pageSize(int number) {
            pageSize = number;
            return this;
        }

        Parts packedSize(int number) {
            packedSize = number;
            return this;
        }

        Parts children(int number) {
            children = number;
            return this;
        }

        Parts codec(CompressionCodec other) {
            codec = other;
            return this;
        }

        Parts page(byte[] bytes) {
            page = bytes;
            packedSize = bytes.length;
            return this;
        }

        byte[] bytes() throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(ParquetFormat.MAGIC);
            PageHeader head = new PageHeader(PageType.DATA_PAGE, pageSize, packedSize);
            head.setData_page_header(new DataPageHeader(pageValues, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
            Util.writePageHeader(head, out);
            out.write(page);
            int start = out.size();
            SchemaElement root = new SchemaElement("schema").setNum_children(children);
            SchemaElement column = new SchemaElement("a").setType(Type.INT64).setRepetition_type(repetition);
            ColumnMetaData about = new ColumnMetaData(
                    Type.INT64, List.of(Encoding.PLAIN), List.of("a"), codec, values, 0, start - 4, offset);
            ColumnChunk chunk = new ColumnChunk(0).setMeta_data(about);
            RowGroup group = new RowGroup(List.of(chunk), 0, rows);
            Util.writeFileMetaData(new FileMetaData(1, List.of(root, column), rows, List.of(group)), out);
            int length = out.size() - start;
            out.write(new byte[] {(byte) length, (byte) (length >> 8), 0, 0});
            out.write(ParquetFormat.MAGIC);
            return out.toByteArray();
        }
    }
}
