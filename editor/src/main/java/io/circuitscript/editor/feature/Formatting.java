package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Document;
import io.circuitscript.source.Source;
import io.circuitscript.syntax.Formatter;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextEdit;

/** The one layout of a script, as edits of the lines that differ. A script with mistakes is left as it is. */
public final class Formatting {
    /** Above so many pairs of lines, what lies between the first and the last difference is one edit. */
    private static final long MOST_COMPARED = 4_000_000;

    private Formatting() {}

    public static List<TextEdit> of(Document document) {
        if (document.parsed().hasErrors()) return List.of();
        return edits(document, Formatter.format(document.parsed()));
    }

    /** Those of the edits that touch a range. */
    public static List<TextEdit> of(Document document, Range range) {
        int first = range.getStart().getLine();
        // A range that ends where a line begins does not hold that line.
        boolean before = range.getEnd().getCharacter() == 0 && range.getEnd().getLine() > first;
        int last = range.getEnd().getLine() - (before ? 1 : 0);
        return of(document).stream()
                .filter(it -> it.getRange().getStart().getLine() <= last && last(it.getRange()) >= first)
                .toList();
    }

    private static int last(Range range) {
        boolean before = range.getEnd().getCharacter() == 0
                && range.getEnd().getLine() > range.getStart().getLine();
        return range.getEnd().getLine() - (before ? 1 : 0);
    }

    private static List<String> lines(String text) {
        Source source = new Source("", text);
        List<String> lines = new ArrayList<>();
        for (int line = 1; line <= source.lines(); line++) {
            int end = line < source.lines() ? source.lineStart(line + 1) : source.length();
            if (end > source.lineStart(line)) lines.add(source.text(source.lineStart(line), end));
        }
        return lines;
    }

    private static List<TextEdit> edits(Document document, String formatted) {
        List<String> old = lines(document.source().text());
        List<String> next = lines(formatted);
        int start = 0;
        while (start < Math.min(old.size(), next.size()) && old.get(start).equals(next.get(start))) start++;
        int oldEnd = old.size();
        int nextEnd = next.size();
        while (oldEnd > start && nextEnd > start && old.get(oldEnd - 1).equals(next.get(nextEnd - 1))) {
            oldEnd--;
            nextEnd--;
        }
        if (start == oldEnd && start == nextEnd) return List.of();
        List<TextEdit> edits = new ArrayList<>();
        if ((long) (oldEnd - start) * (nextEnd - start) > MOST_COMPARED)
            edits.add(edit(document, start, oldEnd, next.subList(start, nextEnd)));
        else differences(document, old.subList(start, oldEnd), next.subList(start, nextEnd), start, edits);
        return edits;
    }

    /** The longest lines in common stay; what lies between them is replaced. */
    private static void differences(
            Document document, List<String> old, List<String> next, int first, List<TextEdit> edits) {
        int[][] common = new int[old.size() + 1][next.size() + 1];
        for (int i = old.size() - 1; i >= 0; i--)
            for (int j = next.size() - 1; j >= 0; j--)
                common[i][j] = old.get(i).equals(next.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
        int i = 0;
        int j = 0;
        while (i < old.size() || j < next.size()) {
            int from = i;
            int begin = j;
            while ((i < old.size() || j < next.size())
                    && !(i < old.size() && j < next.size() && old.get(i).equals(next.get(j)))) {
                if (j == next.size() || i < old.size() && common[i + 1][j] >= common[i][j + 1]) i++;
                else j++;
            }
            if (i > from || j > begin) edits.add(edit(document, first + from, first + i, next.subList(begin, j)));
            i++;
            j++;
        }
    }

    /** Replaces lines, from the first to before the last, counted from 0. */
    private static TextEdit edit(Document document, int from, int to, List<String> by) {
        Position end = document.positions().at(document.source().length());
        int lines = document.source().lines();
        Position first = from < lines ? new Position(from, 0) : end;
        Position last = to < lines ? new Position(to, 0) : end;
        return new TextEdit(new Range(first, last), String.join("", by));
    }
}
