package io.circuitscript.model.locate;

import io.circuitscript.graph.ModelGraph;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.hub.Hub;
import io.circuitscript.model.hub.HubName;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What {@code load} takes: the bundled models, the models on this machine, and those of the hub that have short names. */
public final class ModelList {
    private ModelList() {}

    /** Where a model is. */
    public enum Place {
        BUNDLED,
        FOLDER,
        CACHE,
        HUB
    }

    /**
     * A model's shape.
     *
     * @param family its {@code model_type}
     */
    public record Shape(String family, int layers, int heads, int dModel, long parameters, ModelGraph graph) {
        private static Shape of(KnownModel known) {
            return new Shape(
                    known.family(), known.layers(), known.heads(), known.dModel(), known.parameters(), known.graph());
        }
    }

    /**
     * A model that can be loaded, or a reason why not.
     *
     * @param repository on the hub, where it is from there
     * @param folder where it is on this machine
     * @param obstacle why it cannot be loaded
     */
    public record Entry(
            String name,
            Optional<HubName> repository,
            Place place,
            Optional<Path> folder,
            Optional<Shape> shape,
            Optional<String> obstacle) {}

    /** All of them: the bundled ones, then those on this machine, then the others. */
    public static List<Entry> of(ModelLocator.SearchPath searchPath) {
        List<Entry> entries = new ArrayList<>();
        for (String bundled : ModelLocator.BUNDLED) {
            Path folder =
                    ModelLocator.resolve(bundled, List.of(), searchPath.base()).folder();
            entries.add(onDisk(bundled, Optional.empty(), Place.BUNDLED, folder));
        }
        Set<String> names = new HashSet<>(ModelLocator.BUNDLED);
        for (Map.Entry<String, Path> folder :
                ModelLocator.inFolders(searchPath.folders()).entrySet()) {
            if (!names.add(folder.getKey())) continue;
            Optional<HubName> repository = KnownModels.named(folder.getKey()).map(KnownModel::repository);
            entries.add(onDisk(folder.getKey(), repository, Place.FOLDER, folder.getValue()));
        }
        Hub hub = searchPath.hub();
        for (HubName repository : hub.here()) {
            String name = KnownModels.named(repository.repository())
                    .map(KnownModel::name)
                    .orElse(repository.repository());
            if (!names.add(name)) continue;
            Path folder = hub.cached(repository, Revision.MAIN).orElseThrow().folder();
            entries.add(onDisk(name, Optional.of(repository), Place.CACHE, folder));
        }
        KnownModels.all().stream()
                .filter(known -> !names.contains(known.name()))
                .map(ModelList::onHub)
                .forEach(entries::add);
        return List.copyOf(entries);
    }

    private static Entry onDisk(String name, Optional<HubName> repository, Place place, Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(name, folder)) {
            ModelConfig config = checkpoint.config();
            long parameters = checkpoint.size().inBlocks() + checkpoint.size().outsideBlocks();
            Shape shape = new Shape(
                    config.family().name(),
                    config.layers(),
                    config.heads(),
                    config.dModel(),
                    parameters,
                    config.graph());
            return new Entry(name, repository, place, Optional.of(folder), Optional.of(shape), Optional.empty());
        } catch (UserError e) {
            Optional<Shape> known = KnownModels.named(name).map(Shape::of);
            return new Entry(name, repository, place, Optional.of(folder), known, Optional.of(e.getMessage()));
        }
    }

    private static Entry onHub(KnownModel known) {
        Optional<String> obstacle = known.supported()
                ? Optional.empty()
                : Optional.of("models of type " + known.family() + " are not supported");
        return new Entry(
                known.name(),
                Optional.of(known.repository()),
                Place.HUB,
                Optional.empty(),
                Optional.of(Shape.of(known)),
                obstacle);
    }

    /**
     * Those that words speak of: a model's name, an older one, its repository's, or a part of one.
     *
     * @throws UserError where a word speaks of none
     */
    public static List<Entry> matching(List<Entry> all, List<String> words) {
        if (words.isEmpty()) return all;
        Set<Entry> found = new LinkedHashSet<>();
        List<String> unknown = new ArrayList<>();
        for (String word : words) {
            List<Entry> own = of(all, word);
            if (own.isEmpty()) unknown.add(word);
            found.addAll(own);
        }
        if (!unknown.isEmpty()) throw none(all, unknown);
        return all.stream().filter(found::contains).toList();
    }

    private static List<Entry> of(List<Entry> all, String word) {
        Optional<HubName> known = KnownModels.named(word).map(KnownModel::repository);
        List<Entry> exact = all.stream()
                .filter(entry -> entry.name().equalsIgnoreCase(word))
                .toList();
        if (!exact.isEmpty()) return exact;
        String part = word.toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(entry -> entry.name().toLowerCase(Locale.ROOT).contains(part)
                        || known.isPresent() && entry.repository().equals(known)
                        || entry.shape()
                                .filter(shape -> shape.family().equals(part))
                                .isPresent()
                        || entry.repository()
                                .filter(it ->
                                        it.repository().toLowerCase(Locale.ROOT).contains(part))
                                .isPresent())
                .toList();
    }

    private static UserError none(List<Entry> all, List<String> words) {
        List<String> names = all.stream().map(Entry::name).toList();
        List<String> near = words.stream()
                .flatMap(word -> KnownModels.nearest(word, names).stream())
                .distinct()
                .toList();
        String help = near.isEmpty()
                ? "'circuit models' lists all; others of the hub are loaded by their own names, as owner/model"
                : Spelling.question(near);
        return UserError.missing(
                ErrorCode.MODEL_MISSING,
                "no model that is listed has " + String.join(", nor ", words) + " in its name",
                help);
    }
}
