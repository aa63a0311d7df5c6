package io.circuitscript.model.natives;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Held by the one process, and the one thread in it, that unpacks into a cache folder: what is half written there is then nobody else's. */
final class UnpackingLock implements AutoCloseable {
    private static final String FILE = ".unpacking.lock";

    /** Unpacking takes seconds, and on a slow disk of the network a minute. */
    static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration SAY_AFTER = Duration.ofSeconds(1);
    private static final long ASK_EVERY_MILLIS = 50;

    /** A lock on a file is a process's, not a thread's. */
    private static final ReentrantLock HERE = new ReentrantLock();

    private final FileChannel channel;

    private UnpackingLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for whoever holds it.
     *
     * @throws UserError where another process holds it for longer than the limit
     * @throws CancellationException where the thread is interrupted meanwhile
     */
    static UnpackingLock take(Path cache, UnpackingWatch watch, Duration limit) throws IOException {
        try {
            while (!HERE.tryLock(ASK_EVERY_MILLIS, TimeUnit.MILLISECONDS))
                watch.asked().run();
            try {
                return take(
                        FileChannel.open(cache.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        cache,
                        watch,
                        limit);
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                HERE.unlock();
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for another start");
        }
    }

    private static UnpackingLock take(FileChannel channel, Path cache, UnpackingWatch watch, Duration limit)
            throws IOException, InterruptedException {
        try {
            long start = System.nanoTime();
            boolean said = false;
            while (!isTaken(channel)) {
                watch.asked().run();
                long waited = System.nanoTime() - start;
                if (waited > limit.toNanos()) throw tooLong(cache, limit);
                if (!said && waited > SAY_AFTER.toNanos()) {
                    watch.notes().accept("waiting for another start that unpacks native libraries into " + cache);
                    said = true;
                }
                Thread.sleep(ASK_EVERY_MILLIS);
            }
            return new UnpackingLock(channel);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process, through another copy of this class
        }
    }

    private static UserError tooLong(Path cache, Duration limit) {
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.LIBRARIES_NOT_UNPACKED,
                "another start has been unpacking native libraries into " + cache + " for more than "
                        + limit.toSeconds() + " seconds",
                List.of("it may hang or be suspended; it holds " + cache.resolve(FILE)),
                "end that process, or " + NativeCache.WAY_OUT);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HERE.unlock();
        }
    }
}
