package io.circuitscript.cli.doctor;

import io.circuitscript.engine.torch.Precision;

/**
 * How far a right device's numbers may be from those they are compared with. docs/running.md has the table, and what a CPU's numbers were off.
 *
 * @param metric absolute, for each example; at half precision as a part of the largest, where that is more than 1: logits are rounded by their size
 * @param scores as a part of the largest score of the same method
 * @param half whether it is one of half precision
 */
record Tolerance(double metric, double scores, boolean half) {
    /** Of random weights, and of random texts: every score is a small difference of large numbers. */
    static Tolerance ofRandom(Precision precision) {
        return switch (precision) {
            case FLOAT64 -> new Tolerance(1e-9, 1e-9, false);
            case FLOAT32 -> new Tolerance(1e-4, 1e-4, false);
            case BFLOAT16 -> new Tolerance(0.2, 0.5, true);
            case FLOAT16 -> new Tolerance(0.02, 0.05, true);
        };
    }

    /** The reference numbers of gemma2: the reference adds one to the weights of its norms in single precision. */
    static Tolerance ofRoundedReference(Precision precision) {
        Tolerance plain = ofRandom(precision);
        return new Tolerance(Math.max(1e-6, plain.metric), Math.max(1e-6, plain.scores), plain.half);
    }

    /** Of a trained model on texts like those that it was trained on. */
    static Tolerance ofTrained(Precision precision) {
        return switch (precision) {
            case FLOAT64, FLOAT32 -> ofRandom(precision);
            case BFLOAT16 -> new Tolerance(0.01, 0.01, true);
            case FLOAT16 -> new Tolerance(0.002, 0.002, true);
        };
    }
}
