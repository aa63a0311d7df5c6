package io.circuitscript.runtime.statements;

import io.circuitscript.graph.ModelGraph;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Remembers the shapes of models that the check has read: an editor checks the same script again and again. Safe from any thread. */
final class KnownShapes {
    /** More models than a script loads. */
    private static final int MOST = 64;

    /** A folder of more files is read each time. */
    private static final int MOST_FILES = 500;

    /** What the check knows of a model. */
    record Shape(ModelGraph graph, int dModel) {}

    /** A model's files as they were when it was read: the names, sizes and times of all. */
    private record Key(Path model, Optional<Path> adapter, List<String> files) {}

    private final Map<Key, Shape> known = new LinkedHashMap<>();

    /** The shape of a model. @param read reads it, where that was not done since its files changed last */
    Shape of(Path model, Optional<Path> adapter, Supplier<Shape> read) {
        Optional<Key> key = key(model, adapter);
        if (key.isEmpty()) return read.get();
        synchronized (known) {
            Shape shape = known.get(key.get());
            if (shape != null) return shape;
        }
        Shape shape = read.get();
        synchronized (known) {
            if (known.size() == MOST) known.clear();
            known.put(key.get(), shape);
        }
        return shape;
    }

    /** Empty where it is not known whether the files change. */
    private static Optional<Key> key(Path model, Optional<Path> adapter) {
        List<String> files = new ArrayList<>();
        try {
            note(model, files);
            if (adapter.isPresent()) note(adapter.get(), files);
        } catch (IOException e) {
            return Optional.empty(); // reading it says what is wrong
        }
        return files.size() > MOST_FILES ? Optional.empty() : Optional.of(new Key(model, adapter, files));
    }

    private static void note(Path path, List<String> files) throws IOException {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) return; // in the program's own archive
        if (!Files.isDirectory(path)) {
            files.add(stamp(path));
            return;
        }
        try (Stream<Path> entries = Files.list(path)) {
            for (Path entry : entries.limit(MOST_FILES + 1L).sorted().toList()) files.add(stamp(entry));
        }
    }

    private static String stamp(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return file + " " + attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
    }
}
