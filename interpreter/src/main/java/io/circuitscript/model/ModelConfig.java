package io.circuitscript.model;

import io.circuitscript.graph.ModelGraph;

/**
 * The shape of a model and what its family says about its blocks.
 *
 * @param name what the user called it: a short name, or the folder's
 * @param dMlp width of the MLP's hidden layer
 * @param positions the longest input, in tokens
 * @param normEpsilon added to the variance in every norm
 */
public record ModelConfig(
        String name,
        Family family,
        int layers,
        int heads,
        int kvHeads,
        int dModel,
        int dHead,
        int dMlp,
        int dVocab,
        int positions,
        double normEpsilon) {

    public ModelGraph graph() {
        return new ModelGraph(layers, heads, family.parallel());
    }
}
