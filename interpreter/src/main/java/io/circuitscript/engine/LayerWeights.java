package io.circuitscript.engine;

import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.graph.Slot;

/**
 * The weights of one layer, named as TransformerLens names them. A projection is {@code x W + b}; b is zeros where the model has none. What a value
 * has whatever the stream (its bias, and the norm's bias through W_V) is folded into the attention's output bias, since attention weights sum to
 * one: so TransformerLens does by default (fold_ln, then fold_value_biases), and so it belongs to no head and is never ablated.
 *
 * @param w W_Q {@code [dModel, head * dHead]}; W_K and W_V {@code [dModel, kvHead * dHead]}: heads of a group share them
 * @param b as long as the projections are wide; b_V takes the norm's bias through W_V away again: see above
 * @param constants what q, k and v of each head have whatever the stream: their bias, and the norm's bias through their projection. {@code [head * dHead]}
 * @param qNorm over queries; null where there is none. kNorm alike
 * @param wO {@code [head * dHead, dModel]}
 * @param attentionOutNorm over what attention adds to the stream
 * @param wGate {@code [dModel, dMlp]}; null where the MLP has no gate
 * @param wIn {@code [dModel, dMlp]}
 * @param wOut {@code [dMlp, dModel]}
 * @param mlpOutNorm over what the MLP adds to the stream
 */
public record LayerWeights(
        Norm attentionNorm,
        PerPort<Tensor> w,
        PerPort<Tensor> b,
        PerPort<Tensor> constants,
        HeadNorm qNorm,
        HeadNorm kNorm,
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

    /** The projection that makes what enters a head by a port. */
    public Tensor w(Slot.Port port) {
        return w.get(port);
    }

    public Tensor b(Slot.Port port) {
        return b.get(port);
    }
}
