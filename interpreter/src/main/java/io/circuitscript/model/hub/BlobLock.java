package io.circuitscript.model.hub;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A lock on a file between processes, the one that Hugging Face's own client takes: {@code flock}, where the system has it. Java's own file
 * locks are of another kind there, which that client would not see, nor another thread of this process.
 */
final class BlobLock implements AutoCloseable {
    /** What a lock came to. */
    enum Outcome {
        HELD,
        /** Somebody else has it. */
        TAKEN,
        /** The file system has no locks. */
        IMPOSSIBLE
    }

    private static final int OPEN_READ_WRITE = 2;
    private static final int LOCK_EXCLUSIVE_WITHOUT_WAITING = 2 | 4;
    private static final int EWOULDBLOCK_LINUX = 11;
    private static final int EWOULDBLOCK_BSD = 35;
    private static final int EINTR = 4;
    private static final int EACCES = 13;
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final Outcome outcome;
    private final AutoCloseable release;

    private BlobLock(Outcome outcome, AutoCloseable release) {
        this.outcome = outcome;
        this.release = release;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Tries once. Close what comes back, whatever it came to. */
    static BlobLock tryLock(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        if (!Files.exists(file))
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        Object before = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                .fileKey();
        Optional<MemorySegment> flock = Linker.nativeLinker().defaultLookup().find("flock");
        BlobLock lock = flock.isPresent() ? system(file, flock.get()) : ofJava(file);
        if (lock.outcome != Outcome.HELD || before == null || before.equals(key(file))) return lock;
        // Its last holder has removed the file meanwhile: what is locked is no longer the one of that name.
        lock.close();
        return new BlobLock(Outcome.TAKEN, () -> {});
    }

    private static Object key(Path file) throws IOException {
        return Files.exists(file)
                ? Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                        .fileKey()
                : null;
    }

    private static BlobLock ofJava(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(0, 1, false);
            if (lock != null) return new BlobLock(Outcome.HELD, channel);
        } catch (OverlappingFileLockException heldByAThread) {
            // as if another process had it
        }
        channel.close();
        return new BlobLock(Outcome.TAKEN, () -> {});
    }

    private static BlobLock system(Path file, MemorySegment flock) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor =
                    (int) function("open", 2).invokeExact(arena.allocateFrom(file.toString()), OPEN_READ_WRITE);
            if (descriptor < 0) return new BlobLock(Outcome.IMPOSSIBLE, () -> {});
            MemorySegment state = arena.allocate(STATE);
            MethodHandle lock = Linker.nativeLinker()
                    .downcallHandle(
                            flock,
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                            Linker.Option.captureCallState("errno"));
            int result = (int) lock.invokeExact(state, descriptor, LOCK_EXCLUSIVE_WITHOUT_WAITING);
            if (result == 0) return new BlobLock(Outcome.HELD, () -> close(descriptor));
            int reason = (int) ERRNO.get(state, 0L);
            close(descriptor);
            boolean taken =
                    reason == EWOULDBLOCK_LINUX || reason == EWOULDBLOCK_BSD || reason == EINTR || reason == EACCES;
            return new BlobLock(taken ? Outcome.TAKEN : Outcome.IMPOSSIBLE, () -> {});
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void close(int descriptor) {
        try {
            Linker linker = Linker.nativeLinker();
            MemorySegment close = linker.defaultLookup().find("close").orElseThrow();
            int ignored = (int)
                    linker.downcallHandle(close, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                            .invokeExact(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code open} takes a further argument for new files only, and calls of such functions differ on some machines. */
    private static MethodHandle function(String name, int firstVariadic) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        return linker.downcallHandle(
                library.find(name).orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(firstVariadic));
    }

    @Override
    public void close() {
        try {
            release.close();
        } catch (Exception e) {
            throw new IllegalStateException("a lock could not be given back", e);
        }
    }
}
