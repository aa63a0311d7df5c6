package io.circuitscript.engine;

import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;

/** Numbers written down by their bits. */
public final class SavedNumbers {
    private SavedNumbers() {}

    public static void write(double[] numbers, DataOutput out) throws IOException {
        out.writeInt(numbers.length);
        for (double number : numbers) out.writeDouble(number);
    }

    public static double[] read(DataInputStream in) throws IOException {
        double[] numbers = new double[count(in, Double.BYTES)];
        for (int i = 0; i < numbers.length; i++) numbers[i] = in.readDouble();
        return numbers;
    }

    /**
     * A count of what follows.
     *
     * @param bytes that each takes at least
     * @throws IOException where there cannot be so many
     */
    public static int count(DataInputStream in, int bytes) throws IOException {
        int count = in.readInt();
        if (count < 0 || (long) count * bytes > in.available())
            throw new IOException(count + " of " + bytes + " bytes");
        return count;
    }
}
