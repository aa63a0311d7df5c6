package io.circuitscript.model;

import io.circuitscript.io.FileHashes;
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
    private static final List<String> CONFIGURATION = List.of("config.json");
    private static final List<String> TOKENIZER =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");

    private ModelFiles() {}

    /** The names of all that is read of a model in that folder, there or not: a file of such a name that is made later would be read too. */
    public static List<String> names(Path folder) {
        return Stream.of(CONFIGURATION, WeightFiles.names(folder), WeightFiles.ENTRANCES, TOKENIZER)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** The hash of each by its name, for each part of a model. */
    public static SequencedMap<String, Map<String, String>> hashes(Path folder, FileHashes hashes) {
        var parts = new LinkedHashMap<String, Map<String, String>>();
        parts.put("configuration", of(folder, CONFIGURATION, hashes));
        parts.put("weights", of(folder, WeightFiles.names(folder), hashes));
        parts.put("tokenizer", of(folder, TOKENIZER, hashes));
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
