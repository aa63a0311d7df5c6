package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A LoRA adapter's folder, merged into the weights of its base model: each tensor must have its place there. */
final class AdapterWeights {
    /** What PEFT puts in front of the names of a model's own tensors. */
    private static final String WRAPPER = "base_model.model.";

    private static final Pattern PART =
            Pattern.compile("(?<module>.+)\\.lora_(?<embedding>embedding_)?(?<side>[AB])(\\.weight)?");

    /** A module, or the end of its path; any other expression could take all time. */
    private static final Pattern MODULE = Pattern.compile("\\^?[\\w.-]+\\$?");

    /** What changes how the numbers are used: taken without it they would be another model's. */
    private static final List<String> REFUSED = List.of(
            "use_dora",
            "use_qalora",
            "lora_bias",
            "layer_replication",
            "target_parameters",
            "trainable_token_indices",
            "alora_invocation_tokens",
            "arrow_config");

    /** Ways to begin that change the base model too. */
    private static final Pattern BEGINS_ELSEWHERE = Pattern.compile("(?i)(pissa.*|olora|corda|loftq)");

    private static final int LARGEST_RANK = 1 << 16;
    private static final int MOST_SHOWN = 60;

    private final Path folder;
    private final ObjectNode config;
    private final SafetensorsFile file;
    private final ModelConfig model;
    private final Map<String, Weight> weights;
    private final Optional<GgufBase> gguf;

    private AdapterWeights(
            Path folder,
            SafetensorsFile file,
            ModelConfig model,
            Map<String, Weight> weights,
            Optional<GgufBase> gguf) {
        this.gguf = gguf;
        this.folder = folder;
        this.config = Adapter.config(folder);
        this.file = file;
        this.model = model;
        this.weights = weights;
    }

    /**
     * Reads an adapter's numbers and changes the weights that it changes.
     *
     * @param weights the base model's, by the family's names
     * @param gguf whether these are llama.cpp's
     */
    static void merge(
            Path folder,
            OpenWeights opened,
            ModelConfig model,
            boolean tied,
            Map<String, Weight> weights,
            boolean gguf) {
        Path path = folder.resolve(Adapter.WEIGHTS);
        Unreadable.refuse(path.toString(), path);
        if (!Files.isRegularFile(path)) throw absent(folder);
        var adapter = new AdapterWeights(
                folder, opened.open(path), model, weights, gguf ? Optional.of(GgufBase.of(model)) : Optional.empty());
        adapter.refuseOtherTypes();
        adapter.refuseWrongValues();
        adapter.refuseOthers();
        adapter.merge(tied);
    }

    private static UserError absent(Path folder) {
        boolean pickled = Files.exists(folder.resolve("adapter_model.bin"));
        if (!pickled)
            return error(folder + " has no " + Adapter.WEIGHTS, "download the adapter again, with its weights");
        return UserError.input(
                ErrorCode.WEIGHTS_PICKLED,
                folder
                        + " has its weights as adapter_model.bin, a pickle, which is not supported: reading one runs the code in it",
                "load the adapter in peft and save it with model.save_pretrained(folder, safe_serialization=True)");
    }

    private void refuseOtherTypes() {
        String type = config.path("peft_type").asText("").strip();
        if (!type.equalsIgnoreCase("LORA"))
            throw error(
                    folder + " holds an adapter of the type " + (type.isEmpty() ? "that it does not say" : type)
                            + "; only LoRA is merged here",
                    "merge it in peft: model.merge_and_unload().save_pretrained(folder)");
    }

    private void refuseOthers() {
        for (String key : REFUSED) {
            JsonNode value = config.path(key);
            boolean used = value.isBoolean()
                    ? value.booleanValue()
                    : value.isContainerNode() ? !value.isEmpty() : value.isValueNode() && !value.isNull();
            if (used) throw unsupported(key + "=" + shown(value) + ",");
        }
        JsonNode begins = config.path("init_lora_weights");
        if (begins.isTextual() && BEGINS_ELSEWHERE.matcher(begins.textValue()).matches())
            throw unsupported("init_lora_weights=" + shown(begins) + " (it changes the base model too),");
    }

    /** Nothing is taken for what it is not: another scaling would be another model. */
    private void refuseWrongValues() {
        for (String key : List.of("use_rslora", "use_dora", "fan_in_fan_out")) {
            JsonNode value = config.path(key); // null is peft's false
            if (!value.isBoolean() && !value.isNull() && !value.isMissingNode())
                throw wrongConfig(key + " is " + shown(value) + ", not true or false");
        }
        if (config.has("r")) requireRank("r", config.get("r"));
        if (config.has("lora_alpha")) requireNumber("lora_alpha", config.get("lora_alpha"));
        for (var entry : entries("rank_pattern", "whole numbers"))
            requireRank("rank_pattern of " + shortened(entry.getKey()), entry.getValue());
        for (var entry : entries("alpha_pattern", "numbers"))
            requireNumber("alpha_pattern of " + shortened(entry.getKey()), entry.getValue());
    }

    private Set<Map.Entry<String, JsonNode>> entries(String key, String of) {
        JsonNode value = config.path(key);
        if (!value.isObject() && !value.isMissingNode())
            throw wrongConfig(key + " is " + shown(value) + ", not an object of names of modules and " + of);
        return value.properties();
    }

    private void requireRank(String key, JsonNode value) {
        if (!value.isIntegralNumber() || value.bigIntegerValue().signum() < 1)
            throw wrongConfig(key + " is " + shown(value) + ", not a whole number from 1 on");
        if (!value.canConvertToInt() || value.intValue() > LARGEST_RANK)
            throw wrongConfig(
                    key + " is " + shown(value) + ", more than any adapter has (" + LARGEST_RANK + " at most)");
    }

    private void requireNumber(String key, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue()))
            throw wrongConfig(
                    key + " is " + shown(value) + ", not a " + (value.isNumber() ? "finite " : "") + "number");
    }

    private static String shown(JsonNode value) {
        return shortened(value.isNumber() ? value.asText() : value.toString()); // an infinity has quotes otherwise
    }

    private static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    private UserError unsupported(String what) {
        return error(
                "the adapter in " + folder + " has " + what + " which is not supported",
                "merge it in peft: model.merge_and_unload().save_pretrained(folder)");
    }

    private static UserError error(String message, String help) {
        return UserError.input(ErrorCode.ADAPTER, message, help);
    }

    private void merge(boolean tied) {
        Set<String> left = new LinkedHashSet<>(file.names());
        if (left.isEmpty()) throw error(folder + " has an adapter without tensors", "download the adapter again");
        left.removeIf(name -> PART.matcher(name).matches());
        left.forEach(name -> replace(name, tied)); // matrices that were saved whole have theirs added below
        for (String name : file.names()) {
            Matcher part = PART.matcher(name);
            if (!part.matches()) continue;
            boolean embedding = part.group("embedding") != null;
            if (part.group("side").equals("B")) continue;
            String other = name.replace(
                    embedding ? ".lora_embedding_A" : ".lora_A", embedding ? ".lora_embedding_B" : ".lora_B");
            if (!file.has(other)) throw damaged("it has " + name + " but not " + other);
            mergeOne(part.group("module"), name, other, embedding, tied);
        }
        for (String name : file.names()) {
            Matcher part = PART.matcher(name);
            if (part.matches() && part.group("side").equals("B")) {
                String other =
                        name.replace(".lora_embedding_B", ".lora_embedding_A").replace(".lora_B", ".lora_A");
                if (!file.has(other)) throw damaged("it has " + name + " but not " + other);
            }
        }
    }

    /** A module's path in the model, without what PEFT puts around it. */
    private static String path(String module) {
        String path = module.startsWith(WRAPPER) ? module.substring(WRAPPER.length()) : module;
        return path.replace(".base_layer", "").replace(".modules_to_save", "");
    }

    private void mergeOne(String module, String down, String up, boolean embedding, boolean tied) {
        String path = path(module);
        Weight base = base(down, path + ".weight");
        refuseShared(down, base, tied);
        long[] a = file.shape(down);
        long[] b = file.shape(up);
        if (a.length != 2 || b.length != 2 || a[0] != b[1] || a[0] < 1 || a[0] > LARGEST_RANK)
            throw damaged(down + " and " + up + " have the shapes " + Arrays.toString(a) + " and " + Arrays.toString(b)
                    + ", which are not those of a product");
        int rank = (int) a[0];
        int said = (int) pattern("rank_pattern", path, config.path("r").asDouble(8));
        if (said != rank) throw damaged(down + " is of rank " + rank + "; " + Adapter.CONFIG + " says " + said);
        // An embedding is [in, out], as GPT-2's matrices are but in GGUF files and for lm_head. peft goes by the base
        // model too, whatever
        // fan_in_fan_out says.
        boolean head = base.name().equals(model.family().weight(Family.Part.UNEMBEDDING, 0));
        boolean transposed = embedding || gguf.isEmpty() && model.family().inputFirst() && !head;
        long[] needed = transposed ? new long[] {a[1], b[0]} : new long[] {b[0], a[1]};
        if (!Arrays.equals(needed, base.shape())) {
            throw wrong(down + " and " + up + " change a matrix of the shape " + Arrays.toString(needed) + "; "
                    + base.name() + " of the base model has " + Arrays.toString(base.shape()));
        }
        double alpha = pattern("alpha_pattern", path, config.path("lora_alpha").asDouble(8));
        double scaling = alpha / (config.path("use_rslora").asBoolean() ? Math.sqrt(rank) : rank);
        var merged = new AdaptedWeight(base, scaling, numbers(down), numbers(up), rank, transposed);
        weights.put(base.name(), merged.weight());
    }

    /** A tensor that the adapter has whole: a bias, or a module that was trained. */
    private void replace(String name, boolean tied) {
        Weight base = base(name, path(name));
        if (gguf.isPresent() && gguf.get().keepsOtherwise(base)) {
            throw unsupported(name + ", a module that was trained whole and that GGUF files keep in another way,");
        }
        refuseShared(name, base, tied);
        if (!Arrays.equals(file.shape(name), base.shape())) {
            throw wrong(name + " has the shape " + Arrays.toString(file.shape(name)) + "; " + base.name()
                    + " of the base model has " + Arrays.toString(base.shape()));
        }
        weights.put(base.name(), file.weight(name, base.name()));
    }

    /** @param path of the tensor in the model as transformers has it */
    private Weight base(String tensor, String path) {
        Optional<String> name =
                gguf.map(it -> it.name(path)).orElseGet(() -> Optional.of(TensorNames.ours(model.family(), path)));
        Weight base = name.map(weights::get).orElse(null);
        if (base != null) return base;
        throw wrong("its tensor " + tensor + " has no place in the base model, a "
                + model.family().name() + " of " + model.layers() + " layers");
    }

    /** Whether the logits are to follow is not said by the adapter's files. */
    private void refuseShared(String tensor, Weight base, boolean tied) {
        if (tied && base.name().equals(model.family().weight(Family.Part.TOKENS, 0)))
            throw unsupported(
                    tensor + ", which changes the token embedding of a model that has the same matrix for its logits,");
    }

    private double pattern(String key, String path, double usual) {
        for (var entry : config.path(key).properties()) {
            String name = entry.getKey();
            if (!MODULE.matcher(name).matches())
                throw unsupported(key + " \"" + shortened(name) + "\", a regular expression,");
            String plain = name.replace("^", "").replace("$", "");
            boolean whole = name.startsWith("^");
            if (path.equals(plain) || !whole && path.endsWith("." + plain))
                return entry.getValue().asDouble(usual);
        }
        return usual;
    }

    private double[] numbers(String name) {
        Weight weight = file.weight(name, name);
        if (weight.elements() > 1 << 27) throw damaged(name + " has " + weight.elements() + " numbers");
        double[] numbers = new double[(int) weight.elements()];
        ByteBuffer from = ByteBuffer.allocate(Math.toIntExact(weight.bytes())).order(ByteOrder.LITTLE_ENDIAN);
        weight.read(0, from);
        from.flip();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = AdaptedWeight.next(from, weight.format());
            if (!Double.isFinite(numbers[i])) throw damaged(name + " has " + numbers[i] + " in it");
        }
        return numbers;
    }

    /** Of a value of the configuration. */
    private UserError wrongConfig(String what) {
        return error("wrong " + folder.resolve(Adapter.CONFIG) + ": " + what, JsonFile.againHelp("adapter"));
    }

    private UserError damaged(String why) {
        return error("wrong adapter in " + folder + ": " + why, JsonFile.againHelp("adapter"));
    }

    private UserError wrong(String why) {
        return error(
                "the adapter in " + folder + " does not fit: " + why,
                "give the base model that the adapter was trained on: load \"BASE\" adapter=\"" + folder + "\"");
    }
}
