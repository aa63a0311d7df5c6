package io.circuitscript.model.locate;

import io.circuitscript.io.Unreadable;
import io.circuitscript.io.UserHome;
import io.circuitscript.model.BundledFiles;
import io.circuitscript.model.Gguf;
import io.circuitscript.model.ModelConfig;
import io.circuitscript.model.hub.Hub;
import io.circuitscript.model.hub.HubName;
import io.circuitscript.model.hub.HubSettings;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the folder of a model by what a script calls it. */
public final class ModelLocator {
    /** The models that come with the program: the one to begin with, and the one whose circuits are known. */
    public static final List<String> BUNDLED = List.of("demo", "planted");

    private static final String VARIABLE = "CIRCUIT_MODELS";

    private ModelLocator() {}

    /** Where a model is. */
    public sealed interface Found {
        /** What results call it: as the user did. */
        String name();
    }

    /**
     * A model's folder, perhaps within an archive, or its GGUF file.
     *
     * @param commit the version of the hub's that it is, where it is from there
     */
    public record Located(String name, Path folder, Optional<String> commit) implements Found {
        public Located(String name, Path folder) {
            this(name, folder, Optional.empty());
        }
    }

    /**
     * A model that is to be fetched.
     *
     * @param known where it has a short name
     * @param configuration a folder that has its config.json, where there is one already
     */
    public record OnHub(
            String name,
            HubName repository,
            Revision revision,
            Optional<KnownModel> known,
            Optional<Path> configuration,
            Hub hub)
            implements Found {}

    /**
     * Where models are looked for.
     *
     * @param folders those that hold models
     * @param base the folder that paths are relative to
     * @param environment the process's variables, by which the hub and its cache are known
     */
    public record SearchPath(List<Path> folders, Path base, Map<String, String> environment) {
        public SearchPath {
            folders = List.copyOf(folders);
            environment = Map.copyOf(environment);
        }

        /**
         * Those of a script.
         *
         * @param setting the folders that the script set, relative to its own
         * @param workingFolder what those of CIRCUIT_MODELS are relative to, as a shell's names are
         */
        public static SearchPath of(
                Optional<String> setting, Path scriptFolder, Map<String, String> environment, Path workingFolder) {
            List<Path> folders = new ArrayList<>(paths(setting, scriptFolder));
            folders.addAll(paths(Optional.ofNullable(environment.get(VARIABLE)), workingFolder));
            return new SearchPath(folders, scriptFolder, environment);
        }

        private static List<Path> paths(Optional<String> list, Path base) {
            return list.stream()
                    .flatMap(text -> Stream.of(text.split(File.pathSeparator)))
                    .filter(text -> !text.isBlank())
                    .flatMap(text -> path(text.strip(), base).stream())
                    .toList();
        }

        public Hub hub() {
            return new Hub(HubSettings.of(environment));
        }
    }

    /**
     * Finds a model: {@code demo} and {@code planted} are bundled; an absolute path, or one that begins with {@code ./}, {@code ../} or {@code ~/}, is a folder; any
     * other name is a folder beside the script, else one in a model folder, else a model of the hub, by its short name or its own, which may be
     * in the cache. A revision is the hub's alone.
     *
     * @throws UserError where there is none, with the ways to get one; also where it would have to be fetched, and nothing is to be
     */
    public static Found find(String nameOrPath, Optional<Revision> revision, SearchPath searchPath) {
        Optional<HubName> hubName = hubName(nameOrPath, searchPath.base());
        if (revision.isEmpty() || hubName.isEmpty()) {
            Optional<Located> local = local(nameOrPath, searchPath.folders(), searchPath.base());
            if (local.isPresent() && revision.isPresent()) throw noRevisions(nameOrPath);
            if (local.isPresent()) return local.get();
        }
        HubName name = hubName.orElseThrow(() -> noModel(nameOrPath, searchPath.folders(), searchPath.base()));
        Revision wanted = revision.orElse(Revision.MAIN);
        Hub hub = searchPath.hub();
        Optional<Hub.Snapshot> here = hub.cached(name, wanted);
        if (here.isPresent())
            return new Located(
                    nameOrPath, here.get().folder(), Optional.of(here.get().commit()));
        if (hub.settings().offline()) throw hub.offline(name, wanted);
        return new OnHub(
                nameOrPath, name, wanted, KnownModels.named(nameOrPath), hub.cachedConfiguration(name, wanted), hub);
    }

    /** What the hub calls a model; empty where the text rather is the path of a folder. */
    private static Optional<HubName> hubName(String text, Path base) {
        if (BUNDLED.contains(text) || isExplicitPath(text) || Gguf.isNameOf(text)) return Optional.empty();
        Optional<HubName> known = KnownModels.named(text).map(KnownModel::repository);
        if (known.isPresent()) return known;
        boolean path = text.contains("/")
                && path(text.substring(0, text.indexOf('/')), base)
                        .filter(Files::isDirectory)
                        .isPresent();
        return path ? Optional.empty() : HubName.of(text);
    }

    private static UserError noRevisions(String name) {
        return UserError.input(
                ErrorCode.NO_REVISIONS,
                "revision= is for models of the hub, and " + name + " is a folder",
                "leave revision= out");
    }

    /** The folder of a model on this machine, the hub's cache left aside. @throws UserError where there is none */
    public static Located resolve(String nameOrPath, List<Path> modelFolders, Path base) {
        return local(nameOrPath, modelFolders, base).orElseThrow(() -> noModel(nameOrPath, modelFolders, base));
    }

    /** A model folder that is itself a model answers to its own name. */
    private static Optional<Located> local(String nameOrPath, List<Path> modelFolders, Path base) {
        if (BUNDLED.contains(nameOrPath)) return Optional.of(new Located(nameOrPath, bundled(nameOrPath)));
        Optional<Path> asPath = path(nameOrPath, base);
        if (isExplicitPath(nameOrPath)) {
            Path model = asPath.filter(it -> Files.isDirectory(it) || isFile(it))
                    .orElseThrow(() -> noFolder(nameOrPath, asPath));
            return Optional.of(new Located(named(model), within(model)));
        }
        List<Path> candidates = new ArrayList<>();
        asPath.ifPresent(candidates::add);
        for (Path folder : modelFolders) {
            path(nameOrPath, folder).ifPresent(candidates::add);
            if (folder.endsWith(nameOrPath)) candidates.add(folder);
        }
        // A folder of that name may be something else, such as a run's output: one that holds a model comes first.
        return candidates.stream()
                .filter(ModelLocator::isModel)
                .findFirst()
                .or(() -> KnownModels.named(nameOrPath).isPresent()
                        ? Optional.empty()
                        : candidates.stream().filter(Files::isDirectory).findFirst())
                .map(folder -> new Located(nameOrPath, within(folder)));
    }

    /** The models in the model folders, by name: those that come first. */
    public static SequencedMap<String, Path> inFolders(List<Path> modelFolders) {
        var found = new TreeMap<String, Path>();
        for (Path folder : modelFolders) {
            if (hasConfiguration(folder)) found.putIfAbsent(folder.getFileName().toString(), folder);
            if (!Files.isDirectory(folder)) continue;
            try (Stream<Path> children = Files.list(folder)) {
                children.filter(ModelLocator::isModel)
                        .forEach(child -> found.putIfAbsent(child.getFileName().toString(), within(child)));
            } catch (IOException unreadable) {
                // A folder that cannot be listed has nothing to suggest.
                continue;
            }
        }
        return found;
    }

    /** Names that {@code load} takes here and now, without a network: the bundled models, and the models in the model folders. */
    public static List<String> names(List<Path> modelFolders) {
        var names = new TreeSet<String>(inFolders(modelFolders).sequencedKeySet());
        names.addAll(BUNDLED);
        return List.copyOf(names);
    }

    private static boolean isExplicitPath(String text) {
        boolean relative = text.startsWith("./") || text.startsWith("../") || text.equals(".") || text.equals("..");
        return relative || UserHome.begins(text) || text.startsWith("/") || new File(text).isAbsolute();
    }

    public static Optional<Path> path(String text, Path base) {
        try {
            Path path = UserHome.resolve(text, base).normalize();
            // The empty path has no name that a message could show.
            return Optional.of(path.toString().isEmpty() ? path.resolve(".") : path);
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static String named(Path model) {
        Path last = model.toAbsolutePath().normalize().getFileName();
        return last == null ? model.toString() : last.toString();
    }

    private static boolean isModel(Path path) {
        return hasConfiguration(path) || Gguf.only(path).isPresent() || isFile(path);
    }

    private static boolean hasConfiguration(Path folder) {
        return Files.isRegularFile(folder.resolve(ModelConfig.FILE));
    }

    private static boolean isFile(Path path) {
        return Gguf.is(path) && Files.isRegularFile(path);
    }

    /** The model of a folder: its GGUF file, where it has one and is no model itself. */
    private static Path within(Path folder) {
        if (!Files.isDirectory(folder) || hasConfiguration(folder)) return folder;
        return Gguf.only(folder).orElseGet(() -> {
            List<Path> files = Gguf.in(folder);
            if (files.isEmpty()) return folder;
            throw UserError.input(
                    ErrorCode.GGUF,
                    folder + " has several GGUF files: "
                            + files.stream()
                                    .map(it -> it.getFileName().toString())
                                    .collect(Collectors.joining(", ")),
                    "load the one that is meant: load \""
                            + folder.resolve(files.getFirst().getFileName()) + "\"");
        });
    }

    private static Path bundled(String name) {
        return BundledFiles.file("models/" + name + "/" + ModelConfig.FILE)
                .orElseThrow(() -> new IllegalStateException(
                        "the standard library, which has the bundled models, is not on the class path"))
                .getParent();
    }

    private static UserError noFolder(String text, Optional<Path> path) {
        path.ifPresent(it -> Unreadable.refuse(text, it));
        boolean file = path.filter(Files::exists).isPresent();
        String kind = Gguf.isNameOf(text) ? "file " : "folder ";
        String message = file ? text + " is a file, not a model's folder" : "there is no " + kind + text;
        return UserError.missing(
                ErrorCode.MODEL_MISSING,
                message,
                "give the folder that holds the model's config.json, or a GGUF file; or load " + BUNDLED.getFirst());
    }

    private static UserError noModel(String name, List<Path> modelFolders, Path base) {
        path(name, base).ifPresent(it -> Unreadable.refuse(name, it));
        Optional<Path> file = path(name, base).filter(Files::isRegularFile);
        if (Gguf.isNameOf(name) || file.isPresent()) return noFolder(name, file);
        List<String> notes = new ArrayList<>();
        List<String> nearest = KnownModels.nearest(name, names(modelFolders));
        List<Path> there = modelFolders.stream().filter(Files::isDirectory).toList();
        if (!there.isEmpty())
            notes.add("looked in " + there.stream().map(Path::toString).collect(Collectors.joining(", ")));
        for (Path folder : modelFolders) {
            if (!Files.isDirectory(folder))
                notes.add("there is no folder " + folder + ", which " + VARIABLE + " or set models= names");
        }
        if (nearest.isEmpty())
            notes.add("a model on the hub is named with its owner, as in EleutherAI/pythia-70m, or by a short name");
        String help = nearest.isEmpty()
                ? "'circuit models' lists the short names; a folder is loaded by its path: load \"./folder\""
                : Spelling.question(nearest);
        String message = "there is no model " + name + ": neither a folder here nor a model's short name";
        return new UserError(UserError.Kind.MISSING, ErrorCode.MODEL_MISSING, message, notes, help);
    }
}
