package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The language's tutorial and its statements on the bundled model, on a few rows. */
class TutorialTest {
    private static final double CLOSE = 1e-9;

    @TempDir
    Path folder;

    @BeforeEach
    void copyData() throws Exception {
        for (String name : List.of("greater-than.csv", "ioi.csv")) {
            Files.copy(Path.of("..", "examples", name), folder.resolve(name));
        }
    }

    /** On one thread: on a machine that is busy with other things, two wait for each other most of the time. */
    private ScriptRun run(String script) {
        ScriptRun run = ScriptRun.of("set threads=1; " + script, folder);
        assertEquals(List.of(), run.mistakes());
        assertEquals(0, run.exitCode());
        return run;
    }

    private static double number(Value.Fields fields, String name) {
        return ((Value.Number) fields.field(name).orElseThrow()).value();
    }

    private static List<String> names(ScriptRun run, String statement) {
        return List.copyOf(run.of(statement).getFirst().fields().keySet());
    }

    @Test
    void theTutorialRunsAsItStands() {
        ScriptRun run = run("""
                load demo
                predict "The war lasted from the year 1741 to the year 17" top=5
                data "greater-than.csv"  # clean, corrupted, start_year: prob_diff over years
                baseline

                ablate m3->logits  # one edge at a time
                ablate a1.h2->m2
                ablate m0->a2.h1<v>

                attribute method=eap  # first-order: cheap, but its signs mislead greedy here
                greedy 40
                prune
                let naive = evaluate

                attribute ig=30  # integrated gradients
                greedy 40
                prune
                let better = evaluate
                expect better.faithfulness > naive.faithfulness + 0.5
                render "circuit.png"
                save "circuit.json"
                """);
        assertEquals(List.of("the metric is prob_diff, since the column start_year holds years"), run.said());
        assertTrue(Files.exists(folder.resolve("out/circuit.png")));
        assertTrue(Files.exists(folder.resolve("out/circuit.json")));
        assertEquals(
                List.of("load", "predict", "data", "baseline", "ablate", "ablate", "ablate", "attribute", "greedy", "prune", "evaluate",
                        "attribute", "greedy", "prune", "evaluate", "expect", "render", "save"),
                run.results().stream().map(Result::statement).toList());
        assertEquals(21, number(run.of("load").getFirst(), "nodes"));
        assertEquals(479, number(run.of("load").getFirst(), "edges"));
        Value.Fields ablated = run.of("ablate").getFirst();
        assertEquals(number(ablated, "metric") - number(ablated, "baseline"), number(ablated, "change"), CLOSE);
    }

    @Test
    void resultsHaveTheFieldsOfTheReferenceInItsOrder() {
        ScriptRun run = run("""
                load demo
                tokens "the year 1741"
                predict "The war" top=2
                data "ioi.csv" limit=4
                metric logit_diff
                baseline
                ablate m3->logits with=zero
                attribute method=eap
                edges m* -> logits
                nodes
                top 10%
                evaluate with=zero
                """);
        assertEquals(List.of("model", "family", "layers", "heads", "d_model", "parameters", "nodes", "edges", "device", "dtype", "bos"), names(run, "load"));
        assertEquals(List.of("tokens"), names(run, "tokens"));
        assertEquals(List.of("tokens", "top"), names(run, "predict"));
        assertEquals(List.of("examples", "columns", "tokens_min", "tokens_max", "metric", "distinct", "train", "test"), names(run, "data"));
        assertEquals(List.of("metric", "expression", "better"), names(run, "metric"));
        assertEquals(List.of("clean", "corrupted", "clean_values", "corrupted_values", "examples", "clean_interval", "corrupted_interval"), names(run, "baseline"));
        assertEquals(
                List.of("edges", "metric", "baseline", "change", "values", "examples", "metric_interval", "baseline_interval", "change_interval"),
                names(run, "ablate"));
        assertEquals(List.of("method", "steps", "edges", "examples", "level", "scored"), names(run, "attribute"));
        assertEquals(List.of("count", "items"), names(run, "edges"));
        assertEquals(List.of("count", "items"), names(run, "nodes"));
        assertEquals(List.of("edges", "nodes"), names(run, "top"));
        assertEquals(
                List.of("metric", "baseline", "corrupted", "faithfulness", "edges", "nodes", "values", "examples",
                        "metric_interval", "baseline_interval", "corrupted_interval", "faithfulness_interval"),
                names(run, "evaluate"));
        assertEquals(47, number(run.of("top").getFirst(), "edges"));
    }

    @Test
    void theWholeModelIsFaithfulAndTheEmptyCircuitIsNot() {
        ScriptRun run = run("""
                load demo
                data "greater-than.csv" limit=4
                for with in ["patching", "zero"] {
                  full
                  evaluate with=with
                  empty
                  evaluate with=with
                }
                """);
        List<Double> faithfulness = run.of("evaluate").stream().map(f -> number(f, "faithfulness")).toList();
        for (int i = 0; i < 4; i++) assertEquals(i % 2 == 0 ? 1 : 0, faithfulness.get(i), 1e-5);
    }

    @Test
    void savedAndOpenedIsTheSame() {
        ScriptRun run = run("""
                load demo
                data "greater-than.csv" limit=4
                attribute method=eap
                let before = edges top=20
                greedy 40
                prune
                keep found
                save "c.json"
                load demo
                open "c.json"
                let after = edges top=20
                expect len(before.items) == len(after.items)
                print before.items[0].score == after.items[0].score, before.items[19].edge == after.items[19].edge
                greedy 40
                prune
                """);
        assertEquals(List.of("true true"), run.printed());
        assertEquals(run.of("prune").getFirst(), run.of("prune").getLast());
        assertEquals(run.of("prune").getFirst().fields(), run.of("open").getFirst().fields());
    }

    @Test
    void anotherBatchSizeGivesTheSameNumbers() {
        String script = "load demo\ndata \"greater-than.csv\" limit=9\nset batch=%d\nattribute method=eap\nlet e = edges top=1\nbaseline\n";
        ScriptRun one = run(script.formatted(1));
        ScriptRun all = run(script.formatted(9));
        assertEquals(number(one.of("baseline").getFirst(), "clean"), number(all.of("baseline").getFirst(), "clean"), 1e-6);
    }

    @Test
    void threadsAndMemoryReachTheRunAndChangeNoNumber() {
        String script = "set threads=%d memory=%s\nload demo\ndata \"greater-than.csv\"\nattribute ig=2\nlet e = edges top=1\nprint e.items[0].score\n";
        double one = Double.parseDouble(run(script.formatted(1, "4GB")).printed().getFirst());
        double other = Double.parseDouble(run(script.formatted(2, "256MB")).printed().getFirst());
        assertEquals(one, other, 1e-6 * Math.abs(one));
    }

    @Test
    void otherDataKeepsTheCircuitAndItsScores() {
        ScriptRun run = run("""
                load demo
                data "greater-than.csv" limit=4
                attribute method=eap
                top 30
                data "ioi.csv" limit=4 seed=3
                evaluate
                top 30
                """);
        assertEquals(run.of("top").getFirst(), run.of("top").getLast());
        assertEquals(30, number(run.of("evaluate").getFirst(), "edges"));
    }

    @Test
    void badDataIsOneMistakeAtItsPlace() throws Exception {
        Files.writeString(folder.resolve("unequal.csv"), "clean,corrupted,start_year\nThe year 17,The year 17 of,3\n");
        Files.writeString(folder.resolve("nolabel.csv"), "clean,corrupted\nThe year 17,The year 16\n");
        ScriptRun unequal = ScriptRun.of("load demo\ndata \"unequal.csv\"", folder);
        assertEquals(List.of("data-unequal-lengths"), unequal.codes());
        assertEquals(6, unequal.diagnostics().getFirst().span().column());
        assertEquals(65, unequal.exitCode());
        ScriptRun noLabel = ScriptRun.of("load demo\ndata \"nolabel.csv\"\nbaseline", folder);
        assertEquals(List.of("no-metric"), noLabel.codes());
        assertEquals(3, noLabel.diagnostics().getFirst().span().line());
        assertEquals(List.of(), noLabel.of("baseline"));
    }

    @Test
    void whereTheModelSeesNoDifferenceFaithfulnessHasNoValue() throws Exception {
        Files.writeString(folder.resolve("same.csv"), "clean,start_year\nThe year 17,3\n");
        ScriptRun run = ScriptRun.of("load demo\ndata \"same.csv\" corrupted=clean\nevaluate", folder);
        assertEquals(List.of("no-faithfulness"), run.codes());
        assertEquals(70, run.exitCode());
    }

    /** Ablating by the mean of a single text puts back what was there: what is left is rounding, of which nothing is made. */
    @Test
    void scoresAndFaithfulnessOfRoundingAlone() {
        for (String dtype : List.of("float32", "float64")) {
            String one = "load demo dtype=" + dtype + "\ndata \"greater-than.csv\" limit=1\n";
            for (String attribute : List.of("attribute", "attribute method=exact", "attribute level=node", "attribute method=exact level=node")) {
                ScriptRun run = ScriptRun.of(one + attribute + " with=mean-positional", folder);
                assertEquals(List.of("scores-all-zero"), run.codes(), dtype + " " + attribute);
            }
            assertEquals(List.of("no-faithfulness"), ScriptRun.of(one + "evaluate with=mean-positional", folder).codes(), dtype);
        }
    }

    @Test
    void aNamedCircuitKeepsTheFaithfulnessThatItWasFoundToHave() throws Exception {
        ScriptRun run = run("""
                load demo
                data "greater-than.csv" limit=4
                circuit none-at-all { m0->m1 }
                evaluate
                full
                render "full.dot"
                evaluate
                use none-at-all
                render "none.dot"
                """);
        assertEquals(List.of(), run.mistakes());
        assertTrue(Files.readString(folder.resolve("out/none.dot")).contains("faithfulness 0"));
        assertTrue(!Files.readString(folder.resolve("out/full.dot")).contains("faithfulness"));
    }

    @Test
    void whatIsRightAndMeansLittleIsToldOnceForEachStatement() throws Exception {
        Files.writeString(folder.resolve("spaceless.csv"), """
                clean,corrupted,correct,incorrect
                "While David and Rosa were at the store, David handed a basket to","While David and Rosa were at the store, Tom handed a basket to",Rosa, David
                """);
        ScriptRun run = run("""
                load demo
                data "spaceless.csv"
                metric logit_diff
                circuit dead { m0 -> logits }
                data "spaceless.csv" incorrect=correct correct=incorrect
                for again in 1..2 { evaluate }
                """);
        String label = " holds \"Rosa\" without a space in front, in row N; after a word the model says \" Rosa\", another token:"
                + " begin the field with a space, right after the comma";
        List<String> notes = run.said().stream().map(note -> note.replaceAll("-?[0-9][0-9.]*", "N")).toList();
        assertEquals(
                List.of(
                        "the metric is logit_diff, since the columns correct and incorrect hold tokens",
                        "the column correct" + label,
                        "the column incorrect" + label,
                        "nothing reaches logits from input: the circuit is empty once pruned, and every edge of the model is ablated"),
                notes.stream().filter(note -> !note.contains("means little")).toList());
    }

    @Test
    void aModelThatIsNoBetterOnCleanInputsIsTold() throws Exception {
        ScriptRun run = run("load demo\ndata \"greater-than.csv\" limit=4 clean=corrupted corrupted=clean\nbaseline\nevaluate");
        assertEquals(0, run.exitCode(), run.mistakes()::toString);
        List<String> doubts = run.said().stream().filter(note -> note.startsWith("the model is no better on clean inputs: ")).toList();
        assertEquals(1, doubts.size(), run.said()::toString);
        assertTrue(doubts.getFirst().endsWith(" on corrupted ones; faithfulness means little with this data and metric"), doubts.getFirst());
    }
}
