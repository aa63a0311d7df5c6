package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The language's tutorial and its statements on the bundled model, on a few rows. */
class TutorialTest {
    private static final double CLOSE = 1e-9;
    private static final Path README = Path.of("..", "README.md");
    private static final Path CONTINUED = Path.of("..", "docs", "tutorial.md");

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

    /** The page's script, indented by four spaces there. */
    private static String tutorial(String page) {
        int start = page.indexOf("    load demo\n    predict");
        return page.substring(start, page.indexOf("\n\nWhat it says", start)).replaceAll("(?m)^    ", "");
    }

    @Test
    void theTutorialRunsAsItStands() throws IOException {
        theTutorialRunsAsItStands(README, 1);
    }

    @Test
    void theContinuedTutorialRunsAsItStands() throws IOException {
        theTutorialRunsAsItStands(CONTINUED, 5);
    }

    private void theTutorialRunsAsItStands(Path page, int evaluations) throws IOException {
        String script = tutorial(Files.readString(page));
        ScriptRun run = run(script);
        assertEquals(List.of("the metric is prob_diff, since the column start_year holds years"), run.said());
        assertTrue(Files.exists(folder.resolve("out/greater-than.png")));
        assertTrue(Files.exists(folder.resolve("out/greater-than.json")));
        assertEquals(21, number(run.of("load").getFirst(), "nodes"));
        assertEquals(479, number(run.of("load").getFirst(), "edges"));
        Value.Fields ablated = run.of("ablate").getFirst();
        assertEquals(number(ablated, "metric") - number(ablated, "baseline"), number(ablated, "change"), CLOSE);

        // A number in a comment is the faithfulness of the evaluate on its line.
        List<String> told = Pattern.compile("= evaluate  # (?:faithfulness )?([0-9.]+)")
                .matcher(script)
                .results()
                .map(it -> it.group(1))
                .toList();
        assertEquals(evaluations, told.size());
        assertEquals(
                told,
                run.of("evaluate").stream()
                        .map(it -> rounded(it, "faithfulness", 3))
                        .toList());
    }

    @Test
    void theTableAtTheEndOfTheTutorialIsThatOfItsExample() throws IOException {
        ScriptRun run = run(Files.readString(Path.of("..", "examples", "greater-than.circuit")));
        assertEquals("m1->m3 instead of a0.h1->m2", run.printed().getFirst());
        String table = String.join(
                "\n",
                run.printed().stream().skip(1).filter(line -> !line.isEmpty()).toList());
        assertTrue(Files.readString(CONTINUED).contains("```\n" + table + "\n```"), table);
    }

    /** The section of the page on the edge that 30 steps miss. */
    @Test
    void whatThePageSaysOfMoreStepsIsTrue() throws IOException {
        String page = Files.readString(CONTINUED).replaceAll("\\s+", " ");
        ScriptRun run = run("""
                load demo
                data "greater-than.csv"
                ablate m1->m3
                attribute method=exact
                let largest = edges top=12
                attribute method=eap
                edges m1->m3
                for steps in [1, 5, 30, 256] {
                  attribute ig=steps
                  edges m1->m3
                  edges top=479
                }
                for steps in [4, 5, 6, 30] {
                  attribute ig=steps
                  for size in [40, 80] {
                    greedy size
                    prune
                    evaluate
                  }
                }
                task greater-than limit=100
                for steps in [5, 20] {
                  attribute ig=steps
                  greedy 40
                  prune
                  evaluate
                }
                """);
        assertSays(
                page,
                "costs the metric %s, the 12th largest drop of all 479 edges",
                rounded(-number(run.of("ablate").getFirst(), "change"), 3));
        List<Value.Fields> edges = run.of("edges");
        List<Value> largest = items(edges.getFirst());
        assertEquals("m1->m3", edge(largest.getLast()));
        assertTrue(largest.stream().allMatch(it -> score(it) > 0));
        double atClean = score(items(edges.get(1)).getFirst());
        double[] ofSteps = IntStream.range(0, 4)
                .mapToDouble(i -> score(items(edges.get(2 + 2 * i)).getFirst()))
                .toArray();
        assertSays(page, "It is %s with 5 steps and %s with 30", rounded(ofSteps[1], 4), rounded(ofSteps[2], 4));
        assertSays(
                page,
                "the first step alone gives −%s, the clean input %s",
                rounded(-ofSteps[0], 3),
                rounded(atClean, 3));
        Map<String, Double> many = scores(edges.get(9));
        assertSays(
                page,
                "is %s %% with 5 steps and %s %% with 30",
                rounded(100 * error(scores(edges.get(5)), many), 0),
                rounded(100 * error(scores(edges.get(7)), many), 0));

        List<String> faithfulness = run.of("evaluate").stream()
                .map(it -> rounded(it, "faithfulness", 3))
                .toList();
        assertSays(page, "4 steps give %s and 6 steps %s", faithfulness.get(0), faithfulness.get(4));
        assertEquals(faithfulness.get(3), faithfulness.get(7));
        assertSays(page, "with 80 edges, 5 and 30 steps both give %s", faithfulness.get(3));
        assertSays(
                page,
                "of `task greater-than` 5 steps give %s and 20 steps %s",
                faithfulness.get(8),
                faithfulness.get(9));
    }

    private static void assertSays(String page, String sentence, Object... numbers) {
        String said = sentence.formatted(numbers);
        assertTrue(page.contains(said), said);
    }

    private static String rounded(Value.Fields fields, String name, int decimals) {
        return rounded(number(fields, name), decimals);
    }

    private static String rounded(double number, int decimals) {
        return String.format(Locale.ROOT, "%." + decimals + "f", number);
    }

    private static List<Value> items(Value.Fields edges) {
        return ((Value.ListOf) edges.field("items").orElseThrow()).items();
    }

    private static String edge(Value item) {
        return ((Value.Fields) item).field("edge").orElseThrow().display();
    }

    private static double score(Value item) {
        return ((Value.Number) ((Value.Fields) item).field("score").orElseThrow()).value();
    }

    private static Map<String, Double> scores(Value.Fields edges) {
        return items(edges).stream().collect(Collectors.toMap(TutorialTest::edge, TutorialTest::score));
    }

    /** The largest, as a share of the largest score. */
    private static double error(Map<String, Double> scores, Map<String, Double> right) {
        double largest = right.values().stream().mapToDouble(Math::abs).max().orElseThrow();
        return right.keySet().stream()
                        .mapToDouble(edge -> Math.abs(scores.get(edge) - right.get(edge)))
                        .max()
                        .orElseThrow()
                / largest;
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
        assertEquals(
                List.of(
                        "model",
                        "family",
                        "layers",
                        "heads",
                        "d_model",
                        "parameters",
                        "nodes",
                        "edges",
                        "device",
                        "dtype",
                        "quantization",
                        "adapter",
                        "bos"),
                names(run, "load"));
        assertEquals(List.of("tokens"), names(run, "tokens"));
        assertEquals(List.of("tokens", "top"), names(run, "predict"));
        assertEquals(
                List.of(
                        "examples",
                        "columns",
                        "tokens_min",
                        "tokens_max",
                        "metric",
                        "distinct",
                        "train",
                        "test",
                        "skipped"),
                names(run, "data"));
        assertEquals(List.of("metric", "expression", "better"), names(run, "metric"));
        assertEquals(
                List.of(
                        "clean",
                        "corrupted",
                        "clean_values",
                        "corrupted_values",
                        "examples",
                        "clean_interval",
                        "corrupted_interval"),
                names(run, "baseline"));
        assertEquals(
                List.of(
                        "edges",
                        "metric",
                        "baseline",
                        "change",
                        "values",
                        "examples",
                        "metric_interval",
                        "baseline_interval",
                        "change_interval"),
                names(run, "ablate"));
        assertEquals(
                List.of("method", "steps", "edges", "examples", "level", "scored", "kept", "losses"),
                names(run, "attribute"));
        assertEquals(List.of("count", "items"), names(run, "edges"));
        assertEquals(List.of("count", "items"), names(run, "nodes"));
        assertEquals(List.of("edges", "nodes"), names(run, "top"));
        assertEquals(
                List.of(
                        "metric",
                        "baseline",
                        "corrupted",
                        "faithfulness",
                        "edges",
                        "nodes",
                        "values",
                        "examples",
                        "metric_interval",
                        "baseline_interval",
                        "corrupted_interval",
                        "faithfulness_interval"),
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
        List<Double> faithfulness =
                run.of("evaluate").stream().map(f -> number(f, "faithfulness")).toList();
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
        assertEquals(
                run.of("prune").getFirst().fields(), run.of("open").getFirst().fields());
    }

    @Test
    void anotherBatchSizeGivesTheSameNumbers() {
        String script =
                "load demo\ndata \"greater-than.csv\" limit=9\nset batch=%d\nattribute method=eap\nlet e = edges top=1\nbaseline\n";
        ScriptRun one = run(script.formatted(1));
        ScriptRun all = run(script.formatted(9));
        assertEquals(
                number(one.of("baseline").getFirst(), "clean"),
                number(all.of("baseline").getFirst(), "clean"),
                1e-6);
    }

    @Test
    void threadsAndMemoryReachTheRunAndChangeNoNumber() {
        String script =
                "set threads=%d memory=%s\nload demo\ndata \"greater-than.csv\"\nattribute ig=2\nlet e = edges top=1\nprint e.items[0].score\n";
        double one =
                Double.parseDouble(run(script.formatted(1, "4GB")).printed().getFirst());
        double other =
                Double.parseDouble(run(script.formatted(2, "256MB")).printed().getFirst());
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
        assertEquals(List.of(ErrorCode.DATA_UNEQUAL_LENGTHS), unequal.codes());
        assertEquals(6, unequal.diagnostics().getFirst().span().column());
        assertEquals(65, unequal.exitCode());
        ScriptRun noLabel = ScriptRun.of("load demo\ndata \"nolabel.csv\"\nbaseline", folder);
        assertEquals(List.of(ErrorCode.NO_METRIC), noLabel.codes());
        assertEquals(3, noLabel.diagnostics().getFirst().span().line());
        assertEquals(List.of(), noLabel.of("baseline"));
    }

    @Test
    void whereTheModelSeesNoDifferenceFaithfulnessHasNoValue() throws Exception {
        Files.writeString(folder.resolve("same.csv"), "clean,start_year\nThe year 17,3\n");
        ScriptRun run = ScriptRun.of("load demo\ndata \"same.csv\" corrupted=clean\nevaluate", folder);
        assertEquals(List.of(ErrorCode.NO_FAITHFULNESS), run.codes());
        assertEquals(70, run.exitCode());
    }

    /** Ablating by the mean of a single text puts back what was there: what is left is rounding, of which nothing is made. */
    @Test
    void scoresAndFaithfulnessOfRoundingAlone() {
        for (String dtype : List.of("float32", "float64")) {
            String one = "load demo dtype=" + dtype + "\ndata \"greater-than.csv\" limit=1\n";
            for (String attribute : List.of(
                    "attribute",
                    "attribute method=exact",
                    "attribute level=node",
                    "attribute method=exact level=node")) {
                ScriptRun run = ScriptRun.of(one + attribute + " with=mean-positional", folder);
                assertEquals(List.of(ErrorCode.SCORES_ALL_ZERO), run.codes(), dtype + " " + attribute);
            }
            assertEquals(
                    List.of(ErrorCode.NO_FAITHFULNESS),
                    ScriptRun.of(one + "evaluate with=mean-positional", folder).codes(),
                    dtype);
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
        String label =
                " holds \"Rosa\" without a space in front, in row N; after a word the model says \" Rosa\", another token:"
                        + " begin the field with a space, right after the comma";
        List<String> notes = run.said().stream()
                .map(note -> note.replaceAll("-?[0-9][0-9.]*", "N"))
                .toList();
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
        ScriptRun run =
                run("load demo\ndata \"greater-than.csv\" limit=4 clean=corrupted corrupted=clean\nbaseline\nevaluate");
        assertEquals(0, run.exitCode(), run.mistakes()::toString);
        List<String> warnings = run.said().stream()
                .filter(note -> note.startsWith("the model is no better on clean inputs: "))
                .toList();
        assertEquals(1, warnings.size(), run.said()::toString);
        assertTrue(
                warnings.getFirst().endsWith(" on corrupted ones; faithfulness means little with this data and metric"),
                warnings.getFirst());
    }
}
