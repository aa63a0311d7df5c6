package io.circuitscript.engine;

import java.io.Serializable;

/** What an ablated edge carries: the source's output on the corrupted run, zero, or a mean of its outputs. */
public sealed interface Ablation extends Serializable {
    Ablation PATCHING = new Patching();
    Ablation ZERO = new Zero();

    /** The source's output on the corrupted run. */
    record Patching() implements Ablation {
        /** There is one: it is asked for by {@code ==}. */
        private Object readResolve() {
            return PATCHING;
        }
    }

    record Zero() implements Ablation {
        private Object readResolve() {
            return ZERO;
        }
    }

    /** A mean of the source's outputs on clean runs. */
    record Mean(SourceMeans means) implements Ablation {}
}
