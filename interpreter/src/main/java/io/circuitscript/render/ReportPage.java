package io.circuitscript.render;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A run as one HTML page that needs no network and no other file. The same run gives the same bytes.
 *
 * @param caption what stands over it
 * @param script the text that ran
 * @param entries the results, in the order that they came
 * @param circuit the picture that a reader can play with, where there is a circuit
 */
public record ReportPage(
        Caption caption, String script, List<Entry> entries, List<Chart> charts, Optional<ReportGraph> circuit) {
    private static final Pattern PLACE = Pattern.compile("<!--(\\w+)-->");

    /** A statement and what it gave. */
    public record Entry(String statement, List<Field> values, Optional<Rows> table) {
        public Entry {
            values = List.copyOf(values);
        }
    }

    /** A field of a result. @param folded what a reader can unfold; empty where the text is all there is */
    public record Field(String name, String text, String folded) {}

    /** A table. @param all how many rows there are, of which these are the first */
    public record Rows(List<String> headings, List<List<String>> rows, int all) {}

    public ReportPage {
        entries = List.copyOf(entries);
        charts = List.copyOf(charts);
    }

    /** @throws UserError where its ending is not that of a page: asked before any work is done for it */
    public static void checkEnding(Path file) {
        String name =
                file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".html") || name.endsWith(".htm")) return;
        throw UserError.input(
                ErrorCode.UNKNOWN_FORMAT,
                "a report is a page of HTML, and the name " + file + " does not say so",
                "end its name in .html");
    }

    /** @throws UserError where the file cannot be written; nothing is half-written */
    public void write(Path file) {
        checkEnding(file);
        AtomicFile.write(file, out -> out.write(html().getBytes(StandardCharsets.UTF_8)));
    }

    String html() {
        Map<String, String> parts = Map.of(
                "title", escaped(caption.title()),
                "subtitle", escaped(caption.numbers()),
                "script", escaped(script.strip()),
                "results", results(),
                "charts", drawn(),
                "graph", circuit.map(ReportGraph::json).orElse("null"));
        return PLACE.matcher(template())
                .replaceAll(place -> Matcher.quoteReplacement(parts.getOrDefault(place.group(1), place.group())));
    }

    private String results() {
        StringBuilder rows = new StringBuilder();
        for (Entry entry : entries) {
            rows.append("<tr><td class=\"code\">")
                    .append(escaped(entry.statement()))
                    .append("</td><td class=\"values\">");
            entry.values().forEach(field -> rows.append(field.folded().isEmpty() ? plain(field) : folded(field)));
            entry.table().ifPresent(table -> rows.append(table(table)));
            rows.append("</td></tr>\n");
        }
        return rows.toString();
    }

    private static String plain(Field field) {
        return "<span>" + escaped(field.name()) + " <b>" + escaped(field.text()) + "</b></span>";
    }

    private static String folded(Field field) {
        return "<details><summary>" + escaped(field.name()) + " <b>" + escaped(field.text()) + "</b></summary>"
                + escaped(field.folded()) + "</details>";
    }

    private static String table(Rows table) {
        StringBuilder text = new StringBuilder("<div class=\"scroll\" tabindex=\"0\"><table><thead>")
                .append(row("th", table.headings()))
                .append("</thead><tbody>\n");
        table.rows().forEach(row -> text.append(row("td", row)));
        text.append("</tbody></table></div>");
        int more = table.all() - table.rows().size();
        if (more > 0) text.append(String.format(Locale.ROOT, "<span class=\"faint\">… and %,d more</span>", more));
        return text.toString();
    }

    private static String row(String cell, List<String> texts) {
        return texts.stream()
                .map(text -> "<" + cell + ">" + escaped(text) + "</" + cell + ">")
                .collect(Collectors.joining("", "<tr>", "</tr>\n"));
    }

    private String drawn() {
        if (charts.isEmpty()) return "";
        StringBuilder section = new StringBuilder("<section><h2>Charts</h2>\n");
        charts.forEach(chart ->
                section.append("<div class=\"chart\">").append(chart.svg()).append("</div>\n"));
        return section.append("</section>").toString();
    }

    private static String template() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
