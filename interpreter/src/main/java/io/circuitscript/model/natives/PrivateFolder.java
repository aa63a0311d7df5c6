package io.circuitscript.model.natives;

import com.sun.security.auth.module.UnixSystem;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/**
 * A folder whose content nobody but its user can change: it is the user's own, only the user may write to it, and nobody else can put another in
 * its place, by a folder above it or a link that leads there. Where the system knows no owners, as Windows, every folder counts as one.
 */
final class PrivateFolder {
    private static final int OTHERS_WRITE = 0002;
    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int GROUP_OR_OTHERS = 0077;
    /** In such a folder only the owner of a file may rename or delete it. */
    private static final int STICKY = 01000;

    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int LINK = 0120000;
    private static final int TYPE = 0170000;
    private static final int MOST_LINKS = 40;
    private static final FileAttribute<?> OWNERS_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final boolean ours;
    private final long user;
    private final long superuser;

    private PrivateFolder(Path folder, boolean ours, long user, long superuser) {
        this.folder = folder;
        this.ours = ours;
        this.user = user;
        this.superuser = superuser;
    }

    /**
     * Makes the folder where it is missing.
     *
     * @param ours whether it is the program's own choice: others are then kept out of it. One that the user named, or that a link leads to, is the user's to
     *     mend
     * @return whether nobody else could write to it before, so that what is in there can be trusted
     * @throws UserError where it is not private, or cannot be made
     */
    static boolean make(Path folder, boolean ours) {
        Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
                Files.createDirectories(absolute);
                return true;
            }
            // Whoever owns the root of all folders can do everything: not number 0 in every container.
            long superuser = owner(Path.of("/"));
            return new PrivateFolder(absolute, ours, new UnixSystem().getUid(), superuser).make();
        } catch (IOException e) {
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.LIBRARIES_NOT_UNPACKED,
                    "the cache folder " + absolute + " cannot be made: " + reason(e),
                    List.of("native libraries are unpacked there"),
                    NativeCache.WAY_OUT);
        }
    }

    /**
     * Looks at something in a private folder, where it is there: whoever could write to it once may have put a folder of their own there.
     *
     * @throws UserError where it belongs to somebody else
     */
    static void requireOwn(Path inside) {
        try {
            if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) return;
            if (!Files.exists(inside, LinkOption.NOFOLLOW_LINKS) || owner(inside) == new UnixSystem().getUid()) return;
            throw refusal(inside.getParent(), inside + " belongs to " + name(inside) + ": take it away");
        } catch (IOException e) {
            throw refusal(inside.getParent(), "whose " + inside + " is, is not known: " + reason(e));
        }
    }

    /** Why something cannot be made or written, and which. */
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission is denied at " + denied.getFile();
            case NoSuchFileException none -> "the system makes nothing at " + none.getFile();
            case FileSystemException system
            when system.getFile() != null -> Unreadable.why(e) + ": " + system.getFile();
            default -> Unreadable.why(e);
        };
    }

    private boolean make() throws IOException {
        checkAbove(folder, 0);
        try {
            Files.createDirectories(folder.getParent(), OWNERS_ONLY);
            Files.createDirectory(folder, OWNERS_ONLY);
        } catch (FileAlreadyExistsException there) {
            checkAbove(folder, 0);
        }
        Path real = folder.toRealPath();
        checkAbove(real, 0);
        requireFolder(real);
        if (owner(real) != user)
            throw refusal(real + " belongs to " + Files.getOwner(real).getName());
        int mode = mode(real);
        // What a link leads to may hold other things, which the user means others to share.
        boolean mended = ours && real.equals(folder);
        if ((mode & GROUP_OR_OTHERS_WRITE) != 0 && !mended)
            throw refusal(real + " can be written to by others: chmod go-w " + real);
        if ((mode & GROUP_OR_OTHERS) != 0 && mended)
            Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwx------"));
        if ((mode(real) & GROUP_OR_OTHERS_WRITE) != 0)
            throw refusal(real + " is on a disk where everybody may write to everything");
        return (mode & GROUP_OR_OTHERS_WRITE) == 0;
    }

    /** Looks at everything on the way to a path, as far as it is there: whoever can change that can put something else in its place. */
    private void checkAbove(Path path, int links) throws IOException {
        if (links > MOST_LINKS) throw new IOException("it is a circle of links");
        Path at = path.getRoot();
        for (Path name : path) {
            checkFolder(at);
            at = at.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) return;
            if ((mode(at) & TYPE) != LINK) continue;
            if (!isTrusted(owner(at))) throw refusal(at + " is a link that " + name(at) + " made");
            checkAbove(at.resolveSibling(Files.readSymbolicLink(at)).normalize(), links + 1);
            if (!Files.exists(at)) throw new IOException(at + " is a link that leads nowhere");
            at = at.toRealPath();
        }
    }

    private void checkFolder(Path at) throws IOException {
        requireFolder(at);
        int mode = mode(at);
        if (!isTrusted(owner(at))) throw refusal("the folder " + at + " above it belongs to " + name(at));
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0)
            throw refusal("everybody may write to the folder " + at + " above it");
    }

    private static void requireFolder(Path at) throws IOException {
        switch (mode(at) & TYPE) {
            case FOLDER -> {}
            case FILE -> throw new IOException(at + " is a file, not a folder");
            default -> throw new IOException(at + " is a device or a pipe, not a folder");
        }
    }

    private boolean isTrusted(long owner) {
        return owner == user || owner == superuser || owner == 0;
    }

    private static long owner(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
    }

    private static String name(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    private static int mode(Path path) throws IOException {
        Map<String, Object> read = Files.readAttributes(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (Integer) read.get("mode");
    }

    private UserError refusal(String why) {
        return refusal(folder, why);
    }

    private static UserError refusal(Path folder, String why) {
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.CACHE_NOT_PRIVATE,
                "native libraries are not unpacked into " + folder + ": " + why,
                List.of("whoever can change them runs programs as you"),
                NativeCache.WAY_OUT);
    }
}
