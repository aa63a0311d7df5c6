package io.circuitscript.notebook.display;

import io.circuitscript.source.Visible;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lines for a terminal, with our own colours in them, as HTML. What is in them from elsewhere shows, and does nothing. */
final class StyledText {
    private static final Pattern PAINT = Pattern.compile(Pattern.quote(Visible.ESCAPE) + "\\[([0-9;]*)m");

    /** Readable on white and on black. */
    private static final Map<String, String> COLOURS = Map.of(
            "31", "#d6453d",
            "32", "#2f8a3d",
            "33", "#a06a00",
            "34", "#3f76d6",
            "35", "#b44fb4",
            "36", "#148a8a");

    private StyledText() {}

    static String html(String text) {
        StringBuilder html = new StringBuilder();
        Matcher paint = PAINT.matcher(text);
        int from = 0;
        boolean open = false;
        while (paint.find()) {
            html.append(plain(text.substring(from, paint.start())));
            from = paint.end();
            if (open) html.append("</span>");
            String style = style(paint.group(1));
            open = !style.isEmpty();
            if (open) html.append("<span style=\"").append(style).append("\">");
        }
        html.append(plain(text.substring(from)));
        return open ? html.append("</span>").toString() : html.toString();
    }

    private static String plain(String text) {
        return Html.escaped(Visible.text(text));
    }

    private static String style(String codes) {
        StringBuilder style = new StringBuilder();
        for (String code : codes.split(";")) {
            if (code.equals("1")) style.append("font-weight:600;");
            else if (code.equals("2")) style.append("color:").append(Html.FAINT).append(';');
            else if (COLOURS.containsKey(code))
                style.append("color:").append(COLOURS.get(code)).append(';');
        }
        return style.toString();
    }
}
