package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A model's config.json, read by the keys of its family. Every error names the file. */
final class ConfigFile {
    private final Path file;
    private final ObjectNode json;

    private ConfigFile(Path file, ObjectNode json) {
        this.file = file;
        this.json = json;
    }

    static ConfigFile read(Path file) {
        if (!Files.isRegularFile(file)) throw absent(file);
        return new ConfigFile(file, JsonFile.read(file, "config-malformed"));
    }

    private static UserError absent(Path file) {
        Path folder = file.getParent();
        if (!Files.isDirectory(folder)) {
            return UserError.missing("model-missing", "there is no folder " + folder, "give the folder that holds the model's config.json");
        }
        return UserError.missing(
                "config-missing",
                folder + " is not a model's folder: it has no " + ModelConfig.FILE,
                "a model's folder holds config.json, tokenizer.json and model.safetensors, as transformers' save_pretrained writes them");
    }

    ModelConfig config(String name) {
        Family family = family();
        refuse(family);
        Family.Keys keys = family.keys();
        int layers = size(keys.layers());
        int heads = size(keys.heads());
        int dModel = size(keys.dModel());
        if (dModel % heads != 0) {
            throw wrong(keys.dModel() + " is " + dModel + ", which " + keys.heads() + " " + heads + " does not divide");
        }
        int dMlp = has(keys.dMlp()) ? size(keys.dMlp()) : Math.multiplyExact(4, dModel);
        return new ModelConfig(
                name,
                family,
                layers,
                heads,
                heads,
                dModel,
                dModel / heads,
                dMlp,
                size(keys.dVocab()),
                size(keys.positions()),
                epsilon(keys.normEpsilon()),
                activation(keys.activation()));
    }

    /** Whether logits come from the token embedding unless the checkpoint has a tensor of its own for them. */
    boolean tied() {
        return flag("tie_word_embeddings", true);
    }

    private Family family() {
        String known = Family.ALL.stream().map(Family::name).collect(Collectors.joining(", "));
        JsonNode type = json.path("model_type");
        if (!type.isTextual()) {
            throw wrong("it does not say model_type, by which the model's family is known (supported: " + known + ")");
        }
        return Family.named(type.textValue())
                .orElseThrow(() -> new UserError(
                        UserError.Kind.INPUT,
                        "unsupported-family",
                        "models of type " + type.textValue() + " are not supported (supported: " + known + ")",
                        List.of("model_type in " + file),
                        "load a model of a supported type; the bundled one is load demo"));
    }

    private void refuse(Family family) {
        for (Family.Refused refused : family.refused()) {
            if (flag(refused.key(), refused.computed()) != refused.computed()) {
                throw new UserError(
                        UserError.Kind.INPUT,
                        "unsupported-config",
                        refused.key() + " is " + !refused.computed() + ", which is not supported: " + refused.reason(),
                        List.of(refused.key() + " in " + file),
                        "load a model with " + refused.key() + " " + refused.computed());
            }
        }
    }

    private boolean has(String key) {
        return json.hasNonNull(key);
    }

    private boolean flag(String key, boolean byDefault) {
        if (!has(key)) return byDefault;
        JsonNode value = json.get(key);
        if (!value.isBoolean()) throw wrong(key + " is " + value + ", not true or false");
        return value.booleanValue();
    }

    private int size(String key) {
        if (!has(key)) throw wrong("it has no " + key);
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1 || value.intValue() > 1 << 28) {
            throw wrong(key + " is " + value + ", not a whole number from 1 on");
        }
        return value.intValue();
    }

    private double epsilon(String key) {
        if (!has(key)) throw wrong("it has no " + key);
        JsonNode value = json.get(key);
        if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > 1) {
            throw wrong(key + " is " + value + ", not a small positive number");
        }
        return value.doubleValue();
    }

    private Activation activation(String key) {
        if (!has(key)) throw wrong("it has no " + key);
        String name = json.get(key).asText();
        return Activation.named(name)
                .orElseThrow(() -> wrong(key + " is " + name + ", which is not supported (supported: " + Activation.names() + ")"));
    }

    private UserError wrong(String what) {
        String help = "compare it with the config.json that the model was published with";
        return UserError.input("config-wrong", "wrong " + file + ": " + what, help);
    }
}
