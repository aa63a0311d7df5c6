package io.circuitscript.runtime.statements;

/** What is scored and chosen. */
enum Level {
    EDGE("edges"),
    NODE("nodes"),
    NEURON("neurons");

    private final String plural;

    Level(String plural) {
        this.plural = plural;
    }

    String plural() {
        return plural;
    }

    /** As an option's value says it. */
    String word() {
        return plural.substring(0, plural.length() - 1);
    }
}
