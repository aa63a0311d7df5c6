package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;

/**
 * A norm over queries or keys, before they are turned.
 *
 * @param weight {@code [dHead]}, the same for every head, or {@code [head * dHead]}
 * @param bias as long as the weight; null where there is none
 */
record HeadNorm(Kind kind, Tensor weight, Tensor bias, double epsilon) {
    enum Kind {
        /** Of each head, to unit mean square. */
        RMS,
        /** Of all heads together, to unit mean square. */
        RMS_TOGETHER,
        /** Of each head, centred and scaled to unit variance. */
        LAYER_NORM
    }

    /** {@code [batch, pos, head, dHead]} → the same; all heads in their order, unless they share a weight. */
    Tensor of(Torch torch, Scope scope, Tensor x) {
        return switch (kind) {
            case RMS -> torch.headNorm(scope, x, weight, epsilon); // [batch, pos, head, dHead]
            case RMS_TOGETHER -> torch.wholeNorm(scope, x, weight, epsilon); // [batch, pos, head, dHead]
            case LAYER_NORM -> torch.headLayerNorm(scope, x, weight, bias, epsilon); // [batch, pos, head, dHead]
        };
    }

    /** The same with the scale as a constant on the way back. */
    Tensor fixed(Torch torch, Scope scope, Tensor x) {
        Tensor normed = change(torch, scope, x, x); // [batch, pos, head, dHead]
        return bias == null ? normed : torch.plusHeadBias(scope, normed, bias); // [batch, pos, head, dHead]
    }

    /**
     * What a change of the norm's input changes in its output, the scale being that of {@code at}.
     *
     * @param at all heads, {@code [batch, pos, head, dHead]}
     * @param change the same shape, or of several changes, {@code [source * batch, pos, head, dHead]}
     */
    Tensor change(Torch torch, Scope scope, Tensor at, Tensor change) {
        return torch.headNormAt(
                scope, change, at, weight, epsilon, kind == Kind.RMS_TOGETHER, kind == Kind.LAYER_NORM); // as change
    }
}
