package io.circuitscript.notebook.display;

import io.circuitscript.cli.console.Ansi;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A result as HTML: its words as a terminal shows them, and its tables as tables. */
public final class ResultHtml {
    /** How many rows of a table a cell shows; more make a notebook slow to open. */
    public static final int ROWS = 200;

    private static final int ALL_ROWS = 1_000;

    /** In place of a table's lines. Nobody else can write it. */
    private static final String TABLE = Visible.ESCAPE + "table:";

    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.,]+(e-?[0-9]+)?%?( ?\\[.*])?|none");

    private final UnaryOperator<String> written;

    /** @param written from a file's name in the script to the one that a user opens it by */
    public ResultHtml(UnaryOperator<String> written) {
        this.written = written;
    }

    /** What stands around a result. @param label the statement, where it is shown @param name the variable that holds the result, where there is one */
    public record Frame(Optional<String> label, Optional<String> name, Optional<String> time) {}

    /** @param all whether as many rows are shown as there may be at all */
    public String of(Result result, Frame frame, boolean all) {
        List<ResultTable> tables = new ArrayList<>();
        ResultText text = new ResultText(Ansi.BOLD::paint, Optional.of(Ansi::ofKind), written, table -> {
            tables.add(table);
            return List.of(TABLE + (tables.size() - 1));
        });
        ResultView view = result.view();
        if (result.statement().equals("print") && !(view instanceof ValueView)) view = ValueView.PRINTED;
        List<String> lines = new ArrayList<>(view.lines(result.value(), text));
        frame.time().ifPresent(time -> lines.add(Ansi.DIM.paint(time)));
        StringBuilder html = new StringBuilder("<div class=\"circuitscript-result\">");
        html.append(head(frame));
        List<String> words = new ArrayList<>();
        for (String line : lines) {
            if (!line.startsWith(TABLE)) {
                words.add(line);
                continue;
            }
            html.append(words(words));
            words.clear();
            ResultTable table = tables.get(Integer.parseInt(line.substring(TABLE.length())));
            html.append(table(table, all ? ALL_ROWS : ROWS));
        }
        return html.append(words(words)).append("</div>").toString();
    }

    private static String head(Frame frame) {
        if (frame.label().isEmpty() && frame.name().isEmpty()) return "";
        String name = frame.name()
                .map(it -> Html.styled("span", "float:right;margin-left:1em", Html.escaped(it)))
                .orElse("");
        String style = "color:" + Html.FAINT + ";font-family:" + Html.MONO + ";font-size:90%"
                + (frame.label().isPresent() ? ";white-space:pre-wrap;overflow-wrap:anywhere" : "");
        return Html.styled(
                "div",
                style,
                name + Html.escaped(frame.label().map(Visible::text).orElse("")));
    }

    /** Lines of words, in a face in which their columns stand below one another. */
    static String words(List<String> lines) {
        if (lines.isEmpty()) return "";
        return Html.styled(
                "pre",
                "margin:0;padding:0;background:none;white-space:pre-wrap;overflow-wrap:anywhere;color:" + Html.INK
                        + ";font-family:" + Html.MONO + ";line-height:1.5",
                StyledText.html(String.join("\n", lines)));
    }

    /** A table that scrolls where it is long or wide. */
    static String table(ResultTable table, int most) {
        int columns = table.headings().size();
        List<List<String>> rows =
                table.rows().subList(0, Math.min(most, table.rows().size()));
        boolean[] numbers = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            int at = column;
            numbers[column] = !rows.isEmpty()
                    && rows.stream().allMatch(row -> NUMBER.matcher(row.get(at)).matches());
        }
        StringBuilder html = new StringBuilder(
                "<div style=\"overflow:auto;max-height:26em;margin:.3em 0\"><table class=\"dataframe\" style=\"margin:0;font-variant-numeric:tabular-nums\"><thead>");
        html.append(row("th", table.headings(), numbers)).append("</thead><tbody>\n");
        for (List<String> row : rows) html.append(row("td", row, numbers));
        html.append("</tbody></table></div>");
        int more = table.rows().size() - rows.size();
        if (more > 0)
            html.append(Html.styled(
                    "div",
                    "color:" + Html.FAINT,
                    "… " + NumberText.count(more) + " more rows; <code>%all</code> shows "
                            + (table.rows().size() > ALL_ROWS ? "the first " + NumberText.count(ALL_ROWS) : "them")));
        return html.toString();
    }

    private static String row(String element, List<String> cells, boolean[] numbers) {
        StringBuilder row = new StringBuilder("<tr>");
        for (int column = 0; column < cells.size(); column++) {
            String align = numbers[column] ? "right" : "left";
            row.append(Html.styled(
                    element,
                    "text-align:" + align + ";white-space:pre"
                            + (element.equals("th")
                                    ? ";position:sticky;top:0;background:var(--jp-layout-color0,inherit)"
                                    : ""),
                    Html.escaped(Visible.line(cells.get(column)))));
        }
        return row.append("</tr>\n").toString();
    }
}
