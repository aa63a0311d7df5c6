package io.circuitscript.cli.console;

import io.circuitscript.source.Visible;

/** Colours and styles of text on a terminal. */
public enum Ansi {
    BOLD("1"),
    DIM("2"),
    ERROR("1;31");

    private final String code;

    Ansi(String code) {
        this.code = code;
    }

    public String paint(String text) {
        return Visible.ESCAPE + "[" + code + "m" + text + Visible.ESCAPE + "[0m";
    }

    /** The text as it stands on the screen. */
    static String plain(String text) {
        return Visible.text(Visible.withoutColour(text));
    }
}
