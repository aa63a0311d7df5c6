package ai.djl.pytorch.jni;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Opens the few native calls that the engine needs and that DJL keeps to its own package: tensors and TorchScript methods by handle, with
 * gradients. A handle belongs to whoever got it. Nothing here asks for a tensor's data type: DJL's bindings end the JVM over some.
 */
public final class TorchBridge {
    /** Codes of DJL's bindings for the element types that a tensor is made of. */
    public static final int FLOAT32 = 0, FLOAT64 = 1, FLOAT16 = 2, UINT8 = 3, INT64 = 6;

    private static final int DENSE = 0;
    private static final int[] CPU = {0, -1};

    private TorchBridge() {}

    /** Loads a TorchScript module from its archive's bytes, onto the CPU. */
    public static long loadModule(byte[] archive) {
        return PyTorchLibrary.LIB.moduleLoad(
                new ByteArrayInputStream(archive), CPU, false, new byte[Math.max(1, archive.length)], archive.length);
    }

    public static void deleteModule(long module) {
        PyTorchLibrary.LIB.torchDeleteModule(module);
    }

    /**
     * Runs a method of a module with gradients on. Arguments: {@code long[]} of one handle for a tensor, {@link List} of handles for a list of tensors,
     * {@code Long}, {@code Double}, {@code Boolean}, {@code String}, {@code int[]} for a list of integers, null for none.
     *
     * @return the handle of a value, for {@link #tensor} or {@link #tensors}, which delete it
     */
    public static long run(long module, String method, Object... arguments) {
        long[] values = new long[arguments.length];
        int made = 0;
        try {
            for (Object argument : arguments) values[made++] = value(argument);
            // Both are thread-local. DJL turns gradients off where it starts; an optimized module would compute
            // otherwise, and keep gradients that nobody asked for.
            PyTorchLibrary.LIB.setGraphExecutorOptimize(false);
            PyTorchLibrary.LIB.torchSetGradMode(true);
            return PyTorchLibrary.LIB.moduleRunMethod(module, method, values, true, false);
        } finally {
            for (int i = 0; i < made; i++) {
                if (values[i] != 0) PyTorchLibrary.LIB.torchDeleteIValue(values[i]);
            }
        }
    }

    private static long value(Object argument) {
        return switch (argument) {
            case long[] tensor -> PyTorchLibrary.LIB.iValueFromTensor(tensor[0]);
            case List<?> tensors ->
                PyTorchLibrary.LIB.iValueFromTensorList(
                        tensors.stream().mapToLong(handle -> (Long) handle).toArray());
            case Long number -> PyTorchLibrary.LIB.iValueFromLong(number);
            case Double number -> PyTorchLibrary.LIB.iValueFromDouble(number);
            case Boolean truth -> PyTorchLibrary.LIB.iValueFromBool(truth);
            case String text -> PyTorchLibrary.LIB.iValueFromString(text);
            case int[] numbers ->
                PyTorchLibrary.LIB.iValueFromLongList(
                        java.util.Arrays.stream(numbers).asLongStream().toArray());
            case null, default -> throw new IllegalArgumentException("no such argument: " + argument);
        };
    }

    /** The tensor that a value is; deletes the value. */
    public static long tensor(long value) {
        try {
            return PyTorchLibrary.LIB.iValueToTensor(value);
        } finally {
            PyTorchLibrary.LIB.torchDeleteIValue(value);
        }
    }

    /** The tensors that a value lists; deletes the value. */
    public static long[] tensors(long value) {
        try {
            return PyTorchLibrary.LIB.iValueToTensorList(value);
        } finally {
            PyTorchLibrary.LIB.torchDeleteIValue(value);
        }
    }

    /** A tensor over a direct buffer's memory, without a copy: the buffer must outlive it. */
    public static long over(ByteBuffer direct, long[] shape, int type) {
        return PyTorchLibrary.LIB.torchFromBlob(direct, shape, type, DENSE, CPU, false);
    }

    public static void deleteTensor(long tensor) {
        PyTorchLibrary.LIB.torchDeleteTensor(tensor);
    }

    public static long[] shape(long tensor) {
        return PyTorchLibrary.LIB.torchSizes(tensor);
    }

    /** The memory of a contiguous tensor on the CPU; valid while the tensor lives. */
    public static ByteBuffer memory(long tensor) {
        return PyTorchLibrary.LIB.torchDirectByteBuffer(tensor);
    }

    /** Notes each operation of the library from now on, until {@link #stopProfile}. */
    public static void startProfile() {
        PyTorchLibrary.LIB.torchStartProfile(false, false, false);
    }

    /** Writes what was noted as a trace that browsers show. */
    public static void stopProfile(String file) {
        PyTorchLibrary.LIB.torchStopProfile(file);
    }

    public static void setThreads(int threads) {
        PyTorchLibrary.LIB.torchSetNumThreads(threads);
    }

    public static int threads() {
        return PyTorchLibrary.LIB.torchGetNumThreads();
    }
}
