package io.circuitscript.render;

import io.circuitscript.graph.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The title and the legend of a picture, as a label in Graphviz's HTML-like form.
 *
 * @param scored, nodesScored whether edges have scores, and whether nodes do
 * @param spanned whether there is a column for each span
 * @param largest the largest |score| drawn
 * @param enlarged how many times larger than in a small picture
 */
record Legend(
        EdgeColour colour, boolean scored, boolean nodesScored, boolean spanned, double largest, double enlarged) {

    String of(Caption caption) {
        return table(
                2,
                row(font(20, "#000000", escaped(caption.title())))
                        + row(font(14, "#000000", escaped(caption.numbers())))
                        + row(table(0, "<TR>" + drawn() + "</TR>")));
    }

    private String font(int points, String colour, String text) {
        return "<FONT POINT-SIZE=\"" + Math.round(points * enlarged) + "\" COLOR=\"" + colour + "\">" + text
                + "</FONT>";
    }

    private static String table(int spacing, String rows) {
        return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"1\" CELLSPACING=\"" + spacing + "\">" + rows
                + "</TABLE>";
    }

    private static String row(String content) {
        return "<TR><TD>" + content + "</TD></TR>";
    }

    /** @param colour of a stroke; empty where there is none */
    record Key(String colour, String meaning) {}

    /** What colours, dashes and widths mean. */
    List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        switch (colour) {
            case PORT -> {
                keys.add(new Key(Palette.of(Slot.Port.Q), "q"));
                keys.add(new Key(Palette.of(Slot.Port.K), "k"));
                keys.add(new Key(Palette.of(Slot.Port.V), "v"));
                keys.add(new Key(Palette.of(Slot.Port.WHOLE), "to MLP or logits"));
                if (scored) keys.add(new Key("", "dashed: negative score"));
            }
            case SIGN -> {
                keys.add(new Key(Palette.POSITIVE, "positive score"));
                keys.add(new Key(Palette.NEGATIVE, "negative score"));
            }
        }
        if (scored && largest > 0) keys.add(new Key("", "width: |score|, widest " + number("%.3g", largest)));
        if (spanned) {
            keys.add(new Key(SpanColumns.MOVE_COLOUR, "attention"));
            keys.add(new Key("", "white: only read there"));
        }
        if (nodesScored) keys.add(new Key("", "below a node: its score"));
        return keys;
    }

    private String drawn() {
        return keys().stream()
                .map(key -> key.colour().isEmpty() ? text(key.meaning()) : key(key.colour(), key.meaning()))
                .collect(Collectors.joining("<TD WIDTH=\"" + Math.round(12 * enlarged) + "\"></TD>"));
    }

    /** A stroke of the colour and what it means. */
    private String key(String colour, String meaning) {
        String stroke = "<TR><TD FIXEDSIZE=\"TRUE\" WIDTH=\"" + Math.round(22 * enlarged) + "\" HEIGHT=\""
                + Math.round(3 * enlarged) + "\" BGCOLOR=\"" + colour + "\"></TD></TR>";
        return "<TD>" + table(0, stroke) + "</TD>" + text(meaning);
    }

    private String text(String meaning) {
        return "<TD CELLPADDING=\"4\">" + font(12, "#555555", escaped(meaning)) + "</TD>";
    }

    /** With U+2212 for a minus: Graphviz's text loses a space before a hyphen. */
    static String number(String format, double value) {
        String text = String.format(Locale.ROOT, format, value).replaceFirst("e([-+])0", "e$1"); // Java writes 1.2e-06
        boolean zero = text.matches("-[0.]+"); // of a rounding below 0, no sign is left
        return (zero ? text.substring(1) : text).replace('-', '\u2212');
    }

    static String shortNumber(double value) {
        return number("%.2g", value);
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
