package io.circuitscript.task;

import io.circuitscript.io.table.ListCell;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.UserError;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which columns of a file are spans.
 *
 * @param source {@code FIELDS}, where columns are listed, even none; else {@code TOKENS} or {@code NONE}
 */
public record SpanColumns(SpanSource source, List<Pick> picks) {
    public static final SpanColumns NONE = new SpanColumns(SpanSource.NONE, List.of());
    public static final SpanColumns TOKENS = new SpanColumns(SpanSource.TOKENS, List.of());

    /** Parquet and pandas write whole numbers with a point where others are missing. */
    private static final Pattern POSITION = Pattern.compile("\\+?[0-9]{1,9}(\\.0+)?");

    /** One or several, in brackets or not. */
    private static final Pattern POSITIONS = Pattern.compile("\\[?[-+0-9.,\\s]*[0-9][-+0-9.,\\s]*\\]?");

    /** More positions than a cell should have, or a message show. */
    private static final int MOST_SHOWN = 40;

    /** What of a column's cell is meant. */
    public enum Choice {
        /** Its only occurrence in the clean text, or the positions that it holds. */
        COLUMN,
        FIRST,
        LAST,
        POSITIONS;

        /** As a script writes it, of a column. */
        String of(String column) {
            return this == COLUMN ? column : name().toLowerCase(Locale.ROOT) + "(" + column + ")";
        }
    }

    /** A span. @param name of it @param column the file's, or a task's name for one */
    public record Pick(String name, String column, Choice choice) {}

    /** Why a row has no place for a span. @param message of the row @param help the way out */
    record Wrong(RowFault fault, ErrorCode code, String message, String help) {}

    public SpanColumns {
        picks = List.copyOf(picks);
    }

    /** Of listed columns, a name that is listed again with a number. */
    public static SpanColumns of(List<Pick> picks) {
        List<String> names = SpanNames.numbered(picks.stream().map(Pick::name).toList());
        List<Pick> numbered = new ArrayList<>();
        for (int i = 0; i < picks.size(); i++)
            numbered.add(
                    new Pick(names.get(i), picks.get(i).column(), picks.get(i).choice()));
        return new SpanColumns(SpanSource.FIELDS, numbered);
    }

    public List<String> columns() {
        return picks.stream().map(Pick::column).distinct().toList();
    }

    /** What a script may call the spans; empty where only rows tell. */
    public Optional<List<String>> names() {
        return switch (source) {
            case NONE -> Optional.of(List.of());
            case FIELDS ->
                Optional.of(SpanNames.possible(picks.stream().map(Pick::name).toList()));
            case TOKENS -> Optional.empty();
        };
    }

    /**
     * The same where it is settled which columns hold positions: those whose every cell is a whole number, or a list of such, and not always in its
     * row's text.
     *
     * @param rows that can be used, by their columns
     */
    SpanColumns settled(Collection<Map<String, String>> rows) {
        List<Pick> settled = new ArrayList<>();
        for (Pick pick : picks) {
            boolean positions = pick.choice() == Choice.COLUMN
                    && !rows.isEmpty()
                    && rows.stream().allMatch(row -> looksLikePositions(row.get(pick.column())))
                    && !rows.stream().allMatch(row -> isIn(row.get(pick.column()), row.get("clean")));
            settled.add(positions ? new Pick(pick.name(), pick.column(), Choice.POSITIONS) : pick);
        }
        return new SpanColumns(source, settled);
    }

    private static boolean isIn(String cell, String text) {
        return !cell.isBlank() && text.contains(cell.strip());
    }

    private static boolean looksLikePositions(String cell) {
        return POSITIONS.matcher(cell.strip()).matches();
    }

    /**
     * The fields of a row, as far as they are right.
     *
     * @param row its columns @param tokens how many its texts have
     * @param wrong takes what is not right
     */
    List<SpanField> fields(Map<String, String> row, int tokens, Consumer<Wrong> wrong) {
        List<SpanField> fields = new ArrayList<>();
        for (Pick pick : picks) {
            String cell = row.get(pick.column());
            if (cell.isBlank()) {
                wrong.accept(new Wrong(
                        RowFault.EMPTY_CELL,
                        ErrorCode.DATA_EMPTY_TEXT,
                        "has an empty cell in the column " + Visible.line(pick.column()) + ", whose text is a span",
                        "give every row a value"));
                continue;
            }
            if (pick.choice() == Choice.POSITIONS) positions(pick, cell, tokens, fields, wrong);
            else value(pick, cell, row.get("clean"), fields, wrong);
        }
        return fields;
    }

    private static void value(Pick pick, String cell, String text, List<SpanField> fields, Consumer<Wrong> wrong) {
        String value = cell.strip();
        List<Integer> places = places(value, text);
        String what = "the " + Visible.line(pick.column()) + " " + QuotedText.beginning(value);
        if (places.isEmpty()) {
            wrong.accept(new Wrong(
                    RowFault.SPAN_NOT_FOUND,
                    ErrorCode.DATA_SPAN,
                    "does not have " + what + " in its clean text, " + QuotedText.beginning(text),
                    "a span's value is in every row's clean text, letter for letter; a column of positions is written positions("
                            + Visible.line(pick.column()) + ")"));
            return;
        }
        if (places.size() > 1 && pick.choice() == Choice.COLUMN) {
            String column = Visible.line(pick.column());
            wrong.accept(new Wrong(
                    RowFault.SPAN_AMBIGUOUS,
                    ErrorCode.DATA_SPAN,
                    "has " + what + " " + places.size() + " times in its clean text, " + QuotedText.beginning(text),
                    "say which is meant: spans=[first(" + column + ")] or spans=[last(" + column + ")], or both"));
            return;
        }
        int at = pick.choice() == Choice.LAST ? places.getLast() : places.getFirst();
        fields.add(new SpanField(pick.name(), at, at + value.length(), false));
    }

    /** Where a value stands as a word of its own; where it nowhere does, every place where it stands. */
    private static List<Integer> places(String value, String text) {
        List<Integer> all = new ArrayList<>();
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) all.add(at);
        List<Integer> words = all.stream()
                .filter(at -> !joins(text, at) && !joins(text, at + value.length()))
                .toList();
        return words.isEmpty() ? all : words;
    }

    /** Whether a word goes on from one side of a place to the other. */
    private static boolean joins(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isLetterOrDigit(text.codePointBefore(at))
                && Character.isLetterOrDigit(text.codePointAt(at));
    }

    private static void positions(Pick pick, String cell, int tokens, List<SpanField> fields, Consumer<Wrong> wrong) {
        String column = Visible.line(pick.column());
        String list = cell.strip();
        if (ListCell.isBracketed(list)) list = list.substring(1, list.length() - 1);
        List<OptionalInt> positions = new ArrayList<>();
        for (String item : list.split(",", -1)) positions.add(position(item.strip(), tokens));
        if (positions.stream().allMatch(OptionalInt::isPresent)) {
            positions.stream()
                    .mapToInt(OptionalInt::getAsInt)
                    .sorted()
                    .distinct()
                    .forEach(at -> fields.add(new SpanField(pick.name(), at, at + 1, true)));
            return;
        }
        wrong.accept(new Wrong(
                RowFault.SPAN_POSITION,
                ErrorCode.DATA_SPAN,
                "has " + shown(cell) + " in the column " + column + ", and its clean text has the positions 0 to "
                        + (tokens - 1),
                "positions count tokens from 0, the beginning-of-sequence token among them; tokens \"…\" shows them. "
                        + "A column of whole numbers that are not all in the texts is read as positions"));
    }

    private static String shown(String cell) {
        String line = Visible.line(cell.strip());
        return line.codePointCount(0, line.length()) <= MOST_SHOWN
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MOST_SHOWN - 1)) + "…";
    }

    private static OptionalInt position(String item, int tokens) {
        if (!POSITION.matcher(item).matches()) return OptionalInt.empty();
        int at = (int) Double.parseDouble(item);
        return at < tokens ? OptionalInt.of(at) : OptionalInt.empty();
    }

    /** @throws UserError where the rows are not of one length, and each position is to be a span */
    public void checkLengths(Pairs rows) {
        if (source != SpanSource.TOKENS || rows.tokensMin() == rows.tokensMax()) return;
        Map<Integer, Long> lengths =
                rows.pairs().stream().collect(Collectors.groupingBy(Pair::length, TreeMap::new, Collectors.counting()));
        String all = lengths.entrySet().stream()
                .limit(5)
                .map(it -> it.getValue() + (it.getValue() == 1 ? " row of " : " rows of ") + it.getKey())
                .collect(Collectors.joining(", "));
        throw UserError.input(
                ErrorCode.DATA_SPAN,
                "spans=tokens needs texts of one length, and those of " + rows.name() + " have "
                        + rows.tokensMin() + " to " + rows.tokensMax() + " tokens: " + all
                        + (lengths.size() > 5 ? ", …" : ""),
                "name columns whose values are in the texts, as spans=[giver, place], or take rows of one length");
    }
}
