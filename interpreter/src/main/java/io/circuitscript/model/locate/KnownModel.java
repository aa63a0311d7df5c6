package io.circuitscript.model.locate;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Families;
import io.circuitscript.model.hub.HubName;
import java.util.List;

/**
 * A model on the hub that has a short name, and its shape, which is known before anything of it is fetched.
 *
 * @param family the {@code model_type} of its config.json
 * @param parameters each tied one counted once
 * @param others further short names
 */
public record KnownModel(
        String name,
        HubName repository,
        String family,
        int layers,
        int heads,
        int kvHeads,
        int dModel,
        int dMlp,
        int dVocab,
        boolean parallel,
        long parameters,
        List<String> others) {

    public KnownModel {
        others = List.copyOf(others);
    }

    public ModelGraph graph() {
        return new ModelGraph(layers, heads, parallel);
    }

    /** Whether models of its family can be loaded. */
    public boolean supported() {
        return Families.named(family).isPresent();
    }
}
