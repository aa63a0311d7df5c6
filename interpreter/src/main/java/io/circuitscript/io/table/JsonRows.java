package io.circuitscript.io.table;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Tables as JSON objects, one for each row: a line for each (JSON Lines), or one list of them (JSON). */
final class JsonRows {
    private final TableFault fault;
    private final ItemBudget budget;

    /** Columns in the order in which they first appear, with their numbers. */
    private final Map<String, Integer> columns = new LinkedHashMap<>();

    private final List<Object[]> rows = new ArrayList<>();

    private JsonRows(ItemBudget budget) {
        this.fault = budget.fault();
        this.budget = budget;
    }

    /** A field that a row does not have is none. */
    static TableData read(String text, ItemBudget budget) {
        return read(text, budget, Columns::table);
    }

    /** @param maker makes the table of what was read */
    static <T> T read(String text, ItemBudget budget, Columns.Maker<T> maker) {
        JsonRows reading = new JsonRows(budget);
        try (JsonParser json = JsonCells.JSON.createParser(new StringReader(text))) {
            reading.read(json);
        } catch (StreamConstraintsException e) {
            if (e.getMessage().contains("nesting depth")) throw budget.tooDeep();
            throw reading.malformed(e);
        } catch (IOException e) {
            throw reading.malformed(e);
        }
        return reading.table(maker);
    }

    private void read(JsonParser json) throws IOException {
        boolean list = fault.format() == TableFormat.JSON;
        JsonToken token = json.nextToken();
        if (list) {
            if (token != JsonToken.START_ARRAY) throw fault.malformed("it is not a list", "write [{…}, {…}]");
            token = json.nextToken();
        }
        while (token != null && token != JsonToken.END_ARRAY) {
            if (!budget.wantsMore(rows.size())) return;
            if (token != JsonToken.START_OBJECT) {
                throw fault.malformed(
                        "row " + (rows.size() + 1) + place(json.currentTokenLocation()) + " is not an object",
                        "each row is an object, as {\"clean\": \"…\", \"label\": 41}");
            }
            row(JsonCells.readRecord(json, 0, budget));
            token = json.nextToken();
        }
        boolean closed = token == JsonToken.END_ARRAY;
        if (closed != list) throw fault.malformed("a bracket ] stands alone" + place(json.currentTokenLocation()), "");
        if (list && json.nextToken() != null) throw fault.malformed("something follows the list", "");
    }

    private void row(SequencedMap<String, Object> fields) {
        for (String name : fields.sequencedKeySet()) columns.putIfAbsent(name, columns.size());
        Object[] row = new Object[columns.size()];
        budget.take(columns.size() - fields.size());
        fields.forEach((name, cell) -> row[columns.get(name)] = cell);
        rows.add(row);
    }

    private <T> T table(Columns.Maker<T> maker) {
        int width = columns.size();
        // Rows of nothing are no table.
        if (width == 0 && !rows.isEmpty()) throw fault.malformed("its rows have no fields", "");
        for (Object[] row : rows) budget.take(width - row.length);
        rows.replaceAll(row -> row.length == width ? row : Arrays.copyOf(row, width));
        return maker.of(Columns.names(List.copyOf(columns.keySet()), fault), rows, fault);
    }

    private UserError malformed(IOException e) {
        String row = "row " + (rows.size() + 1);
        if (e instanceof JsonEOFException) return fault.malformed(row + " is incomplete", "write or copy it again");
        JsonLocation at = e instanceof JsonProcessingException json ? json.getLocation() : null;
        String what = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        String first = what == null ? "unreadable" : what.lines().findFirst().orElse("");
        String help = fault.format() == TableFormat.JSONL ? "each line is an object of its own" : "";
        return fault.malformed(row + place(at) + ": " + first, help);
    }

    private static String place(JsonLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    static void write(TableData table, TableFormat format, Writer out) throws IOException {
        boolean list = format == TableFormat.JSON;
        if (list) out.write("[");
        String before = list ? "\n" : "";
        JsonGenerator json = JsonCells.JSON.createGenerator(out);
        json.setRootValueSeparator(null);
        for (List<Object> row : table.rows()) {
            json.flush();
            out.write(before);
            before = list ? ",\n" : "\n";
            json.writeStartObject();
            for (int column = 0; column < row.size(); column++) {
                json.writeFieldName(table.columns().get(column));
                JsonCells.write(json, row.get(column));
            }
            json.writeEndObject();
        }
        json.flush();
        out.write(list ? "\n]\n" : table.rows().isEmpty() ? "" : "\n");
    }
}
