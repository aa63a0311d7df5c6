package io.circuitscript.model;

import io.circuitscript.graph.ModelGraph;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The shape of a model and what its family says about its blocks.
 *
 * @param name what the user called it: a short name, or the folder's
 * @param kvHeads keys and values that heads share, in groups of {@code heads / kvHeads} neighbours
 * @param dMlp width of the MLP's hidden layer
 * @param positions the longest input, in tokens
 * @param positionOffset rows of the table of positions before the first one that is used
 * @param normEpsilon added to the variance in every norm
 * @param activation of every MLP
 * @param parallel whether attention and MLP of a layer read the same residual stream
 * @param parts which parts of the family this model has
 * @param biased those of them that have a bias
 * @param logitCap what logits are held below, softly; 0: nothing
 * @param attention of each layer
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
        int positionOffset,
        double normEpsilon,
        Activation activation,
        boolean parallel,
        Set<Family.Part> parts,
        Set<Family.Part> biased,
        double logitCap,
        List<AttentionShape> attention) {

    /** The name of the file that a model's configuration is in. */
    public static final String FILE = "config.json";

    public ModelConfig {
        parts = Set.copyOf(parts);
        biased = Set.copyOf(biased);
        attention = List.copyOf(attention);
    }

    /**
     * Reads a folder's config.json, or the header of a GGUF file, and nothing else, so that a script can be checked before any weight is touched.
     *
     * @throws io.circuitscript.source.UserError where the file is missing, malformed, or of a model that is not computed here
     */
    public static ModelConfig read(String name, Path folder) {
        if (!Gguf.is(folder)) return ConfigFile.read(folder.resolve(FILE)).config(name);
        try (OpenWeights opened = new OpenWeights()) {
            GgufModel model = GgufModel.open(folder, opened);
            return ConfigFile.of(folder, model.settings(), model.family()).config(name);
        }
    }

    public ModelGraph graph() {
        return new ModelGraph(layers, heads, parallel);
    }

    public boolean has(Family.Part part) {
        return parts.contains(part);
    }

    /**
     * A tensor that a checkpoint must have.
     *
     * @param name without the family's prefix
     * @param shape as it lies in the file
     */
    record Needed(String name, long[] shape) {}

    /** All of them but the unembedding, which may be the token embedding itself; the token embedding first. */
    List<Needed> needed() {
        List<Needed> needed = new ArrayList<>();
        family.parts().forEach((part, place) -> {
            if (!has(part) || part == Family.Part.UNEMBEDDING) return;
            for (int layer = 0; layer < (place.perLayer() ? layers : 1); layer++) {
                needed.add(weight(part, layer));
                if (biased.contains(part)) needed.add(new Needed(family.bias(part, layer), new long[] {outputs(part)}));
            }
        });
        return needed;
    }

    /** A part's weight, layer 0's where it is of no layer. */
    Needed weight(Family.Part part, int layer) {
        long out = outputs(part);
        long[] shape = switch (part.kind()) {
            case NORM, HEAD_NORM -> new long[] {out};
            case TABLE -> new long[] {out, dModel};
            case MATRIX -> family.inputFirst() ? new long[] {inputs(part), out} : new long[] {out, inputs(part)};
        };
        return new Needed(family.weight(part, layer), shape);
    }

    private long inputs(Family.Part part) {
        if (part == Family.Part.O) return (long) heads * dHead;
        return part == Family.Part.MLP_OUT ? dMlp : dModel;
    }

    /** The length of a part's bias, of a norm, or the rows of a table. */
    private long outputs(Family.Part part) {
        return switch (part) {
            case TOKENS, UNEMBEDDING -> dVocab;
            case POSITIONS -> (long) positions + positionOffset;
            case EMBEDDING_NORM, ATTENTION_NORM, ATTENTION_OUT_NORM, MLP_NORM, MLP_OUT_NORM, FINAL_NORM, O, MLP_OUT ->
                dModel;
            case Q, Q_NORM_WHOLE -> (long) heads * dHead;
            case K, V, K_NORM_WHOLE -> (long) kvHeads * dHead;
            case QKV, QKV_BY_HEAD -> (heads + 2L * kvHeads) * dHead;
            case Q_NORM, K_NORM -> dHead;
            case MLP_GATE, MLP_IN -> dMlp;
            case MLP_GATE_IN -> 2L * dMlp;
        };
    }
}
