package io.circuitscript.engine;

/** What an ablated edge carries: the source's output on the corrupted run, zero, or a mean of its outputs. */
public sealed interface Ablation {
    Ablation PATCHING = new Patching();
    Ablation ZERO = new Zero();

    /** The source's output on the corrupted run. */
    record Patching() implements Ablation {}

    record Zero() implements Ablation {}

    /** A mean of the source's outputs on clean runs. */
    record Mean(SourceMeans means) implements Ablation {}
}
