package io.circuitscript.engine;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;

/** Puts activations of another run in a pass's place, a block's at a time. What it gives belongs to the pass's scope. */
interface Intervention {
    /** Leaves the pass as it is. */
    Intervention NONE = new Intervention() {};

    /** Changes nothing either, where {@code input} is the block whose output is between. */
    Intervention INPUT = new Intervention() {
        @Override
        public boolean startsAtInput() {
            return true;
        }
    };

    /** What a layer's heads give, before their output projection. {@code [batch, pos, head, dHead]} */
    default Tensor z(Scope pass, int layer, Tensor z) {
        return z;
    }

    /** What a layer's MLP adds. {@code [batch, pos, dModel]} */
    default Tensor mlpOut(Scope pass, int layer, Tensor out) {
        return out;
    }

    /** The same for a pass of which gradients are taken: they are, too, at what stands in a block's place. */
    default Intervention withGradients() {
        return this;
    }

    /**
     * Whether the pass's way back follows the rules of relevance in place of derivatives: every norm's scale is a constant, an activation f of x has the
     * slope f(x) / x, and each factor of a gate's product takes half. What the pass computes is the same, to rounding.
     */
    default boolean relevance() {
        return false;
    }

    /** Whether attention's probabilities are constants on the way back. */
    default boolean holdsPatterns() {
        return false;
    }

    /** Leaves the pass as it is, with another way back. */
    static Intervention relevance(boolean holdsPatterns) {
        return new Intervention() {
            @Override
            public boolean relevance() {
                return true;
            }

            @Override
            public boolean holdsPatterns() {
                return holdsPatterns;
            }
        };
    }

    /**
     * Whether the embeddings stand between two runs with nothing before them. EAP-IG then finds no gradient at the slots that read them alone: a
     * tensor without a past has none.
     */
    default boolean startsAtInput() {
        return false;
    }
}
