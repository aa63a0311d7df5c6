package io.circuitscript.engine;

/** What an ablated edge carries: the source's output on the corrupted run, or zero. */
public enum Ablation {
    PATCHING,
    ZERO
}
