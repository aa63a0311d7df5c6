package io.circuitscript.io.table;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Reads tables from files with every cell as the text that it is: no cell of a CSV file becomes a number, and none loses a space or a digit. A column without a
 * name, as the index that pandas writes, is left out. Every mistake is a {@link UserError}.
 */
public final class TextTableReader {
    /** What pandas calls its index in a Parquet file. */
    private static final String INDEX = "__index_level_0__";

    private TextTableReader() {}

    /**
     * @param name what messages call the file
     * @param mostRows so many are read at most, and what follows is not looked at
     * @param asked between rows; throws where the user has cancelled
     */
    public static TextTable read(String name, Path file, TableLimits limits, int mostRows, Runnable asked) {
        byte[] bytes = TableReader.bytes(name, file, limits);
        TableFormat format = TableFormat.ofContent(bytes, TableFormat.ofEnding(file))
                .orElseThrow(() -> new TableFault(name, TableFormat.CSV)
                        .malformed("it is not text", "data is one of .csv, .tsv, .jsonl, .json, .parquet"));
        // What a file is called that ends in .json and has an object on each line.
        boolean json = format == TableFormat.JSONL && TableFormat.ofEnding(file).equals(Optional.of(TableFormat.JSON));
        TableFault fault = new TableFault(name, format, (json ? TableFormat.JSON : format).title());
        return read(bytes, fault, limits, mostRows, asked);
    }

    /** @param name what messages call the bytes */
    public static TextTable read(
            String name, byte[] bytes, TableFormat format, TableLimits limits, int mostRows, Runnable asked) {
        return read(bytes, new TableFault(name, format), limits, mostRows, asked);
    }

    private static TextTable read(byte[] bytes, TableFault fault, TableLimits limits, int mostRows, Runnable asked) {
        TableFormat format = fault.format();
        ItemBudget budget = new ItemBudget(fault, limits, mostRows, asked);
        if (format == TableFormat.PARQUET) return texts(ParquetReader.read(bytes, budget, Columns::usable), fault);
        String text = TableReader.text(bytes, fault);
        if (text.isBlank()) return new TextTable(List.of(), List.of());
        if (format == TableFormat.JSON || format == TableFormat.JSONL)
            return texts(JsonRows.read(text, budget, Columns::usable), fault);
        checkSeparator(text, fault);
        return SeparatedReader.readTexts(text, budget);
    }

    /** A header with another separator is told so before it is read: quotes and rows would then be wrong in ways that mislead. */
    private static void checkSeparator(String text, TableFault fault) {
        String header = text.lines().filter(line -> !line.isEmpty()).findFirst().orElse("");
        boolean tabs = fault.format() == TableFormat.TSV;
        if (header.contains(tabs ? "\t" : ",")) return;
        for (String separator : tabs ? List.of(",", ";", "|") : List.of(";", "|")) {
            if (!header.contains(separator)) continue;
            throw UserError.input(
                    ErrorCode.DATA_SEPARATOR,
                    "the columns of " + fault.name() + " are separated by `" + separator + "`, but "
                            + fault.format().title() + " has " + (tabs ? "tabs" : "commas"),
                    tabs && separator.equals(",")
                            ? "rename it so that it ends in .csv"
                            : "save the file again as CSV with commas");
        }
    }

    private static TextTable texts(Columns.Usable usable, TableFault fault) {
        TableData table = usable.table();
        refuseColumns(table, fault);
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            String column = table.columns().get(i);
            boolean index = column.equals(INDEX) || column.equals(Columns.unnamed(i));
            if (!index) kept.add(i);
        }
        List<List<String>> rows = new ArrayList<>(table.rows().size());
        for (List<Object> row : table.rows())
            rows.add(kept.stream().map(i -> text(row.get(i))).toList());
        return new TextTable(kept.stream().map(table.columns()::get).toList(), rows, usable.leftOut());
    }

    /** One object with a list or an object for each column, as pandas writes a table unless it is told otherwise. */
    private static void refuseColumns(TableData table, TableFault fault) {
        boolean columns = fault.format() == TableFormat.JSONL
                && table.rows().size() == 1
                && table.rows().getFirst().stream()
                        .allMatch(cell -> cell instanceof List<?> || cell instanceof SequencedMap<?, ?>);
        if (columns)
            throw fault.malformed(
                    "it is one object that holds columns, where each row should be an object",
                    "in pandas: df.to_json(\"data.json\", orient=\"records\")");
    }

    private static String text(Object cell) {
        return switch (cell) {
            case null -> "";
            case String text -> text;
            case Double number -> CellNumbers.text(number);
            case Boolean truth -> truth.toString();
            default -> JsonCells.text(cell);
        };
    }
}
