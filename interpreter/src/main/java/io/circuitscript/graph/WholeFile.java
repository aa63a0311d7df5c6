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

    /** @throws UserError where the file cannot be written; what was there before is then untouched */
    public static void write(Path file, Content content) {
        Path target = file.toAbsolutePath().normalize();
        if (target.getFileName() == null || Files.exists(target) && !Files.isRegularFile(target)) {
            throw failure(file, Files.isDirectory(target) ? "it is a folder" : "it is not a plain file");
        }
        Path part = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(target.getParent());
            try (OutputStream out = Files.newOutputStream(part)) {
                content.writeTo(out);
            }
            moveInPlace(part, target);
        } catch (IOException e) {
            throw failure(file, reason(e));
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

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) return "permission is denied at " + denied.getFile();
        if (e instanceof FileSystemException f && f.getReason() != null) return f.getReason();
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static UserError failure(Path file, String reason) {
        return UserError.failure("cannot-write", file + " cannot be written: " + reason, "choose another file, or mend its folder");
    }
}
