package io.circuitscript.notebook.display;

import io.circuitscript.source.Visible;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines for a cell. Where one is too long for it, its further lines stand below its words, not below what stands before them. */
final class HangingLine {
    /** A shorter one fits any cell. */
    private static final int SHORT = 40;

    /** Words that stand farther to the right would leave too little room. */
    private static final int FARTHEST = 24;

    /** What stands before the words: spaces, or the first column of two. */
    private static final Pattern BEFORE = Pattern.compile(" *(?:\\S+(?: \\S+)*? {2,})?(?=\\S)");

    private HangingLine() {}

    /** @param lines as a terminal shows them */
    static String html(List<String> lines) {
        return lines.stream().map(HangingLine::html).collect(Collectors.joining("\n"));
    }

    private static String html(String line) {
        Matcher before = BEFORE.matcher(line).region(0, Math.min(line.length(), FARTHEST + 1));
        if (line.length() <= SHORT
                || !before.lookingAt()
                || before.end() == 0
                || before.group().contains(Visible.ESCAPE)) return StyledText.html(line);
        // JupyterLab takes the unit of a column, and so an indent in columns, out of what a notebook of somebody else
        // shows.
        return Html.styled(
                "span",
                "display:inline-flex",
                Html.styled("span", "white-space:pre", StyledText.html(before.group())) + "<span>"
                        + StyledText.html(line.substring(before.end())) + "</span>");
    }
}
