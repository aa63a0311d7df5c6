package io.circuitscript.runtime.files;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a script may write: nowhere, or in the folders of the command and others that were allowed. Links are
 * followed.
 *
 * @param readOnly whether it may write nothing at all
 * @param allowed folders beside the working folder and that of {@code --out}
 * @param kept what the command itself reads or writes, wherever else it may write
 * @param temporary a folder that the command made and will remove, and that stands for the whole disk: all is written there, and is always allowed
 * @param confined whether only the folder of output is the command's, as of one of several runs that must not write over each other's files
 */
public record WritePermissions(
        boolean readOnly, List<Path> allowed, List<Kept> kept, Optional<Path> temporary, boolean confined) {
    /** In the folders of the command alone. */
    public static final WritePermissions USUAL = new WritePermissions(false, List.of());

    public WritePermissions(boolean readOnly, List<Path> allowed) {
        this(readOnly, allowed, List.of(), Optional.empty(), false);
    }

    public WritePermissions {
        allowed = List.copyOf(allowed);
        kept = List.copyOf(kept);
    }

    /**
     * A file, or a folder with all that is in it, that a script does not write.
     *
     * @param why what it is, after its name
     * @param writer the option or command that writes it this time, so that a script had better not read it either
     */
    public record Kept(Path path, String why, Optional<String> writer) {
        public Kept(Path path, String why) {
            this(path, why, Optional.empty());
        }
    }

    public WritePermissions withKept(List<Kept> files) {
        return new WritePermissions(readOnly, allowed, files, temporary, confined);
    }

    public WritePermissions withTemporary(Path folder) {
        return new WritePermissions(readOnly, allowed, kept, Optional.of(folder), confined);
    }

    /** The same for a run that may write in its folder of output only, and in folders that were allowed. */
    public WritePermissions inOutFolderOnly() {
        return new WritePermissions(readOnly, allowed, kept, temporary, true);
    }

    /** @throws UserError where the file may not be written */
    void check(String name, Path file, Path workingFolder, Path out) {
        List<Path> usual = confined ? List.of(out) : List.of(workingFolder, out);
        Path there = real(file.getParent() == null ? file : file.getParent());
        kept.stream()
                .filter(it -> real(file).startsWith(real(it.path())))
                .findFirst()
                .ifPresent(it -> {
                    throw wouldOverwrite(name + " " + it.why());
                });
        if (temporary.filter(it -> there.startsWith(real(it))).isPresent()) return;
        if (readOnly) {
            throw UserError.input(
                    ErrorCode.READ_ONLY,
                    name + " is not written: with --read-only a script writes no files",
                    "run it without --read-only");
        }
        if (usual.stream().anyMatch(it -> there.startsWith(real(it)))
                || allowed.stream().anyMatch(it -> there.startsWith(real(it)))) return;
        String message = name + " lies outside the folders that a script may write to";
        List<String> notes = List.of(
                "it would be written to " + there,
                confined
                        ? "with --each, each run has a folder of its own: " + out
                        : "these are the working folder and the one of --out DIR");
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.WRITE_OUTSIDE,
                message,
                notes,
                "allow its folder: --allow-write=" + there);
    }

    /** @throws UserError where the command will write over a file that the script reads */
    void checkReading(String name, Path file) {
        kept.stream()
                .filter(it -> it.writer().isPresent() && real(file).equals(real(it.path())))
                .findFirst()
                .ifPresent(it -> {
                    String message =
                            "the script reads " + name + ", and " + it.writer().get() + " would write over it";
                    throw UserError.input(ErrorCode.WOULD_OVERWRITE, message, "give the file another name");
                });
    }

    static UserError wouldOverwrite(String why) {
        String help = "give the result a name of its own, or write it to another folder with --out DIR";
        return UserError.input(ErrorCode.WOULD_OVERWRITE, why, help);
    }

    /** A file or folder as it is behind links, as far as it exists; what does not exist yet cannot be one. */
    static Path real(Path path) {
        Path whole = path.toAbsolutePath().normalize();
        Path there = whole;
        while (there.getParent() != null && !Files.exists(there)) there = there.getParent();
        try {
            return there.toRealPath().resolve(there.relativize(whole)).normalize();
        } catch (IOException e) {
            return whole; // gone meanwhile, or not to be read: writing then fails by itself
        }
    }
}
