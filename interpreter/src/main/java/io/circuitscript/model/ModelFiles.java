package io.circuitscript.model;

import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a model's folder that results follow from: configuration, weights, tokenizer. */
public final class ModelFiles {
    private static final String SINGLE = "model.safetensors";

    private ModelFiles() {}

    /** The hash of each by its name, for each part of a model. */
    public static SequencedMap<String, Map<String, String>> hashes(Path folder, FileHashes hashes) {
        var parts = new LinkedHashMap<String, Map<String, String>>();
        parts.put("configuration", of(folder, List.of("config.json"), hashes));
        parts.put("weights", of(folder, weights(folder), hashes));
        parts.put("tokenizer", of(folder, List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"), hashes));
        return parts;
    }

    private static Map<String, String> of(Path folder, List<String> names, FileHashes hashes) {
        var found = new TreeMap<String, String>();
        for (String name : names) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) found.put(name, hashes.of(file));
        }
        return found;
    }

    /** One file, which counts alone, or shards and their index. */
    private static List<String> weights(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return List.of(SINGLE);
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(it -> it.getFileName().toString()).filter(ModelFiles::isWeights).toList();
        } catch (IOException e) {
            throw UserError.input("file-unreadable", "cannot list the model's folder " + folder, "check who may read it");
        }
    }

    private static boolean isWeights(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json");
    }
}
