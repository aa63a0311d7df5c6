package io.circuitscript.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultFields;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.runtime.value.ValueView;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tables at the prompt, on a screen that they do not fit on. */
final class PromptOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PromptOutput prompt(int width, int height) {
        Messages messages = new Messages(
                new ProcessEnvironment(
                        new ByteArrayInputStream(new byte[0]),
                        new ResultStream(out),
                        ScreenStream.over(new ByteArrayOutputStream()),
                        ProcessEnvironment.Terminals.NONE,
                        Path.of(""),
                        Map.of(),
                        Signals.NONE),
                ColorMode.NEVER,
                ProgressLine.NONE);
        return new PromptOutput(
                ProcessEnvironment.utf8(out),
                () -> width,
                () -> height,
                stream -> new TableOutput(stream, name -> name, false, false, messages, ProgressLine.NONE));
    }

    private static Result looked(int rows, int columns) {
        List<Value> all = IntStream.range(0, rows)
                .<Value>mapToObj(row -> {
                    SequencedMap<String, Value> fields = new LinkedHashMap<>();
                    for (int i = 0; i < columns; i++) fields.put("column" + i, new Value.Number(row * 1000 + i));
                    return Value.Fields.record(fields);
                })
                .toList();
        return new Result(
                "print",
                new Span(new Source("<repl:1>", "rows"), 0, 4),
                ResultFields.of("print").put("value", new Value.ListOf(all)).done(),
                0,
                ValueView.LOOKED_AT);
    }

    private List<String> lines() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        out.reset();
        return lines;
    }

    @Test
    void aTableThatFitsIsShownWhole() {
        PromptOutput prompt = prompt(80, 24);
        prompt.result(looked(10, 3));
        assertEquals(11, lines().size());
        assertTrue(!prompt.showAll());
    }

    @Test
    void ofALongTableAsManyRowsAreShownAsFit() {
        PromptOutput prompt = prompt(80, 24);
        prompt.result(looked(500, 3));
        List<String> shown = lines();
        assertTrue(shown.size() > 10 && shown.size() <= 21, String.join("\n", shown));
        assertEquals("… 500 rows in all: :all shows them", shown.getLast());
        assertTrue(prompt.showAll());
        assertEquals(501, lines().size());
    }

    @Test
    void aWideTableDoesNotWrap() {
        PromptOutput prompt = prompt(40, 24);
        prompt.result(looked(300, 12));
        List<String> shown = lines();
        assertTrue(shown.size() <= 21, String.join("\n", shown));
        assertTrue(shown.stream().allMatch(line -> line.length() <= 40), String.join("\n", shown));
        assertTrue(prompt.showAll());
        List<String> all = lines();
        assertTrue(all.stream().allMatch(line -> line.length() <= 40));
        assertTrue(all.stream().anyMatch(line -> line.endsWith("column11")));
    }

    @Test
    void ofAVeryLongTableAllShowsTheFirstThousand() {
        PromptOutput prompt = prompt(80, 24);
        prompt.result(looked(5_000, 2));
        assertEquals("… 5,000 rows in all: :all shows the first 1,000", lines().getLast());
        prompt.showAll();
        List<String> all = lines();
        assertEquals(1_002, all.size());
        assertEquals("… 4,000 more rows; write them to a file: write rows \"rows.csv\"", all.getLast());
    }
}
