package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The files that a run wrote, as a record keeps them: the hash of each, and for JSON also a hash that ignores changes
 * of numbers within the tolerance. A picture has only the hash of its bytes, which one differently rounded number
 * changes: such a change is told and is not counted as a difference.
 */
public final class RecordedOutputs {
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonNode tolerance;
    private final List<RecordedResults.Difference> differences = new ArrayList<>();
    private final List<String> otherBytes = new ArrayList<>();

    public RecordedOutputs(JsonNode tolerance) {
        this.tolerance = tolerance;
    }

    /** JSON without its fractions, and their sums. */
    private record Content(String sha256, double sum, double absolute) {}

    /** @param name what the record calls a file */
    static void describe(ArrayNode into, List<Path> files, Function<Path, String> name, FileHashes hashes) {
        for (Path file : files) {
            ObjectNode node = into.addObject().put("file", name.apply(file)).put("sha256", hashes.of(file));
            if (!file.toString().endsWith(".json")) continue;
            try {
                Content content = content(file);
                node.put("sha256_without_fractions", content.sha256())
                        .put("sum", content.sum())
                        .put("sum_of_absolutes", content.absolute());
            } catch (IOException noJson) {
                continue; // as a picture, it has its hash
            }
        }
    }

    private static Content content(Path file) throws IOException {
        MessageDigest digest = FileHashes.digest();
        double sum = 0;
        double absolute = 0;
        try (JsonParser parser = JSON.createParser(Files.newInputStream(file))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean fraction = token == JsonToken.VALUE_NUMBER_FLOAT;
                if (fraction) sum += parser.getDoubleValue();
                if (fraction) absolute += Math.abs(parser.getDoubleValue());
                digest.update(FileHashes.bytes(token.name() + (fraction ? "\n" : " " + parser.getText() + "\n")));
            }
        }
        return new Content(HexFormat.of().formatHex(digest.digest()), sum, absolute);
    }

    /** Compares what two runs wrote, file by file. */
    public List<RecordedResults.Difference> compare(JsonNode recorded, JsonNode now) {
        Map<String, JsonNode> fresh = new TreeMap<>();
        for (JsonNode file : now) fresh.put(file.path("file").asText(), file);
        for (JsonNode before : recorded) {
            String name = before.path("file").asText();
            JsonNode after = fresh.remove(name);
            if (after == null) add(name, "written", "not written", OptionalDouble.empty());
            else file(name, before, after);
        }
        for (String name : fresh.keySet()) add(name, "not written", "written", OptionalDouble.empty());
        return differences;
    }

    /** The files that have other bytes and yet no difference that counts. */
    public List<String> otherBytes() {
        return otherBytes;
    }

    private void file(String name, JsonNode before, JsonNode after) {
        if (before.path("sha256").equals(after.path("sha256"))) return;
        String content = "sha256_without_fractions";
        if (!before.path(content).equals(after.path(content))) {
            add(
                    name,
                    "sha256 " + before.path(content).asText(),
                    "sha256 " + after.path(content).asText(),
                    OptionalDouble.empty());
            return;
        }
        int found = differences.size();
        if (before.has(content)) sums(name, before, after);
        if (differences.size() == found) otherBytes.add(name);
    }

    /** A sum may differ by what its terms may. */
    private void sums(String name, JsonNode before, JsonNode after) {
        double size = Math.max(
                before.path("sum_of_absolutes").asDouble(),
                after.path("sum_of_absolutes").asDouble());
        double allowed = tolerance.path("absolute").asDouble()
                + tolerance.path("relative").asDouble() * size;
        for (String field : List.of("sum", "sum_of_absolutes")) {
            double by = after.path(field).asDouble() - before.path(field).asDouble();
            if (Math.abs(by) <= allowed) continue;
            add(
                    name + ": " + field,
                    before.path(field).asText(),
                    after.path(field).asText(),
                    OptionalDouble.of(by));
        }
    }

    private void add(String field, String before, String after, OptionalDouble by) {
        differences.add(new RecordedResults.Difference("", 0, field, before, after, by));
    }
}
