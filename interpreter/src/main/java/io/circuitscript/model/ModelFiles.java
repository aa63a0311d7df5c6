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

/** The files that a model's results follow from: configuration, weights, tokenizer. A GGUF file has all of them, but for a tokenizer beside it. */
public final class ModelFiles {
    private static final List<String> CONFIGURATION = List.of("config.json");
    private static final List<String> TOKENIZER =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");

    private ModelFiles() {}

    /** A file of a model's folder, or beside a model that is one file. */
    public static Path file(Path model, String name) {
        return Gguf.is(model) ? model.resolveSibling(name) : model.resolve(name);
    }

    /** The names of all that is read of a model in that folder, there or not: a file of such a name that is made later would be read too. */
    public static List<String> names(Path folder) {
        if (Gguf.is(folder))
            return Stream.concat(single(folder).stream(), TOKENIZER.stream()).toList();
        return Stream.of(CONFIGURATION, WeightFiles.names(folder), WeightFiles.ENTRANCES, TOKENIZER)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** The hash of each by its name, for each part of a model. */
    public static SequencedMap<String, Map<String, String>> hashes(Path folder, FileHashes hashes) {
        var parts = new LinkedHashMap<String, Map<String, String>>();
        boolean single = Gguf.is(folder);
        parts.put("configuration", of(folder, single ? List.of() : CONFIGURATION, hashes));
        parts.put("weights", of(folder, single ? single(folder) : WeightFiles.names(folder), hashes));
        parts.put("tokenizer", of(folder, TOKENIZER, hashes));
        return parts;
    }

    private static List<String> single(Path file) {
        return List.of(file.getFileName().toString());
    }

    private static Map<String, String> of(Path folder, List<String> names, FileHashes hashes) {
        var found = new TreeMap<String, String>();
        for (String name : names) {
            Path file = file(folder, name);
            if (Files.isRegularFile(file)) found.put(name, hashes.of(file));
        }
        return found;
    }
}
