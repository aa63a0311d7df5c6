package io.circuitscript.render;

import io.circuitscript.graph.Slot;
import java.util.List;
import java.util.Locale;

/** Colours that colour-blind people can tell apart (Okabe and Ito). */
final class Palette {
    static final String POSITIVE = "#0072B2";
    static final String NEGATIVE = "#D55E00";

    /** Without yellow, which is lost on white. */
    private static final List<String> LINES =
            List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000");

    private static final int[] BLUE = {0, 114, 178};
    private static final int[] VERMILION = {213, 94, 0};

    private Palette() {}

    /** The colour of a line of a chart by its number from 0. After the last colour they begin again. */
    static String line(int number) {
        return LINES.get(number % LINES.size());
    }

    /** The same with much white in it. */
    static String pale(int number) {
        int rgb = Integer.parseInt(line(number).substring(1), 16);
        StringBuilder colour = new StringBuilder("#");
        for (int shift = 16; shift >= 0; shift -= 8)
            colour.append(String.format(Locale.ROOT, "%02X", Math.round(255 - 0.45 * (255 - (rgb >> shift & 255)))));
        return colour.toString();
    }

    /** How many colours there are before they begin again. */
    static int size() {
        return LINES.size();
    }

    /** From vermilion at -1 over white at 0 to blue at 1; grey for what is no number. */
    static String diverging(double number) {
        if (Double.isNaN(number)) return "#BBBBBB";
        int[] end = number < 0 ? VERMILION : BLUE;
        double size = Math.min(1, Math.abs(number));
        StringBuilder colour = new StringBuilder("#");
        for (int channel : end)
            colour.append(String.format(Locale.ROOT, "%02X", Math.round(255 + size * (channel - 255))));
        return colour.toString();
    }

    static String of(Slot.Port port) {
        return switch (port) {
            case Q -> "#D55E00";
            case K -> "#009E73";
            case V -> "#0072B2";
            case WHOLE -> "#4D4D4D";
        };
    }
}
