package io.circuitscript.graph;

/**
 * One vector for each source, which stands for its output at every position: of {@code input} and of MLPs {@code [dModel]}, of heads
 * {@code [dHead]}, before their output projection.
 *
 * @param values one source after the other, in their fixed order
 */
public record SourceConstants(ModelGraph graph, int dModel, int dHead, double[] values) {
    public SourceConstants {
        if (values.length != count(graph, dModel, dHead))
            throw new IllegalArgumentException(values.length + " numbers for constants");
    }

    /** How many numbers there are. */
    public static int count(ModelGraph graph, int dModel, int dHead) {
        return Math.toIntExact(dModel + (long) graph.layers() * ((long) graph.heads() * dHead + dModel));
    }

    /** Where a source's vector begins. */
    public int offset(int source) {
        if (source == 0) return 0;
        int layer = (source - 1) / (graph.heads() + 1);
        return dModel + layer * (graph.heads() * dHead + dModel) + (source - graph.firstHead(layer)) * dHead;
    }

    /** How many numbers a source's vector has. */
    public int width(int source) {
        return source > 0 && (source - 1) % (graph.heads() + 1) != graph.heads() ? dHead : dModel;
    }

    /** The same of other numbers. */
    public SourceConstants with(double[] others) {
        return new SourceConstants(graph, dModel, dHead, others);
    }
}
