package io.circuitscript.render;

import java.util.List;
import java.util.Locale;

/** Writes SVG, element by element, on white. */
final class SvgText {
    static final String INK = "#333333";
    static final String GRID = "#DDDDDD";
    static final int SMALL = 12;

    /** About how wide a letter is, as a share of the font's size: what is laid out by it needs no font of this machine. */
    private static final double LETTER = 0.6;

    private final StringBuilder out = new StringBuilder();

    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** @param dash as {@code 6 4}; empty for a solid line */
    void line(double x1, double y1, double x2, double y2, String colour, double width, String dash) {
        out.append("<line x1=\"")
                .append(at(x1))
                .append("\" y1=\"")
                .append(at(y1))
                .append("\" x2=\"")
                .append(at(x2))
                .append("\" y2=\"")
                .append(at(y2))
                .append("\" stroke=\"")
                .append(colour)
                .append("\" stroke-width=\"")
                .append(at(width))
                .append('"');
        if (!dash.isEmpty()) out.append(" stroke-dasharray=\"").append(dash).append('"');
        out.append("/>\n");
    }

    /** @param points {@code x,y x,y …} */
    void polyline(String points, String colour, double width, String dash) {
        out.append("<polyline points=\"")
                .append(points)
                .append("\" fill=\"none\" stroke=\"")
                .append(colour)
                .append("\" stroke-width=\"")
                .append(at(width))
                .append("\" stroke-linejoin=\"round\"");
        if (!dash.isEmpty()) out.append(" stroke-dasharray=\"").append(dash).append('"');
        out.append("/>\n");
    }

    void rectangle(double x, double y, double width, double height, String colour) {
        out.append("<rect x=\"")
                .append(at(x))
                .append("\" y=\"")
                .append(at(y))
                .append("\" width=\"")
                .append(at(width))
                .append("\" height=\"")
                .append(at(height))
                .append("\" fill=\"")
                .append(colour)
                .append("\"/>\n");
    }

    /** @param way as SVG writes a path @param opacity from 0 to 1 */
    void path(String way, String colour, double width, double opacity, String dash) {
        out.append("<path d=\"")
                .append(way)
                .append("\" fill=\"none\" stroke=\"")
                .append(colour)
                .append("\" stroke-width=\"")
                .append(at(width))
                .append("\" stroke-opacity=\"")
                .append(at(opacity))
                .append('"');
        if (!dash.isEmpty()) out.append(" stroke-dasharray=\"").append(dash).append('"');
        out.append("/>\n");
    }

    /** A rectangle with an outline. @param round of its corners @param outline how wide */
    void box(double x, double y, double width, double height, double round, String colour, double outline) {
        out.append("<rect x=\"")
                .append(at(x))
                .append("\" y=\"")
                .append(at(y))
                .append("\" width=\"")
                .append(at(width))
                .append("\" height=\"")
                .append(at(height))
                .append("\" rx=\"")
                .append(at(round))
                .append("\" ry=\"")
                .append(at(round))
                .append("\" fill=\"")
                .append(colour)
                .append("\" stroke=\"")
                .append(INK)
                .append("\" stroke-width=\"")
                .append(at(outline))
                .append("\"/>\n");
    }

    /** @param points {@code x,y x,y …} */
    void polygon(String points, String colour) {
        out.append("<polygon points=\"")
                .append(points)
                .append("\" fill=\"")
                .append(colour)
                .append("\"/>\n");
    }

    /** @param opacity from 0 to 1 */
    void area(String points, String colour, double opacity) {
        out.append("<polygon points=\"")
                .append(points)
                .append("\" fill=\"")
                .append(colour)
                .append("\" fill-opacity=\"")
                .append(at(opacity))
                .append("\"/>\n");
    }

    /**
     * Many circles as one shape: thousands that are drawn one by one take seconds.
     *
     * @param centres their places by turns to the right and down
     * @param opacity from 0 to 1
     */
    void dots(List<Double> centres, double radius, String colour, double opacity) {
        if (centres.isEmpty()) return;
        String arc = "a" + at(radius) + "," + at(radius) + " 0 1,0 ";
        out.append("<path d=\"");
        for (int i = 0; i < centres.size(); i += 2) {
            out.append('M')
                    .append(point(centres.get(i) - radius, centres.get(i + 1)))
                    .append(arc)
                    .append(at(2 * radius))
                    .append(",0")
                    .append(arc)
                    .append(at(-2 * radius))
                    .append(",0z");
        }
        out.append("\" fill=\"")
                .append(colour)
                .append("\" fill-opacity=\"")
                .append(at(opacity))
                .append("\"/>\n");
    }

    void circle(double x, double y, double radius, String colour) {
        out.append("<circle cx=\"")
                .append(at(x))
                .append("\" cy=\"")
                .append(at(y))
                .append("\" r=\"")
                .append(at(radius))
                .append("\" fill=\"")
                .append(colour)
                .append("\"/>\n");
    }

    void text(double x, double y, int size, String colour, Anchor anchor, String text) {
        out.append("<text x=\"").append(at(x)).append("\" y=\"").append(at(y)).append('"');
        words(size, colour, anchor, text);
    }

    /** From below upwards, around its own place. */
    void turned(double x, double y, int size, String colour, Anchor anchor, String text) {
        out.append("<text x=\"0\" y=\"0\" transform=\"translate(")
                .append(at(x))
                .append(' ')
                .append(at(y))
                .append(") rotate(-90)\"");
        words(size, colour, anchor, text);
    }

    private void words(int size, String colour, Anchor anchor, String text) {
        out.append(" font-size=\"")
                .append(size)
                .append("\" fill=\"")
                .append(colour)
                .append("\" text-anchor=\"")
                .append(anchor.name().toLowerCase(Locale.ROOT))
                .append("\">")
                .append(escaped(text))
                .append("</text>\n");
    }

    /** Begins a group that shows a text when it is pointed at. */
    void begin(String title) {
        out.append("<g><title>").append(escaped(title)).append("</title>\n");
    }

    /** Ends the group that was begun last. */
    void end() {
        out.append("</g>\n");
    }

    /** The whole of it, in a frame of that size. @param title for who hears the picture read */
    String document(double width, double height, String title) {
        String size = "width=\"" + at(width) + "\" height=\"" + at(height) + "\" viewBox=\"0 0 " + at(width) + " "
                + at(height) + "\"";
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " font-family=\"" + CircuitPicture.FONT
                + ", sans-serif\">\n<title>"
                + escaped(title) + "</title>\n<rect x=\"0\" y=\"0\" width=\"" + at(width) + "\" height=\"" + at(height)
                + "\" fill=\"#FFFFFF\"/>\n" + out + "</svg>\n";
    }

    static double width(String text, int size) {
        return LETTER * size * text.codePointCount(0, text.length());
    }

    /** A place on the picture: to a hundredth of a point, which no eye can tell. */
    static String at(double place) {
        String text = String.format(Locale.ROOT, "%.2f", place);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }

    static String point(double x, double y) {
        return at(x) + "," + at(y);
    }

    /** The library that makes PNGs drops spaces beside an entity; there, non-breaking spaces are written. */
    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder();
        text.replaceAll(" (?=[&<>])|(?<=[&<>]) ", "\u00A0").codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                default -> safe.appendCodePoint(c < ' ' ? ' ' : c); // XML takes no control characters
            }
        });
        return safe.toString();
    }
}
