package io.circuitscript.analysis;

/** Where a number would lie with other examples of the same kind: a 95 % confidence interval of {@link Bootstrap}. */
public record Interval(double low, double high) {}
