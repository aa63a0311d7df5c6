package io.circuitscript.model;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A model's folder or GGUF file, read: its configuration and its named weights. It owns the memory of those that were read to be kept. */
public final class Checkpoint implements AutoCloseable {
    /** What Hugging Face's own models leave unread too. */
    private static final Pattern BUFFER = Pattern.compile(
            ".*\\.(attn|attention|self_attn|attn\\.attention)\\.(bias|masked_bias)|.*rotary_emb\\.(inv_freq|cos_cached|sin_cached)");

    /**
     * Where it was read from.
     *
     * @param name as the script has it
     * @param folder or a GGUF file
     * @param adapter the folder of the adapter that was merged into the weights
     */
    public record Origin(String name, Path folder, Optional<Path> adapter) {}

    private final Origin origin;
    private final ModelConfig config;
    private final OpenWeights opened;
    private final Map<String, Weight> weights;
    private final Optional<Weight> unembedding;
    private final List<String> notes;
    private final Optional<String> quantization;

    private Checkpoint(
            Origin origin,
            ModelConfig config,
            OpenWeights opened,
            Map<String, Weight> weights,
            Optional<Weight> unembedding,
            List<String> notes,
            Optional<String> quantization) {
        this.origin = origin;
        this.config = config;
        this.opened = opened;
        this.weights = weights;
        this.unembedding = unembedding;
        this.notes = List.copyOf(notes);
        this.quantization = quantization;
    }

    /** Reads config.json and the headers of the weight files; checks that they agree. Nothing large is read. */
    public static Checkpoint open(String name, Path folder) {
        return open(name, folder, Optional.empty());
    }

    /** The same with the adapter of a folder merged into the weights. */
    public static Checkpoint open(String name, Path folder, Optional<Path> adapterFolder) {
        OpenWeights opened = new OpenWeights();
        try {
            Optional<GgufModel> gguf = Gguf.is(folder) ? Optional.of(GgufModel.open(folder, opened)) : Optional.empty();
            ConfigFile file = gguf.map(it -> ConfigFile.of(folder, it.settings(), it.family()))
                    .orElseGet(() -> ConfigFile.read(folder.resolve(ModelConfig.FILE)));
            ModelConfig config = file.config(name);
            SequencedMap<String, ? extends TensorFile> tensors =
                    gguf.isPresent() ? gguf.get().tensors() : WeightFiles.open(folder, opened);
            if (gguf.isEmpty()) refuseForeign(folder, tensors.keySet());
            List<String> notes = new ArrayList<>();
            TensorNames names = TensorNames.of(config.family(), file.wrapper(), tensors.keySet());
            file.wrapper()
                    .ifPresent(wrapper -> notes.add(wrapper.note(config.family().name(), names.ofOtherParts())));
            names.note().ifPresent(notes::add);
            Map<String, Place> places = places(names, tensors);
            SequencedMap<String, Weight> weights = new LinkedHashMap<>();
            for (ModelConfig.Needed needed : config.needed()) {
                weights.put(needed.name(), checked(config, folder, places, needed));
            }
            boolean tied = file.tied(config.family());
            Optional<Weight> unembedding = unembedding(config, tied, folder, places, weights);
            unembedding.ifPresent(weight -> weights.put(weight.name(), weight));
            if (tied && unembedding.isPresent()) notes.add(untied(unembedding.get()));
            unembeddingBias(config)
                    .ifPresent(needed -> weights.put(needed.name(), checked(config, folder, places, needed)));
            refuseExtra(config, folder, places, weights.keySet());
            if (adapterFolder.isPresent()) {
                AdapterWeights.merge(
                        adapterFolder.get(), opened, config, tied && unembedding.isEmpty(), weights, gguf.isPresent());
                unembedding = unembedding.map(weight -> weights.get(weight.name()));
            } else if (gguf.isEmpty()) {
                Adapter.in(folder).ifPresent(adapter -> notes.add(adapter.beside()));
            }
            Optional<String> quantization = gguf.map(GgufModel::quantization);
            return new Checkpoint(
                    new Origin(name, folder, adapterFolder),
                    config,
                    opened,
                    Collections.unmodifiableMap(weights),
                    unembedding,
                    notes,
                    quantization);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    public Origin origin() {
        return origin;
    }

    /** What a user should know of how the files were taken; each reads on after the model's name. */
    public List<String> notes() {
        return notes;
    }

    /** The type that most of a GGUF file's numbers have, such as {@code Q4_K}; empty for a folder. */
    public Optional<String> quantization() {
        return quantization;
    }

    /** How many numbers its weights are. */
    public ModelSize size() {
        return ModelSize.of(weights.values());
    }

    /** The tensor of that name (family's own prefix left out). @throws io.circuitscript.source.UserError where there is none */
    public Weight weight(String name) {
        Weight weight = weights.get(name);
        if (weight == null)
            throw UserError.input(ErrorCode.WEIGHTS_MISSING_TENSOR, "the model has no tensor " + name, "");
        return weight;
    }

    /** Where the bytes of a weight go that is used as it is; they are there until this is closed. */
    public Arena memory() {
        return opened.memory();
    }

    /** Once every weight is on its device. */
    public void closeFiles() {
        opened.closeFiles();
    }

    /** The tensors that the computation needs, in the model's order. */
    public Set<String> names() {
        return weights.keySet();
    }

    /** The matrix {@code [dVocab, dModel]} that gives logits, where the checkpoint has one that is not its token embedding. */
    public Optional<Weight> unembedding() {
        return unembedding;
    }

    /**
     * Reads every weight once, as fast as memory gives them.
     *
     * @throws UserError naming the first tensor, in the family's order, that holds a NaN or an infinity
     */
    public void checkFinite() {
        FiniteScan.firstBad(List.copyOf(weights.values())).ifPresent(found -> {
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.WEIGHTS_NOT_FINITE,
                    "tensor " + found.weight().name() + " of " + config.name() + " holds " + found.value() + " at "
                            + index(found),
                    List.of(),
                    "the weights are damaged, or training diverged: download or train the model again");
        });
    }

    @Override
    public void close() {
        opened.close();
    }

    /** Where a tensor lies. */
    private record Place(TensorFile file, String nameInFile) {}

    /** What is no plain model, said as what it is and not by the first tensor that is missing. */
    private static void refuseForeign(Path folder, Set<String> tensors) {
        Quantization.refuse(tensors, folder);
        Adapter.tensor(tensors).ifPresent(tensor -> {
            throw Adapter.unmerged(folder, tensor);
        });
    }

    private static Map<String, Place> places(TensorNames names, Map<String, ? extends TensorFile> tensors) {
        Map<String, Place> places = new LinkedHashMap<>();
        tensors.forEach((name, file) -> {
            Optional<String> ours = names.of(name);
            if (ours.isEmpty()) return;
            Place other = places.put(ours.get(), new Place(file, name));
            if (other != null) {
                throw UserError.input(
                        ErrorCode.WEIGHTS_MALFORMED,
                        "the weights have both " + name + " and " + other.nameInFile()
                                + ": it is not clear which one is meant",
                        "save the model again with transformers' save_pretrained");
            }
        });
        return places;
    }

    /** As messages name what the configuration was read from. */
    private static String word(Path folder) {
        return Gguf.is(folder) ? "its metadata" : ModelConfig.FILE;
    }

    private static Weight checked(
            ModelConfig config, Path folder, Map<String, Place> places, ModelConfig.Needed needed) {
        String name = needed.name();
        long[] shape = needed.shape();
        Place place = places.get(name);
        if (place == null) {
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.WEIGHTS_MISSING_TENSOR,
                    "the weights in " + folder + " have no tensor " + name + ", which " + word(folder) + " asks for",
                    List.of(config.family().name() + ", " + config.layers() + " layers; the weights have "
                            + places.size() + " tensors"),
                    word(folder) + " and the weights are not of the same model, or a part of the weights is missing");
        }
        long[] there = place.file().shape(place.nameInFile());
        if (!Arrays.equals(there, shape)) {
            throw new UserError(
                    UserError.Kind.INPUT,
                    ErrorCode.WEIGHTS_WRONG_SHAPE,
                    "tensor " + name + " of " + place.file().path() + " has shape " + Arrays.toString(there) + "; "
                            + word(folder) + " asks for " + Arrays.toString(shape),
                    List.of(),
                    word(folder) + " and the weights are not of the same model");
        }
        return place.file().weight(place.nameInFile(), name);
    }

    /**
     * Files of tied models often carry the embedding twice; a second one that says the same is left out, so that nothing is loaded or
     * counted twice.
     */
    private static Optional<Weight> unembedding(
            ModelConfig config,
            boolean tied,
            Path folder,
            Map<String, Place> places,
            SequencedMap<String, Weight> weights) {
        ModelConfig.Needed needed = config.weight(Family.Part.UNEMBEDDING, 0);
        if (tied && !places.containsKey(needed.name())) return Optional.empty();
        Weight own = checked(config, folder, places, needed);
        Weight embedding = weights.firstEntry().getValue();
        boolean same = FiniteScan.same(own, embedding);
        return same ? Optional.empty() : Optional.of(own);
    }

    private static String untied(Weight own) {
        return "the configuration ties the logits to the token embedding (tie_word_embeddings is true), but the weights have an "
                + own.name()
                + " that differs from it; that one is used. transformers 5 uses it too, and warns; transformers 4 uses the token embedding";
    }

    private static Optional<ModelConfig.Needed> unembeddingBias(ModelConfig config) {
        if (!config.biased().contains(Family.Part.UNEMBEDDING)) return Optional.empty();
        return Optional.of(
                new ModelConfig.Needed(config.family().bias(Family.Part.UNEMBEDDING, 0), new long[] {config.dVocab()}));
    }

    /** A tensor that the computation does not use may be half of what the model computes. Masks and angles that some versions saved are not. */
    private static void refuseExtra(ModelConfig config, Path folder, Map<String, Place> places, Set<String> used) {
        List<String> extra = places.keySet().stream()
                .filter(name -> !used.contains(name) && !BUFFER.matcher(name).matches())
                .filter(name -> !name.equals(config.family().weight(Family.Part.UNEMBEDDING, 0)))
                .toList();
        if (extra.isEmpty()) return;
        String more = extra.size() == 1 ? "" : " and " + (extra.size() - 1) + " more";
        throw new UserError(
                UserError.Kind.INPUT,
                ErrorCode.WEIGHTS_EXTRA_TENSOR,
                "the weights in " + folder + " have tensor " + extra.getFirst() + more + ", which a "
                        + config.family().name() + " of " + config.layers() + " layers by "
                        + (Gguf.is(folder) ? "its metadata" : "its " + ModelConfig.FILE)
                        + " does not use",
                List.of(),
                word(folder)
                        + " and the weights are not of the same model, or the model has parts that are not computed here");
    }

    private static String index(FiniteScan.Found found) {
        long[] shape = found.weight().shape();
        List<Long> index = new ArrayList<>();
        long rest = found.element();
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index.addFirst(rest % shape[axis]);
            rest /= shape[axis];
        }
        String of = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", ", "[", "]"));
        return index + " of " + of;
    }
}
