package io.circuitscript.analysis;

import io.circuitscript.engine.SavedNumbers;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** A number for each of some examples. */
record Values(int[] examples, double[] numbers) {
    static final Values NONE = new Values(new int[0], new double[0]);

    Values and(Values more) {
        int[] allExamples = Arrays.copyOf(examples, examples.length + more.examples.length);
        System.arraycopy(more.examples, 0, allExamples, examples.length, more.examples.length);
        double[] all = Arrays.copyOf(numbers, numbers.length + more.numbers.length);
        System.arraycopy(more.numbers, 0, all, numbers.length, more.numbers.length);
        return new Values(allExamples, all);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeInt(examples.length);
        for (int i = 0; i < examples.length; i++) {
            out.writeInt(examples[i]);
            out.writeDouble(numbers[i]);
        }
    }

    /** @param count of how many examples they are, out of so many as there are in {@code all} */
    static Values read(DataInputStream in, int count, int all) throws IOException {
        int[] examples = new int[SavedNumbers.count(in, Integer.BYTES + Double.BYTES)];
        if (examples.length != count) throw new IOException(examples.length + " examples");
        double[] numbers = new double[examples.length];
        for (int i = 0; i < examples.length; i++) {
            examples[i] = in.readInt();
            if (examples[i] < 0 || examples[i] >= all) throw new IOException("example " + examples[i]);
            numbers[i] = in.readDouble();
        }
        return new Values(examples, numbers);
    }

    /** The numbers by example. */
    double[] inOrder() {
        double[] ordered = new double[examples.length];
        for (int i = 0; i < examples.length; i++) ordered[examples[i]] = numbers[i];
        return ordered;
    }
}
