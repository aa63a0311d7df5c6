package io.circuitscript.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What PEFT saves of a fine-tuning: a few numbers that change a base model, and no model by themselves.
 *
 * @param type as {@code peft_type} says it, in capitals; empty where it is not said
 * @param base what {@code base_model_name_or_path} says; empty where it is not said
 */
public record Adapter(String type, String base) {
    /** The file beside an adapter's weights. */
    public static final String CONFIG = "adapter_config.json";

    /** The one file of its numbers. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String LORA = "LORA";

    /** Those whose weights are a sum that can be written into the base model's own; the others add tokens or layers. */
    private static final Set<String> MERGED = Set.of(
            "", LORA, "ADALORA", "LOHA", "LOKR", "IA3", "OFT", "BOFT", "BONE", "VERA", "FOURIERFT", "HRA", "LN_TUNING");

    /** What PEFT calls its own tensors, and those of the model that it has put aside. */
    private static final Pattern TENSOR =
            Pattern.compile("(.*\\.)?(lora_[A-Za-z_]+|base_layer|modules_to_save|ia3_l)\\..*|(.*\\.)?ia3_l");

    private static final Pattern PLAIN = Pattern.compile("[\\w./-]+");

    /** The adapter in a folder, whether or not a model lies there too. */
    public static Optional<Adapter> in(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (!Files.isRegularFile(file)) return Optional.empty();
        ObjectNode json = config(folder);
        JsonNode base = json.path("base_model_name_or_path");
        return Optional.of(new Adapter(
                json.path("peft_type").asText("").strip(),
                base.isTextual() ? base.textValue().strip() : ""));
    }

    static ObjectNode config(Path folder) {
        return JsonFile.read(folder.resolve(CONFIG), ErrorCode.CONFIG_MALFORMED, JsonFile.againHelp("adapter"));
    }

    /** The adapter in a folder that holds no model. */
    public static Optional<Adapter> aloneIn(Path folder) {
        boolean model = Files.exists(folder.resolve(ModelConfig.FILE))
                || WeightFiles.ENTRANCES.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
        return model ? Optional.empty() : in(folder);
    }

    /** The first of some tensors that is of an adapter that was not merged. */
    static Optional<String> tensor(Set<String> names) {
        return names.stream().filter(name -> TENSOR.matcher(name).matches()).findFirst();
    }

    /** That an adapter's numbers lie among those of a model. */
    static UserError unmerged(Path folder, String tensor) {
        return error(
                "the weights in " + folder + " hold an adapter (LoRA) that is not merged: tensor " + tensor,
                List.of(),
                folder.toString());
    }

    /** Whether its numbers can be added to its base model's here. */
    public boolean merges() {
        return type.equals(LORA);
    }

    /** That a folder holds this and no model. */
    public UserError alone(Path folder) {
        String what = folder + " holds an adapter" + word();
        List<String> notes =
                base.isEmpty() ? List.of() : List.of("its base model is " + base + ", as " + CONFIG + " says");
        if (MERGED.contains(type))
            return error(
                    what + (merges() ? "" : ", and only LoRA is merged here") + ": merge it into its base model first",
                    notes,
                    folder.toString());
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.ADAPTER,
                what + ", which cannot be merged into its base model and is not supported",
                notes,
                "load the base model" + (base.isEmpty() ? "" : ": load \"" + base + "\""));
    }

    /** That a folder holds this, and its base model cannot be had. @param folder as it was written */
    public UserError without(String folder, UserError missing) {
        List<String> notes = new ArrayList<>(
                List.of("its base model is " + base + ", as " + CONFIG + " says", missing.getMessage()));
        notes.addAll(missing.notes());
        return new UserError(
                missing.kind(),
                ErrorCode.ADAPTER,
                folder + " holds an adapter" + word() + ", and its base model is not on this machine",
                notes,
                "give the base model: load \"FOLDER-OF-THE-BASE\" adapter=\"" + folder + "\"");
    }

    /** That no base model is named where this is loaded alone. @param folder as it was written */
    public UserError baseless(String folder) {
        return UserError.input(
                ErrorCode.ADAPTER,
                folder + " holds an adapter" + word() + ", and its " + CONFIG + " names no base model",
                nameTheBase(folder));
    }

    /** That what it names as its base model is an adapter, itself or another. @param folder as it was written */
    public UserError onAdapter(String folder, boolean itself) {
        return new UserError(
                UserError.Kind.INPUT,
                ErrorCode.ADAPTER,
                itself
                        ? folder + " holds an adapter" + word() + ", which cannot be its own base model"
                        : folder + " holds an adapter" + word() + ", and its base model is an adapter too",
                List.of("its base model is " + base + ", as " + CONFIG + " says"),
                nameTheBase(folder));
    }

    /** That it is given as its own base model. @param folder as it was written */
    public static UserError ownBase(String folder) {
        return UserError.input(
                ErrorCode.ADAPTER, "an adapter cannot be its own base model: " + folder, nameTheBase(folder));
    }

    private static String nameTheBase(String folder) {
        return "name its base model: load \"BASE\" adapter=\"" + folder + "\"";
    }

    /** That a repository of the hub holds one, and no model. */
    public static UserError onHub(String name) {
        return error(name + " holds an adapter (such as LoRA): merge it into its base model first", List.of(), name);
    }

    /** What is said where a model is loaded that an adapter lies beside. */
    String beside() {
        return "an adapter" + word()
                + " lies beside the weights, and is not applied: to study the two together, merge it first";
    }

    private String word() {
        if (type.isEmpty()) return " without a peft_type";
        return type.equals(LORA) ? " (LoRA)" : " (" + type + ")";
    }

    /** The lines still read as Python where they are pasted with their indentation. */
    private static UserError error(String message, List<String> notes, String source) {
        String help = """
                merge them where Python has peft and transformers, and load "models/merged"
                python3 -c 'import peft, transformers as t; adapter, out = "SOURCE", "models/merged"; \\
                model = peft.AutoPeftModelForCausalLM.from_pretrained(adapter); base = model.peft_config["default"].base_model_name_or_path; \\
                model.merge_and_unload().save_pretrained(out, safe_serialization=True); \\
                t.AutoTokenizer.from_pretrained(base).save_pretrained(out)'""";
        String named = help.replace("SOURCE", PLAIN.matcher(source).matches() ? source : "FOLDER");
        return new UserError(UserError.Kind.INPUT, ErrorCode.ADAPTER, message, notes, named);
    }
}
