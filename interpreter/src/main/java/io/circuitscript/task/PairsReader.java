package io.circuitscript.task;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.table.TextTable;
import io.circuitscript.model.tokenizer.TokenList;
import io.circuitscript.model.tokenizer.Tokenizer;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads clean/corrupted pairs from a table in a file and checks every one, so that nothing runs on a file that has a wrong one. */
public final class PairsReader {
    /** The end of a help where rows are wrong. */
    public static final String SKIP = "; skip=true leaves such rows out";

    private static final String CLEAN = "clean";
    private static final String CORRUPTED = "corrupted";
    private static final List<String> TEXTS = List.of(CLEAN, CORRUPTED);

    private PairsReader() {}

    /**
     * Which columns and rows of the file are meant.
     *
     * @param columns from a name that a task uses ({@code clean}, {@code corrupted}, {@code label}, …) to the file's own name for it; a
     *     name that is not here is the file's own
     * @param limit how many rows to take from the file's beginning
     * @param spans which columns are spans
     * @param skip whether rows whose texts cannot be used are left out, where otherwise the first of them is an error; the limit is then not looked at here,
     *     since more rows may be left out for their answers
     */
    public record Options(Map<String, String> columns, int limit, SpanColumns spans, boolean skip) {
        public Options {
            columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        }

        /** The same without spans. */
        public Options(Map<String, String> columns, int limit, boolean skip) {
            this(columns, limit, SpanColumns.NONE, skip);
        }

        /** The same with an error for the first row that cannot be used. */
        public Options(Map<String, String> columns, int limit) {
            this(columns, limit, false);
        }

        public static Options none() {
            return new Options(Map.of(), Integer.MAX_VALUE);
        }

        /** Whether the script says that both texts are one column. */
        boolean oneText() {
            return columns.getOrDefault(CLEAN, CLEAN).equals(columns.getOrDefault(CORRUPTED, CORRUPTED));
        }
    }

    /** A row as read and tokenized. */
    private record Tokenized(int row, int[] clean, int[] corrupted, Map<String, String> columns) {
        /** Which of the texts' columns is empty, if one is. */
        Optional<String> emptyCell() {
            return TEXTS.stream().filter(it -> columns.get(it).isEmpty()).findFirst();
        }

        boolean equalLength() {
            return clean.length == corrupted.length;
        }

        Pair pair(List<SpanField> fields) {
            return new Pair(
                    row, columns.get(CLEAN), columns.get(CORRUPTED), clean, corrupted, columns, fields, new int[0]);
        }
    }

    /** The same for a file where nobody cancels. */
    public static Pairs read(String name, Path file, Options options, Tokenizer tokenizer, int positions) {
        return read(DataFiles.of(name, file), options, tokenizer, positions, new CancelToken(), _ -> {});
    }

    /** The same where nobody is told of columns that are left out. */
    public static Pairs read(DataFiles data, Options options, Tokenizer tokenizer, int positions, CancelToken cancel) {
        return read(data, options, tokenizer, positions, cancel, _ -> {});
    }

    /**
     * @param positions the longest input that the model takes, in tokens
     * @param cancel asked between rows
     * @param say takes what a user should know of how it went
     * @throws UserError naming the first row that is wrong, and why
     */
    public static Pairs read(
            DataFiles data,
            Options options,
            Tokenizer tokenizer,
            int positions,
            CancelToken cancel,
            Consumer<String> say) {
        if (options.limit() < 1)
            throw UserError.input(ErrorCode.LIMIT_WRONG, "limit is " + options.limit() + ", which leaves no rows", "");
        TextTable table = DataTable.read(data, options.skip() ? Integer.MAX_VALUE : options.limit(), cancel::check);
        List<String> columns = columns(data.name(), table, options);
        if (!table.leftOut().isEmpty()) say.accept(leftOut(table));
        List<Tokenized> rows = tokenized(table, options, tokenizer, cancel);
        Map<RowFault, List<Integer>> faults = new EnumMap<>(RowFault.class);
        List<Pair> pairs = new ArrayList<>(rows.size());
        SpanColumns spans = settled(rows, options, positions);
        Optional<UserError> wrongSpan = Optional.empty();
        for (Tokenized row : rows) {
            Optional<RowFault> fault = fault(row, options, positions);
            // With skip=true the answers are asked of the metric; here they are only told beside other faults.
            Optional<RowFault> answers =
                    fault.isEmpty() && !options.skip() ? faultOfAnswers(row, columns) : Optional.empty();
            List<SpanColumns.Wrong> wrong = new ArrayList<>();
            List<SpanField> fields =
                    isText(fault) ? spans.fields(row.columns(), row.clean().length, wrong::add) : List.of();
            Optional<RowFault> inSpan =
                    wrong.stream().map(SpanColumns.Wrong::fault).findFirst();
            fault.or(() -> answers)
                    .or(() -> inSpan)
                    .ifPresent(it ->
                            faults.computeIfAbsent(it, _ -> new ArrayList<>()).add(row.row()));
            if (wrongSpan.isEmpty() && !wrong.isEmpty())
                wrongSpan = Optional.of(wrongSpan(data.name(), row, wrong.getFirst()));
            boolean leftOut = options.skip() && (fault.isPresent() || inSpan.isPresent());
            if (row.equalLength() && !leftOut) pairs.add(row.pair(fields));
        }
        RowFaults found = new RowFaults(faults);
        if (!options.skip()) {
            checkLengths(data.name(), rows, found, tokenizer, positions);
            if (wrongSpan.isPresent()) throw withOthers(wrongSpan.get(), found);
        }
        return new Pairs(data.name(), columns, pairs, options.columns(), options.skip() ? found : RowFaults.NONE)
                .from(spans.source());
    }

    /** Whether a row with such a fault has texts of equally many tokens. */
    private static boolean isText(Optional<RowFault> fault) {
        return fault.isEmpty() || fault.get() == RowFault.SAME_TEXTS;
    }

    private static SpanColumns settled(List<Tokenized> rows, Options options, int positions) {
        if (options.spans().picks().isEmpty()) return options.spans();
        return options.spans()
                .settled(rows.stream()
                        .filter(row -> isText(fault(row, options, positions)))
                        .map(Tokenized::columns)
                        .toList());
    }

    private static UserError wrongSpan(String name, Tokenized row, SpanColumns.Wrong wrong) {
        return UserError.input(
                wrong.code(), "row " + row.row() + " of " + name + " " + wrong.message(), wrong.help() + SKIP);
    }

    private static UserError withOthers(UserError first, RowFaults faults) {
        if (faults.count() < 2) return first;
        List<String> notes =
                faults.phrases().stream().map(it -> "in all: " + it).toList();
        return new UserError(first.kind(), first.code(), first.getMessage(), notes, first.help());
    }

    private static String leftOut(TextTable table) {
        int columns = table.leftOut().size();
        String first = table.leftOut().firstEntry().getValue().getMessage();
        if (columns == 1) return "left out a column that cannot be read: " + first;
        boolean all = columns <= 10;
        return "left out " + columns + " columns that cannot be read, "
                + Visible.line(table.leftOut().keySet().stream().limit(10).collect(Collectors.joining(", ")))
                + (all ? "" : ", …") + ": " + first;
    }

    private static List<Tokenized> tokenized(
            TextTable table, Options options, Tokenizer tokenizer, CancelToken cancel) {
        Map<String, int[]> known = new HashMap<>();
        List<Tokenized> rows = new ArrayList<>(table.rows().size());
        for (List<String> cells : table.rows()) {
            cancel.check();
            Map<String, String> row = named(table.columns(), cells, options);
            int[] clean = known.computeIfAbsent(row.get(CLEAN), tokenizer::encode);
            int[] corrupted = known.computeIfAbsent(row.get(CORRUPTED), tokenizer::encode);
            rows.add(new Tokenized(rows.size() + 1, clean, corrupted, row));
        }
        return rows;
    }

    /** Why a row's texts cannot be used, or show nothing. */
    private static Optional<RowFault> fault(Tokenized row, Options options, int positions) {
        boolean empty = row.emptyCell().isPresent() || row.clean().length == 0 || row.corrupted().length == 0;
        if (empty) return Optional.of(RowFault.EMPTY_CELL);
        if (!row.equalLength()) return Optional.of(RowFault.UNEQUAL_LENGTHS);
        if (row.clean().length > positions) return Optional.of(RowFault.TOO_LONG);
        boolean same = !options.oneText() && Arrays.equals(row.clean(), row.corrupted());
        return same ? Optional.of(RowFault.SAME_TEXTS) : Optional.empty();
    }

    /** What is wrong with a row's answers whatever the metric. */
    private static Optional<RowFault> faultOfAnswers(Tokenized row, List<String> columns) {
        for (List<String> both : UninformativeRows.ANSWERS) {
            if (!columns.containsAll(both)) continue;
            String correct = row.columns().get(both.getFirst());
            String incorrect = row.columns().get(both.getLast());
            if (MissingValues.isMissing(correct) || MissingValues.isMissing(incorrect))
                return Optional.of(RowFault.EMPTY_CELL);
            if (correct.equals(incorrect)) return Optional.of(RowFault.SAME_ANSWERS);
        }
        return Optional.empty();
    }

    /**
     * The columns that {@link #read} would find.
     *
     * @param cancel asked between rows
     * @throws UserError where anything is wrong with the files but the lengths of their texts
     */
    public static Header header(DataFiles data, Options options, CancelToken cancel) {
        int rows = options.skip() ? Integer.MAX_VALUE : options.limit();
        TextTable table = DataTable.read(data, rows, cancel::check);
        return new Header(columns(data.name(), table, options), table.leftOut());
    }

    /**
     * The columns of data.
     *
     * @param leftOut those that cannot be read, with what is wrong
     */
    public record Header(List<String> columns, SequencedMap<String, UserError> leftOut) {}

    /** The file's columns, then the names that the options add to them. */
    private static List<String> columns(String name, TextTable table, Options options) {
        Map<String, String> needed = new LinkedHashMap<>();
        for (String column : TEXTS) needed.put(column, column);
        needed.putAll(options.columns());
        Map<String, String> missing = new LinkedHashMap<>();
        needed.forEach((as, column) -> {
            if (!table.columns().contains(column)) missing.put(as, column);
        });
        for (String column : missing.values())
            if (table.leftOut().containsKey(column)) throw table.leftOut().get(column);
        if (!missing.isEmpty()) throw missing(name, table.columns(), missing);
        checkSpans(name, table, options);
        List<String> columns = new ArrayList<>(table.columns());
        for (String as : options.columns().keySet()) if (!columns.contains(as)) columns.add(as);
        return columns;
    }

    /** That the columns of spans are there: each the file's, or one by a task's name. */
    private static void checkSpans(String name, TextTable table, Options options) {
        List<String> there = new ArrayList<>(table.columns());
        there.addAll(options.columns().keySet());
        Set<String> known = new HashSet<>(there);
        for (String column : options.spans().columns()) {
            if (known.contains(column)) continue;
            if (table.leftOut().containsKey(column)) throw table.leftOut().get(column);
            List<String> nearest = Spelling.nearest(column, there, 3);
            List<String> notes = new ArrayList<>(List.of("its columns: " + Visible.line(String.join(", ", there))));
            if (!nearest.isEmpty()) notes.add("nearest: " + Visible.line(String.join(", ", nearest)));
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.DATA_MISSING_COLUMN,
                    name + " has no column " + Visible.line(column) + ", which `spans=` names",
                    notes,
                    "a span is a column whose values are in the clean texts, or one that holds positions");
        }
    }

    /** @param missing from a task's name for a column to the file's, which it does not have */
    private static UserError missing(String name, List<String> there, Map<String, String> missing) {
        for (Map.Entry<String, String> column : missing.entrySet()) {
            if (column.getValue().isEmpty())
                throw UserError.input(
                        ErrorCode.DATA_MISSING_COLUMN,
                        "the name of the column for " + column.getKey() + " is empty",
                        "say which column of " + name + " is meant: " + column.getKey() + "=COLUMN; its columns: "
                                + Visible.line(String.join(", ", there)));
        }
        List<String> columns = missing.values().stream().distinct().toList();
        List<String> notes = new ArrayList<>();
        notes.add("its columns: " + Visible.line(String.join(", ", there)));
        for (String column : columns) {
            List<String> nearest = Spelling.nearest(column, there, 3);
            if (!nearest.isEmpty())
                notes.add((columns.size() == 1 ? "nearest: " : "nearest to " + column + ": ")
                        + Visible.line(String.join(", ", nearest)));
        }
        String as = missing.keySet().stream().map(it -> it + "=COLUMN").collect(Collectors.joining(" "));
        boolean one = columns.size() == 1;
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_MISSING_COLUMN,
                name + (one ? " has no column " : " has no columns ") + Visible.line(String.join(", ", columns)),
                notes,
                (missing.size() == 1 ? "say which column is meant: " : "say which columns are meant: ") + as);
    }

    private static Map<String, String> named(List<String> columns, List<String> cells, Options options) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) row.put(columns.get(i), cells.get(i));
        if (options.columns().isEmpty()) return row;
        Map<String, String> renamed = new LinkedHashMap<>(row);
        options.columns().forEach((as, column) -> renamed.put(as, row.get(column)));
        return renamed;
    }

    private static void checkLengths(
            String name, List<Tokenized> rows, RowFaults faults, Tokenizer tokenizer, int positions) {
        Optional<Tokenized> wrong =
                rows.stream().filter(row -> !row.equalLength()).findFirst();
        if (wrong.isPresent() && wrong.get().emptyCell().isPresent()) throw emptyCell(name, wrong.get(), faults);
        if (wrong.isPresent()) throw unequalLengths(name, wrong.get(), faults, tokenizer);
        for (Tokenized row : rows) {
            if (row.clean().length == 0) {
                throw UserError.input(
                        ErrorCode.DATA_EMPTY_TEXT,
                        "the texts of row " + row.row() + " of " + name + " have no tokens",
                        "give every row a text" + SKIP);
            }
            if (row.clean().length > positions) {
                throw new UserError(
                        UserError.Kind.INPUT,
                        ErrorCode.DATA_TOO_LONG,
                        "the texts of row " + row.row() + " of " + name + " have " + row.clean().length
                                + " tokens; the model takes " + positions,
                        others(faults, RowFault.TOO_LONG, row.row()),
                        "shorten them, or load a model with more positions" + SKIP);
            }
        }
    }

    /** What else is wrong with the rows. @param told the fault that the message is about, and the row */
    private static List<String> others(RowFaults faults, RowFault told, int row) {
        List<Integer> same = faults.rows().getOrDefault(told, List.of()).stream()
                .filter(it -> it != row)
                .toList();
        List<String> notes = new ArrayList<>();
        if (!same.isEmpty()) {
            String which = same.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "));
            notes.add(same.size() + " more " + (same.size() == 1 ? "row has " : "rows have ")
                    + (told == RowFault.EMPTY_CELL ? told.phrase() : "this too") + ": " + which
                    + (same.size() > 10 ? ", …" : ""));
        }
        for (String phrase : faults.without(told).phrases()) notes.add("besides: " + phrase);
        return notes;
    }

    private static UserError emptyCell(String name, Tokenized row, RowFaults faults) {
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_EMPTY_TEXT,
                "row " + row.row() + " of " + name + " has an empty cell in the column "
                        + row.emptyCell().orElseThrow(),
                others(faults, RowFault.EMPTY_CELL, row.row()),
                "give every row a text" + SKIP);
    }

    private static UserError unequalLengths(String name, Tokenized first, RowFaults faults, Tokenizer tokenizer) {
        List<String> notes = new ArrayList<>();
        notes.add("clean:     " + TokenList.show(tokenizer, first.clean()));
        notes.add("corrupted: " + TokenList.show(tokenizer, first.corrupted()));
        notes.addAll(others(faults, RowFault.UNEQUAL_LENGTHS, first.row()));
        int clean = first.clean().length;
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_UNEQUAL_LENGTHS,
                "row " + first.row() + " of " + name + " has " + clean + " clean token" + (clean == 1 ? "" : "s")
                        + " and " + first.corrupted().length + " corrupted "
                        + (first.corrupted().length == 1 ? "one" : "ones"),
                notes,
                "word both texts of a pair so that they have the same number of tokens; tokens \"…\" shows how a text is tokenized"
                        + SKIP);
    }
}
