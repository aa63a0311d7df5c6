package io.circuitscript.io;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes a file that is there whole or not at all, also after a power cut: beside it first, brought to the disk, then renamed. What was there before
 * keeps its permissions; a link is replaced, and what it leads to stays. A missing folder is made. What processes that were killed while they wrote
 * have left in the folder is taken away.
 */
public final class AtomicFile {
    private static final Pattern PART = Pattern.compile("\\.circuit-([0-9]{1,18})-[0-9a-f]+\\.part");

    /** Whether a process of another machine on the same disk lives is not to be known; but one that writes does not rest for so long. */
    private static final Duration RESTING = Duration.ofHours(1);

    private AtomicFile() {}

    /** What writes the content. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Finds what can be known to stand in the way without writing anything.
     *
     * @throws UserError where the file cannot be written
     */
    public static void check(Path file) {
        Path target = file.toAbsolutePath().normalize();
        if (target.getFileName() == null || Files.exists(target) && !Files.isRegularFile(target)) {
            throw failure(file, Files.isDirectory(target) ? "it is a folder" : "it is not a plain file");
        }
        // A rename would not ask for it.
        boolean own = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
        if (own && !Files.isWritable(target)) throw failure(file, "it exists and is read-only");
        Path folder = target.getParent();
        while (folder.getParent() != null && !Files.exists(folder)) folder = folder.getParent();
        if (!Files.isDirectory(folder)) throw failure(file, folder + " is a file, not a folder");
        if (!Files.isWritable(folder)) throw failure(file, "the folder " + folder + " may not be written to");
    }

    /** @throws UserError where the file cannot be written; what was there before is then untouched */
    public static void write(Path file, Content content) {
        check(file);
        Path target = file.toAbsolutePath().normalize();
        // Short whatever the file's name is, and no one else's.
        String name = ".circuit-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + ".part";
        Path part = target.resolveSibling(name);
        try {
            Files.createDirectories(target.getParent());
            clearLeft(target.getParent());
            try (FileChannel channel =
                    FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            keepPermissions(target, part);
            moveInPlace(part, target);
            settle(target.getParent());
        } catch (IOException e) {
            throw failure(file, reason(e, target.getParent()));
        } finally {
            discard(part);
        }
    }

    /** Takes away what dead processes have left. */
    private static void clearLeft(Path folder) {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".circuit-*.part")) {
            for (Path part : parts) if (isLeft(part)) discard(part);
        } catch (IOException | DirectoryIteratorException e) {
            // What is in the folder cannot be seen: what is left stays.
        }
    }

    private static boolean isLeft(Path part) throws IOException {
        Matcher name = PART.matcher(part.getFileName().toString());
        if (!name.matches() || ProcessHandle.of(Long.parseLong(name.group(1))).isPresent()) return false;
        return Files.getLastModifiedTime(part)
                .toInstant()
                .isBefore(Instant.now().minus(RESTING));
    }

    private static void keepPermissions(Path target, Path part) throws IOException {
        PosixFileAttributeView before =
                Files.getFileAttributeView(target, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (before == null || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) return;
        Files.setPosixFilePermissions(part, before.readAttributes().permissions());
    }

    private static void moveInPlace(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Brings the new name to the disk too, where the system lets a folder be opened. */
    private static void settle(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // The file itself is whole; its name comes to the disk when the system likes.
        }
    }

    private static void discard(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // Nothing to mend: the file itself is whole, or its own failure is already on its way.
        }
    }

    private static String reason(IOException e, Path folder) {
        if (e instanceof AccessDeniedException denied) return "permission is denied at " + denied.getFile();
        if (isFull(folder)) return "the disk is full";
        String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        if (said == null && !Files.isDirectory(folder))
            return "there is no folder " + folder + ", and it cannot be created";
        if (said == null) return "cannot create a file in the folder " + folder;
        if (said.contains("No space left")) return "the disk is full";
        if (said.contains("quota")) return "your disk quota is used up";
        if (said.contains("Read-only")) return "the folder " + folder + " may only be read";
        if (said.contains("name too long")) return "its name is too long";
        if (said.contains("File too large")) return "it is larger than the system allows a file to be";
        return said;
    }

    /** Whether there is no room left on a folder's disk. What the system says of it is in the language of its user. */
    public static boolean isFull(Path folder) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return disk.getTotalSpace() > 0 && disk.getUsableSpace() == 0 && !disk.isReadOnly();
        } catch (IOException e) {
            return false;
        }
    }

    private static UserError failure(Path file, String reason) {
        return UserError.failure(
                ErrorCode.CANNOT_WRITE,
                file + " cannot be written: " + reason,
                "choose another name, or another folder with --out DIR");
    }
}
