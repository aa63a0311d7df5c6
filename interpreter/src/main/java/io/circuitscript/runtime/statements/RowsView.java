package io.circuitscript.runtime.statements;

import io.circuitscript.graph.Spans;
import io.circuitscript.runtime.evaluate.RowNames;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.source.QuotedText;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How {@code rows} shows rows: the metric of each on a line, and below it the two texts and the labels. */
enum RowsView implements ResultView {
    INSTANCE;

    private static final String CLEAN = "clean";
    private static final String CORRUPTED = "corrupted";
    private static final String SPANS = "spans";
    private static final String SPAN = "span";

    /** More characters of a text with its spans are not shown. */
    private static final int LONGEST_MARKED = 1_000;

    private static final int MOST_IN_LEGEND = 40;

    /** The widest line. */
    private static final int WIDTH = 96;

    /** A longer label is cut. */
    private static final int LONGEST_LABEL = 40;

    private static final String INDENT = "  ";

    @Override
    public List<String> lines(Value.Fields result, ResultText text) {
        List<Value.Fields> items = ResultTable.entries(result, "items");
        int shown = (int) Math.min(ResultText.number(result, "top"), items.size());
        List<String> lines = new ArrayList<>();
        Map<String, Integer> spans = spans(items);
        for (Value.Fields row : items.subList(0, shown)) add(lines, row, spans, text);
        if (!spans.isEmpty() && shown > 0) lines.add(legend(spans, text));
        double more = ResultText.number(result, "count") - shown;
        if (more > 0)
            lines.add("… and " + ResultText.grouped(more) + " more; top=N sets how many, by=COLUMN sorts them");
        return lines;
    }

    /** The spans of rows in the order in which they are met, each with the number of its colour; none where nobody asked for them. */
    private static Map<String, Integer> spans(List<Value.Fields> items) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (Value.Fields row : items)
            for (Value.Fields run : runs(row)) {
                String name = field(run, SPAN);
                if (!name.equals(Spans.REST)) numbers.putIfAbsent(name, numbers.size());
            }
        return numbers;
    }

    /** The parts of a row's clean text; none where they were not asked for. */
    private static List<Value.Fields> runs(Value.Fields row) {
        boolean spans = row.field(SPANS)
                .filter(it -> it instanceof Value.ListOf(List<Value> runs)
                        && !runs.isEmpty()
                        && runs.stream()
                                .allMatch(run -> run instanceof Value.Fields fields
                                        && fields.field(SPAN).isPresent()))
                .isPresent();
        return spans ? ResultTable.entries(row, SPANS) : List.of();
    }

    private static String legend(Map<String, Integer> spans, ResultText text) {
        List<String> names = new ArrayList<>();
        spans.forEach((name, number) -> {
            if (names.size() < MOST_IN_LEGEND) names.add(text.coloured(name(name), number));
        });
        int more = spans.size() - names.size();
        return SPANS + " " + String.join(", ", names)
                + (more > 0 ? ", … and " + ResultText.grouped(more) + " more" : "") + "; what is not marked is "
                + Spans.REST;
    }

    private static String name(String span) {
        return cut(Visible.line(span));
    }

    /** The clean text with its spans. A long one is cut at its end. */
    private static String marked(List<Value.Fields> runs, Map<String, Integer> spans, ResultText text) {
        StringBuilder line = new StringBuilder();
        int left = LONGEST_MARKED;
        for (Value.Fields run : runs) {
            String written = Visible.line(field(run, "text"));
            int[] points = written.codePoints().toArray();
            String shown = points.length <= left ? written : part(points, 0, left);
            String span = field(run, SPAN);
            if (span.equals(Spans.REST)) line.append(shown);
            else {
                String word = shown.stripLeading();
                line.append(shown, 0, shown.length() - word.length())
                        .append(text.part(name(span), spans.get(span), word));
            }
            left -= points.length;
            if (left < 0) return line.append('…').toString();
        }
        return line.toString();
    }

    private static void add(List<String> lines, Value.Fields row, Map<String, Integer> spans, ResultText text) {
        lines.add(text.prominent("row " + ResultTable.cell(row, RowNames.ROW)) + numbers(row));
        String clean = field(row, CLEAN);
        String corrupted = field(row, CORRUPTED);
        int room = WIDTH - INDENT.length() - CORRUPTED.length() - 2;
        List<Value.Fields> runs = runs(row);
        lines.add(INDENT + CLEAN + "      "
                + (runs.isEmpty() ? excerpt(clean, corrupted, room) : marked(runs, spans, text)));
        if (!corrupted.equals(clean)) lines.add(INDENT + CORRUPTED + "  " + excerpt(corrupted, clean, room));
        lines.addAll(labels(row));
    }

    private static String field(Value.Fields row, String name) {
        return row.field(name).map(Value::display).orElse("");
    }

    /** What is known of the row's metric. */
    private static String numbers(Value.Fields row) {
        List<String> numbers = new ArrayList<>();
        number(row, RowNames.METRIC, "metric ").ifPresent(numbers::add);
        number(row, RowNames.CORRUPTED_METRIC, "corrupted ").ifPresent(numbers::add);
        number(row, RowNames.CIRCUIT, "circuit ").ifPresent(numbers::add);
        return numbers.isEmpty() ? "" : ": " + String.join(", ", numbers);
    }

    private static Optional<String> number(Value.Fields row, String name, String before) {
        return row.field(name).filter(Value.Number.class::isInstance).map(it -> before + ResultText.shown(it));
    }

    /** The other columns, as many on a line as fit. */
    private static List<String> labels(Value.Fields row) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        boolean marked = !runs(row).isEmpty();
        for (Map.Entry<String, Value> field : row.fields().entrySet()) {
            if (!isLabel(field.getKey()) || marked && field.getKey().equals(SPANS)) continue;
            String label = Visible.line(field.getKey()) + " " + label(field.getValue());
            if (!line.isEmpty() && length(line) + 2 + length(label) > WIDTH) {
                lines.add(line + ",");
                line.setLength(0);
            }
            line.append(line.isEmpty() ? INDENT : ", ").append(label);
        }
        if (!line.isEmpty()) lines.add(line.toString());
        return lines;
    }

    private static boolean isLabel(String name) {
        return switch (name) {
            case CLEAN, CORRUPTED, RowNames.ROW, RowNames.METRIC, RowNames.CORRUPTED_METRIC, RowNames.CIRCUIT -> false;
            default -> true;
        };
    }

    /** In quotes where it is a text: tokens differ in their spaces. */
    private static String label(Value value) {
        if (value instanceof Value.ListOf) return cut(ValuePreview.of(value, LONGEST_LABEL));
        return value instanceof Value.Text(String text) ? quoted(text) : ResultText.shown(value);
    }

    private static String cut(String line) {
        int[] points = line.codePoints().toArray();
        return points.length <= LONGEST_LABEL ? line : part(points, 0, LONGEST_LABEL - 1) + "…";
    }

    private static String quoted(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST_LABEL
                ? QuotedText.of(text)
                : QuotedText.of(text.substring(0, text.offsetByCodePoints(0, LONGEST_LABEL - 1)) + "…");
    }

    /** A text in so many characters: its beginning and its end, or, where they differ between them, what surrounds the first difference to another text. */
    static String excerpt(String text, String other, int most) {
        String line = Visible.line(text);
        String beside = Visible.line(other);
        int[] points = line.codePoints().toArray();
        if (points.length <= most) return line;
        int[] others = beside.codePoints().toArray();
        int differs = 0;
        while (differs < Math.min(points.length, others.length) && points[differs] == others[differs]) differs++;
        int head = (most - 1) / 2;
        int tail = most - 1 - head;
        if (differs < head - 1 || differs >= points.length - tail)
            return part(points, 0, head) + "…" + part(points, points.length - tail, points.length);
        // The beginning is what tells rows apart least: the difference and the end are kept.
        int from = Math.max(0, differs - head / 4);
        int middle = head - 1;
        return "…" + part(points, from, from + middle) + "…" + part(points, points.length - tail, points.length);
    }

    private static String part(int[] points, int from, int to) {
        int end = Math.min(to, points.length);
        return new String(points, from, end - from);
    }

    private static int length(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
    }

    /** For a report: a row a row, its texts cut. */
    @Override
    public Optional<ResultTable> table(Value.Fields result, int most) {
        List<Value.Fields> items = ResultTable.entries(result, "items");
        if (items.isEmpty()) return Optional.empty();
        List<String> columns = List.copyOf(items.getFirst().fields().keySet());
        List<List<String>> rows = new ArrayList<>();
        for (Value.Fields row :
                items.subList(0, (int) Math.min(most, Math.min(ResultText.number(result, "top"), items.size())))) {
            String clean = field(row, CLEAN);
            String corrupted = field(row, CORRUPTED);
            rows.add(columns.stream()
                    .map(column -> switch (column) {
                        case CLEAN -> excerpt(clean, corrupted, 2 * LONGEST_LABEL);
                        case CORRUPTED -> excerpt(corrupted, clean, 2 * LONGEST_LABEL);
                        default -> label(row.field(column).orElseThrow());
                    })
                    .toList());
        }
        return Optional.of(new ResultTable(columns, rows, (int) ResultText.number(result, "count")));
    }
}
