package io.circuitscript.runtime.evaluate;

import java.util.List;

/** The parts of the overview of help. A statement's declaration says which it stands in; words without a declaration stand here. */
public enum HelpGroup {
    MODELS_AND_DATA("Models and data"),
    LOOKING("Looking and ablating"),
    FINDING("Finding a circuit"),
    BY_HAND("Circuits by hand", List.of(), List.of("circuit")),
    TESTING("Testing a circuit", List.of(), List.of("expect")),
    FILES("Pictures and files"),
    PROGRAMS(
            "Programs",
            List.of(
                    "let",
                    "for",
                    "while",
                    "break",
                    "continue",
                    "if",
                    "quiet",
                    "def",
                    "return",
                    "import",
                    "param",
                    "print"),
            List.of("help")),
    OTHER("Other statements");

    private final String title;
    private final List<String> before;
    private final List<String> after;

    HelpGroup(String title) {
        this(title, List.of(), List.of());
    }

    /** @param before words of the language itself, in front of the declared statements @param after those behind them */
    HelpGroup(String title, List<String> before, List<String> after) {
        this.title = title;
        this.before = before;
        this.after = after;
    }

    public String title() {
        return title;
    }

    public List<String> before() {
        return before;
    }

    public List<String> after() {
        return after;
    }
}
