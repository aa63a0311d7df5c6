package io.circuitscript.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A tensor as a PyTorch file describes it; its numbers are another part of the file.
 *
 * @param key the part that holds them
 * @param stored how many numbers that part holds
 * @param offset, strides where in it they are
 */
public record TorchTensor(Element element, String key, long stored, long offset, long[] shape, long[] strides) {

    /** What a number is stored as. */
    enum Element {
        BOOL("BoolStorage", 1),
        UINT8("ByteStorage", 1),
        INT8("CharStorage", 1),
        INT16("ShortStorage", 2),
        INT32("IntStorage", 4),
        INT64("LongStorage", 8),
        FLOAT16("HalfStorage", 2),
        BFLOAT16("BFloat16Storage", 2),
        FLOAT32("FloatStorage", 4),
        FLOAT64("DoubleStorage", 8);

        private final String storage;
        private final int bytes;

        Element(String storage, int bytes) {
            this.storage = storage;
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        /** By the name of PyTorch's class without its module. */
        static Optional<Element> ofStorage(String name) {
            return Arrays.stream(values()).filter(it -> it.storage.equals(name)).findFirst();
        }

        private double at(ByteBuffer numbers, int index) {
            return switch (this) {
                case BOOL, UINT8 -> numbers.get(index) & 0xFF;
                case INT8 -> numbers.get(index);
                case INT16 -> numbers.getShort(2 * index);
                case INT32 -> numbers.getInt(4 * index);
                case INT64 -> numbers.getLong(8 * index);
                case FLOAT16 -> Float.float16ToFloat(numbers.getShort(2 * index));
                case BFLOAT16 -> Float.intBitsToFloat(numbers.getShort(2 * index) << 16);
                case FLOAT32 -> numbers.getFloat(4 * index);
                case FLOAT64 -> numbers.getDouble(8 * index);
            };
        }
    }

    public boolean hasShape(long... wanted) {
        return Arrays.equals(shape, wanted);
    }

    /** Whether every one of its numbers is in the part that it names; for shapes that are known to be small. */
    boolean isWithin() {
        if (stored > Integer.MAX_VALUE || offset < 0 || offset > stored || strides.length != shape.length) return false;
        long last = offset;
        for (int axis = 0; axis < shape.length; axis++) {
            if (strides[axis] < 0 || strides[axis] > stored) return false;
            last += (shape[axis] - 1) * strides[axis];
        }
        return last < stored;
    }

    /** Row after row; of one axis, one row. */
    double[] numbers(ByteBuffer part) {
        int rows = Math.toIntExact(shape.length == 1 ? 1 : shape[0]);
        int columns = Math.toIntExact(shape[shape.length - 1]);
        long down = shape.length == 1 ? 0 : strides[0];
        double[] numbers = new double[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                long index = offset + row * down + column * strides[strides.length - 1];
                numbers[row * columns + column] = element.at(part, (int) index);
            }
        }
        return numbers;
    }
}
