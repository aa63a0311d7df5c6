package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.runtime.state.Output;
import io.circuitscript.runtime.value.Result;
import io.circuitscript.runtime.value.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole scripts that need no model's weights. */
class SessionTest {
    @TempDir
    Path folder;

    private void copyCircuit() throws Exception {
        try (var in = getClass().getResourceAsStream("/fixtures/small-circuit.json")) {
            Files.copy(in, folder.resolve("small.json"));
        }
    }

    @Test
    void anExpectThatDoesNotHoldShowsBothSidesAndEndsTheScript() {
        ScriptRun run = ScriptRun.of("expect 1 < 2\nlet x = 3\nexpect x > 2 + 2\nprint x", folder);
        assertEquals(1, run.exitCode());
        assertEquals(List.of("3:8 expect-failed: this does not hold: 3 > 4"), run.mistakes());
        assertEquals(
                List.of("{left: 1, right: 2, holds: true}", "{left: 3, right: 4, holds: false}"),
                run.of("expect").stream().map(Value::repr).toList());
        assertEquals(List.of(), run.printed());
    }

    @Test
    void nothingRunsWhereTheCheckFindsAMistake() {
        ScriptRun run = ScriptRun.of("print 1\nprint nothing", folder);
        assertEquals(65, run.exitCode());
        assertEquals(List.of(), run.results());
    }

    @Test
    void aMistakeThatOnlyTheRunFindsStopsThere() {
        ScriptRun run =
                ScriptRun.of("def half(x) { 1 / x }\nfor i in [1, 0] { print half(i) }\nprint \"after\"", folder);
        assertEquals(65, run.exitCode());
        assertFalse(run.printed().contains("after"));
    }

    @Test
    void valuesOfTheCommandLineReplaceParameters() {
        Map<String, String> given = Map.of("n", "7", "name", "gpt2-small", "list", "[1, 2]", "share", "5%");
        ScriptRun run = ScriptRun.of(
                "param n = 1\nparam name = \"demo\"\nparam list = []\nparam share = 1%\nprint n + 1, name, list, share",
                folder, given);
        assertEquals(List.of(), run.mistakes());
        assertEquals(List.of("8 gpt2-small [1, 2] 5%"), run.printed());
    }

    @Test
    void whatIsCancelledEndsWithItsCode() {
        CancelToken cancel = new CancelToken();
        cancel.cancel();
        assertEquals(130, ScriptRun.of("print 1", folder, Map.of(), cancel).exitCode());
    }

    @Test
    void aMissingFileHasItsCode() {
        assertEquals(66, ScriptRun.of("open \"nothing.json\"", folder).exitCode());
    }

    @Test
    void variablesOutliveOneInput() {
        // One session, as at the prompt.
        var results = new java.util.ArrayList<Result>();
        var output = new Output() {
            @Override
            public void result(Result result) {
                results.add(result);
            }

            @Override
            public void diagnostic(io.circuitscript.source.Diagnostic diagnostic) {
                throw new AssertionError(diagnostic);
            }

            @Override
            public void say(String message) {}

            @Override
            public io.circuitscript.engine.Progress progress() {
                return io.circuitscript.engine.Progress.NONE;
            }
        };
        var options = new Session.Options(folder, folder, Map.of());
        try (Session session = new Session(options, output, new CancelToken(), Map.of())) {
            session.run(new io.circuitscript.source.Source("<repl:1>", "let x = 4"), folder);
            session.run(new io.circuitscript.source.Source("<repl:2>", "x * 2"), folder);
        }
        assertEquals("8", results.getLast().value().field("value").orElseThrow().display());
    }

    @Test
    void anOpenedCircuitIsWorkedOnWithoutAModel() throws Exception {
        copyCircuit();
        ScriptRun run = ScriptRun.of("""
                open "small.json"
                let before = edges
                greedy 3
                prune
                keep small
                full
                remove m1
                let rest = edges m0->logits
                use small
                save "again/small.json"
                open "again/small.json"
                render "small.dot"
                nodes m*
                empty
                add m0->logits
                """, folder);
        assertEquals(List.of(), run.mistakes());
        assertEquals(0, run.exitCode());
        assertTrue(Files.exists(folder.resolve("out/again/small.json")));
        assertTrue(Files.readString(folder.resolve("out/small.dot")).contains("digraph"));
        assertEquals(
                run.of("use"),
                run.of("keep").stream()
                        .map(f -> new Value.Fields("result of use", f.fields()))
                        .toList());
        assertEquals(
                run.of("open").getLast().fields(), run.of("keep").getFirst().fields());
        assertEquals("{edges: 1, nodes: 1}", run.of("add").getFirst().repr());
        Value.Fields nodes = run.of("nodes").getFirst();
        assertEquals(
                "{count: 2, items: [{node: \"m0\", score: none, in_circuit: true}, {node: \"m1\", score: none, in_circuit: true}]}",
                nodes.repr().replace("false", "true"));
    }

    @Test
    void ofManyMistakesTheFirstTenAreShown() {
        ScriptRun run = ScriptRun.of("print missing\n".repeat(1030), folder);
        assertEquals(10, run.mistakes().size());
        assertEquals(List.of("… and 1,020 more, which are shown once these are fixed"), run.said());
        assertEquals(65, run.exitCode());
    }
}
