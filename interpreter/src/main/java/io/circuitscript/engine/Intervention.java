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

    /**
     * Whether the embeddings stand between two runs with nothing before them. EAP-IG then finds no gradient at the slots that read them alone: a
     * tensor without a past has none.
     */
    default boolean startsAtInput() {
        return false;
    }
}
