package io.circuitscript.task;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A CSV file with named columns, values kept exactly as they stand. A column without a name, as the index that pandas writes first, is
 * left out.
 *
 * @param columns names in the file's order
 * @param rows by column name; the first row has number 1
 */
record CsvTable(List<String> columns, List<Map<String, String>> rows) {
    /** Where the parser's two complaints, about quotes, have the line. */
    private static final Pattern LINE = Pattern.compile("line:? ?(\\d+)");

    /** A hundred thousand pairs of texts of 64 tokens, twice over; what is longer was not meant, and would fill the memory. */
    private static final long MOST_BYTES = 128L << 20;

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).get();

    CsvTable {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * @param name what messages call the file
     * @param limit how many rows to read at most
     * @param cancel asked between rows
     */
    static CsvTable read(String name, Path file, int limit, CancelToken cancel) {
        String text = text(name, file);
        checkSeparator(
                name, text.lines().filter(line -> !line.isEmpty()).findFirst().orElse(""));
        try (CSVParser parser = CSVParser.parse(new StringReader(text), FORMAT)) {
            Iterator<CSVRecord> records = parser.iterator();
            if (!records.hasNext()) throw empty(name, "is empty");
            List<String> header = header(name, records.next());
            List<Map<String, String>> rows = new ArrayList<>();
            while (rows.size() < limit && records.hasNext()) {
                cancel.check();
                CSVRecord record = records.next();
                if (record.size() != header.size()) {
                    throw raggedRow(name, header.size(), record, rows.size() + 1, line(text, record));
                }
                rows.add(row(header, record));
            }
            if (rows.isEmpty()) throw empty(name, "has a header and no rows");
            return new CsvTable(
                    header.stream().filter(column -> !column.isEmpty()).toList(), rows);
        } catch (UncheckedIOException e) {
            throw malformed(name, e.getCause());
        } catch (IOException e) {
            throw malformed(name, e);
        }
    }

    /** A header with another separator is told so before it is read: quotes and rows would then be wrong in ways that mislead. */
    private static void checkSeparator(String name, String header) {
        if (header.contains(",")) return;
        for (String separator : List.of(";", "\t", "|")) {
            if (!header.contains(separator)) continue;
            String shown = separator.equals("\t") ? "tabs" : "`" + separator + "`";
            throw UserError.input(
                    ErrorCode.DATA_SEPARATOR,
                    "the columns of " + name + " are separated by " + shown + ", but data needs commas",
                    "save the file again as CSV with commas");
        }
    }

    private static String text(String name, Path file) {
        Unreadable.refuse(name, file);
        try {
            ForeignFormats.refuse(name, file);
            if (Files.size(file) > MOST_BYTES) {
                String why = name + " is longer than " + (MOST_BYTES >> 20) + " MB, more than data takes";
                throw UserError.input(
                        ErrorCode.DATA_TOO_LARGE, why, "put the rows that are needed into a file of their own");
            }
            String text = Files.readString(file);
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (MalformedInputException e) {
            throw UserError.input(
                    ErrorCode.DATA_NOT_UTF8, name + " is not UTF-8 text", "save it as a CSV file in UTF-8");
        } catch (NoSuchFileException e) {
            throw UserError.missing(ErrorCode.MISSING_FILE, "there is no file " + name, "looked for " + file);
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "it is a folder" : Unreadable.why(e);
            throw UserError.input(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + name + ": " + why,
                    Unreadable.help(e, "data takes a CSV file"));
        }
    }

    private static List<String> header(String name, CSVRecord record) {
        List<String> header = record.stream().map(String::strip).toList();
        Set<String> seen = new HashSet<>();
        for (String column : header) {
            if (!column.isEmpty() && !seen.add(column)) {
                throw UserError.input(
                        ErrorCode.DATA_DUPLICATE_COLUMN,
                        name + " has two columns named " + column,
                        "rename one of them in the file");
            }
        }
        return header;
    }

    private static Map<String, String> row(List<String> header, CSVRecord record) {
        Map<String, String> row = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            if (!header.get(i).isEmpty()) row.put(header.get(i), record.get(i));
        }
        return row;
    }

    /** The line that a record begins on. The parser counts lines as it reads, which is further on by then. */
    private static int line(String text, CSVRecord record) {
        int start = (int) record.getCharacterPosition();
        while (start < text.length() && isLineEnd(text.charAt(start))) start++;
        int line = 1;
        for (int i = 0; i < start; i++) {
            char c = text.charAt(i);
            boolean crlf = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if (isLineEnd(c) && !crlf) line++;
        }
        return line;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static UserError raggedRow(String name, int columns, CSVRecord record, int row, int line) {
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.DATA_RAGGED_ROW,
                "row " + row + " of " + name + " (line " + line + ") has " + count(record.size(), "value")
                        + "; the header has " + count(columns, "column"),
                List.of("its values: " + String.join(" | ", record)),
                "a value that contains a comma is written in double quotes");
    }

    private static UserError empty(String name, String why) {
        return UserError.input(
                ErrorCode.DATA_EMPTY,
                name + " " + why,
                "data takes a CSV file with a header line and a row for each pair");
    }

    private static UserError malformed(String name, IOException e) {
        Matcher at = LINE.matcher(e.getMessage());
        String line = at.find() ? at.group(1) : "";
        String why = line.isEmpty()
                ? e.getMessage()
                : e.getMessage().contains("EOF")
                        ? "a quote opens on line " + line + " and does not close"
                        : "on line " + line + ", text follows a closing quote";
        return UserError.input(
                ErrorCode.DATA_MALFORMED,
                name + " is not a valid CSV file: " + why,
                "a value in double quotes ends with a quote before a comma or the line's end; a quote within it is doubled");
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
