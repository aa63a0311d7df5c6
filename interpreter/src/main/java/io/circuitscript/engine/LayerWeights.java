package io.circuitscript.engine;

import java.util.List;

/**
 * The weights of one layer, named as TransformerLens names them. A projection is {@code x W + b}. What a value
 * has whatever the stream (its bias, and the norm's bias through W_V) is folded into the attention's output bias, since attention weights sum to
 * one: so TransformerLens does by default (fold_ln, then fold_value_biases), and so it belongs to no head and is never ablated.
 *
 * @param wQ {@code [dModel, head * dHead]}; wK and wV alike
 * @param bV takes the norm's bias through W_V away again: see above
 * @param constants what q, k and v have whatever the stream: their bias, and the norm's bias through their projection. {@code [head * dHead]}
 * @param wO {@code [head * dHead, dModel]}
 * @param wIn {@code [dModel, dMlp]}
 * @param wOut {@code [dMlp, dModel]}
 */
record LayerWeights(
        NormWeights attentionNorm,
        Tensor wQ,
        Tensor bQ,
        Tensor wK,
        Tensor bK,
        Tensor wV,
        Tensor bV,
        List<Tensor> constants,
        Tensor wO,
        Tensor bO,
        NormWeights mlpNorm,
        Tensor wIn,
        Tensor bIn,
        Tensor wOut,
        Tensor bOut) {

    /** The scale and shift of a norm, {@code [dModel]} each. */
    record NormWeights(Tensor weight, Tensor bias) {}

    /** The way into a head: 0 query, 1 key, 2 value. */
    Tensor w(int port) {
        return switch (port) {
            case 0 -> wQ;
            case 1 -> wK;
            case 2 -> wV;
            default -> throw new IllegalArgumentException("port " + port);
        };
    }

    Tensor b(int port) {
        return switch (port) {
            case 0 -> bQ;
            case 1 -> bK;
            case 2 -> bV;
            default -> throw new IllegalArgumentException("port " + port);
        };
    }
}
