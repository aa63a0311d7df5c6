package io.circuitscript.task;

import io.circuitscript.io.table.TableFormat;
import io.circuitscript.io.table.TableLimits;
import io.circuitscript.io.table.TextTable;
import io.circuitscript.io.table.TextTableReader;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Reads the tables that pairs come from. */
final class DataTable {
    /** A hundred thousand pairs of texts of 64 tokens, twice over; what is longer was not meant, and would fill the memory. */
    private static final TableLimits LIMITS = new TableLimits(128L << 20, 512L << 20, 12_000_000, TableLimits.DEEPEST);

    private DataTable() {}

    /**
     * @param mostRows so many are read at most
     * @param asked between rows; throws where the user has cancelled
     */
    static TextTable read(DataFiles data, int mostRows, Runnable asked) {
        List<String> columns = List.of();
        List<List<String>> rows = new ArrayList<>();
        SequencedMap<String, UserError> leftOut = new LinkedHashMap<>();
        long left = LIMITS.items();
        for (Path file : data.files()) {
            if (rows.size() >= mostRows && !columns.isEmpty()) break;
            String name = data.nameOf(file);
            TextTable part = part(name, file, left, mostRows - rows.size(), asked);
            if (part.columns().isEmpty()) continue;
            part.leftOut().forEach(leftOut::putIfAbsent);
            if (columns.isEmpty()) columns = part.columns();
            // A column that cannot be read in one of the files is left out in all of them.
            List<String> shared =
                    columns.stream().filter(it -> !leftOut.containsKey(it)).toList();
            if (shared.size() < columns.size()) rows = projected(rows, columns, shared);
            columns = shared;
            rows.addAll(ordered(without(part, leftOut.keySet()), columns, name, data));
            left = Math.max(0, left - items(part));
        }
        if (columns.isEmpty()) {
            boolean parquet = TableFormat.ofEnding(data.files().getFirst()).equals(Optional.of(TableFormat.PARQUET));
            throw empty(data, parquet ? "has no columns" : "is empty");
        }
        if (rows.isEmpty()) {
            Optional<TableFormat> format = TableFormat.ofEnding(data.files().getFirst());
            boolean header = format.isEmpty() || format.get() == TableFormat.CSV || format.get() == TableFormat.TSV;
            throw empty(data, header ? "has a header and no rows" : "has no rows");
        }
        return new TextTable(columns, rows, leftOut);
    }

    private static TextTable without(TextTable part, Set<String> leftOut) {
        if (Collections.disjoint(part.columns(), leftOut)) return part;
        List<String> others =
                part.columns().stream().filter(it -> !leftOut.contains(it)).toList();
        return new TextTable(others, projected(part.rows(), part.columns(), others));
    }

    /** The cells of some of the columns. */
    private static List<List<String>> projected(List<List<String>> rows, List<String> columns, List<String> wanted) {
        List<Integer> places = wanted.stream().map(columns::indexOf).toList();
        List<List<String>> projected = new ArrayList<>(rows.size());
        for (List<String> row : rows)
            projected.add(places.stream().map(row::get).toList());
        return projected;
    }

    private static long items(TextTable part) {
        long items = 0;
        for (List<String> row : part.rows()) for (String cell : row) items += 1 + cell.length() / 16;
        return items;
    }

    /** As errors of data, which have pages of their own. */
    private static TextTable part(String name, Path file, long items, int mostRows, Runnable asked) {
        ForeignFormats.refuse(name, file);
        TableLimits limits = new TableLimits(LIMITS.bytes(), LIMITS.unpacked(), items, LIMITS.depth());
        try {
            return TextTableReader.read(name, file, limits, mostRows, asked);
        } catch (UserError e) {
            ErrorCode code = e.code() == ErrorCode.TABLE_MALFORMED
                    ? ErrorCode.DATA_MALFORMED
                    : e.code() == ErrorCode.TABLE_TOO_LARGE ? ErrorCode.DATA_TOO_LARGE : e.code();
            throw new UserError(e.kind(), code, e.getMessage(), e.notes(), e.help());
        }
    }

    /** The rows of one of several files by the columns of the first. */
    private static List<List<String>> ordered(TextTable part, List<String> columns, String name, DataFiles data) {
        if (part.columns().equals(columns)) return part.rows();
        if (part.columns().size() != columns.size() || !part.columns().containsAll(columns)) {
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.DATA_MALFORMED,
                    name + " has other columns than " + data.nameOf(data.files().getFirst()),
                    List.of(
                            "its columns: " + String.join(", ", part.columns()),
                            "those of the first file: " + String.join(", ", columns)),
                    "all files of a data set have the same columns");
        }
        return projected(part.rows(), part.columns(), columns);
    }

    private static UserError empty(DataFiles data, String why) {
        return UserError.input(
                ErrorCode.DATA_EMPTY,
                data.name() + " " + why,
                "data takes a table with a row for each pair: CSV, TSV, JSON Lines, JSON or Parquet");
    }
}
