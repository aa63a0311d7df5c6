package io.circuitscript.analysis;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A fold that adds up numbers, in float64. */
interface SumFold extends Fold<double[]> {
    @Override
    default double[] merge(double[] first, double[] second) {
        for (int i = 0; i < first.length; i++) first[i] += second[i];
        return first;
    }

    @Override
    default void write(double[] sums, DataOutput out) throws IOException {
        out.writeInt(sums.length);
        for (double sum : sums) out.writeDouble(sum);
    }

    @Override
    default double[] read(DataInput in) throws IOException {
        double[] sums = new double[in.readInt()];
        for (int i = 0; i < sums.length; i++) sums[i] = in.readDouble();
        return sums;
    }
}
