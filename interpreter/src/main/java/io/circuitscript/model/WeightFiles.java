package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds a folder's weights: one safetensors file, or its shards by their index. */
final class WeightFiles {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    /** What weights are looked for by. */
    static final List<String> ENTRANCES = List.of(SINGLE, INDEX);

    /** A plain name: no folder, nothing that is hidden or that no file can have. */
    private static final Pattern FILE_NAME = Pattern.compile("[^./\\\\\\p{Cntrl}][^/\\\\\\p{Cntrl}]{0,254}");

    private WeightFiles() {}

    /** Every tensor, by its name in the files, with the file that has it. */
    static SequencedMap<String, SafetensorsFile> open(Path folder, OpenWeights opened) {
        Path single = folder.resolve(SINGLE);
        Unreadable.refuse(single.toString(), single);
        if (Files.isRegularFile(single)) {
            SafetensorsFile file = opened.open(single);
            var tensors = new LinkedHashMap<String, SafetensorsFile>();
            for (String name : file.names()) tensors.put(name, file);
            return Collections.unmodifiableSequencedMap(tensors);
        }
        Path index = folder.resolve(INDEX);
        Unreadable.refuse(index.toString(), index);
        if (Files.isRegularFile(index)) return shards(index, opened);
        throw absent(folder);
    }

    /** The names of the files that a folder's weights are in: one, which counts alone, or an index and the shards that it names. */
    static List<String> names(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) return List.of(SINGLE);
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) return List.of();
        SortedSet<String> names = new TreeSet<>(Set.of(INDEX));
        for (JsonNode shard : JsonFile.read(index, ErrorCode.WEIGHTS_MALFORMED).path("weight_map")) {
            if (FILE_NAME.matcher(shard.asText()).matches()) names.add(shard.asText());
        }
        return List.copyOf(names);
    }

    private static SequencedMap<String, SafetensorsFile> shards(Path index, OpenWeights opened) {
        JsonNode map = JsonFile.read(index, ErrorCode.WEIGHTS_MALFORMED).path("weight_map");
        if (!map.isObject()) throw malformed(index, "it has no weight_map");
        Map<String, SafetensorsFile> files = new HashMap<>();
        var tensors = new LinkedHashMap<String, SafetensorsFile>();
        for (var field : map.properties()) {
            String name = field.getKey();
            if (!field.getValue().isTextual()) throw malformed(index, "it gives no file for tensor " + name);
            String shard = field.getValue().textValue();
            SafetensorsFile file = files.computeIfAbsent(shard, it -> shard(index, it, opened));
            if (!file.has(name))
                throw malformed(index, "it says that " + shard + " has tensor " + name + ", but it does not");
            tensors.put(name, file);
        }
        return Collections.unmodifiableSequencedMap(tensors);
    }

    private static SafetensorsFile shard(Path index, String shard, OpenWeights opened) {
        // An index names its neighbours and nothing else: it comes from the network.
        if (!FILE_NAME.matcher(shard).matches())
            throw malformed(index, "it names " + shard + ", which is not a file beside it");
        Path file = index.resolveSibling(shard);
        Unreadable.refuse(file.toString(), file);
        if (!Files.isRegularFile(file)) {
            throw UserError.missing(
                    ErrorCode.WEIGHTS_MISSING,
                    file + " is missing, a part of the weights that " + INDEX + " names",
                    "download the model again, with all its parts");
        }
        return opened.open(file);
    }

    private static UserError absent(Path folder) {
        Stream<String> pickles = Stream.of("pytorch_model.bin", "pytorch_model.bin.index.json");
        if (pickles.anyMatch(name -> Files.exists(folder.resolve(name)))) {
            return new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.WEIGHTS_PICKLED,
                    folder
                            + " has its weights as pytorch_model.bin, a pickle, which is not supported: reading one runs the code in it",
                    List.of("supported: " + SINGLE + ", or its shards with " + INDEX),
                    "load the model in transformers and save it with model.save_pretrained(folder, safe_serialization=True)");
        }
        Optional<Adapter> adapter = Adapter.in(folder);
        if (adapter.isPresent()) return adapter.get().alone(folder);
        return UserError.missing(
                ErrorCode.WEIGHTS_MISSING,
                folder + " has no weights: neither " + SINGLE + " nor " + INDEX,
                "download the model again, or save it with transformers' save_pretrained");
    }

    private static UserError malformed(Path index, String why) {
        return UserError.input(ErrorCode.WEIGHTS_MALFORMED, "wrong " + index + ": " + why, "download the model again");
    }
}
