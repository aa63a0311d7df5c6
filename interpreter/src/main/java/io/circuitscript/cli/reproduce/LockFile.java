package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ScriptText;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.hub.Revision;
import io.circuitscript.runtime.files.Lock;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** The lock file beside a script: the hashes that its files and models must have. */
public final class LockFile {
    static final List<String> PARTS = List.of("configuration", "weights", "tokenizer");

    private static final String ENDING = ".lock.json";
    private static final String FORMAT = "circuitscript-lock";
    private static final int VERSION = 1;

    private LockFile() {}

    /** Where the lock of a script is. */
    public static Path of(Path script) {
        return script.resolveSibling(RecordFile.plain(script) + ENDING);
    }

    /** What a script is held to: nothing where it has no lock, or stands in no file. */
    public static Lock of(ScriptText script, Path workingFolder) {
        if (script.source().name().startsWith("<")) return Lock.NONE;
        Path file = of(ScriptText.resolve(script.source().name(), workingFolder)
                .toAbsolutePath()
                .normalize());
        return Files.exists(file) ? lock(file, read(file)) : Lock.NONE;
    }

    private static VersionedJson kind(Path file) {
        return new VersionedJson(FORMAT, VERSION, why -> bad(file, why));
    }

    static ObjectNode begin(Path file) {
        return kind(file).begin();
    }

    /** @throws UserError where it is no lock that this version reads */
    public static ObjectNode read(Path file) {
        ObjectNode tree = kind(file).read(file);
        if (!tree.path("files").isObject() || !tree.path("models").isArray())
            throw bad(file, "it has no files or models");
        lock(file, tree); // which finds what else is wrong with it
        return tree;
    }

    private static Lock lock(Path file, ObjectNode tree) {
        Map<Path, String> files = new TreeMap<>();
        for (var it : tree.path("files").properties())
            files.put(kind(file).named(file.getParent(), it.getKey()), text(file, it.getValue()));
        List<Lock.Model> models = new ArrayList<>();
        for (JsonNode model : tree.path("models")) {
            SequencedMap<String, Map<String, String>> hashes = new LinkedHashMap<>();
            for (String part : PARTS) {
                Map<String, String> names = new TreeMap<>();
                for (var it : model.path(part).properties()) names.put(it.getKey(), text(file, it.getValue()));
                hashes.put(part, names);
            }
            models.add(new Lock.Model(asked(file, model), commit(file, model.path("commit")), hashes));
        }
        List<Lock.DataSet> dataSets = new ArrayList<>();
        for (JsonNode set : tree.path("datasets")) dataSets.add(dataSet(file, set));
        return new Lock(file.getFileName().toString(), files, models, dataSets, true);
    }

    private static Lock.DataSet dataSet(Path file, JsonNode set) {
        text(file, set.path("name"));
        text(file, set.path("revision"));
        Map<String, String> hashes = new TreeMap<>();
        for (var it : set.path("files").properties()) hashes.put(it.getKey(), text(file, it.getValue()));
        Revision commit = commit(file, set.path("commit")).orElseThrow(() -> bad(file, "a data set has no commit"));
        return new Lock.DataSet(askedData(set), commit, hashes);
    }

    /** How a script asked for a data set, as {@link #put} wrote it. @throws UserError where there can be no such revision */
    static Lock.AskedData askedData(JsonNode set) {
        return new Lock.AskedData(
                set.path("name").asText(),
                new Revision(set.path("revision").asText()),
                Optional.ofNullable(set.path("config").textValue()),
                Optional.ofNullable(set.path("split").textValue()));
    }

    static ObjectNode put(ObjectNode node, Lock.AskedData asked) {
        return node.put("name", asked.name())
                .put("revision", asked.revision().text())
                .put("config", asked.config().orElse(null))
                .put("split", asked.split().orElse(null));
    }

    /** Hashes by the names of files. */
    static ObjectNode tree(Map<String, String> hashes) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(hashes).forEach(node::put);
        return node;
    }

    private static String text(Path file, JsonNode value) {
        if (!value.isTextual()) throw bad(file, "it has something else where a text belongs");
        return value.textValue();
    }

    private static Optional<Revision> commit(Path file, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) return Optional.empty();
        if (!text(file, value).matches("[0-9a-f]{40}")) throw bad(file, "it has a commit that is not valid");
        return Optional.of(new Revision(value.textValue()));
    }

    private static Lock.Asked asked(Path file, JsonNode model) {
        text(file, model.path("name"));
        text(file, model.path("revision"));
        return asked(model);
    }

    /** How a script asked for a model, as {@link #put} wrote it. @throws UserError where there can be no such revision */
    static Lock.Asked asked(JsonNode model) {
        Revision revision = new Revision(model.path("revision").asText());
        return new Lock.Asked(
                model.path("name").asText(),
                revision,
                Optional.ofNullable(model.path("folders").textValue()));
    }

    static ObjectNode put(ObjectNode node, Lock.Asked asked) {
        return node.put("name", asked.name())
                .put("revision", asked.revision().text())
                .put("folders", asked.folders().orElse(null));
    }

    /** A model in a lock or a record: the hashes of its files, part by part. */
    static void put(ObjectNode node, SequencedMap<String, Map<String, String>> hashes) {
        hashes.forEach((part, files) -> {
            ObjectNode inner = node.putObject(part);
            new TreeMap<>(files).forEach(inner::put);
        });
    }

    /** A lock's content. @param pins what each model was found to be, in the order of the needs, as {@code dataSets} */
    public static ObjectNode tree(
            Path file,
            Path script,
            Map<String, String> parameters,
            Lock.Needs needs,
            List<Lock.Model> pins,
            List<Lock.DataSet> dataSets,
            FileHashes hashes) {
        ObjectNode tree = begin(file).put("script", script.getFileName().toString());
        ObjectNode values = tree.putObject("parameters");
        new TreeMap<>(parameters).forEach(values::put);
        ObjectNode files = tree.putObject("files");
        for (Path it : needs.files()) files.put(VersionedJson.name(it, file.getParent()), hashes.of(it));
        ArrayNode models = tree.putArray("models");
        for (Lock.Model pin : pins) {
            ObjectNode node = put(models.addObject(), pin.asked())
                    .put("commit", pin.commit().map(Revision::text).orElse(null));
            put(node, pin.hashes());
        }
        if (dataSets.isEmpty()) return tree;
        ArrayNode sets = tree.putArray("datasets");
        for (Lock.DataSet set : dataSets)
            put(sets.addObject(), set.asked())
                    .put("commit", set.commit().text())
                    .set("files", tree(set.hashes()));
        return tree;
    }

    private static UserError bad(Path file, String why) {
        return UserError.input(
                ErrorCode.BAD_LOCK,
                file.getFileName() + " is not the lock of a script: " + why,
                "make it again with: circuit lock FILE");
    }
}
