package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps, comparisons, parts of the data and pictures, as a script sees them, on a few rows and the bundled model. */
class SweepTest {
    private static final double CLOSE = 1e-9;
    private static final String READY = "set threads=1; load demo; data \"greater-than.csv\" limit=12; ";
    private static final double[] FRACTIONS = {.001, .002, .005, .01, .02, .05, .1, .2, .5, 1};

    @TempDir
    Path folder;

    @BeforeEach
    void copyData() throws Exception {
        Files.copy(Path.of("..", "examples", "greater-than.csv"), folder.resolve("greater-than.csv"));
    }

    private ScriptRun run(String script) {
        ScriptRun run = ScriptRun.of(READY + script, folder);
        assertEquals(List.of(), run.mistakes());
        return run;
    }

    private static double number(Value.Fields fields, String name) {
        return ((Value.Number) fields.field(name).orElseThrow()).value();
    }

    private static List<Value> list(Value.Fields fields, String name) {
        return ((Value.ListOf) fields.field(name).orElseThrow()).items();
    }

    /** The default sweep, and beside it every point by the statements that a user would write for it. */
    @Test
    void areasAreThoseOfAHandComputation() {
        StringBuilder script = new StringBuilder("attribute ig=5; sweep; ");
        for (boolean absolute : new boolean[] {false, true}) {
            for (double fraction : FRACTIONS) {
                script.append("greedy ")
                        .append((int) (fraction * 479))
                        .append(" abs=")
                        .append(absolute)
                        .append("; prune; evaluate; ");
            }
        }
        ScriptRun run = run(script.toString());
        List<Value.Fields> single = run.of("evaluate");
        Value.Fields sweep = run.of("sweep").getFirst();
        List<Value> points = list(sweep, "points");
        assertEquals(single.size(), points.size());
        List<Double> faithfulness = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Value.Fields point = (Value.Fields) points.get(i);
            for (String field :
                    List.of("metric", "baseline", "corrupted", "faithfulness", "edges", "nodes", "examples")) {
                assertEquals(number(single.get(i), field), number(point, field), 1e-6, field + " of point " + i);
            }
            assertEquals(FRACTIONS[i % 10], number(point, "fraction"));
            assertEquals(new Value.Bool(i >= 10), point.field("abs").orElseThrow());
            faithfulness.add(number(single.get(i), "faithfulness"));
        }
        double cpr = 0;
        double cmd = 0;
        for (int i = 1; i < 10; i++) {
            double width = FRACTIONS[i] - FRACTIONS[i - 1];
            cpr += width * (faithfulness.get(i - 1) + faithfulness.get(i)) / 2;
            cmd += width * (Math.abs(1 - faithfulness.get(9 + i)) + Math.abs(1 - faithfulness.get(10 + i))) / 2;
        }
        assertEquals(cpr, number(sweep, "cpr"), 1e-6);
        assertEquals(cmd, number(sweep, "cmd"), 1e-6);
        for (String area : List.of("cpr", "cmd")) {
            List<Value> interval = list(sweep, area + "_interval");
            assertTrue(((Value.Number) interval.getFirst()).value() <= number(sweep, area));
            assertTrue(((Value.Number) interval.getLast()).value() >= number(sweep, area));
        }
    }

    @Test
    void aSizeIsACountOrAShare() {
        ScriptRun run = run("""
                attribute method=eap
                let s = sweep sizes=[40, 1, 1.0, 5%, .05, 0]
                for p in s.points { print p.size, p.fraction }
                print s.cpr
                let t = sweep sizes=[.5, 1%, 1.0] by=top
                expect t.cpr > t.points[0].faithfulness / 100
                greedy 7
                sweep sizes=[10%]
                expect (evaluate).edges == 7  # a sweep leaves the circuit as it was
                """);
        double share = 40.0 / 479;
        List<String> once = List.of("40 " + share, "1 " + 1.0 / 479, "479 1", "23 0.05", "23 0.05", "0 0");
        List<String> printed = new ArrayList<>(once);
        printed.addAll(once);
        printed.add("none");
        assertEquals(printed, run.printed());
    }

    @Test
    void partsAreOfAllRowsAndEachIsMeasuredAlone() {
        String whole = READY + "baseline; attribute method=eap; evaluate";
        ScriptRun all = ScriptRun.of(whole, folder);
        ScriptRun run = run("""
                data "greater-than.csv" limit=12 split=75%
                attribute method=eap on=all
                let b = baseline on=all
                let seen = baseline
                let unseen = baseline on=test
                print seen.examples, unseen.examples, b.examples
                print abs((seen.clean * 9 + unseen.clean * 3) / 12 - b.clean) < 1e-6
                let found = attribute on=test
                print found.examples
                greedy 30
                let e = evaluate on=test
                let again = evaluate on=all
                print len(e.values), len(again.values), e.examples
                print (ablate m3->logits on=test).examples
                """);
        assertEquals(List.of("9 3 12", "true", "3", "3 12 3", "3"), run.printed());
        Value.Fields data = run.of("data").getLast();
        assertEquals(
                List.of(12.0, 9.0, 3.0),
                List.of(number(data, "examples"), number(data, "train"), number(data, "test")));
        assertEquals(
                number(all.of("baseline").getFirst(), "clean"),
                number(run.of("baseline").getFirst(), "clean"),
                1e-6);
    }

    @Test
    void aSplitFollowsFromTheSeedAlone() {
        String print = "; let b = baseline; print b.clean_values\n";
        ScriptRun run = run("data \"greater-than.csv\" limit=12 split=50%" + print
                + "data \"greater-than.csv\" limit=12 split=50%" + print
                + "seed 1; data \"greater-than.csv\" limit=12 split=50%" + print);
        assertEquals(run.printed().get(0), run.printed().get(1));
        assertTrue(!run.printed().get(0).equals(run.printed().get(2)));
    }

    @Test
    void aPartWithoutRowsIsAMistake() {
        ScriptRun run = ScriptRun.of(READY + "data \"greater-than.csv\" limit=2 split=1%", folder);
        assertEquals(List.of(ErrorCode.SPLIT_EMPTY), run.codes());
        assertEquals(65, run.exitCode());
    }

    @Test
    void comparesTwoCircuits() {
        ScriptRun run = run("""
                circuit first { input -> m0 + m1; m0..m1 -> logits }
                circuit second { input -> m1 + m2; m1..m2 -> logits }
                let plain = compare first second
                print plain.spearman, plain.a_auc
                print plain.only_a_edges, plain.common_edges
                use first
                expect (evaluate).faithfulness == plain.a_faithfulness
                use second
                expect (evaluate).faithfulness == plain.b_faithfulness
                attribute ig=2
                top 20
                let mixed = compare second
                expect mixed.b_auc > 0.5
                ablate mixed.only_b_edges
                keep ours
                let same = compare ours ours
                print same.jaccard, same.spearman, same.a_auc
                """);
        Value.Fields plain = run.of("compare").getFirst();
        assertEquals(
                List.of(4.0, 4.0, 2.0, 2.0, 2.0),
                List.of("a", "b", "common", "only_a", "only_b").stream()
                        .map(field -> number(plain, field))
                        .toList());
        assertEquals(1.0 / 3, number(plain, "jaccard"), CLOSE);
        assertEquals(List.of("none none", "{input->m0, m0->logits} {input->m1, m1->logits}", "1 1 1"), run.printed());
    }

    @Test
    void comparesWithoutAModel() {
        run("attribute method=eap; greedy 10; save \"ten.json\"; top 20; save \"twenty.json\"");
        ScriptRun run = ScriptRun.of("open \"out/ten.json\"; keep ten; open \"out/twenty.json\"; compare ten", folder);
        assertEquals(List.of(), run.mistakes());
        Value.Fields compared = run.of("compare").getFirst();
        assertEquals(new Value.None(), compared.field("a_faithfulness").orElseThrow());
        assertEquals(1, number(compared, "spearman"), CLOSE);
    }

    /** Whatever finer scores there are beside them: those of neurons come along with nodes', and stay where nodes are chosen by level=node. */
    @Test
    void comparesScoresOfTheLevelThatWasChosen() {
        for (String scored : List.of("node", "neuron")) {
            ScriptRun run = run("""
                    attribute method=eap level=SCORED
                    nodes
                    top 8 level=node
                    save "first.json"
                    keep first
                    attribute ig=3 level=SCORED
                    nodes
                    top 8 level=node
                    save "second.json"
                    compare first
                    open "first.json"
                    keep again
                    open "second.json"
                    compare again
                    """.replace("SCORED", scored));
            List<List<Double>> scores =
                    run.of("nodes").stream().map(SweepTest::scores).toList();
            for (Value.Fields compared : run.of("compare")) {
                assertEquals(new Value.Text("node"), compared.field("level").orElseThrow());
                assertEquals(rankCorrelation(scores.getFirst(), scores.getLast()), number(compared, "spearman"), CLOSE);
            }
        }
        ScriptRun neurons = run(
                "attribute method=eap level=neuron; top 10% level=neuron; keep first; attribute ig=3 level=neuron; compare first; "
                        + "top 8 level=node; compare first");
        assertEquals(
                List.of("neuron", "node"),
                neurons.of("compare").stream()
                        .map(it -> it.field("level").orElseThrow().display())
                        .toList());
        assertEquals(
                List.of("none", "edge"),
                run("keep whole; compare whole; attribute method=eap; keep scored; compare scored")
                        .of("compare")
                        .stream()
                        .map(it -> it.field("level").orElseThrow().display())
                        .toList());
    }

    private static List<Double> scores(Value.Fields nodes) {
        return list(nodes, "items").stream()
                .map(item -> ((Value.Fields) item).field("score").orElseThrow())
                .filter(Value.Number.class::isInstance)
                .map(score -> ((Value.Number) score).value())
                .toList();
    }

    /** Spearman's, of numbers of which no two are equal: 1 - 6 Σd² / n(n² - 1). */
    private static double rankCorrelation(List<Double> a, List<Double> b) {
        List<Double> orderA = a.stream().sorted().toList();
        List<Double> orderB = b.stream().sorted().toList();
        double squares = 0;
        for (int i = 0; i < a.size(); i++) squares += Math.pow(orderA.indexOf(a.get(i)) - orderB.indexOf(b.get(i)), 2);
        return 1 - 6 * squares / (a.size() * (Math.pow(a.size(), 2) - 1));
    }

    @Test
    void intervalsHoldTheirNumbersAndDoNotDependOnTheRun() {
        String script = "attribute method=eap; top 30; evaluate; ablate m3->logits; baseline";
        ScriptRun first = run(script);
        ScriptRun second = run(script);
        for (String[] field : new String[][] {
            {"evaluate", "metric"}, {"evaluate", "baseline"}, {"evaluate", "corrupted"}, {"evaluate", "faithfulness"},
            {"ablate", "metric"}, {"ablate", "change"}, {"baseline", "clean"}, {"baseline", "corrupted"}
        }) {
            Value.Fields result = first.of(field[0]).getFirst();
            List<Value> ends = list(result, field[1] + "_interval");
            assertEquals(ends, list(second.of(field[0]).getFirst(), field[1] + "_interval"));
            double low = ((Value.Number) ends.getFirst()).value();
            double high = ((Value.Number) ends.getLast()).value();
            assertTrue(
                    low < high && low <= number(result, field[1]) && number(result, field[1]) <= high,
                    field[0] + " " + field[1]);
        }
    }

    @Test
    void drawsWhatCameLast() throws Exception {
        ScriptRun run = run("""
                attribute method=eap
                plot "scores.svg"
                sweep sizes=[1%, 10%]
                attribute ig=2
                sweep sizes=[1%, 10%]
                sweep sizes=[1%, 10%]
                plot "curves.svg"
                top 20
                keep ours
                compare ours ours
                plot "roc.png"
                plot "again.svg" of=sweep
                """);
        assertEquals(
                List.of("scores", "sweep", "roc", "sweep"),
                run.of("plot").stream()
                        .map(plot -> ((Value.Text) plot.field("of").orElseThrow()).value())
                        .toList());
        String curves = Files.readString(folder.resolve("out/curves.svg"));
        assertTrue(
                curves.contains("EAP, signed scores (CPR")
                        && curves.contains("EAP-IG with 2 steps, absolute scores (CMD"),
                curves);
        assertEquals(
                4,
                curves.split("<polyline", -1).length - 1,
                "two methods, two lines each: a sweep that is repeated is drawn once");
        assertEquals(curves, Files.readString(folder.resolve("out/again.svg")));
    }
}
