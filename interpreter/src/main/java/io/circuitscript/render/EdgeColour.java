package io.circuitscript.render;

/** What the colour of an edge means. */
public enum EdgeColour {
    /** The port by which it enters a head (q, k, v) or that it enters none; a negative score is dashed. */
    PORT,
    /** The sign of its score. */
    SIGN
}
