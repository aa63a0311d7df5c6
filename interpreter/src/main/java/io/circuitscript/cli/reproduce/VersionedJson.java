package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.AtomicFile;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Reads and writes a JSON file of ours that names its format and version. One value a line and keys in a fixed order,
 * so that a diff of two files reads well.
 *
 * @param format what it says that it is
 * @param bad what is said of a file that is none, and why
 */
public record VersionedJson(String format, int version, Function<String, UserError> bad) {
    private static final long MOST_BYTES = 256L << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** An empty object of this kind. */
    public ObjectNode begin() {
        return MAPPER.createObjectNode().put("format", format).put("version", version);
    }

    static String text(ObjectNode node) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n"); // on every system the same bytes
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        try {
            return MAPPER.writer(printer).writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    public static void write(Path file, ObjectNode node) {
        AtomicFile.write(file, out -> out.write(text(node).getBytes(StandardCharsets.UTF_8)));
    }

    /** @throws UserError where it is not of this kind */
    public ObjectNode read(Path file) {
        Unreadable.refuse(file.toString(), file);
        try {
            if (Files.size(file) > MOST_BYTES) throw bad.apply("it is longer than " + (MOST_BYTES >> 20) + " MB");
            JsonNode tree = MAPPER.readTree(Files.readAllBytes(file));
            if (!(tree instanceof ObjectNode node)
                    || !node.path("format").asText().equals(format)) {
                throw bad.apply("it does not say that it is one");
            }
            if (node.path("version").asInt() != version) throw bad.apply("another version of the program made it");
            return node;
        } catch (JsonProcessingException e) {
            throw bad.apply("it is not valid JSON");
        } catch (IOException e) {
            throw UserError.missing(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
    }

    /** The path of a file from the folder of another one, with the same separator on every system. */
    public static String name(Path file, Path folder) {
        Path absolute = file.toAbsolutePath().normalize();
        boolean related = absolute.getRoot() != null && absolute.getRoot().equals(folder.getRoot());
        return (related ? folder.relativize(absolute) : absolute).toString().replace('\\', '/');
    }

    /** The file that such a path means. */
    public Path named(Path folder, String name) {
        try {
            return folder.toAbsolutePath().resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw bad.apply("it gives a name that no file can have");
        }
    }
}
