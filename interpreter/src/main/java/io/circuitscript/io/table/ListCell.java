package io.circuitscript.io.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cell that holds several answers: a list of texts or of numbers as JSON writes it, {@code ["ship", "boat"]}, or as Python does, {@code ['ship',
 * 'boat']}.
 */
public final class ListCell {
    /** JSON, and what Python's {@code repr} of a list has beside: single quotes, and escapes that JSON does not know. */
    private static final JsonFactory LISTS = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    /** An escape of Python's, or any other. */
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|.)");

    /** What a list of Python's has where an item is missing. */
    private static final Pattern MISSING = Pattern.compile("[\\[,]\\s*(None|nan|<NA>)\\s*[,\\]]");

    private ListCell() {}

    /** Whether a cell is in brackets, as a list is. */
    public static boolean isBracketed(String cell) {
        String text = cell.strip();
        return text.startsWith("[") && text.endsWith("]");
    }

    /** Why a cell in brackets is no list of texts and ids, as the end of a sentence about it; empty where it is one, or not in brackets. */
    public static Optional<String> fault(String cell) {
        if (!isBracketed(cell) || items(cell).isPresent()) return Optional.empty();
        return Optional.of(
                hasMissing(cell.strip())
                        ? "is a list with a missing item"
                        : "is in brackets, and is not a list of texts and ids");
    }

    private static boolean hasMissing(String text) {
        try (JsonParser json = LISTS.createParser(text)) {
            json.nextToken();
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.VALUE_NULL) return true;
                json.skipChildren();
            }
            return false;
        } catch (IOException noJson) {
            return MISSING.matcher(text).find();
        }
    }

    /** Its items, {@link String} and {@link Double}; empty where it is no such list. */
    public static Optional<List<Object>> items(String cell) {
        String text = cell.strip();
        if (!text.startsWith("[") || !text.endsWith("]")) return Optional.empty();
        try (JsonParser json = LISTS.createParser(ESCAPE.matcher(text).replaceAll(ListCell::asJson))) {
            json.nextToken();
            List<Object> items = new ArrayList<>();
            for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
                switch (token) {
                    case VALUE_STRING -> items.add(json.getText());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> items.add(json.getDoubleValue());
                    case null, default -> {
                        return Optional.empty();
                    }
                }
            }
            return json.nextToken() == null ? Optional.of(List.copyOf(items)) : Optional.empty();
        } catch (IOException noList) {
            return Optional.empty();
        }
    }

    /** A cell of these items, which {@link #items} reads. */
    public static String text(List<?> items) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = LISTS.createGenerator(text)) {
            json.writeStartArray();
            for (Object item : items) {
                if (item instanceof Double number) json.writeNumber(number);
                else json.writeString((String) item);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("a text takes everything", e);
        }
        return text.toString();
    }

    /** In a replacement, where a backslash stands for itself only twice. */
    private static String asJson(MatchResult escape) {
        String code = escape.group(1) != null ? escape.group(1) : escape.group(2);
        if (code == null) return Matcher.quoteReplacement(escape.group());
        int point = Integer.parseUnsignedInt(code, 16);
        if (!Character.isValidCodePoint(point)) return Matcher.quoteReplacement(escape.group());
        StringBuilder units = new StringBuilder();
        for (char unit : Character.toChars(point))
            units.append("\\\\u").append(HexFormat.of().toHexDigits(unit));
        return units.toString();
    }
}
