package io.circuitscript.cli.each;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.table.TableData;
import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableWriter;
import io.circuitscript.runtime.files.TableFiles;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** The last values of all cells as one table: the parameters first, then the fields. */
final class CellTable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A row: the values of its parameters, and what its cell gave. */
    private record Row(Map<String, JsonNode> parameters, ObjectNode fields) {}

    private final List<String> parameters;
    private final List<Row> rows = new ArrayList<>();

    CellTable(Grid grid) {
        parameters = grid.names();
    }

    /** Cells come in the order of the grid. */
    void add(Cell cell, CellResult result) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        cell.values().forEach((name, value) -> values.put(name, json(value)));
        result.rows().forEach(fields -> rows.add(new Row(values, fields)));
    }

    int rows() {
        return rows.size();
    }

    private static JsonNode json(Value value) {
        try {
            return MAPPER.readTree(JsonOutput.text(
                            ResultFields.of("cell").put("value", value).done()))
                    .path("value");
        } catch (IOException e) {
            throw new UncheckedIOException("a value is always JSON", e);
        }
    }

    /** @throws UserError where no table can be written under that name, or something else would be lost */
    static void check(Path file, GridHeader header) {
        TableFiles.checkEnding(file.getFileName());
        try {
            AtomicFile.check(file);
        } catch (UserError closed) {
            throw UserError.failure(closed.code(), closed.getMessage(), "name another place for it: --table cells.csv");
        }
        if (!Files.isRegularFile(file) || header.isTable(file)) return;
        throw UserError.input(
                ErrorCode.WOULD_OVERWRITE,
                file.getFileName()
                        + " exists and is not the table that these cells left there, and would be overwritten",
                "name another place for the table, as in --table cells.csv, or remove the file");
    }

    void write(Path file) {
        Map<String, String> fields = fields();
        List<String> columns = new ArrayList<>(parameters);
        columns.addAll(fields.values());
        List<List<Object>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<Object> line = new ArrayList<>();
            for (String name : parameters) line.add(cell(row.parameters().get(name)));
            for (String name : fields.keySet()) line.add(cell(row.fields().path(name)));
            cells.add(line);
        }
        TableWriter.write(
                new TableData(columns, cells), file, TableFormat.ofEnding(file).orElseThrow());
    }

    private static Object cell(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.doubleValue();
            case BOOLEAN -> value.booleanValue();
            case STRING -> value.textValue();
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                value.forEach(item -> items.add(cell(item)));
                yield items;
            }
            case OBJECT -> {
                SequencedMap<String, Object> fields = new LinkedHashMap<>();
                value.properties().forEach(field -> fields.put(field.getKey(), cell(field.getValue())));
                yield fields;
            }
            default -> null;
        };
    }

    /** The columns after the parameters: each field's name in the table, by its own name. */
    private Map<String, String> fields() {
        Set<String> names = new LinkedHashSet<>();
        for (Row row : rows) row.fields().fieldNames().forEachRemaining(names::add);
        Map<String, String> columns = new LinkedHashMap<>();
        for (String name : names) {
            if (!parameters.contains(name)) columns.put(name, name);
            else if (differs(name)) columns.put(name, free(name, names));
        }
        return columns;
    }

    /** Whether a field that is called like a parameter is something else than its value. */
    private boolean differs(String name) {
        return rows.stream()
                .anyMatch(row -> row.fields().has(name)
                        && !row.fields().path(name).equals(row.parameters().get(name)));
    }

    private String free(String name, Set<String> taken) {
        String free = name + ".result";
        while (taken.contains(free) || parameters.contains(free)) free += ".result";
        return free;
    }
}
