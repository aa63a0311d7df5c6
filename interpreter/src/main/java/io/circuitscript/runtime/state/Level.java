package io.circuitscript.runtime.state;

/** What is scored and chosen: edges, edges at spans of positions, nodes or neurons. */
public enum Level {
    EDGE("edge", "edges"),
    POSITION("position", "edges at spans"),
    NODE("node", "nodes"),
    NEURON("neuron", "neurons");

    private final String word;
    private final String plural;

    Level(String word, String plural) {
        this.word = word;
        this.plural = plural;
    }

    public String plural() {
        return plural;
    }

    /** As an option's value says it. */
    public String word() {
        return word;
    }

    /** Whether it is edges that are scored and chosen. */
    public boolean ofEdges() {
        return this == EDGE || this == POSITION;
    }
}
