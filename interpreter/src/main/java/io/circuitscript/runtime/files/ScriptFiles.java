package io.circuitscript.runtime.files;

import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.NamedPipe;
import io.circuitscript.io.Unreadable;
import io.circuitscript.io.UserHome;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.runtime.value.ValueText;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Resolves the names of files in a script: first among the files that it wrote, then beside it. */
public final class ScriptFiles {
    /** A folder with more entries is not searched for similar names. */
    private static final int SEARCHED = 2000;

    private static final String DESTROYED = ", and writing it would destroy it";

    private final Path workingFolder;
    private Path readFolder;
    private final Path writeFolder;
    private final WritePermissions writing;
    private final Set<Path> written;
    private final InheritedPipes pipes;
    private final Set<Path> inputs = new HashSet<>();
    private final Set<Path> models = new LinkedHashSet<>();
    private final Set<Path> targets = new LinkedHashSet<>();
    private Optional<Path> script = Optional.empty();
    private boolean others;
    private boolean leavesPipes;
    private FileReads reads = FileReads.free();

    /** The files of a session before its first text, in the working folder. */
    public ScriptFiles(Path workingFolder, Path writeFolder, Set<Path> written) {
        this(workingFolder, writeFolder, WritePermissions.USUAL, written);
    }

    /** The same, with other permissions to write. */
    public ScriptFiles(Path workingFolder, Path writeFolder, WritePermissions writing, Set<Path> written) {
        this(workingFolder, workingFolder, writeFolder, writing, written, new InheritedPipes());
    }

    private ScriptFiles(
            Path workingFolder,
            Path readFolder,
            Path writeFolder,
            WritePermissions writing,
            Set<Path> written,
            InheritedPipes pipes) {
        this.workingFolder = workingFolder;
        this.readFolder = readFolder;
        this.writeFolder = writeFolder;
        this.writing = writing;
        this.written = new HashSet<>(written);
        this.pipes = pipes;
    }

    public ScriptFiles copy() {
        var copy = new ScriptFiles(workingFolder, readFolder, writeFolder, writing, written, pipes);
        copy.inputs.addAll(inputs);
        copy.models.addAll(models);
        copy.script = script;
        copy.others = others;
        copy.leavesPipes = leavesPipes;
        copy.reads = reads; // one account of all paths
        return copy;
    }

    /** The same, and records what is read. */
    public ScriptFiles with(FileReads account) {
        reads = account;
        return this;
    }

    /** The same, and opens nothing that the process was started with, such as standard input: a run, in a process of its own, reads another one. */
    public ScriptFiles leavingPipes() {
        leavesPipes = true;
        return this;
    }

    /** Whether what a file holds is only known to a run. */
    private boolean isLeft(String name) {
        return leavesPipes && NamedPipe.isOwnName(resolve(readFolder, name));
    }

    /** @throws UserError where only a run can read the file, and the check has to */
    public void checkReadNow(String name) {
        if (isLeft(name))
            throw UserError.input(
                    ErrorCode.NOT_A_FILE,
                    name + " is not a file: what comes through it is not read while a script is written",
                    "save what comes through it in a file");
    }

    /** The record of what was read. */
    public FileReads reads() {
        return reads;
    }

    /** The working folder of the command, whatever script runs. */
    public Path workingFolder() {
        return workingFolder;
    }

    /** The folder that relative names of files to read start from. */
    public Path readFolder() {
        return readFolder;
    }

    /** Changes the folder that relative names start from, as at the beginning of an imported file. @return the folder before */
    public Path enter(Path folder) {
        Path before = readFolder;
        readFolder = folder;
        return before;
    }

    /** The files for the next text of the same session: what was written, and what must not be overwritten, is kept. */
    public ScriptFiles forText(Path folder, Optional<Path> file) {
        var next = new ScriptFiles(workingFolder, folder, writeFolder, writing, written, pipes);
        next.inputs.addAll(inputs);
        next.models.addAll(models);
        next.script = file;
        next.leavesPipes = leavesPipes;
        return next;
    }

    /** The files of the same session from another working folder: what was written, and what must not be overwritten, is kept. */
    public ScriptFiles movedTo(Path working, Path write) {
        var moved = new ScriptFiles(working, working, write, writing, written, pipes);
        moved.inputs.addAll(inputs);
        moved.models.addAll(models);
        moved.targets.addAll(targets);
        moved.reads = reads;
        moved.leavesPipes = leavesPipes;
        return moved;
    }

    /** The file of that name, to read. From here on it may not be overwritten. @throws UserError where there is none, or a lock has another hash for it */
    public Path toRead(String name) {
        Path own = target(name);
        if (written.contains(own)) return own;
        Path named = resolve(readFolder, name);
        if (isLeft(name)) return named;
        Path beside = NamedPipe.isOwn(named) ? pipes.file(name, named) : named;
        Unreadable.refuse(name, beside);
        if (Files.isRegularFile(beside)) {
            writing.checkReading(name, beside);
            inputs.add(beside);
            reads.file(name, beside);
            return beside;
        }
        Optional<Path> standard = StandardData.file(name);
        if (standard.isPresent()) return standard.get(); // a part of the program, as its tasks are
        if (others) return beside;
        throw missing(name, beside);
    }

    /** Whether there is something of exactly that name, be it a file or not. */
    public boolean has(String name) {
        Path beside = resolve(readFolder, name);
        return written.contains(target(name))
                || Files.exists(beside, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(beside);
    }

    /** Where a file of that name is written. @throws UserError where that is not possible, or the script needs the file that is there */
    public Path toWrite(String name) {
        Path file = target(name);
        if (name.endsWith("/") || Files.isDirectory(file)) {
            String example = ValueText.quoted(name.replaceAll("/+$", "") + "/circuit.json");
            throw UserError.input(ErrorCode.NOT_A_FILE, name + " is a folder", "give the file a name: " + example);
        }
        checkKept(name, file);
        writing.check(name, file, workingFolder, writeFolder);
        AtomicFile.check(file);
        targets.add(file);
        return file;
    }

    /** @throws UserError where the session needs what is there */
    public void checkKept(String name, Path file) {
        if (script.filter(it -> same(it, file)).isPresent())
            throw WritePermissions.wouldOverwrite(name + " is this script" + DESTROYED);
        if (inputs.stream().anyMatch(it -> same(it, file)))
            throw WritePermissions.wouldOverwrite("the script reads " + name + DESTROYED);
        for (Path model : models) {
            if (same(model, file)) {
                throw WritePermissions.wouldOverwrite(name + " is a file of the model in " + model.getParent()
                        + ", and writing it would change the model");
            }
        }
    }

    /** Protects the files of a loaded model from here on: none may be overwritten, and none that it would read may be created. */
    public void keepModel(Path folder) {
        if (!folder.getFileSystem().equals(FileSystems.getDefault())) return; // in the program's own archive
        ModelFiles.names(folder)
                .forEach(name ->
                        models.add(ModelFiles.file(folder.toAbsolutePath().normalize(), name)));
    }

    /** Whether two names lead to the same file, also through links. */
    private static boolean same(Path a, Path b) {
        try {
            return a.equals(b)
                    || Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b)
                    || WritePermissions.real(a).equals(WritePermissions.real(b));
        } catch (IOException e) {
            return false; // one of them is gone, and nothing can be lost
        }
    }

    /** Whether the script writes that file, or may, so that what is there in the check may be of another run; also whether only a run can read it. */
    public boolean isWritten(String name) {
        return others || isLeft(name) || written.contains(target(name));
    }

    /** Notes that the script writes a file, or will have written it. */
    public void wrote(String name) {
        written.add(target(name));
    }

    /** The files read so far, imports included, without those that the script wrote itself; by name. */
    public List<Path> read() {
        return inputs.stream().filter(it -> !targets.contains(it)).sorted().toList();
    }

    /** The files to write so far, in that order. */
    public List<Path> targets() {
        return List.copyOf(targets);
    }

    /** Notes that files may have been written whose names the check does not know. */
    public void mayWriteOthers() {
        others = true;
    }

    public void join(ScriptFiles other) {
        written.addAll(other.written);
        inputs.retainAll(other.inputs);
        models.retainAll(other.models);
        others |= other.others;
    }

    /** Where what is written under a name stands: where files are written for a moment only, what would lie elsewhere has its place there too. */
    public Path target(String name) {
        Path file = resolve(writeFolder, name);
        return writing.temporary()
                .map(it -> it.toAbsolutePath().normalize())
                .filter(it -> !file.startsWith(it))
                .map(it -> it.resolve(file.getRoot().relativize(file).toString()))
                .orElse(file);
    }

    private static Path resolve(Path folder, String name) {
        if (name.isBlank()) throw UserError.input(ErrorCode.NOT_A_FILE, "a file's name is empty", "");
        try {
            return UserHome.resolve(name, folder).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw UserError.input(
                    ErrorCode.NOT_A_FILE, ValueText.quoted(name) + " cannot be a file name: " + e.getReason(), "");
        }
    }

    private UserError missing(String name, Path looked) {
        if (Files.isDirectory(looked))
            return UserError.input(ErrorCode.NOT_A_FILE, name + " is a folder, not a file", "");
        if (Files.exists(looked))
            return UserError.input(ErrorCode.NOT_A_FILE, name + " is not a plain file", "name a file");
        List<String> notes = new ArrayList<>();
        notes.add("looked for " + looked);
        notes.add("a file is looked for among those that the script wrote, then "
                + (script.isPresent()
                        ? "beside the script"
                        : "in the working folder, since this text is not in a file"));
        if (name.startsWith(StandardData.PREFIX))
            notes.add("data that comes with the program: " + String.join(", ", StandardData.NAMES));
        List<String> near = Spelling.nearest(String.valueOf(looked.getFileName()), namesBeside(looked), 3);
        String help = near.isEmpty()
                ? inFolderBeside(looked)
                        .map(found -> "there is " + shown(found))
                        .orElse("give its path from there, or the whole path")
                : Spelling.question(near);
        return new UserError(UserError.Kind.MISSING, ErrorCode.MISSING_FILE, "there is no file " + name, notes, help);
    }

    private Path shown(Path file) {
        Path from = readFolder.toAbsolutePath().normalize();
        return file.startsWith(from) ? from.relativize(file) : file;
    }

    /** A file of that name in a folder where it was looked for. */
    private static Optional<Path> inFolderBeside(Path file) {
        if (file.getParent() == null || !Files.isDirectory(file.getParent())) return Optional.empty();
        try (Stream<Path> entries = Files.list(file.getParent())) {
            return entries.limit(SEARCHED)
                    .sorted()
                    .map(entry -> entry.resolve(file.getFileName()))
                    .filter(Files::isRegularFile)
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty(); // only a suggestion is lost
        }
    }

    private static List<String> namesBeside(Path file) {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) return List.of();
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.limit(SEARCHED)
                    .filter(Files::isRegularFile)
                    .map(p -> p.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            return List.of(); // only a suggestion is lost
        }
    }
}
