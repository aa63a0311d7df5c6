package io.circuitscript.runtime;

import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where the files that a script names are: those that it wrote, then those beside it. */
public final class ScriptFiles {
    /** A folder of more entries is not searched for similar names. */
    private static final int SEARCHED = 2000;

    private final Path readFolder;
    private final Path writeFolder;
    private final Set<Path> written;
    private boolean others;

    ScriptFiles(Path readFolder, Path writeFolder, Set<Path> written) {
        this.readFolder = readFolder;
        this.writeFolder = writeFolder;
        this.written = new HashSet<>(written);
    }

    ScriptFiles copy() {
        var copy = new ScriptFiles(readFolder, writeFolder, written);
        copy.others = others;
        return copy;
    }

    /** The folder that relative names of files to read start from. */
    public Path readFolder() {
        return readFolder;
    }

    Set<Path> written() {
        return Set.copyOf(written);
    }

    /** The file of that name to read. @throws UserError where there is none */
    public Path toRead(String name) {
        Path own = resolve(writeFolder, name);
        if (written.contains(own)) return own;
        Path beside = resolve(readFolder, name);
        if (Files.isRegularFile(beside)) return beside;
        if (others) return beside;
        throw missing(name, beside);
    }

    /** Where a file of that name is to be written. @throws UserError where the name cannot be one */
    public Path toWrite(String name) {
        Path file = resolve(writeFolder, name);
        if (name.endsWith("/") || Files.isDirectory(file)) {
            String example = ValueText.quoted(name.replaceAll("/+$", "") + "/circuit.json");
            throw UserError.input("not-a-file", name + " is a folder", "give the file a name: " + example);
        }
        return file;
    }

    /** Notes that the script writes, or will have written, a file. */
    public void wrote(String name) {
        written.add(resolve(writeFolder, name));
    }

    /** Notes that files may have been written of which the check does not know the names. */
    void mayWriteOthers() {
        others = true;
    }

    void join(ScriptFiles other) {
        written.addAll(other.written);
        others |= other.others;
    }

    private static Path resolve(Path folder, String name) {
        if (name.isBlank()) throw UserError.input("not-a-file", "a file's name is empty", "");
        try {
            Path path = name.startsWith("~/") ? Path.of(System.getProperty("user.home"), name.substring(2)) : folder.resolve(name);
            return path.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw UserError.input("not-a-file", ValueText.quoted(name) + " cannot name a file: " + e.getReason(), "");
        }
    }

    private static UserError missing(String name, Path looked) {
        if (Files.isDirectory(looked)) return UserError.input("not-a-file", name + " is a folder, not a file", "");
        List<String> notes = new ArrayList<>();
        notes.add("looked for " + looked);
        List<String> near = Spelling.nearest(String.valueOf(looked.getFileName()), namesBeside(looked), 3);
        String help = near.isEmpty()
                ? "a file is looked for among those that the script wrote, then beside the script"
                : "did you mean " + String.join(", ", near) + "?";
        return new UserError(UserError.Kind.MISSING, "missing-file", "there is no file " + name, notes, help);
    }

    private static List<String> namesBeside(Path file) {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.limit(SEARCHED).filter(Files::isRegularFile).map(p -> p.getFileName().toString()).sorted().toList();
        } catch (IOException unreadable) {
            return List.of(); // only a suggestion is lost
        }
    }
}
