package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spans of data in a session. */
class SpansTest {
    private static final String DEMO = "set threads=1; load demo; ";
    private static final String IOI = DEMO + "task ioi limit=12 split=50%; ";

    @TempDir
    Path folder;

    private ScriptRun run(String script) {
        ScriptRun run = ScriptRun.of(script, folder);
        assertEquals(List.of(), run.mistakes());
        return run;
    }

    /** The names of fields follow from how the clean text is written. */
    @Test
    void fieldsAreTheHolesOfTheCleanText() {
        List<String> cases = """
                "{a} and {b} went" | a b rest
                "{a} and {a} and {b} and {a} went" | a a.1 a.2 b rest
                "{upper(a)} and {[b, "x"][0]} went" | a b rest
                "{[a, b][n]} went" | rest
                "{1 + 1} and {a} went" | a rest
                "{a} and " + "{b} and " + a + " went" | a b rest
                ["{a} and {b} went", "{b} and {a} went"][n] | a b rest
                choose("{a} and {a} went", "{a} went") | a a.1 rest
                "{"{a} and {b}"} went" | rest
                "{both} went" | both rest
                both + " went" | a b rest
                upper("{a} went") | rest
                "When all went" | rest
                "{" " + a + " "} and {rest} {bos} {answer} {end} went" | a rest
                """.lines().toList();
        // Texts that differ in their last word alone.
        String block = """
                quiet { data generate count=12 seed=1 {
                  a = choose("Mary", "John")
                  b = choose("Tom", "Paul")
                  n = choose(0, 1)
                  both = "{a} and {b}"
                  rest = "to"; bos = "the"; answer = "park"; end = "and"
                  clean = CLEAN + " to"
                  corrupted = replace("{clean}|", " to|", " and")
                } }
                print join(sort(spans()), " ")
                """;
        StringBuilder script = new StringBuilder(DEMO).append('\n');
        List<String> expected = new ArrayList<>();
        for (String one : cases) {
            String[] parts = one.split(" \\| ");
            script.append(block.replace("CLEAN", parts[0]));
            expected.add(Stream.of(("bos end " + parts[1]).split(" ")).sorted().collect(Collectors.joining(" ")));
        }
        ScriptRun run = run(script.toString());
        assertEquals(expected, run.printed());
        assertEquals(
                4,
                run.said().stream()
                        .filter(it -> it.contains("is no span of its own"))
                        .count(),
                "once each");
    }

    /** A part of the data has the spans of all, and another model's tokens their own. */
    @Test
    void spansAreThoseOfAllRows() {
        ScriptRun run = run(IOI + """
                print spans()
                filter giver != "Mary"
                print spans()
                let test = quiet { rows on=test spans=true }
                let train = quiet { rows spans=true }
                print len(test) + len(train), train[0].spans[2].span, test[0].spans[2].span
                load planted
                print spans()
                data "std/ioi.csv" limit=3
                print spans()
                """);
        String all = "[\"bos\", \"first\", \"second\", \"place\", \"giver\", \"thing\", \"rest\", \"end\"]";
        List<String> printed = run.printed();
        assertEquals(List.of(all, all), printed.subList(0, 2));
        assertTrue(printed.get(2).endsWith("first first"), printed.get(2));
        assertEquals(List.of(all, "[]"), printed.subList(3, 5));
    }

    /** The spans of a row are its tokens, in their order, each once. */
    @Test
    void theSpansOfARowAreItsText() {
        Value.ListOf rows = (Value.ListOf) run(DEMO
                        + "data \"std/ioi.csv\" limit=6 spans=[first(incorrect), last(incorrect), correct]; rows spans=true")
                .of("rows")
                .getFirst()
                .field("items")
                .orElseThrow();
        assertEquals(6, rows.items().size());
        for (Value item : rows.items()) {
            Value.Fields row = (Value.Fields) item;
            StringBuilder text = new StringBuilder();
            double next = 0;
            for (Value each : ((Value.ListOf) row.field("spans").orElseThrow()).items()) {
                Value.Fields run = (Value.Fields) each;
                assertEquals(next, ((Value.Number) run.field("from").orElseThrow()).value());
                next = ((Value.Number) run.field("to").orElseThrow()).value() + 1;
                text.append(run.field("text").orElseThrow().display());
            }
            assertEquals(row.field("clean").orElseThrow().display(), text.toString());
        }
    }

    /** What a metric reads decides whether there is an answer. */
    @Test
    void anAnswerIsASpanWhereTheMetricReadsSeveralTokens() {
        ScriptRun run = run(DEMO + """
                quiet { data generate count=8 seed=1 {
                  a = choose("Mary", "John")
                  clean = "When {a} went to"
                  corrupted = "When Tom went to"
                  correct = [" park", " school park"][choose(0, 1)]
                  incorrect = " store"
                } }
                metric logprob_diff
                print spans()
                quiet { filter correct == " park" }
                print spans()
                metric kl
                print spans()
                """);
        assertEquals(
                List.of(
                        "[\"bos\", \"a\", \"rest\", \"end\", \"answer\"]",
                        "[\"bos\", \"a\", \"rest\", \"end\"]",
                        "[\"bos\", \"a\", \"rest\", \"end\"]"),
                run.printed());
    }

    /** Asking for spans changes no number, to the last bit. */
    @Test
    void askingForSpansChangesNothingElse() {
        String then = "; baseline; attribute ig=2; greedy 40; evaluate";
        ScriptRun without = run(IOI + "let names = 1" + then);
        ScriptRun with = run(IOI + "baseline; let names = spans()" + then);
        assertEquals(without.of("evaluate"), with.of("evaluate"));
        assertEquals(without.of("baseline").getFirst(), with.of("baseline").getLast());
        assertNotEquals(
                without.of("evaluate"),
                run(IOI + "attribute ig=2; greedy 20; evaluate").of("evaluate"));
    }

    @Test
    void dataWithoutSpansSaySo() {
        ScriptRun run = ScriptRun.of(DEMO + "data \"std/ioi.csv\" limit=3; rows spans=true", folder);
        assertEquals(List.of(ErrorCode.NO_SPANS), run.codes());
        assertEquals(List.of("[]"), run(DEMO + "print spans()").printed());
        run = ScriptRun.of(DEMO + "data generate { a = spans(); clean = \"a\"; corrupted = \"b\" }", folder);
        assertEquals(List.of(ErrorCode.WRONG_ARGUMENTS), run.codes());
    }

    /** Names that are lists of names, and names from variables. */
    @Test
    void columnsMayComeFromVariables() {
        ScriptRun run = run(DEMO + """
                let names = ["correct"]
                quiet { data "std/ioi.csv" limit=3 spans=names }
                print spans()
                let one = "correct"
                quiet { data "std/ioi.csv" limit=3 spans=(who=one, whom=last(incorrect)) }
                print spans()
                quiet { data "std/ioi.csv" limit=3 correct=incorrect incorrect=correct spans=[first(correct), "incorrect"] }
                print spans()
                """);
        assertEquals("[\"bos\", \"correct\", \"rest\", \"end\"]", run.printed().get(0));
        assertTrue(run.printed().get(1).contains("who") && run.printed().get(1).contains("whom"));
        assertTrue(run.printed().get(2).contains("\"correct\"")
                && run.printed().get(2).contains("\"incorrect\""));
    }
}
