package io.circuitscript.cli.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Names and reads the file of a record, {@code NAME.record.json}. */
public final class RecordFile {
    static final String ENDING = ".record.json";

    private static final String FORMAT = "circuitscript-record";
    private static final int VERSION = 1;
    private static final String SCRIPT_ENDING = ".circuit";

    private RecordFile() {}

    /** Where the record of a script's run is, for a folder of output. */
    public static Path of(Path script, Path out) {
        return out.resolve(plain(script) + ENDING);
    }

    /** A script's name without its ending. */
    public static String plain(Path script) {
        String name = script.getFileName().toString();
        return name.endsWith(SCRIPT_ENDING) ? name.substring(0, name.length() - SCRIPT_ENDING.length()) : name;
    }

    private static VersionedJson kind(Path file) {
        return new VersionedJson(FORMAT, VERSION, why -> bad(file, why));
    }

    /** A record with nothing in it yet. */
    static ObjectNode begin(Path file) {
        return kind(file).begin();
    }

    /** @throws UserError where it is no record that this version reads */
    public static ObjectNode read(Path file) {
        ObjectNode record = kind(file).read(file);
        if (!record.path("script").path("file").isTextual()) throw bad(file, "it names no script");
        if (!record.path("results").isArray()) throw bad(file, "it has no results");
        boolean stated = Stream.of("relative", "absolute", "ranks").allMatch(name -> isTolerance(record, name));
        if (!stated) throw bad(file, "it states no tolerance");
        return record;
    }

    private static boolean isTolerance(ObjectNode record, String name) {
        JsonNode value = record.path("tolerance").path(name);
        return value.isNumber() && value.asDouble() >= 0;
    }

    /** A file that a record names, relative to the record. */
    public static Path named(Path record, String name) {
        return kind(record).named(record.toAbsolutePath().getParent(), name);
    }

    private static UserError bad(Path file, String why) {
        return UserError.input(
                ErrorCode.BAD_RECORD,
                file + " is not a record of a run: " + why,
                "make one with: circuit run FILE --record");
    }
}
