package io.circuitscript.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that a checkpoint has open, and the memory that holds what was read of them. Close it. */
final class OpenWeights implements AutoCloseable {
    private final List<WeightFile> files = new ArrayList<>();
    private final Arena arena = Arena.ofShared();

    SafetensorsFile open(Path path) {
        WeightFile file = WeightFile.open(path);
        files.add(file);
        return SafetensorsFile.of(file);
    }

    /** Memory that is there until this is closed. */
    Arena memory() {
        return arena;
    }

    /** Once everything that is wanted was read. */
    void closeFiles() {
        files.forEach(WeightFile::close);
        files.clear();
    }

    @Override
    public void close() {
        closeFiles();
        if (arena.scope().isAlive()) arena.close();
    }
}
