package io.circuitscript.model;

import io.circuitscript.graph.ModelGraph;
import java.nio.file.Path;

/**
 * The shape of a model and what its family says about its blocks.
 *
 * @param name what the user called it: a short name, or the folder's
 * @param dMlp width of the MLP's hidden layer
 * @param positions the longest input, in tokens
 * @param normEpsilon added to the variance in every norm
 * @param activation of every MLP
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
        double normEpsilon,
        Activation activation) {

    /** The name of the file that a model's configuration is in. */
    static final String FILE = "config.json";

    /**
     * Reads a folder's config.json and nothing else, so that a script can be checked before any weight is touched.
     *
     * @throws io.circuitscript.source.UserError where the file is missing, malformed, or of a model that is not computed here
     */
    public static ModelConfig read(String name, Path folder) {
        return ConfigFile.read(folder.resolve(FILE)).config(name);
    }

    public ModelGraph graph() {
        return new ModelGraph(layers, heads, family.parallel());
    }
}
