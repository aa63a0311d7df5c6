package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.console.ColorMode;
import io.circuitscript.cli.console.JsonOutput;
import io.circuitscript.cli.console.Messages;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ProgressLine;
import io.circuitscript.cli.console.QuietOutput;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.ScreenStream;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.cli.console.TableOutput;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.statements.Statements;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.ResultView;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.Diagnostic;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.Source;
import io.circuitscript.source.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The same results as JSON lines, as tables, and quietly. */
final class ResultsTest {
    private static final Statements STATEMENTS = new Statements(Map.of(), Path.of("target"));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ResultStream results = new ResultStream(out);
    private final Messages messages = new Messages(
            new ProcessEnvironment(
                    new ByteArrayInputStream(new byte[0]),
                    results,
                    ScreenStream.over(err),
                    ProcessEnvironment.Terminals.NONE,
                    Path.of(""),
                    Map.of(),
                    Signals.NONE),
            ColorMode.AUTO,
            ProgressLine.NONE);

    private Output json(boolean timings) {
        return new JsonOutput(results.exact(), timings, messages, ProgressLine.NONE);
    }

    private Output table() {
        return new TableOutput(results.text(), name -> name, false, false, messages, ProgressLine.NONE);
    }

    private static Result result(String text, Object... namesAndValues) {
        Source source = new Source("a.circuit", "# first line\n" + text + "\n");
        Span span = new Span(source, 13, 13 + text.length());
        String word = text.split(" ")[0];
        ResultView view = STATEMENTS
                .find(word)
                .map(handler -> handler.declaration().view())
                .orElse(ResultView.FIELDS);
        return new Result(word, span, fields(namesAndValues), 1.5, view);
    }

    private static Value.Fields fields(Object... namesAndValues) {
        var fields = new LinkedHashMap<String, Value>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            fields.put((String) namesAndValues[i], value(namesAndValues[i + 1]));
        return new Value.Fields("result", fields);
    }

    private static Value value(Object object) {
        return switch (object) {
            case Integer whole -> new Value.Number(whole);
            case Double number -> new Value.Number(number);
            case Boolean bool -> new Value.Bool(bool);
            case List<?> items ->
                new Value.ListOf(items.stream().map(ResultsTest::value).toList());
            case Value value -> value;
            default -> new Value.Text(object.toString());
        };
    }

    private void assertOut(String expected) {
        assertEquals(expected, out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void jsonKeepsOrderAndEveryDigit() {
        json(false)
                .result(result(
                        "evaluate",
                        "metric",
                        0.1 + 0.2,
                        "faithfulness",
                        1.0,
                        "tiny",
                        1e-7,
                        "in",
                        true,
                        "none",
                        new Value.None(),
                        "values",
                        List.of(1, -0.5)));
        assertOut(
                "{\"statement\":\"evaluate\",\"line\":2,\"metric\":0.30000000000000004,\"faithfulness\":1,\"tiny\":1.0E-7,"
                        + "\"in\":true,\"none\":null,\"values\":[1,-0.5]}\n");
    }

    @Test
    void jsonHasTimesOnlyOnRequest() {
        json(true).result(result("baseline", "clean", 2));
        assertOut("{\"statement\":\"baseline\",\"line\":2,\"clean\":2,\"seconds\":1.5}\n");
    }

    @Test
    void jsonHasMistakesToo() {
        Source source = new Source("a.circuit", "load demo\nevaluat\n");
        json(false)
                .diagnostic(Diagnostic.error(
                        ErrorCode.UNKNOWN_STATEMENT, "there is no statement \"evaluat\"", new Span(source, 10, 17)));
        json(false).diagnostic(Diagnostic.warning(ErrorCode.UNEXPECTED, "odd", new Span(source, 0, 1)));
        assertOut(
                "{\"error\":{\"code\":\"E0101\",\"name\":\"unknown-statement\",\"message\":\"there is no statement \\\"evaluat\\\"\",\"file\":\"a.circuit\","
                        + "\"line\":2,\"column\":1}}\n");
    }

    @Test
    void tablesShowTheStatementAndRoundedNumbers() {
        Output table = table();
        table.result(result(
                "baseline",
                "clean",
                0.9515556192586775,
                "corrupted",
                0.021169477665414552,
                "clean_values",
                List.of(1, 2)));
        table.result(result("prune", "edges", 37, "nodes", 1));
        table.result(result(
                "evaluate",
                "metric",
                0.8577,
                "baseline",
                0.95155,
                "corrupted",
                1.4916e-17,
                "faithfulness",
                0.8992236,
                "edges",
                40,
                "nodes",
                18));
        table.result(result(
                "ablate m3->logits",
                "edges",
                1,
                "metric",
                0.9036,
                "baseline",
                0.9516,
                "change",
                -0.048,
                "values",
                List.of(1)));
        table.result(result("render \"circuit.png\"", "file", "circuit.png"));
        assertOut("""
                baseline                    clean 0.95156, corrupted 0.021169
                prune                       37 edges, 1 node
                evaluate                    faithfulness 0.89922 with 40 edges, 18 nodes
                                            metric 0.8577, baseline 0.95155, corrupted 1.4916e-17
                ablate m3->logits           change -0.048: metric 0.9036, baseline 0.9516; 1 edge
                render "circuit.png"        wrote circuit.png
                """);
    }

    @Test
    void intervalsStandBesideTheirNumbers() {
        table().result(result(
                "ablate m3->logits",
                "edges",
                1,
                "metric",
                0.9036,
                "baseline",
                0.9516,
                "change",
                0.048,
                "values",
                List.of(1),
                "metric_interval",
                List.of(0.8712, 0.9209),
                "baseline_interval",
                List.of(0.9478, 0.9535),
                "change_interval",
                List.of(0.0312, 0.0795)));
        assertOut(
                "ablate m3->logits           change +0.048 [0.031, 0.080]: metric 0.904 [0.871, 0.921], baseline 0.9516 [0.9478, 0.9535]; 1 edge\n");
    }

    @Test
    void aSweepIsATableWithSignedAndAbsoluteSideBySide() {
        List<Object> points = new ArrayList<>();
        for (boolean absolute : new boolean[] {false, true}) {
            for (int size : new int[] {4, 479}) {
                points.add(fields(
                        "size",
                        size,
                        "fraction",
                        size == 4 ? 0.01 : 1.0,
                        "abs",
                        absolute,
                        "faithfulness",
                        size == 4 ? 0.5031 : 1.0,
                        "faithfulness_interval",
                        size == 4 ? List.of(0.4558, 0.5521) : new Value.None(),
                        "edges",
                        size - 1));
            }
        }
        table().result(result(
                "sweep",
                "level",
                "edge",
                "points",
                points,
                "cpr",
                0.97287,
                "cmd",
                0.02112,
                "cpr_interval",
                List.of(0.9694, 0.9763),
                "cmd_interval",
                new Value.None()));
        assertOut("""
                sweep
                                            asked  edges  faithfulness, signed  kept  faithfulness, absolute  kept
                                            1%       4    0.503 [0.456, 0.552]    3   0.503 [0.456, 0.552]      3
                                            100%   479    1                     478   1                       478
                                            CPR 0.9729 [0.9694, 0.9763] (signed), CMD 0.02112 (absolute)
                """);
    }

    @Test
    void predictionsAreATableWhoseTokensShowTheirSpaces() {
        table().result(result(
                "predict \"The war\" top=2",
                "tokens",
                List.of("The", " war"),
                "top",
                List.of(
                        fields("token", " was", "id", 12, "prob", 0.75),
                        fields("token", "s", "id", 7, "prob", 0.0625))));
        assertOut("""
                predict "The war" top=2
                                            token   id  probability
                                            " was"  12  0.75
                                            "s"      7  0.0625
                """);
    }

    @Test
    void longListsAreCutUnlessANumberWasAskedFor() {
        List<Value> items = IntStream.range(0, 30)
                .mapToObj(i ->
                        (Value) fields("edge", "m0->a1.h" + i + "<q>", "score", -i / 8.0, "in_circuit", i % 2 == 0))
                .toList();
        table().result(result("edges", "count", 30, "items", items));
        List<String> lines =
                out.toString(StandardCharsets.UTF_8).lines().map(String::strip).toList();
        assertEquals("edge           score   in circuit", lines.get(1));
        assertEquals("m0->a1.h19<q>  -2.375", lines.get(21));
        assertEquals("… and 10 more (in the graph's order; top=N sorts by the size of the score)", lines.getLast());
        out.reset();
        table().result(result("edges top=25", "count", 30, "items", items.subList(0, 25)));
        assertEquals(
                1 + 1 + 25 + 1, out.toString(StandardCharsets.UTF_8).lines().count());
    }

    @Test
    void quietLetsThroughWhatTheScriptPrints() {
        Output quiet = new QuietOutput(table());
        quiet.result(result("prune", "edges", 1, "nodes", 1));
        quiet.say("the metric is prob_diff");
        quiet.result(result("print \"hello\"", "value", "hello"));
        assertOut("hello\n");
        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aDefectShowsItsTraceAndHowToReportIt() {
        assertEquals(70, messages.defect(new IllegalStateException("slots do not add up")));
        String text = err.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("error[E0901]: this is a defect of CircuitScript, not of your script\n"), text);
        assertTrue(text.contains("java.lang.IllegalStateException: slots do not add up\n\tat "), text);
        assertTrue(text.contains("= help: please report it"), text);
    }
}
