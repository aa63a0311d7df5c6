package io.circuitscript.task;

import java.nio.file.Path;
import java.util.List;

/**
 * Where pairs are read from: a file, or the files of a data set, one after the other.
 *
 * @param name what messages and results call them
 */
public record DataFiles(String name, List<Path> files) {
    public DataFiles {
        files = List.copyOf(files);
        if (files.isEmpty()) throw new IllegalArgumentException("no files");
    }

    public static DataFiles of(String name, Path file) {
        return new DataFiles(name, List.of(file));
    }

    /** What messages call one of the files. */
    String nameOf(Path file) {
        return files.size() == 1 ? name : name + " (" + file.getFileName() + ")";
    }
}
