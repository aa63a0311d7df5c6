package io.circuitscript.model;

import io.circuitscript.source.Spelling;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the folder of a model by what a script calls it. */
public final class ModelLocator {
    private static final String BUNDLED = "demo";
    private static final String BUNDLED_FOLDER = "io/circuitscript/stdlib/models/" + BUNDLED + "/";
    private static final String VARIABLE = "CIRCUIT_MODELS";
    private static final Pattern HUB_NAME = Pattern.compile("[A-Za-z0-9][\\w.-]*(/[A-Za-z0-9][\\w.-]*)?");

    private ModelLocator() {}

    /** A model's folder, perhaps within an archive, and what results call the model. */
    public record Located(String name, Path folder) {}

    /**
     * The folders that hold models: those that the script set, then those of the environment's CIRCUIT_MODELS; each several by the
     * system's path separator.
     *
     * @param base what relative ones are relative to
     */
    public static List<Path> modelFolders(Optional<String> setting, Map<String, String> environment, Path base) {
        return Stream.of(setting, Optional.ofNullable(environment.get(VARIABLE)))
                .flatMap(Optional::stream)
                .flatMap(list -> Stream.of(list.split(File.pathSeparator)))
                .filter(text -> !text.isBlank())
                .flatMap(text -> path(text.strip(), base).stream())
                .toList();
    }

    /**
     * {@code demo} is bundled; an absolute path, or one that begins with {@code ./}, {@code ../} or {@code ~/}, is a folder; any other name
     * is a folder beside {@code base}, else one in a model folder. A model folder that is itself a model answers to its own name.
     *
     * @throws UserError where there is none, with the ways to get one
     */
    public static Located resolve(String nameOrPath, List<Path> modelFolders, Path base) {
        if (nameOrPath.equals(BUNDLED)) return new Located(BUNDLED, bundled());
        Optional<Path> asPath = path(nameOrPath, base);
        if (isExplicitPath(nameOrPath)) {
            return asPath.filter(Files::isDirectory).map(ModelLocator::named).orElseThrow(() -> noFolder(nameOrPath, asPath));
        }
        List<Path> places = new ArrayList<>();
        asPath.ifPresent(places::add);
        for (Path folder : modelFolders) {
            path(nameOrPath, folder).ifPresent(places::add);
            if (folder.endsWith(nameOrPath)) places.add(folder);
        }
        // A folder of that name may be something else, such as a run's output: one that holds a model comes first.
        return places.stream()
                .filter(ModelLocator::isModel)
                .findFirst()
                .or(() -> places.stream().filter(Files::isDirectory).findFirst())
                .map(folder -> new Located(nameOrPath, folder))
                .orElseThrow(() -> noModel(nameOrPath, modelFolders));
    }

    /** Names that {@code load} takes here and now: the bundled model, and the models in the model folders. */
    public static List<String> names(List<Path> modelFolders) {
        var names = new TreeSet<String>(List.of(BUNDLED));
        for (Path folder : modelFolders) {
            if (isModel(folder)) names.add(folder.getFileName().toString());
            if (!Files.isDirectory(folder)) continue;
            try (Stream<Path> children = Files.list(folder)) {
                children.filter(ModelLocator::isModel).forEach(child -> names.add(child.getFileName().toString()));
            } catch (IOException unreadable) {
                // A folder that cannot be listed has nothing to suggest.
                continue;
            }
        }
        return List.copyOf(names);
    }

    private static boolean isExplicitPath(String text) {
        boolean relative = text.startsWith("./") || text.startsWith("../") || text.equals(".") || text.equals("..");
        return relative || text.startsWith("~/") || text.equals("~") || text.startsWith("/") || new File(text).isAbsolute();
    }

    private static Optional<Path> path(String text, Path base) {
        String home = System.getProperty("user.home");
        try {
            Path path = text.equals("~") ? Path.of(home) : text.startsWith("~/") ? Path.of(home, text.substring(2)) : base.resolve(text);
            return Optional.of(path.normalize());
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static Located named(Path folder) {
        Path last = folder.toAbsolutePath().normalize().getFileName();
        return new Located(last == null ? folder.toString() : last.toString(), folder);
    }

    private static boolean isModel(Path folder) {
        return Files.isRegularFile(folder.resolve(ModelConfig.FILE));
    }

    /** The bundled model's folder: on disk where the program runs from its build, in the standard library's jar otherwise. */
    private static Path bundled() {
        URL config = ModelLocator.class.getClassLoader().getResource(BUNDLED_FOLDER + ModelConfig.FILE);
        if (config == null) throw new IllegalStateException("the standard library, which has the bundled model, is not on the class path");
        try {
            URI uri = config.toURI();
            if (!uri.getScheme().equals("jar")) return Path.of(uri).getParent();
            return archive(uri).getPath("/" + BUNDLED_FOLDER);
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("cannot open the bundled model at " + config, e);
        }
    }

    /** The system keeps one file system for each archive; somebody else may open it at the same moment. */
    private static FileSystem archive(URI uri) throws IOException {
        while (true) {
            try {
                return FileSystems.getFileSystem(uri);
            } catch (FileSystemNotFoundException notYet) {
                try {
                    return FileSystems.newFileSystem(uri, Map.of());
                } catch (FileSystemAlreadyExistsException meanwhile) {
                    continue;
                }
            }
        }
    }

    private static UserError noFolder(String text, Optional<Path> path) {
        boolean file = path.filter(Files::exists).isPresent();
        String message = file ? text + " is a file, not a model's folder" : "there is no folder " + text;
        return UserError.missing("model-missing", message, "give the folder that holds the model's config.json, or load " + BUNDLED);
    }

    private static UserError noModel(String name, List<Path> modelFolders) {
        List<String> notes = new ArrayList<>();
        List<String> nearest = Spelling.nearest(name, names(modelFolders), 3);
        if (modelFolders.isEmpty() && nearest.isEmpty()) {
            notes.add("no folders of models are named: " + VARIABLE + ", or set models=\"…\", names them");
        }
        List<Path> there = modelFolders.stream().filter(Files::isDirectory).toList();
        if (!there.isEmpty()) notes.add("looked in " + there.stream().map(Path::toString).collect(Collectors.joining(", ")));
        for (Path folder : modelFolders) {
            if (!Files.isDirectory(folder)) notes.add("there is no folder " + folder + ", which " + VARIABLE + " or set models= names");
        }
        String help = nearest.isEmpty() ? howToMake(name) : Spelling.question(nearest);
        return new UserError(UserError.Kind.MISSING, "model-missing", "there is no model " + name + " on this machine", notes, help);
    }

    /** Nothing is downloaded: the hub's own library makes the folder. The lines still read as Python where they are pasted with their indentation. */
    private static String howToMake(String name) {
        if (!HUB_NAME.matcher(name).matches()) {
            return "load a model's folder by its path, as load \"./folder\", or the bundled model, load " + BUNDLED;
        }
        String onHub = name.equals("gpt2-small") ? "gpt2" : name;
        return """
                make its folder, where Python has transformers; then say CIRCUIT_MODELS="$PWD/models" (or load demo, which is bundled)
                python3 -c 'import transformers as t; name, folder = "%s", "models/%s"; \\
                t.AutoModelForCausalLM.from_pretrained(name).save_pretrained(folder, safe_serialization=True); \\
                t.AutoTokenizer.from_pretrained(name).save_pretrained(folder)'""".formatted(onHub, name);
    }
}
