package io.circuitscript.io.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files of pandas, pyarrow, Polars and DuckDB, made by {@code tools/tables}. */
final class TablesOfOthersTest {
    static final Path FOLDER = Path.of("src/test/resources/tables");

    @TestFactory
    Stream<DynamicTest> areRead() throws IOException {
        JsonNode expected = expected();
        return StreamSupport.stream(((Iterable<String>) expected::fieldNames).spliterator(), false)
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    TableData read = TableReader.read(name, FOLDER.resolve(name), TableLimits.DEFAULT);
                    TableData wanted = table(expected.get(name));
                    assertEquals(wanted.columns(), read.columns());
                    for (int row = 0;
                            row < Math.min(wanted.rows().size(), read.rows().size());
                            row++)
                        for (int column = 0; column < wanted.columns().size(); column++)
                            assertEquals(
                                    wanted.rows().get(row).get(column),
                                    read.rows().get(row).get(column),
                                    "row " + (row + 1) + ", column "
                                            + wanted.columns().get(column));
                    assertEquals(wanted.rows().size(), read.rows().size());
                }));
    }

    @Test
    void everyFileIsExpected() throws IOException {
        TreeSet<String> there = new TreeSet<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            files.forEach(file -> there.add(file.getFileName().toString()));
        }
        TreeSet<String> expected = new TreeSet<>(List.of("expected.json"));
        expected().fieldNames().forEachRemaining(expected::add);
        assertEquals(expected, there);
    }

    private static JsonNode expected() throws IOException {
        return new ObjectMapper().readTree(FOLDER.resolve("expected.json").toFile());
    }

    private static TableData table(JsonNode node) {
        List<String> columns = new ArrayList<>();
        node.get("columns").forEach(column -> columns.add(column.asText()));
        List<List<Object>> rows = new ArrayList<>();
        node.get("rows").forEach(row -> rows.add(list(row)));
        return new TableData(columns, rows);
    }

    private static List<Object> list(JsonNode node) {
        List<Object> cells = new ArrayList<>();
        node.forEach(cell -> cells.add(cell(cell)));
        return cells;
    }

    private static Object cell(JsonNode node) {
        if (node.isNull()) return null;
        if (node.isNumber()) return node.asDouble();
        if (node.isBoolean()) return node.asBoolean();
        if (node.isTextual()) return node.asText();
        if (node.isArray()) return list(node);
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        node.properties().forEach(field -> fields.put(field.getKey(), cell(field.getValue())));
        return fields;
    }
}
