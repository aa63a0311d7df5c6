package io.circuitscript.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.Unreadable;
import io.circuitscript.model.Family.Setting;
import io.circuitscript.model.gguf.GgufBlocks;
import io.circuitscript.model.gguf.GgufFile;
import io.circuitscript.model.gguf.GgufType;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A GGUF file as a model: its configuration, its family with the file's own names, and its tensors. */
final class GgufModel implements TensorFile {
    private static final String ARCHITECTURE = "general.architecture";
    /** A factor for each pair of numbers that is turned. */
    private static final String FREQUENCIES = "rope_freqs.weight";

    private static final String SHORT_FACTORS = "rope_factors_short.weight";
    private static final String LONG_FACTORS = "rope_factors_long.weight";
    private static final int MOST_FACTORS = 1 << 16;
    private static final int MOST_LAYERS = 1024;

    private final Path path;
    private final GgufFile file;
    private final GgufArchitecture architecture;
    private final Family family;

    private GgufModel(Path path, GgufFile file) {
        this.path = path;
        this.file = file;
        this.architecture = architecture();
        this.family = GgufFamily.of(architecture, file);
    }

    /** Reads the header. @param opened closes the file */
    static GgufModel open(Path path, OpenWeights opened) {
        Unreadable.refuse(path.toString(), path);
        if (!Files.isRegularFile(path)) {
            throw UserError.missing(
                    ErrorCode.MODEL_MISSING, "there is no file " + path, "give the path of a GGUF file");
        }
        return new GgufModel(path, GgufFile.read(opened.file(path)));
    }

    private GgufArchitecture architecture() {
        refuseOtherKinds();
        String known = GgufArchitecture.ALL.stream().map(GgufArchitecture::name).collect(Collectors.joining(", "));
        String name = file.text(ARCHITECTURE)
                .orElseThrow(() -> file.unsupported(
                        "its metadata has no " + ARCHITECTURE + ", by which the model's family is known",
                        "convert the model again with a current llama.cpp"));
        GgufArchitecture found = GgufArchitecture.named(name)
                .filter(it -> Families.named(it.family()).isPresent())
                .orElseThrow(() -> unknown(name, known));
        boolean experts = file.whole(name + ".expert_count").orElse(0L) > 0;
        if (experts) {
            throw UserError.input(
                    ErrorCode.UNSUPPORTED_FAMILY,
                    path + " is a mixture of experts (" + name
                            + ".expert_count), which is not supported: no node of the graph represents its MLPs",
                    "load a model without experts");
        }
        return found;
    }

    /** Files of this format that hold something else, or only a part of a model. */
    private void refuseOtherKinds() {
        String kind = file.text("general.type").orElse("model");
        if (kind.equals("adapter")) {
            throw file.unsupported(
                    "it is an adapter in GGUF form (general.type), which is not merged here",
                    "take the adapter's folder as peft saves it, load \"BASE\" adapter=\"FOLDER\", or merge it with llama.cpp: llama-export-lora -m BASE.gguf --lora ADAPTER.gguf -o merged.gguf");
        }
        if (!kind.equals("model")) {
            throw file.unsupported(
                    "it is not a model but of the kind " + kind + " (general.type)",
                    "load the model that it belongs to");
        }
        long parts = file.whole("split.count").orElse(1L);
        if (parts > 1) {
            throw file.unsupported(
                    "it is one of " + parts + " parts of a model",
                    "join the parts with llama.cpp: llama-gguf-split --merge FIRST-PART whole.gguf");
        }
    }

    private UserError unknown(String name, String known) {
        String near = Spelling.question(Spelling.nearest(
                name, GgufArchitecture.ALL.stream().map(GgufArchitecture::name).toList(), 2));
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.UNSUPPORTED_FAMILY,
                "GGUF files of architecture " + name + " are not supported (supported: " + known + ")",
                List.of(ARCHITECTURE + " in " + path),
                (near.isEmpty() ? "" : near + " ") + "load a model of a supported architecture");
    }

    Family family() {
        return family;
    }

    /** What its metadata says, for {@link ConfigFile}: its own keys, and config.json's for how positions are stretched. */
    ObjectNode settings() {
        String prefix = architecture.name() + ".";
        ObjectNode json = JsonFile.MAPPER.createObjectNode();
        file.metadata().forEach((key, value) -> {
            if (key.startsWith(prefix)) put(json, key, value);
        });
        long[] tokens = tensor(family.weight(Family.Part.TOKENS, 0))
                .map(GgufFile.Tensor::shape)
                .orElse(new long[0]);
        if (tokens.length == 2) json.put(prefix + GgufArchitecture.KEYS.get(Setting.D_VOCAB), tokens[0]);
        String window = prefix + GgufArchitecture.KEYS.get(Setting.WINDOW);
        if (json.path(window).asLong(1) == 0) json.remove(window);
        windows(json, prefix + GgufArchitecture.KEYS.get(Setting.WINDOW_PATTERN));
        scaling(json, prefix);
        refuseSettings(json, prefix);
        scoresByWidth(json, prefix);
        return json;
    }

    private static void put(ObjectNode json, String key, Object value) {
        switch (value) {
            case Long number -> json.put(key, number);
            // A 32-bit number was written in decimals once: 1e-5, and not the nearest 32-bit number.
            case Double number
            when (float) (double) number == number ->
                json.put(key, Double.parseDouble(Float.toString((float) (double) number)));
            case Double number -> json.put(key, number);
            case Boolean flag -> json.put(key, flag);
            case String text -> json.put(key, text);
            // One number for each layer: what is the same for all is one number.
            case int[] numbers
            when numbers.length > 0 && Arrays.stream(numbers).allMatch(it -> it == numbers[0]) ->
                json.put(key, numbers[0]);
            case int[] numbers
            when numbers.length <= MOST_LAYERS -> {
                ArrayNode list = json.putArray(key);
                for (int number : numbers) list.add(number);
            }
            default -> {}
        }
    }

    /** Which layers have a window, where the file says it of each. */
    private void windows(ObjectNode json, String key) {
        if (!(file.metadata().get(key) instanceof List<?> layers) || layers.size() > MOST_LAYERS) return;
        ArrayNode types = json.putArray("layer_types");
        for (Object local : layers) types.add(Boolean.TRUE.equals(local) ? "sliding_attention" : "full_attention");
    }

    private void refuseSettings(ObjectNode json, String prefix) {
        refuse(
                json,
                prefix + "attention.causal",
                !json.path(prefix + "attention.causal").asBoolean(true));
        refuse(
                json,
                prefix + "attention.clamp_kqv",
                json.path(prefix + "attention.clamp_kqv").asDouble() > 0);
        String alibi = prefix + "attention.max_alibi_bias";
        refuse(
                json,
                alibi,
                family.positions() != Family.Positions.ALIBI && json.path(alibi).asDouble() > 0);
        String window = prefix + GgufArchitecture.KEYS.get(Setting.WINDOW);
        refuse(
                json,
                window,
                family.windows() == Family.Windows.NONE && json.path(window).asLong() > 0);
        long values = json.path(prefix + "attention.value_length").asLong(0);
        refuse(
                json,
                prefix + "attention.value_length",
                values != 0
                        && values != json.path(prefix + "attention.key_length").asLong(values));
    }

    private void refuse(ObjectNode json, String key, boolean set) {
        if (!set) return;
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.UNSUPPORTED_CONFIG,
                key + " is " + json.get(key) + ", which is not supported",
                List.of(key + " in " + path),
                "load a model without it");
    }

    private void scoresByWidth(ObjectNode json, String prefix) {
        if (architecture.scaledByWidth().isEmpty()) return;
        int layers = architecture.scaledByWidth().getAsInt();
        double heads = json.path(prefix + "attention.head_count").asDouble();
        if (json.path(prefix + "block_count").asInt() != layers || !(heads > 0)) return;
        json.put(
                prefix + GgufArchitecture.KEYS.get(Setting.QUERY_SCALAR),
                json.path(prefix + "embedding_length").asDouble() / heads);
    }

    /** How rotary positions are stretched, in config.json's words. */
    private void scaling(ObjectNode json, String prefix) {
        String scaling = prefix + "rope.scaling.";
        double positions = json.path(prefix + "context_length").asDouble();
        Optional<float[]> factors = tensor(FREQUENCIES).map(this::factors);
        Optional<float[]> shortFactors = tensor(SHORT_FACTORS).map(this::factors);
        if (factors.isPresent()) {
            byFactors(json, factors.get(), 1)
                    .put("original_max_position_embeddings", (long) positions)
                    .put("attention_factor", 1.0);
            return;
        }
        if (shortFactors.isPresent()) {
            double original = json.path(scaling + "original_context_length").asDouble(positions);
            ObjectNode longrope = byFactors(json, shortFactors.get(), positions / original);
            longrope.put("original_max_position_embeddings", (long) original);
            if (json.has(scaling + "attn_factor")) longrope.set("attention_factor", json.get(scaling + "attn_factor"));
            return;
        }
        String type = json.path(scaling + "type").asText(json.has(prefix + "rope.scale_linear") ? "linear" : "none");
        if (type.equals("none")) return;
        ObjectNode rope = json.putObject("rope_scaling").put("rope_type", type);
        rope.set(
                "factor",
                json.has(scaling + "factor") ? json.get(scaling + "factor") : json.path(prefix + "rope.scale_linear"));
        if (rope.path("factor").isMissingNode()) rope.remove("factor");
        Map<String, String> names = Map.of(
                "original_context_length",
                "original_max_position_embeddings",
                "yarn_beta_fast",
                "beta_fast",
                "yarn_beta_slow",
                "beta_slow");
        names.forEach((key, name) -> {
            if (json.has(scaling + key)) rope.set(name, json.get(scaling + key));
        });
        for (String key : List.of("yarn_ext_factor", "yarn_attn_factor", "yarn_log_multiplier", "attn_factor")) {
            double otherwise = key.equals("yarn_log_multiplier") ? 0.1 : 1;
            double given = json.path(scaling + key).asDouble(otherwise);
            refuse(json, scaling + key, given != otherwise && type.equals("yarn"));
        }
    }

    private static ObjectNode byFactors(ObjectNode json, float[] factors, double stretch) {
        ObjectNode rope =
                json.putObject("rope_scaling").put("rope_type", "longrope").put("factor", stretch);
        ArrayNode list = rope.putArray("short_factor");
        for (float factor : factors) list.add(factor);
        return rope;
    }

    private float[] factors(GgufFile.Tensor tensor) {
        if (tensor.type() != GgufType.F32 || tensor.elements() > MOST_FACTORS) {
            throw UserError.input(
                    ErrorCode.WEIGHTS_MALFORMED,
                    path + " is not a valid GGUF file: tensor " + tensor.name() + " has " + tensor.elements() + " of "
                            + tensor.type(),
                    "download or convert the model again");
        }
        return weight(tensor.name(), tensor.name()).toFloats();
    }

    private Optional<GgufFile.Tensor> tensor(String name) {
        return Optional.ofNullable(file.tensors().get(name));
    }

    /** Every tensor that is a weight, by its name. */
    SequencedMap<String, TensorFile> tensors() {
        var tensors = new LinkedHashMap<String, TensorFile>();
        for (String name : file.tensors().keySet()) {
            if (!List.of(FREQUENCIES, SHORT_FACTORS, LONG_FACTORS).contains(name)) tensors.put(name, this);
        }
        return Collections.unmodifiableSequencedMap(tensors);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long[] shape(String name) {
        return file.tensors().get(name).shape().clone();
    }

    @Override
    public Weight weight(String name, String as) {
        GgufFile.Tensor tensor = file.tensors().get(name);
        Weight.Format format = format(tensor);
        Optional<GgufWeight.HeadRows> order = headRows(name);
        return new Weight(as, format, tensor.shape(), new GgufWeight(file.file(), tensor, order), 0);
    }

    private Weight.Format format(GgufFile.Tensor tensor) {
        if (GgufBlocks.decodes(tensor.type())) return Weight.Format.F32;
        return switch (tensor.type()) {
            case F64 -> Weight.Format.F64;
            case F32 -> Weight.Format.F32;
            case F16 -> Weight.Format.F16;
            case BF16 -> Weight.Format.BF16;
            default ->
                throw UserError.input(
                        ErrorCode.WEIGHTS_UNSUPPORTED_TYPE,
                        "tensor " + tensor.name() + " of " + path + " is of type " + tensor.type()
                                + ", which is not supported (supported: F64, F32, F16, BF16, "
                                + Arrays.stream(GgufType.values())
                                        .filter(GgufBlocks::decodes)
                                        .map(GgufType::name)
                                        .collect(Collectors.joining(", "))
                                + ")",
                        "take the model in another quantization, such as Q8_0 or Q4_K_M");
        };
    }

    private Optional<GgufWeight.HeadRows> headRows(String name) {
        if (!architecture.pairedRows() || !name.matches("blk\\.\\d+\\.attn_[qk]\\.(weight|bias)"))
            return Optional.empty();
        return Optional.of(
                new GgufWeight.HeadRows(dHead(file.tensors().get(name).shape()[0])));
    }

    /** Of the configuration, which has been checked before a weight is taken; the rows must be whole heads. */
    private int dHead(long rows) {
        String prefix = architecture.name() + ".";
        long dHead = file.whole(prefix + "attention.key_length")
                .orElseGet(() -> file.whole(prefix + "embedding_length").orElse(0L)
                        / Math.max(
                                1, file.whole(prefix + "attention.head_count").orElse(1L)));
        if (dHead >= 2 && dHead % 2 == 0 && dHead <= rows && rows % dHead == 0) return (int) dHead;
        throw UserError.input(
                ErrorCode.WEIGHTS_WRONG_SHAPE,
                "queries and keys of " + path + " have " + rows + " rows, which are no heads of width " + dHead,
                "download or convert the model again");
    }

    /** The type that most of the model's numbers have, of the quantized ones where there are any. */
    String quantization() {
        Map<GgufType, Long> elements = new TreeMap<>();
        for (GgufFile.Tensor tensor : file.tensors().values()) {
            elements.merge(tensor.type(), tensor.elements(), Long::sum);
        }
        return elements.entrySet().stream()
                .max(Map.Entry.<GgufType, Long>comparingByKey(
                                (a, b) -> Boolean.compare(GgufBlocks.decodes(a), GgufBlocks.decodes(b)))
                        .thenComparing(Map.Entry.comparingByValue()))
                .map(it -> it.getKey().name())
                .orElse("none");
    }
}
