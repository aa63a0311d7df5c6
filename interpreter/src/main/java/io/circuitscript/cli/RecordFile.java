package io.circuitscript.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.graph.WholeFile;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A record's file: JSON, one value a line, keys in a fixed order, so that two of them read well in a diff. */
final class RecordFile {
    static final String ENDING = ".record.json";
    static final String FORMAT = "circuitscript-record";
    static final int VERSION = 1;

    private static final String SCRIPT_ENDING = ".circuit";
    private static final long MOST_BYTES = 256L << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private RecordFile() {}

    /** Where the record of a script's run is, for a folder of output. */
    static Path of(Path script, Path out) {
        String name = script.getFileName().toString();
        String plain = name.endsWith(SCRIPT_ENDING) ? name.substring(0, name.length() - SCRIPT_ENDING.length()) : name;
        return out.resolve(plain + ENDING);
    }

    static void write(Path file, ObjectNode record) {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n"); // on every system the same bytes
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
        WholeFile.write(file, out -> {
            out.write(MAPPER.writer(printer).writeValueAsString(record).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        });
    }

    /** @throws UserError where it is no record that this version reads */
    static ObjectNode read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) throw bad(file, "it is longer than " + (MOST_BYTES >> 20) + " MB");
            JsonNode tree = MAPPER.readTree(Files.readAllBytes(file));
            if (!(tree instanceof ObjectNode record) || !record.path("format").asText().equals(FORMAT)) {
                throw bad(file, "it does not say that it is one");
            }
            if (record.path("version").asInt() != VERSION) throw bad(file, "another version of the program made it");
            check(file, record);
            return record;
        } catch (JsonProcessingException e) {
            throw bad(file, "it is not valid JSON");
        } catch (IOException e) {
            throw UserError.missing("file-unreadable", file + " cannot be read", "check who may read it");
        }
    }

    private static void check(Path file, ObjectNode record) {
        if (!record.path("script").path("file").isTextual()) throw bad(file, "it names no script");
        if (!record.path("results").isArray()) throw bad(file, "it has no results");
        if (!isTolerance(record, "relative") || !isTolerance(record, "absolute")) throw bad(file, "it states no tolerance");
    }

    private static boolean isTolerance(ObjectNode record, String name) {
        JsonNode value = record.path("tolerance").path(name);
        return value.isNumber() && value.asDouble() >= 0;
    }

    /** A file that a record names, relative to the record. */
    static Path named(Path record, String name) {
        try {
            return record.toAbsolutePath().getParent().resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw bad(record, "no file can have a name that it gives");
        }
    }

    private static UserError bad(Path file, String why) {
        return UserError.input("bad-record", file + " is no record of a run: " + why, "make one with: circuit run FILE --record");
    }
}
