package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ProgramVersion;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.engine.EngineCheck;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The inputs of a saved run by their hashes: the script, its parameters, files, models, and the program. Equal inputs
 * compute the same bytes.
 */
public final class SavedInputs {
    /** Environment variables that set the number of threads of a library. */
    private static final List<String> THREADS = List.of("OMP_NUM_THREADS", "MKL_NUM_THREADS");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final ScriptText script;
    private final Map<String, String> parameters;
    private final boolean threadsGiven;
    private final Map<String, String> environment;
    private final Path folder;
    private final FileHashes hashes;

    /**
     * @param threadsGiven whether the number of threads does not follow from the number of processors
     * @param folder that files are named from
     */
    SavedInputs(
            ScriptText script,
            Map<String, String> parameters,
            boolean threadsGiven,
            Map<String, String> environment,
            Path folder,
            FileHashes hashes) {
        this.script = script;
        this.parameters = parameters;
        this.threadsGiven = threadsGiven;
        this.environment = environment;
        this.folder = folder.toAbsolutePath().normalize();
        this.hashes = hashes;
    }

    /** Hashing takes long where models are large. */
    ObjectNode of(RunDependencies used) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("script", FileHashes.ofText(script.source().text()));
        ObjectNode given = node.putObject("parameters");
        new TreeMap<>(parameters).forEach(given::put);
        node.set("program", program());
        ArrayNode inputs = node.putArray("inputs");
        for (Path input : used.allInputs())
            inputs.addObject().put("file", name(input)).put("sha256", hashes.of(input));
        ArrayNode models = node.putArray("models");
        for (RunDependencies.Model model : used.models()) models.add(model(model));
        return node;
    }

    private ObjectNode model(RunDependencies.Model model) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("name", model.asked().name())
                .put("folder", name(model.folder()))
                .put("bundled", isBundled(model.folder()));
        node.put("device", model.device()).put("dtype", model.dtype()).put("engine", EngineCheck.running());
        ObjectNode files = node.putObject("files");
        ModelFiles.hashes(model.folder(), hashes).values().forEach(part -> part.forEach(files::put));
        return node;
    }

    /** Whether a folder is inside the program's archive, and found by nothing but the name of its model. */
    private static boolean isBundled(Path folder) {
        return !folder.getFileSystem().equals(FileSystems.getDefault());
    }

    private ObjectNode program() {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("version", ProgramVersion.text())
                .put("sha256", archive().map(hashes::of).orElse(""));
        node.put("java", Runtime.version().toString());
        node.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        if (!threadsGiven) node.put("processors", Runtime.getRuntime().availableProcessors());
        for (String name : THREADS) node.put(name, environment.getOrDefault(name, ""));
        return node;
    }

    /** The SHA-256 of the archive that this program runs from; empty where it runs from none. */
    public static String programHash() {
        return archive().map(new FileHashes()::of).orElse("");
    }

    /** The archive that this program runs from, where it does. */
    private static Optional<Path> archive() {
        try {
            return Optional.of(Path.of(SavedInputs.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()))
                    .filter(Files::isRegularFile);
        } catch (URISyntaxException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    private String name(Path file) {
        if (isBundled(file)) return file.toString();
        Path absolute = file.toAbsolutePath().normalize();
        boolean related = absolute.getRoot() != null && absolute.getRoot().equals(folder.getRoot());
        return (related ? folder.relativize(absolute) : absolute).toString();
    }

    /**
     * What a run depends on that goes on with another. It may not have come to all that this had read, and what was saved is of that too.
     *
     * @param now of the run itself
     */
    ObjectNode joined(ObjectNode now, Optional<ObjectNode> resumed) {
        ObjectNode both = now.deepCopy();
        if (resumed.isEmpty()) return both;
        ArrayNode inputs = (ArrayNode) both.path("inputs");
        for (JsonNode before : resumed.get().path("inputs")) {
            boolean known = false;
            for (JsonNode input : now.path("inputs"))
                known |= input.path("file").equals(before.path("file"));
            if (!known) inputs.add(before);
        }
        ArrayNode models = (ArrayNode) both.path("models");
        for (int i = models.size(); i < resumed.get().path("models").size(); i++)
            models.add(resumed.get().path("models").get(i));
        return both;
    }

    /**
     * What is not as it was, in words.
     *
     * @param models whether to read the models' files too
     */
    List<String> changes(ObjectNode saved, boolean models) {
        List<String> changes = new ArrayList<>();
        if (!saved.path("script")
                .asText()
                .equals(FileHashes.ofText(script.source().text())))
            changes.add("the script " + script.source().name());
        for (String name : names(saved.path("parameters"), parameters)) {
            String now = parameters.get(name);
            if (!saved.path("parameters").path(name).asText().equals(now)
                    || !saved.path("parameters").has(name)) changes.add("the parameter " + name);
        }
        ObjectNode program = program();
        for (var part : program.properties()) {
            if (!part.getValue()
                    .asText()
                    .equals(saved.path("program").path(part.getKey()).asText())) changes.add(phrase(part.getKey()));
        }
        for (JsonNode input : saved.path("inputs"))
            compare(
                    input.path("file").asText(),
                    input.path("file").asText(),
                    input.path("sha256").asText(),
                    changes);
        for (JsonNode model : saved.path("models")) {
            if (!models || model.path("bundled").asBoolean()) continue;
            for (var file : model.path("files").properties()) {
                String name = model.path("folder").asText() + "/" + file.getKey();
                compare(
                        file.getKey() + " of the model " + model.path("name").asText(),
                        name,
                        file.getValue().asText(),
                        changes);
            }
        }
        return changes.stream().distinct().toList();
    }

    private static TreeSet<String> names(JsonNode saved, Map<String, String> now) {
        var names = new TreeSet<>(now.keySet());
        saved.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String phrase(String part) {
        return switch (part) {
            case "version", "sha256" -> "the program";
            case "java" -> "Java";
            case "processors" -> "the number of processors";
            case "system" -> "the operating system";
            default -> part;
        };
    }

    private void compare(String what, String name, String hash, List<String> changes) {
        try {
            Path file = folder.resolve(name).normalize();
            if (!Files.isRegularFile(file)) changes.add(what + ", which is gone");
            else if (!hashes.of(file).equals(hash)) changes.add(what);
        } catch (InvalidPathException | UserError e) {
            changes.add(what + ", which cannot be read");
        }
    }

    /** Compares the models that a run has loaded with those that the saved run had, in that order. */
    List<String> modelChanges(ObjectNode saved, List<RunDependencies.Model> loaded) {
        List<String> changes = new ArrayList<>();
        for (int i = 0; i < Math.min(loaded.size(), saved.path("models").size()); i++) {
            JsonNode before = saved.path("models").get(i);
            for (var part : model(loaded.get(i)).properties()) {
                if (!part.getValue().equals(before.path(part.getKey())))
                    changes.add(phrase(part.getKey(), loaded.get(i).asked().name()));
            }
        }
        return changes;
    }

    private static String phrase(String part, String model) {
        return part.equals("engine") ? "the PyTorch that computes" : "the " + part + " of the model " + model;
    }

    /** @throws UserError naming what has changed */
    static void refuse(List<String> changes) {
        if (changes.isEmpty()) return;
        String message =
                "the saved run cannot be resumed, because something has changed since: " + String.join("; ", changes);
        throw UserError.input(
                ErrorCode.RESUME_DIFFERS, message, "restore what was there, or run it from the start without --resume");
    }
}
