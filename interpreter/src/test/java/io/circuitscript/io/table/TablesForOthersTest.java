package io.circuitscript.io.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of ours, read by pandas and pyarrow where there are any: {@code CIRCUIT_TEST_PYTHON}, or else python3. */
final class TablesForOthersTest {
    private static final String PYTHON = Objects.requireNonNullElse(System.getenv("CIRCUIT_TEST_PYTHON"), "python3");

    private static final Path CHECK = Path.of("../tools/tables/check_tables.py").toAbsolutePath();

    private final Map<String, Object> expected = new LinkedHashMap<>();

    @Test
    void areReadWithoutOptions(@TempDir Path folder) throws Exception {
        Run there = run("-c", "import pandas, pyarrow");
        assumeTrue(there.code() == 0, "skipped: " + PYTHON + " has no pandas and pyarrow");
        write(folder);
        new ObjectMapper().writeValue(folder.resolve("expected.json").toFile(), expected);
        Run check = run(CHECK.toString(), folder.toString());
        assertEquals(0, check.code(), check.output());
    }

    private void write(Path folder) {
        List<String> columns = List.of("method", "size", "faithfulness", "kept", "text");
        TableData flat = new TableData(
                columns,
                List.of(
                        List.of("eap", 10.0, 0.5, true, "a,b \"c\" 🎲"),
                        Arrays.asList("eap-ig", -9007199254740992.0, null, false, "line\nend"),
                        Arrays.asList("", 40.0, 1e300, true, null)));
        Map<String, String> types = types(columns, "str", "int64", "float64", "bool", "str");
        for (String ending : List.of("parquet", "jsonl", "json")) put(folder, "flat." + ending, flat, types);
        // An empty text is missing to pandas' reader of CSV.
        TableData noEmpty = new TableData(columns, flat.rows().subList(0, 2));
        for (String ending : List.of("csv", "tsv")) put(folder, "flat." + ending, noEmpty, types);
        put(
                folder,
                "nones.parquet",
                new TableData(List.of("size", "none"), List.of(Arrays.asList(1.0, null), Arrays.asList(null, null))),
                types(List.of("size", "none"), "float64", "object"));
        put(
                folder,
                "alone.csv",
                new TableData(List.of("x"), List.of(List.of(0.5), Arrays.asList((Object) null), List.of(2.0))),
                Map.of("x", "float64"));
        List<String> deep = List.of("answers", "numbers", "nested", "record", "records");
        TableData nested = new TableData(
                deep,
                List.of(
                        List.of(
                                List.of("a", "b"),
                                List.of(1.0, 2.0),
                                List.of(List.of(0.5), List.of()),
                                record("x", 1.0, "y", List.of("a")),
                                List.of(record("n", 1.0, "t", "u"))),
                        Arrays.asList(null, List.of(), null, null, List.of()),
                        Arrays.asList(
                                Arrays.asList("a", null),
                                null,
                                Arrays.asList(List.of(1.5, 2.0), null, List.of(3.0)),
                                record("x", null, "y", null),
                                List.of(record("n", null, "t", "v"), record("n", 2.0, "t", null)))));
        put(folder, "nested.parquet", nested, types(deep, "list", "list", "list", "dict", "list"));
        put(folder, "nested.jsonl", nested, types(deep, "list", "list", "list", "dict", "list"));
        List<List<Object>> many = new ArrayList<>();
        for (int i = 0; i < 100_500; i++) many.add(List.of((double) i, i % 2 == 0, "t" + i % 10));
        put(
                folder,
                "many.parquet",
                new TableData(List.of("n", "even", "t"), many),
                types(List.of("n", "even", "t"), "int64", "bool", "str"));
        put(
                folder,
                "no-rows.csv",
                new TableData(List.of("a", "b"), List.of()),
                types(List.of("a", "b"), "object", "object"));
        put(
                folder,
                "no-rows.parquet",
                new TableData(List.of("a", "b"), List.of()),
                types(List.of("a", "b"), "object", "object"));
    }

    private static SequencedMap<String, Object> record(String first, Object one, String second, Object other) {
        SequencedMap<String, Object> record = new LinkedHashMap<>();
        record.put(first, one);
        record.put(second, other);
        return record;
    }

    private static Map<String, String> types(List<String> columns, String... types) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < types.length; i++) all.put(columns.get(i), types[i]);
        return all;
    }

    private void put(Path folder, String name, TableData table, Map<String, String> types) {
        Path file = folder.resolve(name);
        TableWriter.write(table, file, TableFormat.ofEnding(file).orElseThrow());
        expected.put(name, Map.of("columns", table.columns(), "rows", table.rows(), "types", types));
    }

    private record Run(int code, String output) {}

    private static Run run(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Run(process.waitFor(), output);
        } catch (IOException none) {
            return new Run(-1, none.toString());
        }
    }
}
