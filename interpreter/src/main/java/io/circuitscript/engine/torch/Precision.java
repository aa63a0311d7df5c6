package io.circuitscript.engine.torch;

import io.circuitscript.model.Weight;

/**
 * What a model computes in. At half precision that holds for the matrix products inside the blocks and for attention; the residual stream, norms,
 * the unembedding, differences of runs, sums of gradients and the products that give scores stay in float32. Eight bits are enough for a factor,
 * and too few for a sum of many: logits near 100 would be told apart in steps of a half.
 */
public enum Precision {
    FLOAT32(4, 6, Weight.Format.F32),
    FLOAT64(8, 7, Weight.Format.F64),
    BFLOAT16(2, 15, Weight.Format.BF16),
    FLOAT16(2, 5, Weight.Format.F16);

    private static final double ROUNDINGS = 64;

    private final int size;
    private final int scalarType;
    private final Weight.Format format;

    Precision(int size, int scalarType, Weight.Format format) {
        this.size = size;
        this.scalarType = scalarType;
        this.format = format;
    }

    /** Bytes of a number in a batch's memory: at half precision most of them are in float32. */
    public int bytes() {
        return wide().size;
    }

    /** Bytes of a weight of the blocks. */
    public int size() {
        return size;
    }

    /** The relative error of one rounding of streams and sums. */
    public double rounding() {
        return wide() == FLOAT64 ? Math.ulp(1.0) : Math.ulp(1.0f);
    }

    /**
     * Up to this part of a metric a difference may be rounding alone: what a run rounds are logits, which are larger than the metric, and products of
     * other numbers of rows round otherwise.
     */
    public double noise() {
        return ROUNDINGS * rounding();
    }

    /** What streams and sums are in. */
    public Precision wide() {
        return size < FLOAT32.size ? FLOAT32 : this;
    }

    /** PyTorch's number for it (c10::ScalarType). */
    public int scalarType() {
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
