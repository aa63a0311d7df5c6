package io.circuitscript.cli.each;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    static void check(Path file, List<String> parameters) {
        if (!isCsv(file) && !isLines(file))
            throw UserError.input(
                    ErrorCode.NOT_A_FILE,
                    file.getFileName() + " cannot be the table of the cells: it would be neither .csv nor .jsonl",
                    "name it with --table, as in: --table cells.csv");
        try {
            AtomicFile.check(file);
        } catch (UserError closed) {
            throw UserError.failure(closed.code(), closed.getMessage(), "name another place for it: --table cells.csv");
        }
        if (!Files.isRegularFile(file)) return;
        String expected = isCsv(file)
                ? parameters.stream().map(CellTable::quoted).collect(Collectors.joining(","))
                : "{" + MAPPER.getNodeFactory().textNode(parameters.getFirst()) + ":";
        if (!beginning(file, expected.length()).equals(expected))
            throw UserError.input(
                    ErrorCode.WOULD_OVERWRITE,
                    file.getFileName() + " exists and is not a table of these parameters, and would be overwritten",
                    "name another place for the table: --table cells.csv");
    }

    private static String beginning(Path file, int characters) {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(4 * characters);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.substring(0, Math.min(characters, text.length()));
        } catch (IOException e) {
            return "";
        }
    }

    private static boolean isCsv(Path file) {
        return file.toString().endsWith(".csv");
    }

    private static boolean isLines(Path file) {
        return file.toString().endsWith(".jsonl");
    }

    void write(Path file) {
        String text = isCsv(file) ? csv() : lines();
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
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

    private String csv() {
        Map<String, String> fields = fields();
        StringBuilder text = new StringBuilder();
        List<String> head = new ArrayList<>(parameters);
        head.addAll(fields.values());
        line(text, head);
        for (Row row : rows) {
            List<String> cells = new ArrayList<>();
            for (String name : parameters) cells.add(cell(row.parameters().get(name)));
            for (String name : fields.keySet()) cells.add(cell(row.fields().path(name)));
            line(text, cells);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(cells.stream().map(CellTable::quoted).collect(Collectors.joining(",")))
                .append('\n');
    }

    private static String cell(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) return "";
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r')
                && cell.equals(cell.strip());
        return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    private String lines() {
        Map<String, String> fields = fields();
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            ObjectNode line = MAPPER.createObjectNode();
            row.parameters().forEach(line::set);
            fields.forEach((name, column) -> {
                JsonNode value = row.fields().path(name);
                line.set(column, value.isMissingNode() ? NullNode.instance : value);
            });
            text.append(line).append('\n');
        }
        return text.toString();
    }
}
