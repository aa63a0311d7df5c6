package io.circuitscript.cli.each;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.source.Source;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How values become rows, and combinations names of folders. */
final class CellTableTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private static Grid grid(String... each) {
        Source script = new Source("x.circuit", "param n = 1\nparam word = \"a\"\n");
        return Grid.of(List.of(each), Map.of(), new ScriptText(script, Path.of("")));
    }

    /** The table of cells that give these values, as JSON; null for one that failed. */
    private String table(String file, Grid grid, boolean ofStatement, String... values) throws Exception {
        CellTable table = new CellTable(grid);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == null) continue;
            var value = JSON.readTree("{\"value\":" + values[i] + "}").path("value");
            table.add(grid.cell(i), new CellResult(0, "", value, ofStatement, JSON.createObjectNode()));
        }
        table.write(folder.resolve(file));
        return Files.readString(folder.resolve(file));
    }

    @Test
    void aStatementGivesItsSingleValues() throws Exception {
        assertEquals(
                "n,edges,faithfulness,name\n1,40,0.1234567890123456789,\n2,20,1E-7,\"a,\"\"b\"\"\"\n"
                        .replace("0.1234567890123456789", "0.12345678901234568"),
                table(
                        "a.csv",
                        grid("n=1..2"),
                        true,
                        "{\"edges\":40,\"values\":[1,2],\"faithfulness\":0.1234567890123456789}",
                        "{\"edges\":20,\"faithfulness\":1e-7,\"name\":\"a,\\\"b\\\"\"}"));
    }

    @Test
    void aListOfRecordsGivesARowEach() throws Exception {
        assertEquals(
                "n,a,b\n1,1,\"[1,2]\"\n1,2,\n2,,true\n",
                table("a.csv", grid("n=1..3"), false, "[{\"a\":1,\"b\":[1,2]},{\"a\":2}]", "[{\"b\":true}]", "[]"));
    }

    @Test
    void anyOtherValueIsOneColumnAndNoneIsNoColumn() throws Exception {
        assertEquals(
                "n,value\n1,2.5\n2,\"a b\"\n3,\"[1,2]\"\n4,\n",
                table("a.csv", grid("n=1..5"), false, "2.5", "\"a b\"", "[1,2]", "null", null));
        assertEquals("n\n1\n", table("b.csv", grid("n=1..1"), false, "null"));
    }

    @Test
    void aFieldWithAParametersNameIsRepeatedOnlyWhereItDiffers() throws Exception {
        assertEquals(
                "n,x\n1,5\n2,6\n", table("a.csv", grid("n=1..2"), false, "{\"n\":1,\"x\":5}", "{\"n\":2,\"x\":6}"));
        assertEquals(
                "n,n.result,x\n1,1,5\n2,7,6\n",
                table("a.csv", grid("n=1..2"), false, "{\"n\":1,\"x\":5}", "{\"n\":7,\"x\":6}"));
    }

    @Test
    void linesOfJsonHaveEveryColumn() throws Exception {
        assertEquals(
                "{\"word\":\"ü\",\"a\":1,\"b\":null}\n{\"word\":\"x\",\"a\":null,\"b\":[1]}\n",
                table("a.jsonl", grid("word=[\"ü\", \"x\"]"), false, "{\"a\":1}", "{\"b\":[1]}"));
    }

    @Test
    void theFirstParameterChangesMostSlowly() {
        Grid grid = grid("n=[10, 20]", "word=[b, a]");
        assertEquals(
                List.of("n=10,word=b", "n=10,word=a", "n=20,word=b", "n=20,word=a"),
                grid.cells().stream().map(Cell::name).toList());
        assertEquals(Map.of("n", "20", "word", "a"), grid.cell(3).parameters());
    }

    @Test
    void everyTextIsTheNameOfAFolderOfItsOwn() throws Exception {
        String longOne = "x".repeat(300);
        Grid grid = grid(
                "word=[\"\", \".\", \"..\", \"a/b\", \"a,b=c\", \"100%\", \"%31\", \"ü\", \"a\\nb\", \"a b\", \"$(x)'\\\"\", \""
                        + longOne + "\", \"" + longOne + "y\"]");
        Set<String> names = new HashSet<>();
        for (Cell cell : grid.cells()) {
            String name = cell.name();
            assertTrue(name.matches("word=[A-Za-z0-9._%+~-]*") && name.length() <= 150, name);
            assertTrue(names.add(name), name);
            Files.createDirectory(folder.resolve(name));
        }
        assertEquals("word=a%2Cb%3Dc", grid.cell(4).name());
        assertEquals("word=%C3%BC", grid.cell(7).name());
    }

    @Test
    void aTextThatLooksLikeANumberStaysOne() {
        assertEquals("10", grid("word=[\"10\"]").cell(0).parameters().get("word"));
        assertEquals("\"10\"", grid("n=[\"10\"]").cell(0).parameters().get("n"));
        assertEquals("eap", grid("other=[eap]").cell(0).parameters().get("other"));
        assertEquals("50%", grid("n=[50%]").cell(0).parameters().get("n"));
        assertEquals("[1, 2]", grid("n=[[1, 2]]").cell(0).parameters().get("n"));
    }

    @Test
    void thereIsALimit() {
        assertEquals(10_000, grid("n=1..100", "word=1..100").size());
        assertTrue(assertThrows(WrongGrid.class, () -> grid("n=1..10001"))
                .getMessage()
                .contains("10,001 cells"));
        String[] many =
                IntStream.range(0, 20).mapToObj(i -> "p" + i + "=1..1000").toArray(String[]::new);
        assertThrows(WrongGrid.class, () -> grid(many));
    }

    @Test
    void anotherFileIsNotOverwritten() throws Exception {
        Source script = new Source("x.circuit", "param n = 1\n");
        GridHeader header = new GridHeader(
                folder,
                "out",
                Path.of("x.circuit"),
                new ScriptText(script, Path.of("")),
                grid("n=1..2"),
                MachineShare.WHOLE);
        header.write();
        Path data = Files.writeString(folder.resolve("data.csv"), "n,value\n1,2\n");
        assertThrows(UserError.class, () -> CellTable.check(data, header));
        header.noteTable(data);
        CellTable.check(data, header);
        Files.writeString(data, "n,value\n1,3\n");
        assertThrows(UserError.class, () -> CellTable.check(data, header));
        assertThrows(UserError.class, () -> CellTable.check(folder.resolve("x.txt"), header));
        CellTable.check(folder.resolve("new.parquet"), header);
    }
}
