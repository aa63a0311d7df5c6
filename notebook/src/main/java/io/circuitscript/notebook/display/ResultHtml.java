package io.circuitscript.notebook.display;

import io.circuitscript.cli.console.Ansi;
import io.circuitscript.runtime.value.NumberText;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultTable;
import io.circuitscript.runtime.value.ResultText;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Tables;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValuePreview;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A result as HTML: its words as a terminal shows them, and its tables as tables. */
public final class ResultHtml {
    /** How many rows of a table a cell shows; more make a notebook slow to open. */
    public static final int ROWS = 200;

    private static final int ALL_ROWS = 1_000;
    private static final int MOST_CELLS = 20_000;
    private static final int MOST_CHARACTERS = 20_000;
    private static final int LONGEST_FIELD = 100;

    /** About how many characters of a long value are shown. */
    public static final int PREVIEW = 4_000;

    /** In place of a table's lines. Nobody else can write it. */
    private static final String TABLE = Visible.ESCAPE + "table:";

    private final UnaryOperator<String> written;

    /** @param written from a file's name in the script to the one that a user opens it by */
    public ResultHtml(UnaryOperator<String> written) {
        this.written = written;
    }

    /** What stands around a result. @param label the statement, where it is shown @param name the variable that holds the result, where there is one */
    public record Frame(Optional<String> label, Optional<String> name, Optional<String> time) {}

    /** @param cut whether there is more of it */
    public record Shown(String html, boolean cut) {}

    /** @param all whether as much is shown as there may be at all */
    public Shown of(Result result, Frame frame, boolean all) {
        List<ResultTable> tables = new ArrayList<>();
        ResultText text = new ResultText(Ansi.BOLD::paint, Optional.of(Ansi::ofKind), written, table -> {
            tables.add(table);
            return List.of(TABLE + (tables.size() - 1));
        });
        List<String> lines = new ArrayList<>(lines(result, text, all));
        frame.time().ifPresent(time -> lines.add(Ansi.DIM.paint(time)));
        StringBuilder html = new StringBuilder("<div class=\"circuitscript-result\">").append(head(frame));
        boolean cut = false;
        List<String> words = new ArrayList<>();
        for (String line : lines) {
            if (!line.startsWith(TABLE)) {
                words.add(line);
                continue;
            }
            html.append(words(words));
            words.clear();
            ResultTable table = tables.get(Integer.parseInt(line.substring(TABLE.length())));
            int rows = rows(table, all);
            cut |= rows < table.rows().size();
            html.append(table(table, rows));
        }
        List<String> few = all ? words : beginning(words);
        return new Shown(html.append(words(few)).append("</div>").toString(), cut || few != words);
    }

    private static List<String> lines(Result result, ResultText text, boolean all) {
        boolean printed = result.statement().equals("print") && !(result.view() instanceof ValueView);
        ResultView view = printed ? ValueView.PRINTED : result.view();
        Optional<Value> value = view == ValueView.LOOKED_AT ? result.value().field("value") : Optional.empty();
        if (value.isEmpty() || all) return view.lines(result.value(), text);
        return switch (value.get()) {
            case Value.Fields fields -> text.table(fields(fields));
            case Value.ListOf list when !Tables.isTable(list) -> List.of(ValuePreview.of(list, PREVIEW));
            case Value.Number _,
                    Value.Bool _,
                    Value.Text _,
                    Value.None _,
                    Value.ListOf _,
                    Value.Nodes _,
                    Value.EdgeSet _,
                    Value.Function _ -> view.lines(result.value(), text);
        };
    }

    /** The fields of a value, one a row. */
    private static ResultTable fields(Value.Fields value) {
        List<List<String>> rows = value.fields().entrySet().stream()
                .map(field -> List.of(field.getKey(), ValuePreview.of(field.getValue(), LONGEST_FIELD)))
                .toList();
        return new ResultTable(List.of("field", "value"), rows, rows.size());
    }

    /** The lines that a cell has room for. */
    private static List<String> beginning(List<String> lines) {
        int room = MOST_CHARACTERS;
        List<String> few = new ArrayList<>();
        for (String line : lines) {
            if (line.length() > room) {
                String plain = Visible.withoutColour(line);
                int shown = Math.min(room / 2, plain.codePointCount(0, plain.length()));
                few.add(plain.substring(0, plain.offsetByCodePoints(0, shown)) + "…");
                few.add(Ansi.DIM.paint("… shortened: %all shows it in full"));
                return few;
            }
            few.add(line);
            room -= line.length();
        }
        return lines;
    }

    private static int rows(ResultTable table, boolean all) {
        int fit = MOST_CELLS / Math.max(1, table.headings().size());
        return Math.min(table.rows().size(), all ? ALL_ROWS : Math.clamp(fit, 1, ROWS));
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
                "margin:0;padding:0;background:none;white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;color:"
                        + Html.INK + ";font-family:" + Html.MONO + ";line-height:1.5",
                HangingLine.html(lines));
    }

    /** A table that scrolls where it is long or wide. */
    private static String table(ResultTable table, int most) {
        List<List<String>> rows = table.rows().subList(0, most);
        List<TableColumn> columns = new ArrayList<>();
        for (int i = 0; i < table.headings().size(); i++) {
            int at = i;
            columns.add(TableColumn.of(rows.stream().map(row -> row.get(at)).toList()));
        }
        StringBuilder html = new StringBuilder("<div style=\"overflow:auto;max-height:26em;margin:.3em 0\">"
                + "<table class=\"dataframe\" style=\"margin:0;font-variant-numeric:tabular-nums\"><thead><tr>");
        for (int i = 0; i < columns.size(); i++)
            html.append(columns.get(i).heading(table.headings().get(i)));
        html.append("</tr></thead><tbody>\n");
        for (int row = 0; row < rows.size(); row++) {
            html.append("<tr>");
            for (TableColumn column : columns) html.append(column.cell(row));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>");
        int more = table.rows().size() - most;
        if (more > 0)
            html.append(Html.styled(
                    "div",
                    "color:" + Html.FAINT,
                    "… " + NumberText.count(more) + " more rows; <code>%all</code> shows "
                            + (table.rows().size() > ALL_ROWS ? "the first " + NumberText.count(ALL_ROWS) : "them")));
        return html.toString();
    }
}
