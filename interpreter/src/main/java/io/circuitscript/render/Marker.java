package io.circuitscript.render;

/** A marker shape for each hue, for readers who cannot tell colours apart. */
final class Marker {
    private Marker() {}

    static void draw(SvgText out, int hue, double x, double y, double size) {
        String colour = Palette.line(hue);
        switch (hue % 4) {
            case 0 -> out.circle(x, y, size, colour);
            case 1 -> out.rectangle(x - 0.9 * size, y - 0.9 * size, 1.8 * size, 1.8 * size, colour);
            case 2 -> out.polygon(shape(x, y, size, 0, -1.2, 1.1, 0.9, -1.1, 0.9), colour);
            default -> out.polygon(shape(x, y, size, 0, -1.2, 1.2, 0, 0, 1.2, -1.2, 0), colour);
        }
    }

    /** @param corners by turns to the right and down, in sizes */
    private static String shape(double x, double y, double size, double... corners) {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < corners.length; i += 2) {
            points.append(i == 0 ? "" : " ").append(SvgText.point(x + size * corners[i], y + size * corners[i + 1]));
        }
        return points.toString();
    }
}
