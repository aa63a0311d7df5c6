package io.circuitscript.model;

import java.util.List;
import java.util.Optional;

/**
 * What the models of one {@code model_type} have in common, as data: one transformer runs them all. A new family is a new value here, and a
 * new constant where it does something that no family did before.
 *
 * @param name the {@code model_type} of config.json
 * @param parallel whether attention and MLP of a layer read the same residual stream
 * @param keys where config.json has the sizes
 * @param refused settings of config.json that change the computation in a way that is not computed here
 * @param prefix what the names of a checkpoint may begin with, left out in ours
 * @param tensors the tensors that the computation needs, the token embedding first, {@code {l}} standing for the layer
 * @param unembedding the tensor that takes the residual stream to logits where it is not the token embedding itself
 */
public record Family(
        String name,
        Norm norm,
        Positions positions,
        boolean parallel,
        Keys keys,
        List<Refused> refused,
        String prefix,
        List<Tensor> tensors,
        Tensor unembedding) {

    public Family {
        refused = List.copyOf(refused);
        tensors = List.copyOf(tensors);
    }

    /** What comes before attention, MLP and logits. */
    public enum Norm {
        /** Centred, scaled to unit variance, then weight and bias. */
        LAYER_NORM
    }

    /** How a model knows where a token stands. */
    public enum Positions {
        /** A vector for each position, added to the token's. */
        LEARNED
    }

    /** The names that config.json has for the sizes; {@code dMlp} may be null in the file, four times {@code dModel} then. */
    public record Keys(
            String layers, String heads, String dModel, String dMlp, String dVocab, String positions, String normEpsilon, String activation) {}

    /**
     * A true-or-false setting of config.json and the one value of it that is computed, which is also what its absence means.
     *
     * @param reason what the other value would do
     */
    public record Refused(String key, boolean computed, String reason) {}

    /** A size that a tensor's axis may have. */
    public enum Axis {
        D_MODEL,
        /** q, k and v of all heads, one after the other. */
        QKV,
        /** The outputs of all heads, one after the other. */
        HEADS,
        D_MLP,
        D_VOCAB,
        POSITION
    }

    /**
     * A tensor that a checkpoint must have.
     *
     * @param name without the family's prefix
     * @param axes in the order of the file: {@code [in, out]} for GPT-2's matrices, whose layers are what it calls Conv1D
     */
    public record Tensor(String name, List<Axis> axes) {
        public Tensor {
            axes = List.copyOf(axes);
        }

        static Tensor of(String name, Axis... axes) {
            return new Tensor(name, List.of(axes));
        }

        boolean perLayer() {
            return name.contains("{l}");
        }

        String name(int layer) {
            return name.replace("{l}", Integer.toString(layer));
        }

        long[] shape(ModelConfig config) {
            return axes.stream().mapToLong(axis -> size(axis, config)).toArray();
        }

        private static long size(Axis axis, ModelConfig config) {
            return switch (axis) {
                case D_MODEL -> config.dModel();
                case QKV -> (long) (config.heads() + 2 * config.kvHeads()) * config.dHead();
                case HEADS -> (long) config.heads() * config.dHead();
                case D_MLP -> config.dMlp();
                case D_VOCAB -> config.dVocab();
                case POSITION -> config.positions();
            };
        }
    }

    public static final Family GPT2 = new Family(
            "gpt2",
            Norm.LAYER_NORM,
            Positions.LEARNED,
            false,
            new Keys("n_layer", "n_head", "n_embd", "n_inner", "vocab_size", "n_positions", "layer_norm_epsilon", "activation_function"),
            List.of(
                    new Refused("scale_attn_weights", true, "attention scores would not be divided by the square root of the head's width"),
                    new Refused("scale_attn_by_inverse_layer_idx", false, "attention scores would be divided by the layer's number"),
                    new Refused("add_cross_attention", false, "every layer would attend to an encoder too")),
            "transformer.",
            List.of(
                    Tensor.of("wte.weight", Axis.D_VOCAB, Axis.D_MODEL),
                    Tensor.of("wpe.weight", Axis.POSITION, Axis.D_MODEL),
                    Tensor.of("h.{l}.ln_1.weight", Axis.D_MODEL),
                    Tensor.of("h.{l}.ln_1.bias", Axis.D_MODEL),
                    Tensor.of("h.{l}.attn.c_attn.weight", Axis.D_MODEL, Axis.QKV),
                    Tensor.of("h.{l}.attn.c_attn.bias", Axis.QKV),
                    Tensor.of("h.{l}.attn.c_proj.weight", Axis.HEADS, Axis.D_MODEL),
                    Tensor.of("h.{l}.attn.c_proj.bias", Axis.D_MODEL),
                    Tensor.of("h.{l}.ln_2.weight", Axis.D_MODEL),
                    Tensor.of("h.{l}.ln_2.bias", Axis.D_MODEL),
                    Tensor.of("h.{l}.mlp.c_fc.weight", Axis.D_MODEL, Axis.D_MLP),
                    Tensor.of("h.{l}.mlp.c_fc.bias", Axis.D_MLP),
                    Tensor.of("h.{l}.mlp.c_proj.weight", Axis.D_MLP, Axis.D_MODEL),
                    Tensor.of("h.{l}.mlp.c_proj.bias", Axis.D_MODEL),
                    Tensor.of("ln_f.weight", Axis.D_MODEL),
                    Tensor.of("ln_f.bias", Axis.D_MODEL)),
            Tensor.of("lm_head.weight", Axis.D_VOCAB, Axis.D_MODEL));

    /** Every family that is computed, in the order that a message lists them. */
    public static final List<Family> ALL = List.of(GPT2);

    static Optional<Family> named(String modelType) {
        return ALL.stream().filter(family -> family.name.equals(modelType)).findFirst();
    }
}
