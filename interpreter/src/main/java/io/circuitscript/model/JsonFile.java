package io.circuitscript.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.io.Unreadable;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Reads the JSON files of a model's folder; a file that is none becomes one clear error. */
public final class JsonFile {
    static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Twice the largest tokenizer that is known; a tree of it still fits into the heap. */
    public static final long MOST_BYTES = 64L << 20;

    /** What the library says of its own settings and classes. */
    private static final Pattern INTERNALS =
            Pattern.compile(", from `[^`]*`|:? ?\\(start marker at .*| \\(bound as .*|: enable `.*");

    private JsonFile() {}

    /**
     * @param code of the error where the file is no JSON object
     */
    public static ObjectNode read(Path file, ErrorCode code) {
        return read(file, code, againHelp("model"));
    }

    /**
     * @param help what mends a file that is no JSON object
     */
    static ObjectNode read(Path file, ErrorCode code, String help) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes((int) MOST_BYTES + 1); // what is no plain file may never end
            if (bytes.length > MOST_BYTES) {
                throw UserError.input(
                        code, file + " is longer than " + (MOST_BYTES >> 20) + " MB, more than such a file has", help);
            }
        } catch (IOException e) {
            throw UserError.failure(
                    ErrorCode.FILE_UNREADABLE,
                    "cannot read " + file + ": " + Unreadable.why(e),
                    Unreadable.help(e, ""));
        }
        return parse(bytes, file.toString(), code, help);
    }

    /**
     * @param what a message calls the text, as {@code /models/x/config.json}
     */
    static ObjectNode parse(byte[] bytes, String what, ErrorCode code) {
        return parse(bytes, what, code, againHelp("model"));
    }

    private static ObjectNode parse(byte[] bytes, String what, ErrorCode code, String help) {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) return object;
            throw UserError.input(code, what + " is not a JSON object", help);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where =
                    at == null || at.getLineNr() < 1 ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw UserError.input(
                    code, what + " is not valid JSON" + where + ": " + firstLine(e.getOriginalMessage()), help);
        } catch (IOException e) {
            throw UserError.input(code, what + " is not valid JSON: " + Unreadable.why(e), help);
        }
    }

    /** Without what the library adds about its own settings. */
    private static String firstLine(String text) {
        return text == null
                ? "unreadable"
                : INTERNALS
                        .matcher(text.lines().findFirst().orElse("unreadable"))
                        .replaceAll("");
    }

    /** @param what the file belongs to */
    static String againHelp(String what) {
        return "download or save the " + what + " again: the file is damaged";
    }
}
