package io.circuitscript.engine;

import io.circuitscript.engine.torch.Tensor;
import java.util.List;

/**
 * The weights of one layer, named as TransformerLens names them. A projection is {@code x W + b}; b is zeros where the model has none. What a value
 * has whatever the stream (its bias, and the norm's bias through W_V) is folded into the attention's output bias, since attention weights sum to
 * one: so TransformerLens does by default (fold_ln, then fold_value_biases), and so it belongs to no head and is never ablated.
 *
 * @param wQ {@code [dModel, head * dHead]}
 * @param wK {@code [dModel, kvHead * dHead]}, wV alike: heads of a group share them
 * @param bV takes the norm's bias through W_V away again: see above
 * @param constants what q, k and v of each head have whatever the stream: their bias, and the norm's bias through their projection. {@code [head * dHead]}
 * @param qNorm weights of a norm over queries, {@code [dHead]} or {@code [head * dHead]}; null where there is none. kNorm alike
 * @param wO {@code [head * dHead, dModel]}
 * @param attentionOutNorm over what attention adds to the stream
 * @param wGate {@code [dModel, dMlp]}; null where the MLP has no gate
 * @param wIn {@code [dModel, dMlp]}
 * @param wOut {@code [dMlp, dModel]}
 * @param mlpOutNorm over what the MLP adds to the stream
 */
record LayerWeights(
        Norm attentionNorm,
        Tensor wQ,
        Tensor bQ,
        Tensor wK,
        Tensor bK,
        Tensor wV,
        Tensor bV,
        List<Tensor> constants,
        Tensor qNorm,
        Tensor kNorm,
        Tensor wO,
        Tensor bO,
        Norm attentionOutNorm,
        Norm mlpNorm,
        Tensor wGate,
        Tensor bGate,
        Tensor wIn,
        Tensor bIn,
        Tensor wOut,
        Tensor bOut,
        Norm mlpOutNorm) {

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
