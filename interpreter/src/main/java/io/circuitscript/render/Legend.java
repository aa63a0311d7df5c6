package io.circuitscript.render;

import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The title and the legend of a picture, as one of Graphviz's labels in its HTML-like form. */
final class Legend {
    private Legend() {}

    static String of(Caption caption, EdgeColour colour, boolean scored, double largest) {
        return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"2\" CELLPADDING=\"1\">"
                + row("<FONT POINT-SIZE=\"20\"><B>" + escaped(title(caption)) + "</B></FONT>")
                + row("<FONT POINT-SIZE=\"14\">" + escaped(numbers(caption)) + "</FONT>")
                + row("<FONT POINT-SIZE=\"12\" COLOR=\"#555555\">" + keys(colour, scored, largest) + "</FONT>")
                + "</TABLE>";
    }

    private static String row(String content) {
        return "<TR><TD>" + content + "</TD></TR>";
    }

    private static String title(Caption caption) {
        List<String> parts = new ArrayList<>(List.of(caption.model(), caption.task()));
        parts.removeIf(String::isBlank);
        return parts.isEmpty() ? "circuit" : String.join(" · ", parts);
    }

    private static String numbers(Caption caption) {
        List<String> parts = new ArrayList<>();
        if (!caption.method().isBlank()) parts.add(caption.method());
        parts.add(String.format(Locale.ROOT, "%,d %s", caption.edges(), caption.edges() == 1 ? "edge" : "edges"));
        parts.add(String.format(Locale.ROOT, "%,d %s", caption.nodes(), caption.nodes() == 1 ? "node" : "nodes"));
        caption.faithfulness().ifPresent(f -> parts.add("faithfulness " + number("%.3f", f)));
        return String.join(" · ", parts);
    }

    private static String keys(EdgeColour colour, boolean scored, double largest) {
        List<String> keys = new ArrayList<>();
        switch (colour) {
            case PORT -> {
                keys.add(key(Palette.of(Slot.Port.Q), "q"));
                keys.add(key(Palette.of(Slot.Port.K), "k"));
                keys.add(key(Palette.of(Slot.Port.V), "v"));
                keys.add(key(Palette.of(Slot.Port.WHOLE), "to MLP or logits"));
                if (scored) keys.add("dashed: negative score");
            }
            case SIGN -> {
                keys.add(key(Palette.POSITIVE, "positive score"));
                keys.add(key(Palette.NEGATIVE, "negative score"));
            }
        }
        if (scored && largest > 0) keys.add("width: |score|, widest " + number("%.3g", largest));
        return String.join("&nbsp;&nbsp;&nbsp;", keys);
    }

    private static String key(String colour, String meaning) {
        return "<FONT COLOR=\"" + colour + "\">━━</FONT> " + escaped(meaning);
    }

    /** With U+2212 for a minus: Graphviz's text loses a space before a hyphen. */
    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value).replace('-', '\u2212');
    }

    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default -> {
                    if (!Character.isISOControl(c)) safe.appendCodePoint(c);
                }
            }
        });
        return safe.toString();
    }
}
