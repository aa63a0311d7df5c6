package io.circuitscript.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A lock on a folder that DJL unpacks a native library into, shared by all processes that may be unpacking. Whoever finds that nobody has it takes away
 * what killed processes left there, hundreds of megabytes each. Close it once the library is loaded. One at a time in a process.
 */
public final class UnpackLock implements AutoCloseable {
    /** What DJL unpacks into before it renames it. */
    private static final Pattern PART = Pattern.compile("tmp[0-9]+|jni[0-9]+tmp");

    /** Other programs that use DJL do not take the lock; but one that unpacks does not rest for so long. */
    private static final Duration RESTING = Duration.ofMinutes(10);

    private final Optional<FileChannel> channel;

    private UnpackLock(Optional<FileChannel> channel) {
        this.channel = channel;
    }

    /** @param folder made where it is missing; one that cannot be written to is left as it is, without a lock */
    public static UnpackLock take(Path folder) {
        FileChannel channel;
        try {
            make(folder);
            channel = FileChannel.open(
                    folder.resolve(".unpacking.lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException | UnsupportedOperationException readOnly) {
            return new UnpackLock(Optional.empty());
        }
        try {
            try (FileLock alone = channel.tryLock()) {
                if (alone != null) removeLeft(folder, Instant.now().minus(RESTING));
            }
            channel.lock(0, Long.MAX_VALUE, true); // until the channel is closed
            return new UnpackLock(Optional.of(channel));
        } catch (IOException | OverlappingFileLockException noLocks) {
            UnpackLock none = new UnpackLock(Optional.of(channel));
            none.close();
            return none;
        }
    }

    private static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        else Files.createDirectories(folder);
    }

    /** The single library of a version is unpacked within the version's own folder. */
    private static void removeLeft(Path folder, Instant before) throws IOException {
        for (Path entry : entries(folder)) {
            if (PART.matcher(entry.getFileName().toString()).matches()) remove(entry, before);
            else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                for (Path inner : entries(entry)) {
                    if (PART.matcher(inner.getFileName().toString()).matches()) remove(inner, before);
                }
            }
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Links are removed, not followed. What cannot be removed stays. */
    private static void remove(Path part, Instant before) {
        try {
            if (!newest(part).isBefore(before)) return;
            Files.walkFileTree(part, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failed) throws IOException {
                    if (failed != null) throw failed;
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException stays) {
            // Somebody else's, or gone meanwhile: it is in nobody's way.
            return;
        }
    }

    private static Instant newest(Path part) throws IOException {
        Instant newest = Instant.MIN;
        try (Stream<Path> all = Files.walk(part)) {
            for (Path file : all.toList()) {
                Instant time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
                if (time.isAfter(newest)) newest = time;
            }
        }
        return newest;
    }

    @Override
    public void close() {
        try {
            if (channel.isPresent()) channel.get().close();
        } catch (IOException e) {
            // The system takes the lock back with the process.
            return;
        }
    }
}
