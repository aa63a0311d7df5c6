package io.circuitscript.runtime.state;

/** What is scored and chosen: edges, nodes or neurons. */
public enum Level {
    EDGE("edges"),
    NODE("nodes"),
    NEURON("neurons");

    private final String plural;

    Level(String plural) {
        this.plural = plural;
    }

    public String plural() {
        return plural;
    }

    /** As an option's value says it. */
    public String word() {
        return plural.substring(0, plural.length() - 1);
    }
}
