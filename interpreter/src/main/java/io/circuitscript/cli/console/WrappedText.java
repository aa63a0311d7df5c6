package io.circuitscript.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Breaks lines of help between words for a narrow screen, and indents what follows. */
public final class WrappedText {
    /** A word and its meaning, in two columns. */
    private static final Pattern COLUMNS = Pattern.compile("( *\\S+(?: \\S+)* {2,})\\S.*");

    private WrappedText() {}

    /** The line in rows of the screen; a word that is longer than a row stands as it is. */
    public static List<String> of(String line, int width) {
        List<String> rows = new ArrayList<>();
        String hanging = " ".repeat(hanging(line, width));
        String rest = line;
        while (rest.length() > width) {
            int start = rows.isEmpty() ? rest.length() - rest.stripLeading().length() : hanging.length();
            int end = rest.lastIndexOf(' ', width);
            if (end <= start) end = rest.indexOf(' ', Math.max(start, width));
            if (end < 0) break;
            rows.add(rest.substring(0, end).stripTrailing());
            rest = hanging + rest.substring(end).strip();
        }
        if (!rest.isBlank() || rows.isEmpty()) rows.add(rest);
        return rows;
    }

    /** Where a line goes on: below its second column, where that leaves room, else where it began. */
    private static int hanging(String line, int width) {
        Matcher columns = COLUMNS.matcher(line);
        if (columns.matches() && columns.end(1) <= width / 2) return columns.end(1);
        return Math.min(line.length() - line.stripLeading().length(), width / 2);
    }
}
