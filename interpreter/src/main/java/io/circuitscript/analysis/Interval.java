package io.circuitscript.analysis;

/** Where a number would lie with other examples of the same kind: 95 % of the bootstrap's draws are between these two. */
public record Interval(double low, double high) {}
