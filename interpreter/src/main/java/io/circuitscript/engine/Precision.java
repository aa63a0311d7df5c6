package io.circuitscript.engine;

import io.circuitscript.model.Weight;

/** What a model computes in. */
public enum Precision {
    FLOAT32(4, 6, Weight.Format.F32),
    FLOAT64(8, 7, Weight.Format.F64);

    private final int bytes;
    private final int scalarType;
    private final Weight.Format format;

    Precision(int bytes, int scalarType, Weight.Format format) {
        this.bytes = bytes;
        this.scalarType = scalarType;
        this.format = format;
    }

    /** Bytes of a number. */
    public int bytes() {
        return bytes;
    }

    /** PyTorch's number for it (c10::ScalarType). */
    int scalarType() {
        return scalarType;
    }

    /** Whether a checkpoint's tensor of that format needs no conversion. */
    boolean stores(Weight.Format stored) {
        return stored == format;
    }

    /** As a script writes it. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
