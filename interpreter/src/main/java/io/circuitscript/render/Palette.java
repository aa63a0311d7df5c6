package io.circuitscript.render;

import io.circuitscript.graph.Slot;

/** Colours that also colour-blind eyes tell apart (Okabe and Ito's). */
final class Palette {
    static final String POSITIVE = "#0072B2";
    static final String NEGATIVE = "#D55E00";

    private Palette() {}

    static String of(Slot.Port port) {
        return switch (port) {
            case Q -> "#D55E00";
            case K -> "#009E73";
            case V -> "#0072B2";
            case WHOLE -> "#4D4D4D";
        };
    }
}
