package io.circuitscript.io.table;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Writes tables to files, whole or not at all. {@link TableReader} reads the same table again. */
public final class TableWriter {
    private TableWriter() {}

    /** @throws UserError where the file cannot be written, or the format cannot hold the table */
    public static void write(TableData table, Path file, TableFormat format) {
        TableFault fault = new TableFault(file.toString(), format);
        AtomicFile.write(file, out -> write(table, format, fault, out));
    }

    /** The content of such a file. @param name what messages call it */
    public static byte[] bytes(String name, TableData table, TableFormat format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(table, format, new TableFault(name, format), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /**
     * Adds rows to a file that has the same columns, in any order; it keeps its own. A file that is not there, or has nothing in it, is written. The file is
     * read and written whole, as the type of a column may change.
     *
     * @param limits for the file as it is
     */
    public static void append(TableData table, Path file, TableFormat format, TableLimits limits) {
        if (!Files.exists(file)) {
            write(table, file, format);
            return;
        }
        TableData before = TableReader.read(file.toString(), file, format, limits);
        write(joined(before, table, file), file, format);
    }

    private static TableData joined(TableData before, TableData after, Path file) {
        if (before.columns().isEmpty()) return after;
        if (after.columns().isEmpty()) return before;
        if (!new HashSet<>(before.columns()).equals(new HashSet<>(after.columns())))
            throw otherColumns(before, after, file);
        List<Integer> places =
                before.columns().stream().map(after.columns()::indexOf).toList();
        List<List<Object>> rows = new ArrayList<>(before.rows());
        for (List<Object> row : after.rows()) {
            List<Object> ordered = new ArrayList<>(row.size());
            for (int place : places) ordered.add(row.get(place));
            rows.add(ordered);
        }
        return new TableData(before.columns(), rows);
    }

    private static UserError otherColumns(TableData before, TableData after, Path file) {
        List<String> missing = new ArrayList<>(before.columns());
        missing.removeAll(after.columns());
        List<String> added = new ArrayList<>(after.columns());
        added.removeAll(before.columns());
        List<String> notes = new ArrayList<>();
        if (!missing.isEmpty()) notes.add("only in the file: " + String.join(", ", missing));
        if (!added.isEmpty()) notes.add("only in the new rows: " + String.join(", ", added));
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.TABLE_COLUMNS_DIFFER,
                "cannot add to " + file + ": its columns are others",
                notes,
                "give the rows the columns of the file, or write another file");
    }

    private static void write(TableData table, TableFormat format, TableFault fault, OutputStream file)
            throws IOException {
        OutputStream out = new BufferedOutputStream(file, 1 << 16);
        if (format == TableFormat.PARQUET) {
            ParquetWriter.write(table, fault, out);
        } else {
            Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            switch (format) {
                case CSV -> SeparatedWriter.write(table, ',', text);
                case TSV -> SeparatedWriter.write(table, '\t', text);
                default -> JsonRows.write(table, format, text);
            }
            text.flush();
        }
        out.flush();
    }
}
