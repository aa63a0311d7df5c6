package io.circuitscript.cli.reproduce;

import io.circuitscript.io.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file that a process holds for as long as it lives, so that no other one writes beside it. */
public final class FileLock implements AutoCloseable {
    private final Path file;
    private Optional<FileChannel> held = Optional.empty();

    public FileLock(Path file) {
        this.file = file;
    }

    /** Takes it, and makes its folder where it is missing. @return whether no other process has it */
    public boolean claim() throws IOException {
        if (held.isPresent()) return true;
        AtomicFile.check(file);
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isFree(channel)) {
            held = Optional.of(channel);
            return true;
        }
        channel.close();
        return false;
    }

    private static boolean isFree(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // a run of this very process
        } catch (IOException e) {
            return true; // a disk without locks: nobody can tell
        }
    }

    /** Whether another running process has it. */
    public boolean isTaken() {
        if (held.isPresent() || !Files.exists(file)) return false;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return !isFree(channel);
        } catch (IOException e) {
            return false; // it may not be written, or is gone meanwhile
        }
    }

    /** Releases it for other processes. */
    @Override
    public void close() {
        try {
            if (held.isPresent()) held.get().close();
        } catch (IOException e) {
            return; // it goes with the process
        }
        held = Optional.empty();
    }
}
