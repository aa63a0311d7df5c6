package io.circuitscript.engine.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.TorchBridge;
import io.circuitscript.model.Weight;
import io.circuitscript.model.natives.UnpackingWatch;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The native library with our operations loaded, on one device. It owns the module that {@code operations.torchscript} becomes. */
public final class Torch extends Operations implements AutoCloseable {
    private final long module;
    private final String device;
    private final Precision precision;
    private final AtomicLong live = new AtomicLong();
    private Consumer<String> before = operation -> {};

    /** @param device {@code cpu}, {@code cuda:0}, …: what the native library was started for, or the CPU */
    private Torch(String device, Precision precision) {
        this.module = TorchBridge.loadModule(ScriptArchive.of(Torch.class, "operations.torchscript"));
        this.device = device;
        this.precision = precision;
    }

    /**
     * Starts the native library where it is not running yet.
     *
     * @param word a device as a script names it
     * @param notes are told what the user should know of the choice
     * @throws UserError where the device is not there, or is no good in that precision
     */
    public static Torch on(String word, Precision precision, Consumer<String> notes) {
        try (EngineStart start = EngineStart.begin(word, new UnpackingWatch(() -> {}, notes))) {
            return of(start, precision, notes);
        }
    }

    /** The same on a library that is being started. */
    public static Torch of(EngineStart start, Precision precision, Consumer<String> notes) {
        Devices.Choice choice = start.await();
        choice.notes().forEach(notes);
        Torch torch = new Torch(choice.device(), precision);
        try {
            if (!choice.cuda() && precision.wide() != precision) HalfOnCpu.check(torch, notes);
            return torch;
        } catch (RuntimeException | Error e) {
            torch.close();
            throw e;
        }
    }

    public String device() {
        return device;
    }

    public Precision precision() {
        return precision;
    }

    /** How many threads an operation may use on the CPU, in the whole process; no more than one for each core. The native library must be running. */
    public static void setThreads(int threads) {
        if (NativeStart.running().isEmpty()) throw new IllegalStateException("no engine is running yet");
        // Threads without a core of their own wait for one another, spinning: with four on two cores, MKL multiplies at
        // a fiftieth of the speed.
        TorchBridge.setThreads(threadsOf(threads));
    }

    /** How many of so many threads are used. */
    public static int threadsOf(int asked) {
        return Math.min(asked, Runtime.getRuntime().availableProcessors());
    }

    public Scope scope() {
        return new Scope(this);
    }

    /** Has freed tensors of at least so many bytes leave the process at once, where they are in the machine's own memory. */
    public void giveBack(long bytes) {
        if (device().equals("cpu")) LargeBlocks.giveBack(bytes);
    }

    /** Has them stay with the process again, for later tensors. */
    public void keepBlocks() {
        if (device().equals("cpu")) LargeBlocks.keep();
    }

    /** How many tensors are alive; 0 once everything is closed. */
    public long liveTensors() {
        return live.get();
    }

    void count(int change) {
        live.addAndGet(change);
    }

    /** Names an observer, told of each operation before it runs: how a test makes memory short. */
    public void setBefore(Consumer<String> observer) {
        before = observer;
    }

    @Override
    Tensor call(Scope scope, String operation, Object... arguments) {
        return scope.adopt(TorchBridge.tensor(run(operation, arguments)));
    }

    @Override
    List<Tensor> callList(Scope scope, String operation, Object... arguments) {
        long[] handles = TorchBridge.tensors(run(operation, arguments));
        List<Tensor> result = new ArrayList<>(handles.length);
        for (long handle : handles) result.add(scope.adopt(handle));
        return result;
    }

    private long run(String operation, Object... arguments) {
        Object[] plain = new Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) plain[i] = plain(arguments[i]);
        try {
            before.accept(operation);
            return TorchBridge.run(module, operation, plain);
        } catch (EngineException e) {
            throw failure(operation, e);
        }
    }

    private static Object plain(Object argument) {
        return switch (argument) {
            case Tensor tensor -> new long[] {tensor.handle()};
            case List<?> tensors ->
                tensors.stream().map(tensor -> ((Tensor) tensor).handle()).toList();
            case Integer number -> number.longValue();
            default -> argument;
        };
    }

    /** Out of memory is the machine's limit and a message of ours; anything else is a defect, whose last line says most. */
    private static RuntimeException failure(String operation, EngineException e) {
        String message = String.valueOf(e.getMessage());
        if (OutOfDeviceMemory.isMeant(message)) return new OutOfDeviceMemory(message);
        if (message.contains("CUDA error") || message.contains("CUDA driver") || message.contains("CUBLAS")) {
            String reason = message.lines()
                    .filter(line -> line.contains("CUDA") || line.contains("CUBLAS"))
                    .findFirst()
                    .orElse(message)
                    .strip();
            return new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.GPU_FAILED,
                    "the GPU fails: " + reason,
                    List.of(),
                    "device=cpu does without it");
        }
        return new IllegalStateException(operation + ": " + message, e);
    }

    /** Memory outside the heap for so many numbers of eight bytes. */
    private static ByteBuffer direct(int numbers) {
        try {
            return ByteBuffer.allocateDirect(Math.max(1, numbers) * Double.BYTES)
                    .order(ByteOrder.nativeOrder());
        } catch (OutOfMemoryError e) {
            throw new OutOfDeviceMemory(String.valueOf(e.getMessage()));
        }
    }

    /** A tensor of whole numbers. */
    public Tensor longs(Scope scope, long[] values, long... shape) {
        ByteBuffer buffer = direct(values.length);
        buffer.asLongBuffer().put(values);
        return placed(buffer, shape, TorchBridge.INT64, it -> toDevice(scope, it, device));
    }

    /** A tensor of numbers in the type that streams and sums have here. */
    public Tensor numbers(Scope scope, double[] values, long... shape) {
        ByteBuffer buffer = direct(values.length);
        buffer.asDoubleBuffer().put(values);
        return numbers(scope, buffer, shape, precision.wide());
    }

    /** A tensor of numbers in float64, as metrics compute. */
    public Tensor doubles(Scope scope, double[] values, long... shape) {
        ByteBuffer buffer = direct(values.length);
        buffer.asDoubleBuffer().put(values);
        return numbers(scope, buffer, shape, Precision.FLOAT64);
    }

    private Tensor numbers(Scope scope, ByteBuffer buffer, long[] shape, Precision as) {
        return placed(buffer, shape, TorchBridge.FLOAT64, it -> toDeviceAs(scope, it, device, as.scalarType()));
    }

    /**
     * A checkpoint's tensor on this device. Where {@link #keeps} says so, it is the very memory that is given, which must be there as long.
     *
     * @param as the type it has from then on
     */
    public Tensor weight(Scope scope, MemorySegment bytes, Weight.Format format, long[] shape, Precision as) {
        int type = switch (format) {
            case F64 -> TorchBridge.FLOAT64;
            case F32 -> TorchBridge.FLOAT32;
            case F16 -> TorchBridge.FLOAT16;
            // The bindings know no bfloat16: it enters as bytes.
            case BF16 -> TorchBridge.UINT8;
        };
        // A buffer holds 2 GiB at most. The library takes its address and the shape, so that what lies beyond is read
        // all the same.
        boolean some = bytes.byteSize() > 0;
        ByteBuffer direct = some
                ? bytes.asSlice(0, Math.min(bytes.byteSize(), Integer.MAX_VALUE))
                        .asByteBuffer()
                : ByteBuffer.allocateDirect(1);
        boolean asBytes = format == Weight.Format.BF16;
        long[] stored = asBytes ? Arrays.copyOf(shape, shape.length + 1) : shape;
        if (asBytes) stored[shape.length] = 2;
        boolean inPlace = some && keeps(format, as);
        return placed(direct, stored, type, it -> {
            if (inPlace) return asBytes ? pairsAsBfloat16(scope, it) : alias(scope, it);
            return asBytes
                    ? bfloat16ToDeviceAs(scope, it, device, as.scalarType())
                    : toDeviceAs(scope, it, device, as.scalarType());
        });
    }

    /** Whether a checkpoint's tensor of that format is used where it lies. */
    public boolean keeps(Weight.Format format, Precision as) {
        return device.equals("cpu") && as.stores(format);
    }

    /** Hands a buffer's numbers to an operation that takes them to the device. */
    private static Tensor placed(ByteBuffer buffer, long[] shape, int type, UnaryOperator<Tensor> operation) {
        Tensor over = new Tensor(TorchBridge.over(buffer, shape, type));
        try {
            return operation.apply(over);
        } finally {
            over.delete();
            java.lang.ref.Reference.reachabilityFence(buffer);
        }
    }

    /** A tensor's elements on the host, in row-major order. */
    public double[] toHost(Tensor tensor) {
        try (Scope scope = scope()) {
            Tensor host = hostDoubles(scope, tensor);
            ByteBuffer memory = TorchBridge.memory(host.handle()).order(ByteOrder.nativeOrder());
            double[] values = new double[memory.remaining() / Double.BYTES];
            memory.asDoubleBuffer().get(values);
            return values;
        }
    }

    @Override
    public void close() {
        TorchBridge.deleteModule(module);
    }
}
