package io.circuitscript.graph;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * One vector for each source, which stands for its output at every position: of {@code input} and of MLPs {@code [dModel]}, of heads
 * {@code [dHead]}, before their output projection.
 *
 * @param values one source after the other, in their fixed order
 */
public record SourceConstants(ModelGraph graph, int dModel, int dHead, double[] values) implements Serializable {
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
        return isHead(graph, source) ? dHead : dModel;
    }

    /** Of {@code input} and the MLPs, one after the other. */
    double[] ofOthers() {
        return some(source -> !isHead(graph, source));
    }

    /** Of the heads, one after the other. */
    double[] ofHeads() {
        return some(source -> isHead(graph, source));
    }

    private double[] some(IntPredicate which) {
        return IntStream.range(0, graph.sources())
                .filter(which)
                .flatMap(source -> IntStream.range(offset(source), offset(source) + width(source)))
                .mapToDouble(i -> values[i])
                .toArray();
    }

    /** From the two parts. */
    static SourceConstants of(ModelGraph graph, double[] ofOthers, double[] ofHeads) {
        int dModel = ofOthers.length / (1 + graph.layers());
        int dHead = ofHeads.length / (graph.layers() * graph.heads());
        SourceConstants all = new SourceConstants(graph, dModel, dHead, new double[count(graph, dModel, dHead)]);
        int others = 0;
        int heads = 0;
        for (int source = 0; source < graph.sources(); source++) {
            boolean head = isHead(graph, source);
            int width = all.width(source);
            System.arraycopy(head ? ofHeads : ofOthers, head ? heads : others, all.values, all.offset(source), width);
            if (head) heads += width;
            else others += width;
        }
        return all;
    }

    /** From a vector for each source; empty where one is missing or of another width. */
    static Optional<SourceConstants> of(ModelGraph graph, Map<Integer, double[]> vectors) {
        double[] none = new double[0];
        int dModel = vectors.getOrDefault(0, none).length;
        int dHead = vectors.getOrDefault(graph.firstHead(0), none).length;
        SourceConstants all = new SourceConstants(graph, dModel, dHead, new double[count(graph, dModel, dHead)]);
        for (int source = 0; source < graph.sources(); source++) {
            double[] vector = vectors.getOrDefault(source, none);
            if (vector.length == 0 || vector.length != all.width(source)) return Optional.empty();
            System.arraycopy(vector, 0, all.values, all.offset(source), vector.length);
        }
        return Optional.of(all);
    }

    /** Whether a source is a head. */
    static boolean isHead(ModelGraph graph, int source) {
        return source > 0 && (source - 1) % (graph.heads() + 1) != graph.heads();
    }

    /** The same of other numbers. */
    public SourceConstants with(double[] others) {
        return new SourceConstants(graph, dModel, dHead, others);
    }
}
