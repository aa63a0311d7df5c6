package io.circuitscript.model;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Memory outside of Java's heap that is not filled with zeros first: a model's weights would wait for that. */
final class RawMemory {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle ALLOCATE =
            function("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle FREE = function("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    private RawMemory() {}

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type);
    }

    /** @throws OutOfMemoryError where the system has no more */
    static MemorySegment allocate(long bytes, Arena owner) {
        try {
            MemorySegment address = (MemorySegment) ALLOCATE.invokeExact(Math.max(1, bytes));
            if (address.address() == 0) throw new OutOfMemoryError("no " + bytes + " bytes for weights");
            return address.reinterpret(bytes, owner, RawMemory::free);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void free(MemorySegment segment) {
        try {
            FREE.invokeExact(segment);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
