package io.circuitscript.analysis;

import io.circuitscript.engine.SavedNumbers;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;

/** A fold that adds up numbers, in float64. */
public interface SumFold extends Fold<double[]> {
    @Override
    default double[] merge(double[] first, double[] second) {
        for (int i = 0; i < first.length; i++) first[i] += second[i];
        return first;
    }

    @Override
    default boolean large() {
        return zero().length > 1 << 13;
    }

    @Override
    default void write(double[] sums, DataOutput out) throws IOException {
        SavedNumbers.write(sums, out);
    }

    @Override
    default double[] read(DataInputStream in, int examples) throws IOException {
        double[] sums = SavedNumbers.read(in);
        if (sums.length != zero().length) throw new IOException(sums.length + " sums");
        return sums;
    }
}
