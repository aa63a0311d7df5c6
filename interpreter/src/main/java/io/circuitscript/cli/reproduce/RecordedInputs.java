package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.model.locate.ModelLocator;
import io.circuitscript.runtime.files.FileReads;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares the inputs in a record (script, files, models) with those that are there now. */
public final class RecordedInputs {
    private final Path file;
    private final ObjectNode record;
    private final FileHashes hashes;
    private String script = "";
    private final Set<String> names = new LinkedHashSet<>();
    private final List<String> notes = new ArrayList<>();

    public RecordedInputs(Path file, ObjectNode record, FileHashes hashes) {
        this.file = file;
        this.record = record;
        this.hashes = hashes;
    }

    /** Compares all that is on this machine. @return what differs, by name */
    public Optional<UserError> compare(ScriptText script, Map<String, String> environment, Path workingFolder) {
        String name = record.path("script").path("file").asText();
        this.script = script.source().name();
        compare(
                name,
                record.path("script").path("sha256").asText(),
                FileHashes.ofText(script.source().text()));
        for (JsonNode input : record.path("inputs")) {
            Path path = RecordFile.named(file, input.path("file").asText());
            compare(
                    input.path("file").asText(),
                    input.path("sha256").asText(),
                    Files.isRegularFile(path) ? hashes.of(path) : "missing");
        }
        for (JsonNode model : record.path("models")) {
            Lock.Asked asked = LockFile.asked(model);
            var searchPath = ModelLocator.SearchPath.of(asked.folders(), script.folder(), environment, workingFolder);
            // One that is to be fetched is compared once it was.
            if (ModelLocator.find(asked.name(), commit(model), searchPath) instanceof ModelLocator.Located here)
                compare(model, here.folder());
        }
        return differing();
    }

    private static Optional<Revision> commit(JsonNode model) {
        return Optional.ofNullable(model.path("commit").textValue()).map(Revision::new);
    }

    /** The versions of the hub's models that the recorded run had: they are taken again. */
    public Lock versions() {
        List<Lock.Model> models = new ArrayList<>();
        for (JsonNode model : record.path("models"))
            models.add(new Lock.Model(LockFile.asked(model), commit(model), new LinkedHashMap<>()));
        List<Lock.DataSet> dataSets = new ArrayList<>();
        for (JsonNode set : record.path("datasets"))
            commit(set).ifPresent(it -> dataSets.add(new Lock.DataSet(LockFile.askedData(set), it, Map.of())));
        return new Lock(file.toString(), Map.of(), models, dataSets, false);
    }

    /** Compares the data sets that a run read, in that order. */
    public Optional<UserError> compareDataSets(List<RunDependencies.DataSet> read) {
        JsonNode sets = record.path("datasets");
        for (int i = 0; i < Math.min(sets.size(), read.size()); i++) {
            String name = sets.get(i).path("name").asText();
            JsonNode recorded = sets.get(i).path("files");
            FileReads.hashes(read.get(i).files(), hashes)
                    .forEach((part, now) ->
                            compare(name + ": " + part, recorded.path(part).asText("missing"), now));
        }
        return differing();
    }

    /** Compares the models that a run loaded, in that order. */
    public Optional<UserError> compareModels(List<Path> folders) {
        JsonNode models = record.path("models");
        for (int i = 0; i < Math.min(models.size(), folders.size()); i++) compare(models.get(i), folders.get(i));
        return differing();
    }

    private void compare(JsonNode model, Path folder) {
        ModelFiles.hashes(folder, hashes).forEach((part, now) -> {
            for (var recorded : model.path(part).properties()) {
                String name = model.path("name").asText() + ": " + recorded.getKey();
                compare(name, recorded.getValue().asText(), now.getOrDefault(recorded.getKey(), "missing"));
            }
            now.forEach((name, hash) -> {
                if (!model.path(part).has(name)) compare(model.path("name").asText() + ": " + name, "missing", hash);
            });
        });
    }

    private void compare(String name, String recorded, String now) {
        if (recorded.equals(now)) return;
        if (names.add(name)) notes.add(name + ": sha256 recorded " + recorded + ", now " + now);
    }

    private Optional<UserError> differing() {
        if (names.isEmpty()) return Optional.empty();
        String message = "the record was made with other inputs: " + String.join(", ", names);
        String help = "restore what was recorded, or record again with: circuit run " + script
                + " --record; verify --anyway still compares the results";
        return Optional.of(new UserError(UserError.Kind.INPUT, ErrorCode.INPUT_DIFFERS, message, notes, help));
    }
}
