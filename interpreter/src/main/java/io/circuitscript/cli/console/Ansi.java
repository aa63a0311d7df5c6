package io.circuitscript.cli.console;

import io.circuitscript.source.Visible;

/** Colours and styles of text on a terminal. */
public enum Ansi {
    BOLD("1"),
    DIM("2"),
    ERROR("1;31");

    /** Colours that are told apart on light and on dark screens, neighbours the most. */
    private static final String[] KINDS = {
        "36", "33", "35", "32", "34", "31", "1;36", "1;33", "1;35", "1;32", "1;34", "1;31"
    };

    private final String code;

    Ansi(String code) {
        this.code = code;
    }

    public String paint(String text) {
        return paint(code, text);
    }

    private static String paint(String code, String text) {
        return Visible.ESCAPE + "[" + code + "m" + text + Visible.ESCAPE + "[0m";
    }

    /** Texts of different kinds, numbered from 0, in different colours, which repeat after twelve. */
    public static String ofKind(int kind, String text) {
        return paint(KINDS[kind % KINDS.length], text);
    }

    /** The text as it stands on the screen. */
    static String plain(String text) {
        return Visible.text(Visible.withoutColour(text));
    }
}
