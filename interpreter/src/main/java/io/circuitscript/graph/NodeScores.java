package io.circuitscript.graph;

import java.util.Arrays;

/**
 * A score for every source of a graph and, where computed, for every neuron (a dimension of a source's output).
 * Positive means that ablating it hurts. Immutable.
 */
public final class NodeScores {
    private final ModelGraph graph;
    private final double[] nodes;

    /** {@code [source, dModel]}; empty where neurons were not scored. */
    private final double[] neurons;

    private NodeScores(ModelGraph graph, double[] nodes, double[] neurons) {
        this.graph = graph;
        this.nodes = nodes;
        this.neurons = neurons;
    }

    /** @param nodes by source; copied */
    public static NodeScores ofNodes(ModelGraph graph, double[] nodes) {
        if (nodes.length != graph.sources())
            throw new IllegalArgumentException(nodes.length + " scores for " + graph.sources() + " nodes");
        return new NodeScores(graph, nodes.clone(), new double[0]);
    }

    /** A node's score is the sum of its neurons'. @param neurons {@code [source, dModel]}; copied */
    public static NodeScores ofNeurons(ModelGraph graph, double[] neurons) {
        int width = neurons.length / graph.sources();
        double[] nodes = new double[graph.sources()];
        for (int i = 0; i < neurons.length; i++) nodes[i / width] += neurons[i];
        return ofBoth(graph, nodes, neurons);
    }

    static NodeScores ofBoth(ModelGraph graph, double[] nodes, double[] neurons) {
        if (neurons.length == 0 || neurons.length % graph.sources() != 0)
            throw new IllegalArgumentException(neurons.length + " neurons");
        return new NodeScores(graph, nodes.clone(), neurons.clone());
    }

    public ModelGraph graph() {
        return graph;
    }

    public double of(int source) {
        return nodes[source];
    }

    public boolean hasNeurons() {
        return neurons.length > 0;
    }

    /** How many neurons a node has, where they were scored. */
    public int width() {
        return neurons.length / graph.sources();
    }

    /** Of one neuron, by its number {@code source * width() + dimension}. */
    public double ofNeuron(int neuron) {
        return neurons[neuron];
    }

    public double[] nodes() {
        return nodes.clone();
    }

    public double[] neurons() {
        return neurons.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NodeScores scores
                && graph.equals(scores.graph)
                && Arrays.equals(nodes, scores.nodes)
                && Arrays.equals(neurons, scores.neurons);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(nodes);
    }
}
