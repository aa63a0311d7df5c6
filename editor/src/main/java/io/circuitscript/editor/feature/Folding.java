package io.circuitscript.editor.feature;

import io.circuitscript.editor.document.Document;
import io.circuitscript.syntax.Lexeme;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.FoldingRange;
import org.eclipse.lsp4j.FoldingRangeKind;

/** What can be folded: brackets over several lines, and comments of several lines. The text need not be correct. */
public final class Folding {
    private Folding() {}

    public static List<FoldingRange> of(Document document) {
        // One for each first line: the largest, as editors show no more than one.
        Map<Integer, FoldingRange> ranges = new LinkedHashMap<>();
        List<FoldingRange> all = new ArrayList<>(brackets(document));
        all.addAll(comments(document));
        all.sort(Comparator.comparingInt(FoldingRange::getStartLine)
                .thenComparing(FoldingRange::getEndLine, Comparator.reverseOrder()));
        for (FoldingRange range : all) ranges.putIfAbsent(range.getStartLine(), range);
        return List.copyOf(ranges.values());
    }

    private static List<FoldingRange> brackets(Document document) {
        List<FoldingRange> ranges = new ArrayList<>();
        Deque<Lexeme> open = new ArrayDeque<>();
        for (Lexeme lexeme : document.lexemes()) {
            switch (lexeme.kind()) {
                case OPEN_ROUND, OPEN_BRACE, HOLE -> open.push(lexeme);
                case CLOSE_ROUND, CLOSE_BRACE -> {
                    if (open.isEmpty()) continue;
                    int first = line(document, open.pop().start());
                    int last = line(document, lexeme.start()) - 1; // the bracket's own line stays
                    if (last > first) ranges.add(new FoldingRange(first, last));
                }
                default -> {}
            }
        }
        return ranges;
    }

    private static List<FoldingRange> comments(Document document) {
        List<FoldingRange> ranges = new ArrayList<>();
        int first = -1;
        int last = -2;
        for (Lexeme lexeme : document.lexemes()) {
            if (lexeme.kind() != Lexeme.Kind.COMMENT) continue;
            int line = line(document, lexeme.start());
            boolean alone = document.source().lineText(line + 1).stripLeading().startsWith("#");
            if (!alone) continue;
            if (line == last + 1) last = line;
            else {
                comment(first, last, ranges);
                first = line;
                last = line;
            }
        }
        comment(first, last, ranges);
        return ranges;
    }

    private static void comment(int first, int last, List<FoldingRange> ranges) {
        if (first < 0 || last <= first) return;
        FoldingRange range = new FoldingRange(first, last);
        range.setKind(FoldingRangeKind.Comment);
        ranges.add(range);
    }

    private static int line(Document document, int offset) {
        return document.source().line(offset) - 1;
    }
}
