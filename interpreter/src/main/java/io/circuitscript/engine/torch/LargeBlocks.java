package io.circuitscript.engine.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Has the C library give large blocks of memory back to the system as soon as they are freed. By default glibc keeps blocks up to 32 MB for later, and
 * what lies between those in use can grow to as much again.
 */
final class LargeBlocks {
    /** M_MMAP_THRESHOLD of mallopt(3): the size from which a block is the system's own. */
    private static final int THRESHOLD = -3;

    private static final long LEAST = 128 << 10;
    private static final long MOST = 32 << 20;

    private static volatile boolean gives;

    private LargeBlocks() {}

    /** Blocks of at least so many bytes. Does nothing where the C library has no such setting. */
    static void giveBack(long from) {
        gives = true;
        set(from);
    }

    /** Keeps blocks again, which is quicker: the usual way. */
    static void keep() {
        if (!gives) return;
        gives = false;
        set(MOST);
    }

    private static void set(long from) {
        MemorySegment mallopt =
                Linker.nativeLinker().defaultLookup().find("mallopt").orElse(null);
        if (mallopt == null) return;
        int bytes = (int) Math.clamp(from, LEAST, MOST);
        try {
            int set = (int) Linker.nativeLinker()
                    .downcallHandle(
                            mallopt,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(THRESHOLD, bytes);
            assert set == 1;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
