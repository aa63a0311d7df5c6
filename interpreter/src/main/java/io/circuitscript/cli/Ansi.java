package io.circuitscript.cli;

/** How a piece of text stands out on a terminal. */
enum Ansi {
    BOLD("1"),
    DIM("2"),
    ERROR("1;31");

    private final String code;

    Ansi(String code) {
        this.code = code;
    }

    String paint(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** The text as it stands on the screen. */
    static String plain(String text) {
        return text.replaceAll("\u001b\\[[;0-9]*m", "");
    }
}
