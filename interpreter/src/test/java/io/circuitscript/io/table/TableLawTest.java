package io.circuitscript.io.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.circuitscript.Randomly;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written reads back as the same, in every format. */
final class TableLawTest {
    private static final int TRIES = 1_000;

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void whatIsWrittenReadsBack(TableFormat format) {
        Randomly.check(TRIES, random -> {
            TableData table = RandomTables.table(random, format != TableFormat.PARQUET);
            byte[] bytes = TableWriter.bytes("t", table, format);
            TableData back = TableReader.read("t", bytes, format, TableLimits.DEFAULT);
            assertEquals(shown(kept(table, format)), shown(back));
            assertArrayEquals(bytes, TableWriter.bytes("t", table, format), "the same bytes each time");
        });
    }

    /** Rows that are added are as if they had been written with the others. */
    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void whatIsAddedReadsBack(TableFormat format, @TempDir Path folder) {
        Path file = folder.resolve("t");
        Randomly.check(100, random -> {
            TableData table = RandomTables.table(random, format != TableFormat.PARQUET);
            int half = table.rows().size() / 2;
            TableData first = new TableData(table.columns(), table.rows().subList(0, half));
            TableData rest = new TableData(
                    table.columns(), table.rows().subList(half, table.rows().size()));
            TableWriter.write(first, file, format);
            TableWriter.append(rest, file, format, TableLimits.DEFAULT);
            assertEquals(shown(kept(table, format)), shown(TableReader.read("t", file, format, TableLimits.DEFAULT)));
        });
    }

    /** JSON has columns only where it has rows. */
    private static TableData kept(TableData table, TableFormat format) {
        boolean json = format == TableFormat.JSON || format == TableFormat.JSONL;
        return json && table.rows().isEmpty() ? new TableData(List.of(), List.of()) : table;
    }

    /** With the order of fields, which maps forget when they are compared, and with the sign of zero. */
    private static List<Object> shown(TableData table) {
        List<Object> all = new ArrayList<>(List.of(table.columns()));
        for (List<Object> row : table.rows()) all.add(shown(row));
        return all;
    }

    private static Object shown(Object cell) {
        return switch (cell) {
            case List<?> list -> list.stream().map(TableLawTest::shown).toList().toString();
            case SequencedMap<?, ?> map ->
                map.entrySet().stream()
                        .map(field -> field.getKey() + "=" + shown(field.getValue()))
                        .toList()
                        .toString();
            case String text -> "text " + text;
            case null -> "none";
            default -> cell.toString();
        };
    }

    /** All names and cells are in quotes: then texts that look like numbers need more than quotes. */
    @ParameterizedTest
    @EnumSource(
            value = TableFormat.class,
            names = {"CSV", "TSV"})
    void textsThatLookLikeNumbersStayTexts(TableFormat format) {
        Randomly.check(TRIES, random -> {
            List<List<Object>> rows = Randomly.list(
                    random,
                    0,
                    4,
                    r -> Arrays.asList(RandomTables.text(r), r.nextInt(4) > 0 ? RandomTables.text(r) : null));
            for (List<String> columns : List.of(List.of("a,\tb", " c"), List.of("a", "b"))) {
                TableData two = new TableData(columns, rows);
                assertEquals(shown(two), shown(again(two, format)));
                for (int column = 0; column < 2; column++) {
                    int kept = column;
                    List<List<Object>> cells = rows.stream()
                            .map(row -> Arrays.asList(row.get(kept)))
                            .toList();
                    TableData one = new TableData(columns.subList(column, column + 1), cells);
                    assertEquals(shown(one), shown(again(one, format)));
                }
            }
        });
    }

    private static TableData again(TableData table, TableFormat format) {
        return TableReader.read("t", TableWriter.bytes("t", table, format), format, TableLimits.DEFAULT);
    }

    @Test
    void nestedEscapesStayShort() {
        String text = "[1]";
        for (int i = 0; i < 8; i++) {
            TableData table = new TableData(List.of("a", "b"), List.of(List.of(text, "x")));
            byte[] bytes = TableWriter.bytes("t", table, TableFormat.CSV);
            assertEquals(table, TableReader.read("t", bytes, TableFormat.CSV, TableLimits.DEFAULT));
            text = JsonCells.text(text);
        }
    }
}
