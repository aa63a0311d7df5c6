package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.graph.ModelGraph;
import io.circuitscript.io.Unreadable;
import io.circuitscript.model.Family.Flag;
import io.circuitscript.model.Family.Key;
import io.circuitscript.model.Family.Part;
import io.circuitscript.model.Family.Setting;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A model's config.json, read by the keys of its family. Every error names the file. */
final class ConfigFile {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LARGEST = 1 << 28;

    /** What JSON writes in letters and is no text. */
    private static final Set<String> WORDS = Set.of("true", "false", "null");

    /** What a number may be at most where memory or time follow from it: several times what the largest models have. */
    private static final Map<Setting, Integer> LARGEST_OF = Map.of(
            Setting.LAYERS,
            1024,
            Setting.HEADS,
            1024,
            Setting.KV_HEADS,
            1024,
            Setting.D_MODEL,
            1 << 20,
            Setting.D_HEAD,
            1 << 16,
            Setting.D_MLP,
            1 << 24);

    private final Path file;
    private final ObjectNode json;
    /** Where the file's own words make it another one than {@code model_type} names. */
    private final Optional<Family> family;

    private final Optional<Wrapper> wrapper;

    /** @param json of the text part, where it is of a model of several parts */
    private ConfigFile(Path file, ObjectNode json, Optional<Family> family, Optional<Wrapper> wrapper) {
        this.file = file;
        this.json = json;
        this.family = family;
        this.wrapper = wrapper;
    }

    /** @param json what a file of another kind says, by the keys of that family */
    static ConfigFile of(Path file, ObjectNode json, Family family) {
        return new ConfigFile(file, json, Optional.of(family), Optional.empty());
    }

    static ConfigFile read(Path file) {
        Unreadable.refuse(file.toString(), file);
        if (!Files.isRegularFile(file)) throw absent(file);
        ConfigFile whole = new ConfigFile(
                file, JsonFile.read(file, ErrorCode.CONFIG_MALFORMED), Optional.empty(), Optional.empty());
        Optional<Wrapper> wrapper = Wrapper.of(whole.json);
        ObjectNode text = wrapper.map(whole::textOf).orElse(whole.json);
        return new ConfigFile(file, inOnePlace(text), Optional.empty(), wrapper);
    }

    private ObjectNode textOf(Wrapper wrapper) {
        return wrapper.text(json)
                .orElseThrow(() ->
                        wrong("it has no text_config, which has the settings of a " + wrapper.type() + "'s text part"));
    }

    /** What the model is the text part of. */
    Optional<Wrapper> wrapper() {
        return wrapper;
    }

    /** The newest files keep apart how each kind of layer turns queries and keys: put as the others have it. */
    private static ObjectNode inOnePlace(ObjectNode json) {
        JsonNode all = json.path("rope_parameters");
        JsonNode full = all.path("full_attention");
        if (!full.isObject()) return json;
        ObjectNode same = json.deepCopy();
        same.set("rope_parameters", full);
        JsonNode local = all.path("sliding_attention").path("rope_theta");
        if (!local.isMissingNode()) same.set("rope_local_base_freq", local);
        return same;
    }

    private static UserError absent(Path file) {
        Path folder = Optional.ofNullable(file.getParent()).orElse(Path.of("."));
        if (!Files.isDirectory(folder)) {
            return UserError.missing(
                    ErrorCode.MODEL_MISSING,
                    "there is no folder " + folder,
                    "give the folder that holds the model's config.json");
        }
        Optional<Adapter> adapter = Adapter.in(folder);
        if (adapter.isPresent()) return adapter.get().alone(folder);
        return UserError.missing(
                ErrorCode.CONFIG_MISSING,
                folder + " is not a model's folder: it has no " + ModelConfig.FILE,
                "a model's folder holds config.json, tokenizer.json and model.safetensors, as transformers' save_pretrained writes them");
    }

    ModelConfig config(String name) {
        Family family = family();
        Quantization.refuse(json, file);
        refuse(family);
        int layers = size(family, Setting.LAYERS);
        int heads = size(family, Setting.HEADS);
        int kvHeads = find(family, Setting.KV_HEADS)
                .map(node -> size(family, Setting.KV_HEADS))
                .orElse(heads);
        if (heads % kvHeads != 0) {
            throw wrong(key(family, Setting.HEADS) + " is " + heads + ", which " + key(family, Setting.KV_HEADS) + " "
                    + kvHeads + " does not divide");
        }
        checkGraph(layers, heads);
        int dModel = size(family, Setting.D_MODEL);
        int dEmbedding = find(family, Setting.D_EMBEDDING)
                .map(node -> size(family, Setting.D_EMBEDDING))
                .orElse(dModel);
        int dHead = find(family, Setting.D_HEAD)
                .map(node -> size(family, Setting.D_HEAD))
                .orElseGet(() -> split(family, dModel, heads));
        int dMlp = find(family, Setting.D_MLP)
                .map(node -> size(family, Setting.D_MLP))
                .orElseGet(() -> Math.multiplyExact(4, dModel));
        var attention = new AttentionConfig(this, family, layers, dHead);
        return new ModelConfig(
                name,
                family,
                layers,
                heads,
                kvHeads,
                dModel,
                dEmbedding,
                dHead,
                dMlp,
                size(family, Setting.D_VOCAB),
                attention.longest(size(family, Setting.POSITIONS)),
                find(family, Setting.POSITION_OFFSET)
                        .map(node -> size(family, Setting.POSITION_OFFSET))
                        .orElse(0),
                epsilon(family),
                activation(family),
                flag(family.parallel()),
                parts(family, dEmbedding != dModel),
                biased(family),
                scales(family, dModel),
                number(family, Setting.LOGIT_CAP).orElse(0.0),
                attention.layers());
    }

    /** Whether logits come from the token embedding unless the checkpoint has a tensor of its own for them. */
    boolean tied(Family family) {
        return flag(family.tied());
    }

    private Family family() {
        if (family.isPresent()) return family.get();
        String known = Families.ALL.stream().map(Family::name).collect(Collectors.joining(", "));
        JsonNode type = json.path("model_type");
        if (!type.isTextual()) {
            throw wrong("it does not say model_type, by which the model's family is known (supported: " + known + ")");
        }
        Family family = Families.named(type.textValue()).orElseThrow(() -> unsupported(type.textValue(), known));
        return chosen(family);
    }

    /** The family that a model's settings make of the one that its type names. */
    private Family chosen(Family family) {
        for (Family.Choice choice : family.choices()) {
            Optional<JsonNode> value = find(choice.key());
            if (value.isEmpty()) continue;
            Family other = choice.families().get(value.get().toString());
            if (other != null) return chosen(other);
            if (!value.get().toString().equals(choice.own())) {
                throw unsupported(
                        choice.key() + " is " + value.get() + ", which is not supported (supported: "
                                + String.join(", ", choice.values()) + ")",
                        choice.key(),
                        "compare it with the config.json that the model was published with");
            }
        }
        return family;
    }

    private UserError unsupported(String type, String known) {
        boolean experts = Families.EXPERTS.contains(type);
        String reason = experts ? ": their MLPs are mixtures of experts, which no node of the graph represents" : "";
        String near = experts
                ? ""
                : Spelling.question(Spelling.nearest(
                        type, Families.ALL.stream().map(Family::name).toList(), 3));
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.UNSUPPORTED_FAMILY,
                "models of type " + type + " are not supported" + reason + " (supported: " + known + ")",
                List.of("model_type in " + file),
                (near.isEmpty() ? "" : near + " ") + "load a model of a supported type; the bundled one is load demo");
    }

    private void refuse(Family family) {
        for (Family.Refused refused : family.refused()) {
            Optional<JsonNode> value = find(refused.key());
            if (value.isEmpty() || value.get().equals(parsed(refused.computed()))) continue;
            if (refused.isFlag()) flag(refused.key(), false);
            throw unsupported(
                    refused.key() + " is " + value.get() + ", which is not supported: " + refused.reason(),
                    refused.key(),
                    "load a model with " + refused.key() + " " + refused.computed());
        }
    }

    /** @param key what is not supported */
    UserError unsupported(String message, String key, String help) {
        return new UserError(
                UserError.Kind.INPUT, ErrorCode.UNSUPPORTED_CONFIG, message, List.of(key + " in " + file), help);
    }

    private int split(Family family, int dModel, int heads) {
        if (dModel % heads == 0) return dModel / heads;
        throw wrong(key(family, Setting.D_MODEL) + " is " + dModel + ", which " + key(family, Setting.HEADS) + " "
                + heads + " does not divide");
    }

    /** @param projected whether two matrices lead from the embeddings' width to the stream's and back */
    private Set<Part> parts(Family family, boolean projected) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        family.parts().forEach((part, place) -> {
            if (flag(place.there())) parts.add(part);
        });
        if (!projected) parts.removeAll(EnumSet.of(Part.EMBEDDING_IN, Part.EMBEDDING_OUT));
        else if (!parts.contains(Part.EMBEDDING_IN)) throw new IllegalStateException(family.name());
        return parts;
    }

    private Scales scales(Family family, int dModel) {
        double embedding = number(family, Setting.EMBEDDING_SCALE).orElse(1.0);
        return new Scales(
                family.scaledEmbedding() ? Math.sqrt(dModel) : embedding,
                number(family, Setting.BLOCK_SCALE).orElse(1.0),
                number(family, Setting.LOGIT_SCALE).orElse(1.0)
                        / number(family, Setting.LOGIT_DIVISOR).orElse(1.0));
    }

    private Set<Part> biased(Family family) {
        Set<Part> biased = EnumSet.noneOf(Part.class);
        family.parts().forEach((part, place) -> {
            if (!flag(place.there())) return;
            boolean has = part.kind() == Part.Kind.NORM ? family.norm().biased() : flag(place.bias());
            if (has) biased.add(part);
        });
        return biased;
    }

    /** What messages call a setting. */
    String key(Family family, Setting setting) {
        return family.settings().get(setting).name();
    }

    /** A setting's value as the file has it, or as the family takes it for granted. */
    Optional<JsonNode> find(Family family, Setting setting) {
        Key key = family.settings().get(setting);
        if (key == null) return Optional.empty();
        for (String name : key.names()) {
            Optional<JsonNode> value = find(name);
            if (value.isPresent()) return value;
            // Newer files keep what turns queries and keys together.
            if (json.path("rope_parameters").hasNonNull(name))
                return Optional.of(json.path("rope_parameters").get(name));
        }
        return key.otherwise().map(ConfigFile::parsed);
    }

    private static JsonNode parsed(String value) {
        try {
            return Character.isLetter(value.charAt(0)) && !WORDS.contains(value)
                    ? MAPPER.getNodeFactory().textNode(value)
                    : MAPPER.readTree(value);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the file has by a key, where it is there and not null. A point in it leads into an object, unless the file has a key with a point. */
    Optional<JsonNode> find(String key) {
        if (json.hasNonNull(key)) return Optional.of(json.get(key));
        JsonNode at = json;
        if (json.has(key)) at = json.get(key);
        else for (String name : key.split("\\.")) at = at.path(name);
        return at.isMissingNode() || at.isNull() ? Optional.empty() : Optional.of(at);
    }

    boolean flag(Flag flag) {
        return flag.key().map(key -> flag(key, flag.otherwise())).orElse(flag.otherwise()) != flag.negated();
    }

    boolean flag(String key, boolean byDefault) {
        Optional<JsonNode> value = find(key);
        if (value.isEmpty()) return byDefault;
        if (!value.get().isBoolean()) throw wrong(key + " is " + value.get() + ", not true or false");
        return value.get().booleanValue();
    }

    /** A whole number from 1 on. */
    int size(Family family, Setting setting) {
        JsonNode value = find(family, setting).orElseThrow(() -> wrong("it has no " + key(family, setting)));
        return size(key(family, setting), value, LARGEST_OF.getOrDefault(setting, LARGEST));
    }

    int size(String key, JsonNode value) {
        return size(key, value, LARGEST);
    }

    private int size(String key, JsonNode value, int most) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw wrong(key + " is " + value + ", not a whole number from 1 on");
        }
        if (value.intValue() > most)
            throw wrong(key + " is " + value + ", more than any model has (" + most + " at most)");
        return value.intValue();
    }

    /** Every edge has a number. */
    private void checkGraph(int layers, int heads) {
        if (ModelGraph.isCountable(layers, heads)) return;
        throw wrong("a model of " + layers + " layers of " + heads + " heads has more edges than can be counted");
    }

    /** A positive number. */
    Optional<Double> number(Family family, Setting setting) {
        return find(family, setting).map(value -> number(key(family, setting), value));
    }

    double number(String key, JsonNode value) {
        if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > Float.MAX_VALUE) {
            throw wrong(key + " is " + value + ", not a positive number");
        }
        return value.doubleValue();
    }

    private double epsilon(Family family) {
        String key = key(family, Setting.NORM_EPSILON);
        JsonNode value = find(family, Setting.NORM_EPSILON).orElseThrow(() -> wrong("it has no " + key));
        if (!value.isNumber() || !(value.doubleValue() > 0) || value.doubleValue() > 1) {
            throw wrong(key + " is " + value + ", not a small positive number");
        }
        return value.doubleValue();
    }

    private Activation activation(Family family) {
        boolean older = family.settings().containsKey(Setting.OLDER_ACTIVATION)
                && find(family, Setting.ACTIVATION).isEmpty();
        Setting setting = older ? Setting.OLDER_ACTIVATION : Setting.ACTIVATION;
        String key = key(family, setting);
        JsonNode value = find(family, setting).orElseThrow(() -> wrong("it has no " + key));
        String name = value.isTextual() ? value.textValue() : value.toString();
        if (older && name.equals("gelu")) return Activation.GELU_TANH;
        return Activation.named(name)
                .orElseThrow(() -> wrong(
                        key + " is " + name + ", which is not supported (supported: " + Activation.names() + ")"));
    }

    UserError wrong(String what) {
        String help = "compare it with the config.json that the model was published with";
        return UserError.input(ErrorCode.CONFIG_WRONG, "wrong " + file + ": " + what, help);
    }
}
