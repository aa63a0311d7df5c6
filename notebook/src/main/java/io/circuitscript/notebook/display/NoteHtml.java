package io.circuitscript.notebook.display;

import io.circuitscript.source.Visible;
import java.util.List;

/** Words beside results: notes, what the prompt says of itself, a page of help. */
public final class NoteHtml {
    private NoteHtml() {}

    /** Something that a user should know and that is no result. */
    public static String note(String text) {
        return Html.styled("div", "color:" + Html.FAINT, "note: " + Html.escaped(Visible.text(text)));
    }

    /** Lines with their columns, as a page of help. */
    public static String lines(List<String> lines) {
        return "<div class=\"circuitscript-result\">" + ResultHtml.words(lines) + "</div>";
    }
}
