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
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cells mean, and what is said of those that mean nothing. */
final class TableReaderTest {
    @Test
    void aColumnWithATextIsATextColumn() {
        assertEquals(column("007", "x", "true", null, "NaN"), csv("a,b\n007,1\nx,1\ntrue,1\n,1\nNaN,1\n"));
        assertEquals(column(7.0, null, 1000.0), csv("a,b\n007,1\nNaN,1\n1e3,1\n"));
        assertEquals(column(true, false, null), csv("a,b\nTrue,1\nfalse,1\n,1\n"));
    }

    @Test
    void quotesMakeATextOfANumber() {
        assertEquals(column("007", 7.0, "", null), csv("a,b\n\"007\",1\n007,1\n\"\",1\n,1\n"));
    }

    /** As pandas writes with QUOTE_ALL. */
    @Test
    void quotesSayNothingWhereEverythingIsInQuotes() {
        assertEquals(column(7.0, null, 1000.0), csv("\"a\",\"b\"\n\"007\",\"x\"\n\"\",\"y\"\n\"1e3\",\n"));
        assertEquals(column("007", "x"), csv("\"a\",\"b\"\n\"007\",\"1\"\n\"x\",\"2\"\n"));
        assertEquals(column(true, null), csv("\"a\"\n\"True\"\n\"NaN\"\n"));
        // One cell or one name without them is enough.
        assertEquals(column("007", "1"), csv("\"a\",\"b\"\n\"007\",\"x\"\n\"1\",y\n"));
        assertEquals(column("007"), csv("\"a\",b\n\"007\",\"x\"\n"));
    }

    /** They are tokens more often than numbers. */
    @Test
    void spacesBelongToTheText() {
        assertEquals(column(" 5", " Rosa"), csv("a,b\n 5,1\n Rosa,1\n"));
    }

    @Test
    void aWholeNumberThatIsTooLargeMakesTextsOfItsColumn() {
        assertEquals(column("1", "9007199254740993"), csv("a,b\n1,1\n9007199254740993,1\n"));
        assertEquals(column("1", "9007199254740993"), json("{\"a\":1,\"b\":1}\n{\"a\":9007199254740993,\"b\":1}"));
        assertEquals(column(0.5, 9007199254740992.0), csv("a,b\n0.5,1\n9007199254740993,1\n"));
        assertEquals(column(List.of(1.0, "9007199254740993")), json("{\"a\":[1,9007199254740993],\"b\":1}"));
    }

    @Test
    void infinityIsNoNumber() {
        UserError error = assertThrows(UserError.class, () -> csv("a,b\n1,1\n-inf,1\n"));
        assertEquals(ErrorCode.TABLE_CELL, error.code());
        assertEquals("row 2, column a of t: the number is minus infinity", error.getMessage());
        assertEquals(
                "row 1, column a of t: the number is infinity",
                assertThrows(UserError.class, () -> json("{\"a\":[1e999],\"b\":1}"))
                        .getMessage());
        String huge = "{\"a\":0.5,\"b\":1}\n{\"a\":" + "7".repeat(400) + ",\"b\":1}";
        assertEquals(
                "row 2, column a of t: the number is infinity",
                assertThrows(UserError.class, () -> json(huge)).getMessage());
        assertEquals(column("inf", "x"), csv("a,b\ninf,1\nx,1\n"));
    }

    @Test
    void messagesNameTheRow() {
        UserError ragged = assertThrows(UserError.class, () -> csv("a,b\n\n1,\"x\ny\"\n2\n"));
        assertEquals("row 2 of t (line 5) has 1 value; the header has 2 columns", ragged.getMessage());
        UserError open = assertThrows(UserError.class, () -> csv("a,b\n1,2\n3,\"x\n"));
        assertEquals(
                "t is not a valid CSV file: a quote opens and does not close in the row that begins on line 3",
                open.getMessage());
        UserError after = assertThrows(UserError.class, () -> csv("a,b\n1,2\n3,\"x\"y\n"));
        assertEquals(
                "t is not a valid CSV file: text follows a closing quote in the row that begins on line 3",
                after.getMessage());
        UserError json = assertThrows(UserError.class, () -> json("{\"a\":1}\n{\"a\":x}\n"));
        assertEquals(
                "t is not a valid JSON Lines file: row 2 (line 2, column 6): "
                        + "Unrecognized token 'x': was expecting (JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false')",
                json.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "a.csv, CSV",
        "a.CSV, CSV",
        "a.tsv, TSV",
        "a.tab, TSV",
        "a.jsonl, JSONL",
        "a.ndjson, JSONL",
        "a.json, JSON",
        "a.parquet, PARQUET",
        "a.pq, PARQUET"
    })
    void endingsSayTheFormat(String name, TableFormat format) {
        assertEquals(Optional.of(format), TableFormat.ofEnding(Path.of("folder.csv", name)));
        assertEquals(Optional.empty(), TableFormat.ofEnding(Path.of(name + ".txt")));
    }

    @Test
    void contentSaysTheFormatWhereTheEndingDoesNot(@TempDir Path folder) throws IOException {
        TableData table = new TableData(List.of("a", "b"), List.of(Arrays.asList(1.0, "x"), Arrays.asList(null, "y")));
        for (TableFormat format : TableFormat.values()) {
            Path file = folder.resolve(format + ".data");
            TableWriter.write(table, file, format);
            assertEquals(table, TableReader.read("t", file, TableLimits.DEFAULT), format.title());
            assertEquals(Optional.of(format), TableFormat.detect(Files.readAllBytes(file)));
        }
        Path binary = Files.write(folder.resolve("binary.data"), new byte[] {1, 0, 2});
        assertEquals(
                "t is not a valid CSV file: it is not text",
                assertThrows(UserError.class, () -> TableReader.read("t", binary, TableLimits.DEFAULT))
                        .getMessage());
    }

    @Test
    void nothingIsATableOfNothing() {
        TableData nothing = new TableData(List.of(), List.of());
        for (TableFormat format : List.of(TableFormat.CSV, TableFormat.TSV, TableFormat.JSONL))
            assertEquals(nothing, TableReader.read("t", new byte[0], format, TableLimits.DEFAULT));
    }

    private static List<Object> csv(String text) {
        return first(text, TableFormat.CSV);
    }

    private static List<Object> json(String text) {
        return first(text, TableFormat.JSONL);
    }

    private static List<Object> first(String text, TableFormat format) {
        TableData table = TableReader.read("t", text.getBytes(StandardCharsets.UTF_8), format, TableLimits.DEFAULT);
        return table.rows().stream().map(List::getFirst).toList();
    }

    private static List<Object> column(Object... cells) {
        return Arrays.asList(cells);
    }
}
