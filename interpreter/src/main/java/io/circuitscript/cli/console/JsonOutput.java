package io.circuitscript.cli.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.circuitscript.engine.Progress;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Results as JSON lines: one object for each result and each error. The same script gives the same bytes. */
public final class JsonOutput implements Output {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** Beyond this a double no longer tells neighbouring whole numbers apart. */
    private static final double LARGEST_WHOLE = 1L << 53;

    private final PrintStream out;
    private final boolean timings;
    private final Messages messages;
    private final Progress progress;

    public JsonOutput(PrintStream out, boolean timings, Messages messages, Progress progress) {
        this.out = out;
        this.timings = timings;
        this.messages = messages;
        this.progress = progress;
    }

    @Override
    public void result(Result result) {
        line(json -> result(json, result, timings));
    }

    private static void result(JsonGenerator json, Result result, boolean timings) throws IOException {
        json.writeStringField("statement", result.statement());
        json.writeNumberField("line", result.span().line());
        fields(json, result.value());
        part(json, "vars", result.vars());
        part(json, "context", result.context());
        if (timings) json.writeNumberField("seconds", result.seconds());
    }

    private static void part(JsonGenerator json, String name, Value.Fields fields) throws IOException {
        if (fields.fields().isEmpty()) return;
        json.writeFieldName(name);
        value(json, fields);
    }

    /** Writes the result of a command that runs no script. */
    public void object(Value.Fields value) {
        line(json -> fields(json, value));
    }

    @Override
    public void diagnostic(Diagnostic diagnostic) {
        messages.diagnostic(diagnostic);
        if (!diagnostic.isError()) return;
        line(json -> {
            json.writeObjectFieldStart("error");
            name(json, diagnostic.code());
            json.writeStringField("message", diagnostic.message());
            json.writeStringField("file", diagnostic.span().source().name());
            json.writeNumberField("line", diagnostic.span().line());
            json.writeNumberField("column", diagnostic.span().column());
            explanation(json, diagnostic.notes(), diagnostic.help());
            json.writeEndObject();
        });
    }

    /** Writes a mistake without a position in a script. */
    void mistake(ErrorCode code, String message, List<String> notes, String help) {
        line(json -> {
            json.writeObjectFieldStart("error");
            name(json, code);
            json.writeStringField("message", message);
            explanation(json, notes, help);
            json.writeEndObject();
        });
    }

    /** Both the number of an error, which people look up, and its word, which explains itself. */
    private static void name(JsonGenerator json, ErrorCode code) throws IOException {
        json.writeStringField("code", code.number());
        json.writeStringField("name", code.word());
    }

    /** Further facts and the way out, where there are any. */
    private static void explanation(JsonGenerator json, List<String> notes, String help) throws IOException {
        if (!notes.isEmpty()) {
            json.writeArrayFieldStart("notes");
            for (String note : notes) json.writeString(note);
            json.writeEndArray();
        }
        if (!help.isEmpty()) json.writeStringField("help", help);
    }

    @Override
    public void say(String message) {
        messages.say(message);
    }

    @Override
    public Progress progress() {
        return progress;
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private void line(Body body) {
        out.print(text(body) + "\n");
        out.flush();
    }

    /** A result as one object, in the bytes of its line. */
    public static String text(Result result) {
        return text(json -> result(json, result, false));
    }

    /** Fields as one object, in the bytes that a result has. */
    public static String text(Value.Fields value) {
        return text(json -> fields(json, value));
    }

    private static String text(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void fields(JsonGenerator json, Value.Fields fields) throws IOException {
        for (Map.Entry<String, Value> field : fields.fields().entrySet()) {
            json.writeFieldName(field.getKey());
            value(json, field.getValue());
        }
    }

    private static void value(JsonGenerator json, Value value) throws IOException {
        switch (value) {
            case Value.Number number -> number(json, number.value());
            case Value.Bool bool -> json.writeBoolean(bool.value());
            case Value.Text text -> json.writeString(text.value());
            case Value.None none -> json.writeNull();
            case Value.ListOf list -> {
                json.writeStartArray();
                for (Value item : list.items()) value(json, item);
                json.writeEndArray();
            }
            case Value.Fields fields -> {
                json.writeStartObject();
                fields(json, fields);
                json.writeEndObject();
            }
            case Value.Nodes nodes -> {
                json.writeStartArray();
                for (var node : nodes.nodes()) json.writeString(node.name());
                json.writeEndArray();
            }
            case Value.EdgeSet edges -> {
                json.writeStartArray();
                for (int edge : edges.edges().stream().toArray())
                    json.writeString(edges.graph().edgeName(edge));
                json.writeEndArray();
            }
            case Value.Function function ->
                json.writeString(function.definition().name().text());
        }
    }

    private static void number(JsonGenerator json, double value) throws IOException {
        boolean whole = value == Math.rint(value) && Math.abs(value) <= LARGEST_WHOLE;
        if (whole) json.writeNumber((long) value);
        else json.writeNumber(value);
    }
}
