package io.circuitscript.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The files of a model's folder that results follow from: configuration, weights, tokenizer. */
public final class ModelFiles {
    /** What a file of JSON may have: twice the largest tokenizer that is known; a tree of it still fits into the heap. */
    public static final long MOST_JSON_BYTES = 64L << 20;

    private ModelFiles() {}

    /** The hash of each by its name, for each part of a model. */
    public static SequencedMap<String, Map<String, String>> hashes(Path folder, FileHashes hashes) {
        var parts = new LinkedHashMap<String, Map<String, String>>();
        parts.put("configuration", of(folder, List.of("config.json"), hashes));
        parts.put("weights", of(folder, WeightFiles.names(folder), hashes));
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
}
