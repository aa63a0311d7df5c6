package io.circuitscript.graph;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Collects what a circuit file says of nodes and neurons while it is read. */
final class NodeFields {
    private final ModelGraph graph;
    private final double[] scores;
    private final BitSet scored = new BitSet();
    private final BitSet chosen = new BitSet();
    private final BitSet choosing = new BitSet();
    private double[] neurons = new double[0];
    private int width;
    private int unscoredNeurons;
    private boolean infiniteNode;
    private boolean infiniteNeuron;

    NodeFields(ModelGraph graph) {
        this.graph = graph;
        this.scores = new double[graph.sources()];
    }

    /** @param score NaN or infinite where it has none */
    void score(int source, double score) {
        infiniteNode |= Double.isInfinite(score);
        if (!Double.isFinite(score)) return;
        scores[source] = score;
        scored.set(source);
    }

    /** @return whether nodes before it had as many neurons */
    boolean fits(int count) {
        if (width == 0) width = count;
        return count == width;
    }

    /** @param in 1 for each neuron that is, 0 for each that is not */
    void choose(int source, List<Double> in) {
        choosing.set(source);
        for (int i = 0; i < width; i++) chosen.set(source * width + i, in.get(i) != 0);
    }

    /** @param of each neuron; NaN or infinite where it has none */
    void neuronScores(int source, List<Double> of) {
        if (neurons.length == 0) neurons = new double[Math.multiplyExact(graph.sources(), width)];
        for (int i = 0; i < width; i++) {
            infiniteNeuron |= of.get(i).isInfinite();
            if (!Double.isFinite(of.get(i))) unscoredNeurons++;
            else neurons[source * width + i] = of.get(i);
        }
    }

    /** A node of which nothing is said is whole. */
    Circuit of(Circuit circuit) {
        if (choosing.isEmpty()) return circuit;
        for (int source = 0; source < graph.sources(); source++) {
            if (!choosing.get(source)) chosen.set(source * width, (source + 1) * width);
        }
        return circuit.withNeurons(width, chosen);
    }

    Optional<NodeScores> nodeScores() {
        if (neurons.length > 0) {
            boolean own = !scored.isEmpty();
            return Optional.of(own ? NodeScores.ofBoth(graph, scores, neurons) : NodeScores.ofNeurons(graph, neurons));
        }
        return scored.isEmpty() ? Optional.empty() : Optional.of(NodeScores.ofNodes(graph, scores));
    }

    void note(List<String> notes) {
        int without = graph.sources() - scored.cardinality();
        if (!scored.isEmpty() && without > 0) notes.add(CircuitFile.unscored(without, infiniteNode, "node"));
        if (unscoredNeurons > 0) notes.add(CircuitFile.unscored(unscoredNeurons, infiniteNeuron, "neuron"));
    }
}
