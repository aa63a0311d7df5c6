package io.circuitscript.io;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.regex.Pattern;

/** Why a file cannot be read, in words: what the system's exceptions say is often the path alone. */
public final class Unreadable {
    private static final Pattern WAITING =
            Pattern.compile("/proc/kmsg|/sys/kernel/(debug/)?tracing/(.*/)?trace_pipe(_raw)?");

    /** The kinds of file in Unix's mode bits. */
    private static final int KIND = 0170000, CHARACTERS = 0020000, BLOCKS = 0060000, SOCKET = 0140000;

    private Unreadable() {}

    public static String why(IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "no such file";
            case FileAlreadyExistsException _ -> "something of that name is there";
            case NotDirectoryException _ -> "not a folder";
            case DirectoryNotEmptyException _ -> "the folder is not empty";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    /** The way out where a file may not be read, else another one. */
    public static String help(IOException e, String otherwise) {
        return e instanceof AccessDeniedException
                ? "check who may read the file, and who may enter its folder"
                : otherwise;
    }

    /**
     * Looks at a file before it is opened.
     *
     * @param name as the user gave it
     * @throws UserError where it is a named pipe, a device, a socket, a log of the system that has no end, a link to nothing, or may not be read; another plain file, a folder and what is not there pass
     */
    public static void refuse(String name, Path file) {
        NamedPipe.refuse(name, file);
        if (NamedPipe.isOwnName(file)) return; // /dev/stdin may be a terminal
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
        } catch (AccessDeniedException e) {
            throw denied(name, e);
        } catch (IOException missing) {
            refuseLink(name, file);
            return;
        }
        String what = switch (mode(file) & KIND) {
            case CHARACTERS, BLOCKS -> "a device";
            case SOCKET -> "a socket";
            default -> Files.isRegularFile(file) && waits(file) ? "a log of the system" : "";
        };
        if (Files.isRegularFile(file) && !Files.isReadable(file)) throw denied(name, new AccessDeniedException(name));
        if (!what.isEmpty())
            throw UserError.input(ErrorCode.NOT_A_FILE, name + " is " + what + ", not a file", "name a file");
    }

    /** Whether it is one of Linux's files that are plain by their kind, and whose reader waits until the system has something to tell. */
    private static boolean waits(Path file) {
        try {
            return WAITING.matcher(file.toRealPath().toString()).matches();
        } catch (IOException gone) {
            return false; // which reading it says
        }
    }

    private static UserError denied(String name, AccessDeniedException e) {
        return UserError.missing(ErrorCode.FILE_UNREADABLE, "cannot read " + name + ": " + why(e), help(e, ""));
    }

    /** A link that leads to nothing. */
    private static void refuseLink(String name, Path file) {
        if (!Files.isSymbolicLink(file)) return;
        try {
            Path target = Files.readSymbolicLink(file);
            Path from = file.toAbsolutePath().getParent();
            boolean circle = Files.exists(from.resolve(target), LinkOption.NOFOLLOW_LINKS);
            String message =
                    name + " is a link to " + target + ", which " + (circle ? "leads to no file" : "does not exist");
            throw new UserError(
                    UserError.Kind.MISSING,
                    ErrorCode.MISSING_FILE,
                    message,
                    List.of(),
                    "link it to a file that is there, or name the file itself");
        } catch (IOException gone) {
            // Then it is missing, which whoever asked says.
        }
    }

    private static int mode(Path file) {
        try {
            return (Integer) Files.getAttribute(file, "unix:mode");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noneThere) {
            return 0;
        }
    }
}
