package io.circuitscript.cli.repl;

import io.circuitscript.io.UserHome;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;

/** The file with the history of the prompt. Only its owner can read it. */
final class HistoryFile {
    private static final int MOST = 5000;

    private final Optional<Path> file;

    private HistoryFile(Optional<Path> file) {
        this.file = file;
    }

    /** The file that the environment asks for, made where it is missing; none where it cannot be. */
    static HistoryFile of(Map<String, String> variables) {
        String state = variables.getOrDefault("XDG_STATE_HOME", "");
        Optional<Path> states = state.startsWith("/")
                ? Optional.of(Path.of(state))
                : UserHome.of(variables).map(home -> home.resolve(".local/state"));
        if (states.isEmpty()) return new HistoryFile(Optional.empty());
        Path folder = states.get().resolve("circuitscript");
        try {
            boolean posix =
                    FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
            Files.createDirectories(folder, posix ? permitted("rwx------") : new FileAttribute<?>[0]);
            Path file = folder.resolve("history");
            try {
                Files.createFile(file, posix ? permitted("rw-------") : new FileAttribute<?>[0]);
            } catch (FileAlreadyExistsException fromBefore) {
                if (posix) Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
            return new HistoryFile(
                    Files.isRegularFile(file) && Files.isWritable(file) ? Optional.of(file) : Optional.empty());
        } catch (IOException | UnsupportedOperationException unwritable) {
            return new HistoryFile(Optional.empty());
        }
    }

    private static FileAttribute<?>[] permitted(String permissions) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    void attach(LineReaderImpl editor) {
        editor.variable(LineReader.HISTORY_SIZE, MOST);
        editor.variable(LineReader.HISTORY_FILE_SIZE, MOST);
        editor.option(LineReader.Option.HISTORY_TIMESTAMPED, false);
        file.ifPresent(path -> editor.variable(LineReader.HISTORY_FILE, path));
    }
}
