package io.circuitscript.model;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What comes with the program, as files: on disk where it runs from its build, in the standard library's jar otherwise. */
public final class BundledFiles {
    private static final String FOLDER = "io/circuitscript/stdlib/";

    private BundledFiles() {}

    /** @param name from the standard library's folder on; empty where it has no such file */
    public static Optional<Path> file(String name) {
        URL found = BundledFiles.class.getClassLoader().getResource(FOLDER + name);
        if (found == null) return Optional.empty();
        try {
            URI uri = found.toURI();
            return Optional.of(
                    uri.getScheme().equals("jar") ? archive(uri).getPath("/" + FOLDER + name) : Path.of(uri));
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("cannot open what comes with the program at " + found, e);
        }
    }

    /** The system keeps one file system for each archive; somebody else may open it at the same moment. */
    private static FileSystem archive(URI uri) throws IOException {
        while (true) {
            try {
                return FileSystems.getFileSystem(uri);
            } catch (FileSystemNotFoundException notYet) {
                try {
                    return FileSystems.newFileSystem(uri, Map.of());
                } catch (FileSystemAlreadyExistsException meanwhile) {
                    continue;
                }
            }
        }
    }
}
