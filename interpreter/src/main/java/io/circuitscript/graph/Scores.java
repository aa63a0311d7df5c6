package io.circuitscript.graph;

import java.util.Arrays;

/**
 * A score for every edge of a graph, by edge number, and how it was computed. Positive means that ablating the edge
 * hurts. Immutable.
 */
public final class Scores {
    private final ModelGraph graph;
    private final double[] values;

    /** @param values one number for each of {@link ModelGraph#edgeIndexBound}, 0 where no edge is; copied */
    public Scores(ModelGraph graph, double[] values) {
        if (values.length != graph.edgeIndexBound()) {
            throw new IllegalArgumentException(
                    values.length + " scores for " + graph.edgeIndexBound() + " edge numbers");
        }
        this.graph = graph;
        this.values = values.clone();
    }

    public ModelGraph graph() {
        return graph;
    }

    public double of(int edge) {
        return values[edge];
    }

    public double[] toArray() {
        return values.clone();
    }

    /** The same on a graph with other spans: those of the same names have their scores, others 0. */
    public Scores on(ModelGraph other) {
        if (!graph.hasSpans() || !other.hasSpans()) throw new IllegalArgumentException(graph + " and " + other);
        double[] moved = new double[other.edgeIndexBound()];
        for (int span = 0; span < graph.perEdge(); span++) {
            int there = other.spans().named(graph.spans().name(span));
            if (there < 0) continue;
            for (int edge = 0; edge < values.length / graph.perEdge(); edge++)
                moved[edge * other.perEdge() + there] = values[edge * graph.perEdge() + span];
        }
        return new Scores(other, moved);
    }

    /** Of a graph without spans: each edge's sum over its spans. */
    public Scores overSpans() {
        if (!graph.hasSpans()) return this;
        ModelGraph whole = graph.withoutSpans();
        double[] sums = new double[whole.edgeIndexBound()];
        for (int edge = 0; edge < values.length; edge++) sums[edge / graph.perEdge()] += values[edge];
        return new Scores(whole, sums);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scores scores && graph.equals(scores.graph) && Arrays.equals(values, scores.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
