package io.circuitscript.task;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.model.tokenizer.TokenList;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads clean/corrupted pairs from a CSV file and checks every one, so that nothing runs on a file that has a wrong one. */
public final class PairsReader {
    private static final String CLEAN = "clean";
    private static final String CORRUPTED = "corrupted";

    private PairsReader() {}

    /**
     * Which columns of the file are meant.
     *
     * @param columns from a name that a task uses ({@code clean}, {@code corrupted}, {@code label}, …) to the file's own name for it; a
     *     name that is not here is the file's own
     * @param limit how many rows to take from the file's beginning
     */
    public record Options(Map<String, String> columns, int limit) {
        public Options {
            columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        }

        public static Options none() {
            return new Options(Map.of(), Integer.MAX_VALUE);
        }
    }

    /** A row as read and tokenized, before its lengths are compared. */
    private record Tokenized(int row, int[] clean, int[] corrupted) {
        boolean equalLength() {
            return clean.length == corrupted.length;
        }
    }

    /** The same where nobody cancels. */
    public static Pairs read(String name, Path file, Options options, Tokenizer tokenizer, int positions) {
        return read(name, file, options, tokenizer, positions, new CancelToken());
    }

    /**
     * @param name what messages and results call the file
     * @param positions the longest input that the model takes, in tokens
     * @param cancel asked between rows
     * @throws UserError naming the first row that is wrong, and why
     */
    public static Pairs read(
            String name, Path file, Options options, Tokenizer tokenizer, int positions, CancelToken cancel) {
        if (options.limit() < 1)
            throw UserError.input(ErrorCode.LIMIT_WRONG, "limit is " + options.limit() + ", which leaves no rows", "");
        CsvTable table = CsvTable.read(name, file, options.limit(), cancel);
        List<String> columns = columns(name, table, options);
        List<Map<String, String>> rows =
                table.rows().stream().map(row -> renamed(row, options)).toList();
        List<Tokenized> tokenized = new ArrayList<>();
        for (Map<String, String> row : rows) {
            cancel.check();
            int number = tokenized.size() + 1;
            tokenized.add(
                    new Tokenized(number, tokenizer.encode(row.get(CLEAN)), tokenizer.encode(row.get(CORRUPTED))));
        }
        checkLengths(name, tokenized, tokenizer, positions);
        List<Pair> pairs = new ArrayList<>();
        for (Tokenized it : tokenized) {
            Map<String, String> row = rows.get(it.row() - 1);
            pairs.add(new Pair(it.row(), row.get(CLEAN), row.get(CORRUPTED), it.clean(), it.corrupted(), row));
        }
        return new Pairs(name, columns, pairs, options.columns());
    }

    /**
     * The columns that {@link #read} would find.
     *
     * @param cancel asked between rows
     * @throws UserError where anything is wrong with the file but the lengths of its texts
     */
    public static List<String> columns(String name, Path file, Options options, CancelToken cancel) {
        return columns(name, CsvTable.read(name, file, options.limit(), cancel), options);
    }

    /** The file's columns, then the names that the options add to them. */
    private static List<String> columns(String name, CsvTable table, Options options) {
        for (String needed : List.of(CLEAN, CORRUPTED)) {
            if (!options.columns().containsKey(needed)) require(name, table, needed, needed);
        }
        List<String> columns = new ArrayList<>(table.columns());
        options.columns().forEach((as, column) -> {
            require(name, table, column, as);
            if (!columns.contains(as)) columns.add(as);
        });
        return columns;
    }

    private static void require(String name, CsvTable table, String column, String as) {
        if (table.columns().contains(column)) return;
        List<String> notes = new ArrayList<>();
        notes.add("its columns: " + String.join(", ", table.columns()));
        List<String> nearest = Spelling.nearest(column, table.columns(), 3);
        if (!nearest.isEmpty()) notes.add("nearest: " + String.join(", ", nearest));
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_MISSING_COLUMN,
                name + " has no column " + column,
                notes,
                "say which column is meant: " + as + "=COLUMN");
    }

    private static Map<String, String> renamed(Map<String, String> row, Options options) {
        if (options.columns().isEmpty()) return row;
        Map<String, String> renamed = new LinkedHashMap<>(row);
        options.columns().forEach((as, column) -> renamed.put(as, row.get(column)));
        return renamed;
    }

    private static void checkLengths(String name, List<Tokenized> rows, Tokenizer tokenizer, int positions) {
        List<Tokenized> unequal =
                rows.stream().filter(row -> !row.equalLength()).toList();
        if (!unequal.isEmpty()) throw unequalLengths(name, unequal, tokenizer);
        for (Tokenized row : rows) {
            if (row.clean().length == 0) {
                throw UserError.input(
                        ErrorCode.DATA_EMPTY_TEXT,
                        "the texts of row " + row.row() + " of " + name + " have no tokens",
                        "give every row a text");
            }
            if (row.clean().length > positions) {
                throw UserError.input(
                        ErrorCode.DATA_TOO_LONG,
                        "the texts of row " + row.row() + " of " + name + " have " + row.clean().length
                                + " tokens; the model takes " + positions,
                        "shorten them, or load a model with more positions");
            }
        }
    }

    private static UserError unequalLengths(String name, List<Tokenized> unequal, Tokenizer tokenizer) {
        Tokenized first = unequal.getFirst();
        List<String> notes = new ArrayList<>();
        notes.add("clean:     " + TokenList.show(tokenizer, first.clean()));
        notes.add("corrupted: " + TokenList.show(tokenizer, first.corrupted()));
        int others = unequal.size() - 1;
        if (others > 0) {
            String which = unequal.stream()
                    .skip(1)
                    .limit(10)
                    .map(row -> Integer.toString(row.row()))
                    .collect(Collectors.joining(", "));
            notes.add(others + " more " + (others == 1 ? "row has" : "rows have") + " this too: " + which
                    + (others > 10 ? ", …" : ""));
        }
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_UNEQUAL_LENGTHS,
                "row " + first.row() + " of " + name + " has " + first.clean().length + " clean tokens and "
                        + first.corrupted().length + " corrupted ones",
                notes,
                "word both texts of a pair so that they have the same number of tokens; tokens \"…\" shows how a text is tokenized");
    }
}
