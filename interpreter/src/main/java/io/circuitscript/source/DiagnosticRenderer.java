package io.circuitscript.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes diagnostics as text for people: what is wrong, the line with the place underlined, and the way out. */
public final class DiagnosticRenderer {
    private static final String RED = Visible.ESCAPE + "[1;31m";
    private static final String YELLOW = Visible.ESCAPE + "[1;33m";
    private static final String BLUE = Visible.ESCAPE + "[1;34m";
    private static final String CYAN = Visible.ESCAPE + "[1;36m";
    private static final String BOLD = Visible.ESCAPE + "[1m";
    private static final String PLAIN = Visible.ESCAPE + "[0m";

    private final boolean color;

    /** One underlined place: a stretch and what is said under it. */
    private record Mark(Span span, String text, boolean primary) {}

    /** @param color whether to colour with the escape sequences of terminals */
    public DiagnosticRenderer(boolean color) {
        this.color = color;
    }

    /** A line of a message that has no place in a script, as a terminal may show it. */
    public static String line(String text) {
        return SourceLine.clean(text);
    }

    /** One diagnostic, its last line ended by a line end. */
    public String render(Diagnostic diagnostic) {
        var out = new StringBuilder();
        boolean error = diagnostic.isError();
        String strong = error ? RED : YELLOW;
        out.append(paint(
                strong, (error ? "error[" : "warning[") + diagnostic.code().number() + "]"));
        out.append(paint(BOLD, ": " + SourceLine.clean(diagnostic.message()))).append('\n');

        List<Mark> marks = marks(diagnostic);
        int gutter = marks.stream()
                .mapToInt(mark -> String.valueOf(mark.span().line()).length())
                .max()
                .orElse(1);
        Source shown = diagnostic.span().source();
        place(out, gutter, " --> ", diagnostic.span());
        excerpt(
                out,
                gutter,
                strong,
                marks.stream().filter(mark -> mark.span().source() == shown).toList());
        for (Mark mark : marks) {
            if (mark.span().source() == shown) continue;
            place(out, gutter, " ::: ", mark.span());
            excerpt(out, gutter, strong, List.of(mark));
        }
        for (String note : diagnostic.notes()) trailer(out, gutter, "note", note);
        if (!diagnostic.help().isEmpty()) trailer(out, gutter, "help", diagnostic.help());
        return out.toString();
    }

    private static List<Mark> marks(Diagnostic diagnostic) {
        var marks = new ArrayList<Mark>();
        marks.add(new Mark(diagnostic.span(), diagnostic.label(), true));
        for (Diagnostic.Label label : diagnostic.secondary()) marks.add(new Mark(label.span(), label.text(), false));
        return marks;
    }

    private void place(StringBuilder out, int gutter, String arrow, Span span) {
        out.append(" ".repeat(gutter - 1)).append(paint(BLUE, arrow));
        out.append(SourceLine.clean(span.source().name()))
                .append(':')
                .append(span.line())
                .append(':')
                .append(span.column())
                .append('\n');
    }

    /** The marked lines of one source in order, each followed by its marks. */
    private void excerpt(StringBuilder out, int gutter, String strong, List<Mark> marks) {
        Map<Integer, List<Mark>> lines = new LinkedHashMap<>();
        marks.stream()
                .sorted(Comparator.comparingInt(mark -> mark.span().line()))
                .forEach(mark -> lines.computeIfAbsent(mark.span().line(), _ -> new ArrayList<>())
                        .add(mark));
        row(out, gutter, "", "");
        int before = 0;
        for (var entry : lines.entrySet()) {
            int number = entry.getKey();
            if (before > 0 && number > before + 1)
                out.append(paint(BLUE, "...")).append('\n');
            before = number;
            List<Mark> here = entry.getValue();
            Span first = here.getFirst().span();
            var line = new SourceLine(first.source().lineText(number), first.column() - 1, first.end() - first.start());
            row(out, gutter, String.valueOf(number), line.text());
            for (Mark mark : here) {
                int start = mark.span().column() - 1;
                String underline = line.underline(
                        start, start + mark.span().end() - mark.span().start(), mark.primary() ? '^' : '-');
                String text = mark.text().isEmpty() ? "" : " " + SourceLine.clean(mark.text());
                int indent = underline.length() - underline.stripLeading().length();
                row(
                        out,
                        gutter,
                        "",
                        " ".repeat(indent) + paint(mark.primary() ? strong : BLUE, underline.substring(indent) + text));
            }
        }
    }

    private void row(StringBuilder out, int gutter, String number, String text) {
        out.append(paint(BLUE, " ".repeat(gutter - number.length()) + number + " |"));
        if (!text.isEmpty()) out.append(' ').append(text);
        out.append('\n');
    }

    private void trailer(StringBuilder out, int gutter, String kind, String text) {
        String[] lines = text.split("\n");
        out.append(" ".repeat(gutter + 1)).append(paint(BLUE, "= ")).append(paint(CYAN, kind + ":"));
        for (int i = 0; i < lines.length; i++) {
            if (i > 0) out.append('\n').append(" ".repeat(gutter + 9));
            else out.append(' ');
            out.append(SourceLine.clean(lines[i]));
        }
        out.append('\n');
    }

    private String paint(String code, String text) {
        return color && !text.isEmpty() ? code + text + PLAIN : text;
    }
}
