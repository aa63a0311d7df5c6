package io.circuitscript.cli.each;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.cli.reproduce.VersionedJson;
import io.circuitscript.io.FileHashes;
import io.circuitscript.model.ModelFiles;
import io.circuitscript.runtime.state.RunDependencies;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the run of a cell came to, as its process hands it over.
 *
 * @param message the first mistake; empty where there was none
 * @param value the script's last value
 * @param ofStatement whether that is the result of a statement, of which the table takes the single values alone
 */
record CellResult(int exitCode, String message, JsonNode value, boolean ofStatement, ObjectNode file) {
    private static final String FORMAT = "circuitscript-cell";
    private static final int VERSION = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static VersionedJson kind(Path file) {
        return new VersionedJson(
                FORMAT,
                VERSION,
                why -> UserError.input(
                        ErrorCode.CELLS_DIFFER, file + " is not the result of a cell: " + why, "remove it"));
    }

    /** What is known of a run, before it ends. */
    static ObjectNode begin(CellFiles files, Cell cell) {
        ObjectNode node = kind(files.result()).begin();
        ObjectNode parameters = node.putObject("parameters");
        new TreeMap<>(cell.parameters()).forEach(parameters::put);
        return node;
    }

    static void put(ObjectNode node, int exitCode, String message) {
        node.put("exit_code", exitCode).put("message", message);
    }

    static void put(ObjectNode node, Value value, boolean ofStatement) {
        try {
            String text =
                    JsonOutput.text(ResultFields.of("cell").put("value", value).done());
            node.put("of_statement", ofStatement)
                    .set("value", MAPPER.readTree(text).path("value"));
        } catch (IOException e) {
            throw new UncheckedIOException("a value is always JSON", e);
        }
    }

    /** The files that the run has read: those by their hash, those of models, which may be very large, by size and time. */
    static void put(ObjectNode node, RunDependencies used, Path folder, FileHashes hashes) {
        ArrayNode inputs = node.putArray("inputs");
        for (Path input : used.inputs())
            inputs.addObject().put("file", VersionedJson.name(input, folder)).put("sha256", hashes.of(input));
        ArrayNode models = node.putArray("models");
        for (RunDependencies.Model model : used.models()) {
            if (!model.folder().getFileSystem().equals(FileSystems.getDefault())) continue; // in the program's archive
            for (String name : names(model.folder())) {
                Path file = ModelFiles.file(model.folder(), name);
                models.addObject()
                        .put("model", model.asked().name())
                        .put("file", VersionedJson.name(file, folder))
                        .put("stamp", stamp(file));
            }
        }
    }

    private static List<String> names(Path folder) {
        return ModelFiles.names(folder).stream()
                .filter(name -> Files.isRegularFile(ModelFiles.file(folder, name)))
                .sorted()
                .toList();
    }

    private static String stamp(Path file) {
        try {
            return Files.size(file) + " bytes, changed " + Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return "gone";
        }
    }

    static void write(CellFiles files, ObjectNode node) {
        VersionedJson.write(files.result(), node);
    }

    /** The result that is there; empty where there is none, or none that can be read. */
    static Optional<CellResult> read(CellFiles files, Cell cell) {
        if (!Files.isRegularFile(files.result())) return Optional.empty();
        try {
            ObjectNode node = kind(files.result()).read(files.result());
            ObjectNode parameters = JsonNodeFactory.instance.objectNode();
            new TreeMap<>(cell.parameters()).forEach(parameters::put);
            if (!node.path("exit_code").isInt() || !node.path("parameters").equals(parameters)) return Optional.empty();
            return Optional.of(new CellResult(
                    node.path("exit_code").asInt(),
                    node.path("message").asText(),
                    node.path("value"),
                    node.path("of_statement").asBoolean(),
                    node));
        } catch (UserError damaged) {
            return Optional.empty(); // it is computed again
        }
    }

    /** Which of the files that the run read are no longer as they were. */
    List<String> changes(Path folder, FileHashes hashes, Map<Path, String> stamps) {
        List<String> changes = new ArrayList<>();
        for (JsonNode input : file.path("inputs")) {
            Path path = folder.resolve(input.path("file").asText()).normalize();
            if (!Files.isRegularFile(path)) changes.add(path + " is gone");
            else if (!hashes.of(path).equals(input.path("sha256").asText())) changes.add(path + " has changed");
        }
        for (JsonNode model : file.path("models")) {
            Path path = folder.resolve(model.path("file").asText()).normalize();
            if (!stamps.computeIfAbsent(path, CellResult::stamp)
                    .equals(model.path("stamp").asText()))
                changes.add(path + " of the model " + model.path("model").asText() + " has changed");
        }
        return changes;
    }

    boolean finished() {
        return exitCode == 0;
    }

    /** As the columns of the table that follow the parameters, row by row. */
    Stream<ObjectNode> rows() {
        if (value.isMissingNode() || value.isNull()) return Stream.of(MAPPER.createObjectNode());
        if (value instanceof ObjectNode fields) return Stream.of(ofStatement ? single(fields) : fields);
        if (value.isArray() && Stream.of(value).flatMap(CellResult::items).allMatch(JsonNode::isObject))
            return items(value).map(ObjectNode.class::cast);
        ObjectNode row = MAPPER.createObjectNode();
        row.set("value", value);
        return Stream.of(row);
    }

    private static Stream<JsonNode> items(JsonNode list) {
        List<JsonNode> items = new ArrayList<>();
        list.forEach(items::add);
        return items.stream();
    }

    private static ObjectNode single(ObjectNode fields) {
        ObjectNode row = MAPPER.createObjectNode();
        for (var field : fields.properties())
            if (field.getValue().isValueNode()) row.set(field.getKey(), field.getValue());
        return row;
    }
}
