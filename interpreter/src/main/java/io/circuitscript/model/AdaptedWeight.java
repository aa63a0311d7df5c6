package io.circuitscript.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The numbers of a base model's matrix with an adapter's added, {@code W + scaling · B A}, computed in float64 as they are read. */
final class AdaptedWeight implements WeightBytes {
    private final Weight base;
    private final double scaling;
    private final double[] down;
    private final double[] up;
    private final int rank;
    private final long rows;
    private final long columns;
    private final boolean transposed;

    /**
     * @param down A, {@code [rank, in]}
     * @param up B, {@code [out, rank]}
     * @param transposed whether the base has {@code [in, out]}
     */
    AdaptedWeight(Weight base, double scaling, double[] down, double[] up, int rank, boolean transposed) {
        this.base = base;
        this.scaling = scaling;
        this.down = down;
        this.up = up;
        this.rank = rank;
        this.rows = base.shape()[0];
        this.columns = base.shape()[1];
        this.transposed = transposed;
    }

    /** As a checkpoint has it. */
    Weight weight() {
        return new Weight(base.name(), Weight.Format.F64, base.shape(), this, 0);
    }

    @Override
    public void read(long position, ByteBuffer to) {
        ByteBuffer out = to.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int count = to.remaining() / Double.BYTES;
        long first = position / Double.BYTES;
        ByteBuffer from = ByteBuffer.allocate(
                        Math.multiplyExact(count, base.format().size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        base.read(first * base.format().size(), from);
        from.flip();
        for (int i = 0; i < count; i++) out.putDouble(next(from, base.format()) + added(first + i));
        to.position(to.limit());
    }

    static double next(ByteBuffer from, Weight.Format format) {
        return switch (format) {
            case F64 -> from.getDouble();
            case F32 -> from.getFloat();
            case F16 -> Float.float16ToFloat(from.getShort());
            case BF16 -> Float.intBitsToFloat(from.getShort() << 16);
        };
    }

    private double added(long element) {
        int row = (int) (element / columns);
        int column = (int) (element % columns);
        int out = transposed ? column : row;
        int in = transposed ? row : column;
        int width = (int) (transposed ? rows : columns);
        double sum = 0;
        for (int k = 0; k < rank; k++) sum += up[out * rank + k] * down[k * width + in];
        return scaling * sum;
    }
}
