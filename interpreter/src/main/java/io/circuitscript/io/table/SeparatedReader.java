package io.circuitscript.io.table;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import io.circuitscript.io.table.SeparatedCells.Kind;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads CSV and TSV. FastCSV finds the cells: it says which of them were in quotes, and only that tells the text "007" from the number 7.
 */
final class SeparatedReader {
    /** Where the parser's complaints have the line. */
    private static final Pattern LINE = Pattern.compile("line (\\d+)");

    /** A last line for the parser, which takes an open quote at the end of a file for a closed one: then this line is inside it. */
    private static final String END = "end";

    private final TableFault fault;
    private final ItemBudget budget;

    /** That everything is in quotes, which therefore say nothing: some programs are told to write so, and others only know that way. */
    private boolean allQuoted;

    private SeparatedReader(ItemBudget budget) {
        this.fault = budget.fault();
        this.budget = budget;
    }

    /** A line of the file. @param quoted which of its cells were in quotes */
    private record Line(long number, String[] cells, BitSet quoted) {
        boolean isBlank() {
            return cells.length == 0 || cells.length == 1 && cells[0].isEmpty() && !quoted.get(0);
        }

        /** But for what is empty. */
        boolean isQuoted() {
            for (int i = 0; i < cells.length; i++) if (!quoted.get(i) && !cells[i].isEmpty()) return false;
            return true;
        }
    }

    static TableData read(String text, ItemBudget budget) {
        return new SeparatedReader(budget).read(text);
    }

    /** Every cell as it stands. */
    static TextTable readTexts(String text, ItemBudget budget) {
        return new SeparatedReader(budget).readTexts(text);
    }

    private TextTable readTexts(String text) {
        List<Line> lines = lines(text);
        if (lines.isEmpty()) return new TextTable(List.of(), List.of());
        List<String> header =
                Arrays.stream(lines.removeFirst().cells()).map(String::strip).toList();
        checkWidths(lines, header.size());
        List<Integer> named = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) if (!header.get(i).isEmpty()) named.add(i);
        List<String> columns = named.stream().map(header::get).toList();
        Columns.names(columns, fault);
        boolean all = named.size() == header.size();
        List<List<String>> rows = new ArrayList<>(lines.size());
        for (Line line : lines)
            rows.add(
                    all
                            ? List.of(line.cells())
                            : named.stream().map(i -> line.cells()[i]).toList());
        return new TextTable(columns, rows);
    }

    private TableData read(String text) {
        List<Line> lines = lines(text);
        if (lines.isEmpty()) return new TableData(List.of(), List.of());
        allQuoted = lines.stream().allMatch(Line::isQuoted);
        List<String> columns = Columns.names(Arrays.asList(lines.removeFirst().cells()), fault);
        checkWidths(lines, columns.size());
        return table(columns, lines);
    }

    /** The lines that are not blank: the header's, and as many others as are wanted. */
    private List<Line> lines(String text) {
        List<Line> lines = new ArrayList<>();
        char separator = fault.format() == TableFormat.TSV ? '\t' : ',';
        CsvReader<Line> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .maxBufferSize(Math.max(1 << 16, text.length() + 16))
                .build(new LineMaker(), text + "\n" + END);
        try {
            for (Iterator<Line> all = reader.iterator(); all.hasNext(); ) {
                Line line = all.next();
                if (line.isBlank()) continue;
                lines.add(line);
                if (!budget.wantsMore(lines.size() - 1) && !isEnd(line)) return lines;
            }
        } catch (CsvParseException e) {
            if (e.getCause() instanceof UserError tooLarge) throw tooLarge;
            Matcher at = LINE.matcher(e.getMessage());
            boolean quote = e.getMessage().contains("closing quote");
            throw malformed(quote ? "text follows a closing quote" : e.getMessage(), at.find() ? at.group(1) : "");
        }
        Line last = lines.removeLast();
        if (!isEnd(last)) throw malformed("a quote opens and does not close", Long.toString(last.number()));
        return lines;
    }

    private static boolean isEnd(Line line) {
        return line.cells().length == 1
                && line.cells()[0].equals(END)
                && !line.quoted().get(0);
    }

    private void checkWidths(List<Line> lines, int columns) {
        int row = 0;
        for (Line line : lines) {
            row++;
            if (line.cells().length != columns)
                throw fault.ragged(row, line.number(), line.cells().length, columns, shown(line));
        }
    }

    private static List<String> shown(Line line) {
        return Arrays.stream(line.cells())
                .limit(20)
                .map(cell -> cell.length() > 40 ? cell.substring(0, 40) + "…" : cell)
                .toList();
    }

    private TableData table(List<String> columns, List<Line> lines) {
        List<Object[]> rows = new ArrayList<>(lines.size());
        for (int row = 0; row < lines.size(); row++) rows.add(new Object[columns.size()]);
        for (int column = 0; column < columns.size(); column++) readColumn(lines, column, columns.size() == 1, rows);
        return Columns.table(columns, rows, fault);
    }

    /** What an unquoted cell means depends on its whole column: one unquoted text makes texts of all. */
    private void readColumn(List<Line> lines, int column, boolean alone, List<Object[]> rows) {
        Kind[] kinds = new Kind[lines.size()];
        boolean texts = false;
        for (int row = 0; row < kinds.length; row++) {
            Line line = lines.get(row);
            boolean quoted = line.quoted().get(column);
            String written = line.cells()[column];
            boolean text = allQuoted ? SeparatedCells.isEscape(written, true) : quoted;
            kinds[row] = alone && !quoted && written.equals(SeparatedCells.NONE_ALONE)
                    ? Kind.EMPTY
                    : SeparatedCells.kind(written, text);
            texts |= kinds[row] == Kind.TEXT && !text;
        }
        for (int row = 0; row < kinds.length; row++)
            rows.get(row)[column] = cell(lines.get(row).cells()[column], kinds[row], texts);
    }

    private Object cell(String text, Kind kind, boolean texts) {
        return switch (kind) {
            case EMPTY -> null;
            case COMPOSITE -> JsonCells.composite(text, budget);
            case TEXT -> SeparatedCells.text(text, allQuoted);
            case MISSING -> texts ? text : null;
            case TRUTH -> texts ? (Object) text : (Object) SeparatedCells.truth(text);
            case INFINITE -> texts ? text : UnsettledCell.infinite(text.startsWith("-") ? -1 : 1);
            case NUMBER -> texts ? text : number(text);
        };
    }

    private static Object number(String text) {
        return CellNumbers.isWide(text) ? new UnsettledCell.Wide(text) : (Object) Double.parseDouble(text);
    }

    /** @param line that the row begins on, or empty */
    private UserError malformed(String why, String line) {
        return fault.malformed(
                why + (line.isEmpty() ? "" : " in the row that begins on line " + line),
                "a value in double quotes ends with a quote before a "
                        + (fault.format() == TableFormat.TSV ? "tab" : "comma")
                        + " or the line's end; a quote within it is doubled");
    }

    /** Copies what the parser shows of a line. */
    private final class LineMaker extends AbstractBaseCsvCallbackHandler<Line> {
        private final List<String> cells = new ArrayList<>();
        private BitSet quoted = new BitSet();

        @Override
        protected void handleBegin(long startingLineNumber) {
            cells.clear();
            quoted = new BitSet();
        }

        @Override
        protected void handleField(int index, char[] buffer, int offset, int length, boolean inQuotes) {
            budget.take(1);
            budget.takeText(length);
            if (inQuotes) quoted.set(index);
            cells.add(new String(buffer, offset, length));
        }

        @Override
        protected Line buildRecord() {
            return new Line(getStartingLineNumber(), cells.toArray(String[]::new), quoted);
        }
    }
}
