package io.circuitscript.model.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.model.Adapter;
import io.circuitscript.model.Gguf;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which files of a repository a model is loaded from; all others stay where they are. */
final class NeededFiles {
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final String WEIGHTS = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Taken where the repository has them. */
    private static final List<String> OPTIONAL = List.of(TOKENIZER_CONFIG, "special_tokens_map.json", Adapter.CONFIG);

    private NeededFiles() {}

    /**
     * What is small and is wanted before the weights.
     *
     * @param there the repository's files
     * @throws UserError where it lacks what nothing can be loaded without
     */
    static List<String> first(HubName name, Set<String> there) {
        List<String> files = new ArrayList<>(List.of(CONFIG, TOKENIZER));
        for (String file : files) {
            if (!there.contains(file)) throw noModel(name, there).orElseGet(() -> lacks(name, file));
        }
        OPTIONAL.stream().filter(there::contains).forEach(files::add);
        if (there.contains(WEIGHTS)) return files;
        if (!there.contains(INDEX)) throw noWeights(name, there);
        files.add(INDEX);
        return files;
    }

    /** Those of the weights themselves, once the small ones are there. */
    static List<String> weights(HubName name, Set<String> there, Path snapshot) {
        if (there.contains(WEIGHTS)) return List.of(WEIGHTS);
        List<String> shards = shards(snapshot.resolve(INDEX));
        for (String shard : shards) {
            if (!there.contains(shard)) throw lacks(name, shard);
        }
        return shards;
    }

    /** The files that a snapshot would need to be loaded and has not; where it has no weights, that which one would look for first. */
    static List<String> missing(Path snapshot, boolean tokenizerConfigExists) {
        List<String> missing = new ArrayList<>();
        for (String file : List.of(CONFIG, TOKENIZER)) {
            if (!Files.isRegularFile(snapshot.resolve(file))) missing.add(file);
        }
        if (tokenizerConfigExists && !Files.isRegularFile(snapshot.resolve(TOKENIZER_CONFIG)))
            missing.add(TOKENIZER_CONFIG);
        if (Files.isRegularFile(snapshot.resolve(WEIGHTS))) return missing;
        if (!Files.isRegularFile(snapshot.resolve(INDEX))) {
            missing.add(WEIGHTS);
            return missing;
        }
        for (String shard : shards(snapshot.resolve(INDEX))) {
            if (!Files.isRegularFile(snapshot.resolve(shard))) missing.add(shard);
        }
        return missing;
    }

    /** The files that an index names, once each. */
    private static List<String> shards(Path index) {
        Set<String> shards = new TreeSet<>();
        try {
            for (JsonNode shard : new ObjectMapper().readTree(index.toFile()).path("weight_map")) {
                // It comes from the network: it names its neighbours and nothing else.
                String name = shard.asText();
                if (!name.matches("[\\w.-]+") || name.startsWith("."))
                    throw wrongIndex(index, "it names \"" + name + "\", which is not a file beside it");
                shards.add(name);
            }
        } catch (IOException e) {
            throw wrongIndex(index, "it is not valid JSON");
        }
        if (shards.isEmpty()) throw wrongIndex(index, "it names no files");
        return List.copyOf(shards);
    }

    private static UserError wrongIndex(Path index, String why) {
        return UserError.input(
                ErrorCode.WEIGHTS_MALFORMED, "wrong " + index + ": " + why, "take another revision of the model");
    }

    private static UserError noWeights(HubName name, Set<String> there) {
        boolean pickled = there.contains("pytorch_model.bin") || there.contains("pytorch_model.bin.index.json");
        if (!pickled) return noModel(name, there).orElseGet(() -> lacks(name, WEIGHTS));
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.WEIGHTS_PICKLED,
                name
                        + " has no safetensors, only pytorch_model.bin, a pickle, which is not supported: reading one runs the code in it",
                List.of(
                        "some such models have a converted version that somebody proposed: look among the pull requests on the model's page, and "
                                + "load it by revision=\"refs/pr/N\""),
                convert(name));
    }

    /** What a repository without weights of a model may hold in their place. */
    private static Optional<UserError> noModel(HubName name, Set<String> there) {
        if (there.contains(WEIGHTS) || there.contains(INDEX)) return Optional.empty();
        if (there.contains(Adapter.CONFIG)) return Optional.of(Adapter.onHub(name.toString()));
        return there.stream()
                .filter(Gguf::isNameOf)
                .sorted()
                .findFirst()
                .map(file -> UserError.input(
                        ErrorCode.GGUF,
                        name + " has its weights as GGUF files, which are not fetched from the hub",
                        "download the file that you want, as " + file + ", and load its path: load \"./"
                                + file.substring(file.lastIndexOf('/') + 1) + "\""));
    }

    private static UserError lacks(HubName name, String file) {
        String message = name + " has no " + file + ", and without it the model cannot be loaded";
        boolean makeable = file.equals(TOKENIZER);
        return UserError.input(
                ErrorCode.HUB_INCOMPLETE,
                message,
                makeable ? convert(name) : "take another revision of the model, or another model");
    }

    /** The lines still read as Python where they are pasted with their indentation. */
    private static String convert(HubName name) {
        String folder =
                "models/" + name.repository().substring(name.repository().indexOf('/') + 1);
        return """
                make a folder of it where Python has transformers, and load "%2$s"
                python3 -c 'import transformers as t; name, folder = "%1$s", "%2$s"; \\
                t.AutoModelForCausalLM.from_pretrained(name).save_pretrained(folder, safe_serialization=True); \\
                t.AutoTokenizer.from_pretrained(name).save_pretrained(folder)'""".replace("%1$s", name.toString()).replace("%2$s", folder);
    }
}
