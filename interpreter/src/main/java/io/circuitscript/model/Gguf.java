package io.circuitscript.model;

import io.circuitscript.model.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Which paths are models in llama.cpp's format, where a model is one file. */
public final class Gguf {
    private Gguf() {}

    /** Whether a file's name is one of this format. */
    public static boolean isNameOf(String file) {
        return file.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /** Whether a model is such a file and no folder. */
    public static boolean is(Path model) {
        return model.getFileName() != null && isNameOf(model.getFileName().toString()) && !Files.isDirectory(model);
    }

    /** What such a file says of its model and its tokenizer. */
    public static Map<String, Object> metadata(Path file) {
        try (OpenWeights opened = new OpenWeights()) {
            return GgufFile.read(opened.file(file)).metadata();
        }
    }

    /** Such files of a folder, by name. */
    public static List<Path> in(Path folder) {
        if (!Files.isDirectory(folder)) return List.of(); // a pipe would be waited for
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> isNameOf(file.getFileName().toString()))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** The one such file of a folder that is the whole model: the folder has no configuration of its own. */
    public static Optional<Path> only(Path folder) {
        if (Files.isRegularFile(folder.resolve(ModelConfig.FILE))) return Optional.empty();
        List<Path> files = in(folder);
        return files.size() == 1 ? Optional.of(files.getFirst()) : Optional.empty();
    }
}
