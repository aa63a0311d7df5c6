package io.circuitscript.engine;

/** What a model computes in. */
public enum Precision {
    FLOAT32,
    FLOAT64
}
