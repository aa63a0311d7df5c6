package io.circuitscript.engine.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What NVIDIA's driver says about this machine. Its own library is asked, so that nothing else of CUDA has to be installed, and nothing but a
 * failed look-up happens where there is no driver.
 *
 * @param installed whether there is a driver
 * @param memory bytes of each GPU, in the driver's order, which CUDA_VISIBLE_DEVICES may narrow
 * @param trouble why a driver shows no GPU, in its own code; 0: none
 */
public record CudaDriver(boolean installed, List<Long> memory, int trouble) {
    static final CudaDriver NONE = new CudaDriver(false, List.of(), 0);
    private static final String LIBRARY = "libcuda.so.1";
    /** CUDA_ERROR_NO_DEVICE: a driver, and no GPU that it may show. */
    private static final int NO_DEVICE = 100;

    public static CudaDriver ask() {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException notThere) {
            return NONE;
        }
        try (Arena arena = Arena.ofConfined()) {
            return ask(library, arena);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static CudaDriver ask(SymbolLookup library, Arena arena) throws Throwable {
        int trouble = (int) function(library, "cuInit", ValueLayout.JAVA_INT).invokeExact(0);
        if (trouble != 0) return new CudaDriver(true, List.of(), trouble == NO_DEVICE ? 0 : trouble);
        MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
        MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
        trouble =
                (int) function(library, "cuDeviceGetCount", ValueLayout.ADDRESS).invokeExact(number);
        if (trouble != 0) return new CudaDriver(true, List.of(), trouble);
        int count = number.get(ValueLayout.JAVA_INT, 0);
        MethodHandle device = function(library, "cuDeviceGet", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        MethodHandle total = function(library, "cuDeviceTotalMem_v2", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        List<Long> memory = new ArrayList<>();
        for (int i = 0; i < count && trouble == 0; i++) {
            trouble = (int) device.invokeExact(number, i);
            if (trouble == 0) trouble = (int) total.invokeExact(bytes, number.get(ValueLayout.JAVA_INT, 0));
            if (trouble == 0) memory.add(bytes.get(ValueLayout.JAVA_LONG, 0));
        }
        return new CudaDriver(true, List.copyOf(memory), trouble);
    }

    private static MethodHandle function(SymbolLookup library, String name, ValueLayout... arguments) {
        MemorySegment address =
                library.find(name).orElseThrow(() -> new IllegalStateException(LIBRARY + " has no " + name));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments));
    }

    public int gpus() {
        return memory.size();
    }

    /** What there is, for a message. */
    public String phrase() {
        if (!installed) return "this machine has no CUDA driver (" + LIBRARY + ")";
        if (trouble != 0) return "the CUDA driver of this machine fails with its error " + trouble;
        if (gpus() == 0) return "the CUDA driver of this machine shows no GPU";
        return "this machine shows " + gpus() + " CUDA device" + (gpus() == 1 ? "" : "s");
    }
}
