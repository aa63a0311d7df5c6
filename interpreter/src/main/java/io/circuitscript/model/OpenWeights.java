package io.circuitscript.model;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that a checkpoint has open, and the memory that holds what was read from them. Must be closed. */
final class OpenWeights implements AutoCloseable {
    private final List<WeightFile> files = new ArrayList<>();
    private final Arena arena = Arena.ofShared();

    SafetensorsFile open(Path path) {
        return SafetensorsFile.of(file(path));
    }

    WeightFile file(Path path) {
        WeightFile file = WeightFile.open(path);
        files.add(file);
        return file;
    }

    /** Memory that stays valid until this object is closed. */
    Arena memory() {
        return arena;
    }

    /** Closes the files but keeps the memory: for when everything that is needed has been read. */
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
