package io.circuitscript.runtime.files;

import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps what came through pipes that the process was started with: a pipe gives its content once, and both the check
 * and the run read it.
 */
final class InheritedPipes {
    /** More than anything that is read takes. */
    private static final long MOST_BYTES = 1L << 30;

    private final Map<Path, Path> kept = new HashMap<>();

    /** A file of what comes through a pipe, until the process ends. */
    Path file(String name, Path pipe) {
        return kept.computeIfAbsent(pipe, it -> keep(name, it));
    }

    private static Path keep(String name, Path pipe) {
        try (InputStream in = Files.newInputStream(pipe)) {
            Path file = Files.createTempFile("circuit", null);
            file.toFile().deleteOnExit();
            try (var out = Files.newOutputStream(file)) {
                byte[] some = new byte[1 << 16];
                long all = 0;
                for (int count = in.read(some); count >= 0; count = in.read(some)) {
                    all += count;
                    if (all > MOST_BYTES) throw tooMuch(name); // it may never end
                    out.write(some, 0, count);
                }
            }
            return file;
        } catch (IOException e) {
            throw UserError.input(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + name + ": " + Unreadable.why(e),
                    "save what comes through it in a file");
        }
    }

    private static UserError tooMuch(String name) {
        return UserError.input(
                ErrorCode.NOT_A_FILE,
                name + " is a pipe through which more than 1 GB came",
                "save what is needed of it in a file");
    }
}
