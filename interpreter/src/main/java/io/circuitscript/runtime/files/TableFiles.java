package io.circuitscript.runtime.files;

import io.circuitscript.io.table.TableData;
import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableLimits;
import io.circuitscript.io.table.TableReader;
import io.circuitscript.io.table.TableWriter;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tables of the language in files. */
public final class TableFiles {
    private TableFiles() {}

    /** @throws UserError where its ending is not that of a table: asked before any work is done for it */
    public static void checkEnding(Path file) {
        format(file);
    }

    private static TableFormat format(Path file) {
        return TableFormat.ofEnding(file)
                .orElseThrow(() -> UserError.input(
                        ErrorCode.UNKNOWN_FORMAT,
                        "the name " + file + " does not say which format the table has",
                        "end its name in " + endings()));
    }

    private static String endings() {
        List<String> all = Stream.of(TableFormat.values())
                .map(it -> it.endings().getFirst())
                .toList();
        return all.subList(0, all.size() - 1).stream().collect(Collectors.joining(", ")) + " or " + all.getLast();
    }

    /** @param name what messages call the file */
    public static Value.ListOf read(String name, Path file) {
        return value(TableReader.read(name, file, TableLimits.DEFAULT));
    }

    /**
     * @param table a list of records that have the same fields
     * @param name what messages call the file
     * @param adds whether the rows are added to those of the file
     */
    public static void write(Value.ListOf table, String name, Path file, boolean adds) {
        TableData data = data(table);
        try {
            if (adds) TableWriter.append(data, file, format(file), TableLimits.DEFAULT);
            else TableWriter.write(data, file, format(file));
        } catch (UserError e) {
            String message = e.getMessage().replace(file.toString(), name); // as the script calls it
            throw new UserError(e.kind(), e.code(), message, e.notes(), e.help());
        }
    }

    private static Value.ListOf value(TableData data) {
        List<Value> rows = new ArrayList<>(data.rows().size());
        for (List<Object> cells : data.rows()) {
            SequencedMap<String, Value> row = new LinkedHashMap<>();
            for (int i = 0; i < cells.size(); i++) row.put(data.columns().get(i), value(cells.get(i)));
            rows.add(Value.Fields.record(row));
        }
        return new Value.ListOf(rows);
    }

    private static Value value(Object cell) {
        return switch (cell) {
            case null -> new Value.None();
            case String text -> new Value.Text(text);
            case Double number -> new Value.Number(number);
            case Boolean truth -> new Value.Bool(truth);
            case List<?> list ->
                new Value.ListOf(list.stream().map(TableFiles::value).toList());
            case SequencedMap<?, ?> map -> {
                SequencedMap<String, Value> fields = new LinkedHashMap<>();
                map.forEach((name, field) -> fields.put((String) name, value(field)));
                yield Value.Fields.record(fields);
            }
            default -> throw new IllegalStateException("a cell of class " + cell.getClass());
        };
    }

    private static TableData data(Value.ListOf table) {
        List<Value.Fields> rows = Tables.rows(table);
        List<String> columns = Tables.columns(table.items()).map(List::copyOf).orElse(List.of());
        if (columns.contains("")) {
            throw UserError.input(
                    ErrorCode.TABLE_CELL, "a column of a file needs a name", "give the field a name: it has none");
        }
        List<List<Object>> cells = new ArrayList<>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            Object[] of = new Object[columns.size()];
            for (int i = 0; i < of.length; i++) {
                of[i] = cell(rows.get(row).field(columns.get(i)).orElseThrow(), columns.get(i), row + 1);
            }
            cells.add(Arrays.asList(of));
        }
        return new TableData(columns, cells);
    }

    /** What is no number is none, as pandas has it; sets of nodes and edges are texts. */
    private static Object cell(Value value, String column, int row) {
        return switch (value) {
            case Value.Number(double number, boolean _) -> {
                if (Double.isInfinite(number)) throw infinite(column, row);
                yield Double.isNaN(number) ? null : (Object) number;
            }
            case Value.Bool(boolean truth) -> truth;
            case Value.Text(String text) -> text;
            case Value.None _ -> null;
            case Value.ListOf(List<Value> items) -> {
                List<Object> list = new ArrayList<>(items.size());
                for (Value item : items) list.add(cell(item, column, row));
                yield list;
            }
            case Value.Fields(String _, SequencedMap<String, Value> fields) -> {
                SequencedMap<String, Object> map = new LinkedHashMap<>();
                fields.forEach((name, field) -> map.put(name, cell(field, column, row)));
                yield map;
            }
            case Value.Nodes _, Value.EdgeSet _ -> value.repr();
            case Value.Function _ ->
                throw UserError.input(
                        ErrorCode.TABLE_CELL,
                        "row " + row + " has a function in `" + column + "`, which no file can hold",
                        "leave the field out");
        };
    }

    private static UserError infinite(String column, int row) {
        return UserError.input(
                ErrorCode.TABLE_CELL,
                "row " + row + " has an infinite number in `" + column + "`, which a table in a file cannot hold",
                "leave the row out, or put `none` in its place");
    }
}
