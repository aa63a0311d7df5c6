package io.circuitscript.io.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files of ours look like, and which tables have no place in them. */
final class TableWriterTest {
    private static final TableData TABLE = new TableData(
            List.of("method", "size", "faithfulness", "kept", "edges"),
            List.of(
                    List.of("eap", 10.0, 0.5, true, List.of("m0->m1", "a,b")),
                    Arrays.asList("007", 20.0, null, false, List.of())));

    @Test
    void looksAsPandasWritesIt() {
        assertEquals("""
                method,size,faithfulness,kept,edges
                eap,10,0.5,true,"[""m0->m1"",""a,b""]"
                "007",20,,false,[]
                """, text(TABLE, TableFormat.CSV));
        assertEquals("""
                {"method":"eap","size":10,"faithfulness":0.5,"kept":true,"edges":["m0->m1","a,b"]}
                {"method":"007","size":20,"faithfulness":null,"kept":false,"edges":[]}
                """, text(TABLE, TableFormat.JSONL));
    }

    @Test
    void aNumberAsTextIsJsonWhereEverythingIsInQuotes() {
        TableData table = new TableData(List.of("a,b"), List.of(List.of("007"), List.of("x,y")));
        assertEquals("""
                "a,b"
                \"""007\"""
                "x,y"
                """, text(table, TableFormat.CSV));
    }

    @Test
    void aColumnOfParquetHasOneType() {
        UserError mixed = refused(Arrays.asList(1.0, null, "x"));
        assertEquals(ErrorCode.TABLE_CELL, mixed.code());
        assertEquals("column a cannot be written to t: row 1 has a number, row 3 has a text", mixed.getMessage());
        assertEquals(
                "column a cannot be written to t: row 2 has a list with a number and a text",
                refused(Arrays.asList(null, List.of(1.0, "x"))).getMessage());
        assertEquals(
                "column a cannot be written to t: row 1 has a record with the fields x, row 2 has a record with the fields y",
                refused(List.of(record("x"), record("y"))).getMessage());
        assertEquals(
                "column a cannot be written to t: row 1 has a record without fields",
                refused(List.of(new LinkedHashMap<>())).getMessage());
    }

    private static SequencedMap<String, Object> record(String field) {
        SequencedMap<String, Object> record = new LinkedHashMap<>();
        record.put(field, 1.0);
        return record;
    }

    private static UserError refused(List<Object> cells) {
        TableData table =
                new TableData(List.of("a"), cells.stream().map(Arrays::asList).toList());
        return assertThrows(UserError.class, () -> TableWriter.bytes("t", table, TableFormat.PARQUET));
    }

    @Test
    void rowsAreAddedByTheNamesOfTheirColumns(@TempDir Path folder) {
        Path file = folder.resolve("t.csv");
        TableWriter.append(
                new TableData(List.of("a", "b"), List.of(List.of(1.0, "x"))),
                file,
                TableFormat.CSV,
                TableLimits.DEFAULT);
        TableWriter.append(
                new TableData(List.of("b", "a"), List.of(List.of("y", 2.0))),
                file,
                TableFormat.CSV,
                TableLimits.DEFAULT);
        assertEquals(
                new TableData(List.of("a", "b"), List.of(List.of(1.0, "x"), List.of(2.0, "y"))),
                TableReader.read("t", file, TableLimits.DEFAULT));
    }

    @Test
    void otherColumnsAreNotAdded(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("t.csv");
        Files.writeString(file, "a,b\n1,2");
        TableData other = new TableData(List.of("a", "c"), List.of(List.of(1.0, 2.0)));
        UserError error = assertThrows(
                UserError.class, () -> TableWriter.append(other, file, TableFormat.CSV, TableLimits.DEFAULT));
        assertEquals(ErrorCode.TABLE_COLUMNS_DIFFER, error.code());
        assertEquals(List.of("only in the file: b", "only in the new rows: c"), error.notes());
        assertEquals("a,b\n1,2", Files.readString(file));
    }

    @Test
    void whatCannotBeAddedLeavesTheFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("t.parquet");
        TableWriter.write(new TableData(List.of("a"), List.of(List.of(1.0))), file, TableFormat.PARQUET);
        byte[] before = Files.readAllBytes(file);
        TableData texts = new TableData(List.of("a"), List.of(List.of("x")));
        assertThrows(UserError.class, () -> TableWriter.append(texts, file, TableFormat.PARQUET, TableLimits.DEFAULT));
        assertEquals(
                new String(before, StandardCharsets.ISO_8859_1), Files.readString(file, StandardCharsets.ISO_8859_1));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    private static String text(TableData table, TableFormat format) {
        return new String(TableWriter.bytes("t", table, format), StandardCharsets.UTF_8);
    }
}
