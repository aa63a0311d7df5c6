package io.circuitscript.graph;

import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file that is there whole or not at all: beside it first, then renamed. A missing folder is made. */
public final class WholeFile {
    private WholeFile() {}

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
        Path folder = target.getParent();
        while (folder.getParent() != null && !Files.exists(folder)) folder = folder.getParent();
        if (!Files.isDirectory(folder)) throw failure(file, folder + " is a file, not a folder");
        if (!Files.isWritable(folder)) throw failure(file, "the folder " + folder + " may not be written to");
    }

    /** @throws UserError where the file cannot be written; what was there before is then untouched */
    public static void write(Path file, Content content) {
        check(file);
        Path target = file.toAbsolutePath().normalize();
        Path part = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(target.getParent());
            try (OutputStream out = Files.newOutputStream(part)) {
                content.writeTo(out);
            }
            moveInPlace(part, target);
        } catch (IOException e) {
            throw failure(file, reason(e, target.getParent()));
        } finally {
            discard(part);
        }
    }

    private static void moveInPlace(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
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
        String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
        if (said == null && !Files.isDirectory(folder)) return "there is no folder " + folder + ", and it cannot be made";
        if (said == null) return "no file can be made in the folder " + folder;
        if (said.contains("No space left")) return "the disk is full";
        if (said.contains("quota")) return "the disk space that you may use is used up";
        if (said.contains("Read-only")) return "the folder " + folder + " may only be read";
        if (said.contains("name too long")) return "its name is too long";
        return said;
    }

    private static UserError failure(Path file, String reason) {
        return UserError.failure(
                "cannot-write", file + " cannot be written: " + reason, "choose another name, or with --out DIR another folder");
    }
}
