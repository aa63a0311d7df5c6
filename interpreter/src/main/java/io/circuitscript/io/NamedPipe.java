package io.circuitscript.io;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A file that is a pipe. Opening one waits until somebody writes into it: for ever, where nobody does. */
public final class NamedPipe {
    /** The kinds of file in Unix's mode bits, and the one that is a pipe. */
    private static final int KIND = 0170000, PIPE = 0010000;

    /** What a process was started with, which somebody is at the other end of; a shell gives such a name for {@code <(command)}. */
    private static final Pattern OWN = Pattern.compile("/dev/stdin|/dev/fd/\\d+|/proc/(self|\\d+)/fd/\\d+");

    private NamedPipe() {}

    /** Whether it is a pipe, of this process's own or not. A system without pipes has none. */
    public static boolean is(Path file) {
        try {
            return ((Integer) Files.getAttribute(file, "unix:mode") & KIND) == PIPE;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noneThere) {
            return false;
        }
    }

    /** Whether it is one of the pipes that this process was started with. */
    public static boolean isOwn(Path file) {
        return isOwnName(file) && is(file);
    }

    /** Whether it is by its name what this process was started with, pipe or not. */
    public static boolean isOwnName(Path file) {
        return OWN.matcher(file.toAbsolutePath().normalize().toString()).matches();
    }

    /**
     * Looks at a file before it is opened.
     *
     * @param name as the user gave it
     * @throws UserError where it is a pipe, and not one of this process's own
     */
    public static void refuse(String name, Path file) {
        if (!is(file) || isOwn(file)) return;
        throw UserError.input(
                ErrorCode.NOT_A_FILE,
                name + " is a named pipe, not a file: reading it would wait for whoever writes into it",
                "save what comes through it in a file; a script or its data may be /dev/stdin, or what a shell makes of <(command)");
    }
}
