package io.circuitscript.io.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Cells as JSON. */
final class JsonCells {
    /** Python's writer writes NaN and Infinity. Names are columns of a user's: a table of them all would gain nothing. */
    static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(TableLimits.DEEPEST + 2)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(10_000).build())
            .build();

    private JsonCells() {}

    /**
     * The cell at the parser's token, and everything in it.
     *
     * @param depth of lists and records around it
     */
    static Object read(JsonParser json, int depth, ItemBudget budget) throws IOException {
        budget.take(1);
        return switch (json.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> {
                String text = json.getText();
                budget.takeText(text.length());
                yield text;
            }
            case VALUE_NUMBER_FLOAT -> UnsettledCell.of(json.getDoubleValue());
            case VALUE_NUMBER_INT -> wholeNumber(json.getText());
            case START_ARRAY -> {
                if (depth >= budget.depth()) throw budget.tooDeep();
                List<Object> list = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) list.add(read(json, depth + 1, budget));
                yield list;
            }
            case START_OBJECT -> readRecord(json, depth, budget);
            case null, default -> throw new IOException("unexpected " + json.currentToken());
        };
    }

    static SequencedMap<String, Object> readRecord(JsonParser json, int depth, ItemBudget budget) throws IOException {
        if (depth >= budget.depth()) throw budget.tooDeep();
        SequencedMap<String, Object> fields = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            budget.takeText(name.length());
            json.nextToken();
            fields.put(name, read(json, depth + 1, budget));
        }
        return fields;
    }

    private static Object wholeNumber(String digits) {
        if (digits.equals("-0")) return -0.0;
        return CellNumbers.isWide(digits) ? new UnsettledCell.Wide(digits) : (Object) Double.parseDouble(digits);
    }

    static void write(JsonGenerator json, Object cell) throws IOException {
        switch (cell) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Boolean truth -> json.writeBoolean(truth);
            case Double number -> json.writeNumber(CellNumbers.text(number));
            case List<?> list -> {
                json.writeStartArray();
                for (Object item : list) write(json, item);
                json.writeEndArray();
            }
            case SequencedMap<?, ?> map -> {
                json.writeStartObject();
                for (var field : map.entrySet()) {
                    json.writeFieldName((String) field.getKey());
                    write(json, field.getValue());
                }
                json.writeEndObject();
            }
            default -> throw new IllegalArgumentException("a cell of class " + cell.getClass());
        }
    }

    static String text(Object cell) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, cell);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /** A text that is a list or a record, and nothing else. */
    static boolean isComposite(String text) {
        if (text.isEmpty() || text.charAt(0) != '[' && text.charAt(0) != '{') return false;
        try (JsonParser json = JSON.createParser(text)) {
            int depth = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token.isStructStart()) depth++;
                if (token.isStructEnd()) depth--;
                if (depth == 0) return json.nextToken() == null;
                boolean number = token == JsonToken.VALUE_NUMBER_FLOAT;
                if (number && !Double.isFinite(json.getDoubleValue())) return false;
            }
            return false;
        } catch (StreamConstraintsException deep) {
            return true;
        } catch (IOException other) {
            return false;
        }
    }

    /** @param text for which {@link #isComposite} holds */
    static Object composite(String text, ItemBudget budget) {
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            return read(json, 0, budget);
        } catch (StreamConstraintsException deep) {
            throw budget.tooDeep();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text that a JSON string stands for; null where it is none, or more than one. */
    static String string(String written) {
        if (written.length() < 2 || !written.startsWith("\"") || !written.endsWith("\"")) return null;
        try (JsonParser json = JSON.createParser(written)) {
            if (json.nextToken() != JsonToken.VALUE_STRING) return null;
            String text = json.getText();
            return json.nextToken() == null ? text : null;
        } catch (IOException other) {
            return null;
        }
    }
}
