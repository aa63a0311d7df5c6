package io.circuitscript.render;

import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The title and the legend of a picture, as one of Graphviz's labels in its HTML-like form.
 *
 * @param largest the largest |score| drawn
 * @param enlarged how many times larger than in a small picture
 */
record Legend(EdgeColour colour, boolean scored, double largest, double enlarged) {

    String of(Caption caption) {
        return table(2, row(font(20, "#000000", escaped(title(caption))))
                + row(font(14, "#000000", escaped(numbers(caption))))
                + row(table(0, "<TR>" + keys() + "</TR>")));
    }

    private String font(int points, String colour, String text) {
        return "<FONT POINT-SIZE=\"" + Math.round(points * enlarged) + "\" COLOR=\"" + colour + "\">" + text + "</FONT>";
    }

    private static String table(int spacing, String rows) {
        return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"1\" CELLSPACING=\"" + spacing + "\">" + rows + "</TABLE>";
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
        // Rounded first: what is less than nothing by rounding alone is nothing.
        caption.faithfulness().ifPresent(f -> parts.add("faithfulness " + number("%.3f", Math.rint(f * 1000) / 1000 + 0.0)));
        return String.join(" · ", parts);
    }

    private String keys() {
        List<String> keys = new ArrayList<>();
        switch (colour) {
            case PORT -> {
                keys.add(key(Palette.of(Slot.Port.Q), "q"));
                keys.add(key(Palette.of(Slot.Port.K), "k"));
                keys.add(key(Palette.of(Slot.Port.V), "v"));
                keys.add(key(Palette.of(Slot.Port.WHOLE), "to MLP or logits"));
                if (scored) keys.add(text("dashed: negative score"));
            }
            case SIGN -> {
                keys.add(key(Palette.POSITIVE, "positive score"));
                keys.add(key(Palette.NEGATIVE, "negative score"));
            }
        }
        if (scored && largest > 0) keys.add(text("width: |score|, widest " + number("%.3g", largest)));
        return String.join("<TD WIDTH=\"" + Math.round(12 * enlarged) + "\"></TD>", keys);
    }

    /** A stroke of the colour and what it means. */
    private String key(String colour, String meaning) {
        String stroke = "<TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"" + Math.round(22 * enlarged) + "\" HEIGHT=\"" + Math.round(3 * enlarged) + "\" BGCOLOR=\"" + colour + "\"></TD></TR>";
        return "<TD>" + table(0, stroke) + "</TD>" + text(meaning);
    }

    private String text(String meaning) {
        return "<TD CELLPADDING=\"4\">" + font(12, "#555555", escaped(meaning)) + "</TD>";
    }

    /** With U+2212 for a minus: Graphviz's text loses a space before a hyphen. */
    private static String number(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        boolean zero = text.matches("-[0.]+"); // of a rounding below 0, no sign is left
        return (zero ? text.substring(1) : text).replace('-', '\u2212');
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
