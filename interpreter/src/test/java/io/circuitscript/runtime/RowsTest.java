package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rows}, {@code filter} and {@code per=}, each beside a second way to the same numbers. */
class RowsTest {
    private static final double CLOSE = 1e-9;
    private static final int ROWS = 24;
    private static final String MODEL = "set threads=1; load demo dtype=float64; ";
    private static final String READY = MODEL + "data \"greater-than.csv\" limit=" + ROWS + "; ";
    private static final List<String> MEANS = List.of("metric", "baseline", "corrupted");

    @TempDir
    Path folder;

    /** The data with a column of three nouns, and one of which a cell is empty. */
    @BeforeEach
    void writeData() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("..", "examples", "greater-than.csv"));
        List<String> wider = new ArrayList<>(List.of(lines.getFirst() + ",noun,odd name"));
        for (int i = 1; i <= ROWS; i++)
            wider.add(lines.get(i) + "," + List.of("war", "siege", "reign").get(i % 3) + "," + (i == 5 ? "" : i));
        Files.write(folder.resolve("greater-than.csv"), wider);
    }

    private ScriptRun run(String script) {
        ScriptRun run = ScriptRun.of(script, folder);
        assertEquals(List.of(), run.mistakes());
        return run;
    }

    private static double number(Value.Fields fields, String name) {
        return ((Value.Number) fields.field(name).orElseThrow()).value();
    }

    private static List<Value.Fields> entries(Value.Fields fields, String name) {
        return ((Value.ListOf) fields.field(name).orElseThrow())
                .items().stream().map(Value.Fields.class::cast).toList();
    }

    private static List<Double> numbers(Value.Fields fields, String name) {
        return ((Value.ListOf) fields.field(name).orElseThrow())
                .items().stream().map(it -> ((Value.Number) it).value()).toList();
    }

    private static Set<Integer> rows(Value.Fields shown) {
        return entries(shown, "items").stream()
                .map(it -> (int) number(it, "row"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Writes the rows for which that holds to a file of their own. */
    private void writeRows(Predicate<Integer> kept) throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("greater-than.csv"));
        List<String> some = new ArrayList<>(List.of(lines.getFirst()));
        for (int row = 1; row <= ROWS; row++) if (kept.test(row)) some.add(lines.get(row));
        Files.write(folder.resolve("some.csv"), some);
    }

    @Test
    void theGroupsWeightedByTheirSizesMakeTheTotal() {
        ScriptRun run = run(
                READY
                        + "attribute method=eap; greedy 20; evaluate per=noun; evaluate per=noun with=zero; ablate m3->logits per=noun; baseline per=noun");
        for (String statement : List.of("evaluate", "ablate", "baseline")) {
            List<String> fields = switch (statement) {
                case "evaluate" -> MEANS;
                case "ablate" -> List.of("metric", "baseline", "change");
                default -> List.of("clean", "corrupted");
            };
            for (Value.Fields whole : run.of(statement)) {
                List<Value.Fields> groups = entries(whole, "groups");
                assertEquals(
                        List.of("reign", "siege", "war"),
                        groups.stream()
                                .map(it -> it.field("group").orElseThrow().display())
                                .toList());
                double examples = groups.stream()
                        .mapToDouble(it -> number(it, "examples"))
                        .sum();
                assertEquals(ROWS, examples);
                for (String field : fields) {
                    double sum = groups.stream()
                            .mapToDouble(it -> number(it, field) * number(it, "examples"))
                            .sum();
                    assertEquals(number(whole, field), sum / examples, CLOSE, statement + ": " + field);
                }
            }
        }
    }

    @Test
    void aGroupIsWhatTheRowsOfAFileOfTheirOwnAre() throws Exception {
        writeRows(row -> row % 3 == 2); // reign
        String circuit = "circuit c { input -> m* + a*.h*; a*.h* -> m* + logits; m* -> logits }; ";
        Value.Fields alone = run(MODEL + "data \"some.csv\"; " + circuit + "evaluate")
                .of("evaluate")
                .getFirst();
        Value.Fields filtered = run(READY + circuit + "filter noun == \"reign\"; evaluate")
                .of("evaluate")
                .getFirst();
        Value.Fields grouped =
                run(READY + circuit + "evaluate per=noun").of("evaluate").getFirst();
        Value.Fields group = entries(grouped, "groups").getFirst();
        for (String field : List.of("metric", "baseline", "corrupted", "faithfulness", "examples")) {
            assertEquals(number(alone, field), number(filtered, field), CLOSE, field);
            assertEquals(number(alone, field), number(group, field), CLOSE, field);
        }
        for (String field : List.of("metric_interval", "faithfulness_interval"))
            for (int end = 0; end < 2; end++)
                assertEquals(
                        numbers(alone, field).get(end), numbers(group, field).get(end), 1e-7, field);
    }

    @Test
    void scoresOfWhatIsLeftAreThoseOfTheFileWithIt() throws Exception {
        writeRows(row -> row > 10);
        String scores = "attribute method=eap; edges top=479";
        Value.Fields alone =
                run(MODEL + "data \"some.csv\"; " + scores).of("edges").getFirst();
        Value.Fields filtered = run(READY + "attribute method=eap; filter row > 10; " + scores)
                .of("edges")
                .getFirst();
        for (int i = 0; i < 479; i++) {
            Value.Fields a = entries(alone, "items").get(i);
            Value.Fields b = entries(filtered, "items").get(i);
            assertEquals(number(a, "score"), number(b, "score"), CLOSE);
        }
    }

    @Test
    void aConditionReadsTheTwoPlainRuns() {
        ScriptRun run = run(READY + "baseline; filter metric > 0.9 and corrupted_metric < 0.2; rows; baseline");
        List<Double> clean = numbers(run.of("baseline").getFirst(), "clean_values");
        List<Double> corrupted = numbers(run.of("baseline").getFirst(), "corrupted_values");
        Set<Integer> expected = IntStream.range(0, ROWS)
                .filter(i -> clean.get(i) > 0.9 && corrupted.get(i) < 0.2)
                .mapToObj(i -> i + 1)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(expected.size() > 2 && expected.size() < ROWS - 2, expected + "");
        Value.Fields shown = run.of("rows").getFirst();
        assertEquals(expected, rows(shown));
        assertEquals(expected.size(), number(run.of("filter").getFirst(), "kept"));
        assertEquals(ROWS - expected.size(), number(run.of("filter").getFirst(), "left_out"));
        // What the filter knew of the rows that are left is what a run of them alone gives.
        String fresh = "filter row in " + List.copyOf(expected) + "; metric prob_diff; baseline";
        Value.Fields again = run(READY + fresh).of("baseline").getFirst();
        for (int i = 0; i < expected.size(); i++) {
            Value.Fields row = entries(shown, "items").get(i);
            assertEquals(numbers(again, "clean_values").get(i), number(row, "metric"), CLOSE);
            assertEquals(numbers(again, "corrupted_values").get(i), number(row, "corrupted_metric"), CLOSE);
        }
        List<Double> last = numbers(run.of("baseline").getLast(), "clean_values");
        assertEquals(expected.stream().map(row -> clean.get(row - 1)).toList(), last);
    }

    /** Rows and circuit are the same: what the circuit gave on the rows that are left is what it gives on them alone. */
    @Test
    void whatTheCircuitGaveStaysKnownOfTheRowsThatAreLeft() {
        ScriptRun run = run(READY + "attribute method=eap; greedy 20; evaluate; filter circuit < 0.97 * metric; "
                + "rows by=circuit; filter circuit < metric and row > 2; rows; evaluate");
        List<Double> before = numbers(run.of("evaluate").getFirst(), "values");
        List<Value.Fields> sorted = entries(run.of("rows").getFirst(), "items");
        assertTrue(sorted.size() > 1 && sorted.size() < ROWS, sorted + "");
        for (Value.Fields row : sorted)
            assertEquals(before.get((int) number(row, "row") - 1), number(row, "circuit"), 0);
        assertEquals(
                numbers(run.of("evaluate").getLast(), "values").size(),
                entries(run.of("rows").getLast(), "items").size());
        for (int i = 0; i < entries(run.of("rows").getLast(), "items").size(); i++)
            assertEquals(
                    numbers(run.of("evaluate").getLast(), "values").get(i),
                    number(entries(run.of("rows").getLast(), "items").get(i), "circuit"),
                    CLOSE);
    }

    /** Of the whole data's faithfulness, which is of other rows, nothing is left. */
    @Test
    void theFaithfulnessOfAllRowsIsNotThatOfThoseThatAreLeft() {
        run(READY + "attribute method=eap; greedy 20; evaluate; render \"a.svg\"; filter row > 3; render \"b.svg\"");
        assertTrue(text("a.svg").contains("faithfulness"));
        assertFalse(text("b.svg").contains("faithfulness"));
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve("out").resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFunctionOfAConditionRunsNoStatement() {
        List<String> bodies = List.of(
                "(evaluate).faithfulness > n",
                "load demo dtype=float32; true",
                "filter row < 5; true",
                "if n > 2 { filter row < 5 }; true",
                "if n > 2 { metric logprob_diff }; n > 3",
                "if n > 2 { metric own() = logit(\" a\") }; n > 3",
                "let x = if n > 2 { seed 3; 1 } else { 2 }; n > x",
                "for i in [n] { if i > 2 { circuit c { input -> logits } } }; n > 3");
        for (String body : bodies) {
            ScriptRun run = ScriptRun.of(READY + "def f(n) { " + body + " }\nfilter f(row)", folder);
            assertEquals(List.of(ErrorCode.NOT_IN_A_CONDITION), run.codes(), body + run.mistakes());
            for (String word : List.of("filter", "metric", "seed", "circuit", "evaluate"))
                assertEquals(List.of(), run.of(word), body);
        }
        assertEquals(
                number(
                        run(READY
                                        + "def f(n) { let a = [i for i in 1..n]; for i in a { if i > 3 { return true } }; false }\n"
                                        + "filter f(row)")
                                .of("filter")
                                .getFirst(),
                        "kept"),
                ROWS - 3);
    }

    /** The names that every row has win over those of a file, in each of the statements. */
    @Test
    void aColumnOfATakenNameIsThatInTheFile() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("greater-than.csv"));
        List<String> wider = new ArrayList<>(List.of(lines.getFirst() + ",row,metric,columns,row_in_file"));
        for (int i = 1; i <= 6; i++) wider.add(lines.get(i) + "," + (100 - i) + "," + i % 2 + ",c" + i + "," + -i);
        Files.write(folder.resolve("taken.csv"), wider);
        String taken = MODEL + "data \"taken.csv\"; ";
        ScriptRun run = run(
                taken + "rows by=row_in_file_in_file; rows by=row; evaluate per=metric_in_file\n"
                        + "filter row < 5 and row_in_file_in_file == 100 - row and columns[\"row\"] == 100 - row and row_in_file == 0 - row\n"
                        + "filter columns_in_file in [\"c2\", \"c3\"] and columns[\"columns\"] == columns_in_file and metric < 1 and metric_in_file == 0\nrows");
        List<Value.Fields> first = entries(run.of("rows").getFirst(), "items");
        assertEquals(
                List.of(
                        "row",
                        "clean",
                        "corrupted",
                        "start_year",
                        "noun",
                        "odd name",
                        "row_in_file_in_file",
                        "metric_in_file",
                        "columns_in_file",
                        "row_in_file",
                        "metric",
                        "corrupted_metric",
                        "circuit"),
                List.copyOf(first.getFirst().fields().keySet()));
        assertEquals(1, number(first.getFirst(), "row"));
        assertEquals(6, number(entries(run.of("rows").get(1), "items").getFirst(), "row"));
        assertEquals(
                "metric_in_file",
                run.of("evaluate").getFirst().field("per").orElseThrow().display());
        assertEquals(Set.of(2), rows(run.of("rows").getLast()));
        for (String wrong : List.of("evaluate per=row", "rows by=columns", "rows by=metrik")) {
            ScriptRun none = ScriptRun.of(taken + wrong, folder);
            assertEquals(List.of(ErrorCode.UNKNOWN_FIELD), none.codes(), wrong);
            List<String> named = List.of(none.diagnostics()
                    .getFirst()
                    .help()
                    .replaceFirst(".*columns are ", "")
                    .split(", "));
            assertEquals(named.stream().distinct().toList(), named);
        }
    }

    /** Truth values, lists and numbers that are no doubles. */
    @Test
    void cellsAreValuesOfTheirColumn() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("greater-than.csv"));
        List<String> wider = new ArrayList<>(List.of(lines.getFirst() + ",ok,answers,id,mixed"));
        for (int i = 1; i <= 6; i++)
            wider.add(lines.get(i) + "," + List.of("true", "False", "").get(i % 3) + ","
                    + (i == 6 ? "" : "\"[\"\" a\"\", \"\" b" + i % 2 + "\"\"]\"") + ",1234567890123456789" + i + ","
                    + (i == 4 ? "yes" : "true"));
        Files.write(folder.resolve("cells.csv"), wider);
        String cells = MODEL + "data \"cells.csv\"; ";
        ScriptRun run = run(
                cells + "rows; evaluate per=ok; evaluate per=answers; write rows \"cells.jsonl\"\n"
                        + "filter ok != none\nfilter not ok and answers != none and \" b0\" in answers and mixed == \"yes\"\nrows");
        List<Value.Fields> all = entries(run.of("rows").getFirst(), "items");
        assertEquals(
                "[false, none, true, false, none, true]",
                all.stream().map(it -> it.field("ok").orElseThrow().display()).toList() + "");
        assertEquals(
                new Value.ListOf(List.of(new Value.Text(" a"), new Value.Text(" b1"))),
                all.getFirst().field("answers").orElseThrow());
        assertEquals(new Value.None(), all.getLast().field("answers").orElseThrow());
        assertEquals(new Value.Text("true"), all.getFirst().field("mixed").orElseThrow());
        assertEquals(
                "[false, true, none]",
                entries(run.of("evaluate").getFirst(), "groups").stream()
                                .map(it -> it.field("group").orElseThrow().display())
                                .toList()
                        + "");
        assertEquals(3, entries(run.of("evaluate").getLast(), "groups").size());
        String written = text("cells.jsonl").lines().findFirst().orElseThrow();
        assertTrue(
                written.contains("\"ok\":false,\"answers\":[\" a\",\" b1\"],\"id\":\"12345678901234567891\""), written);
        assertEquals(Set.of(4), rows(run.of("rows").getLast()));
        ScriptRun large = ScriptRun.of(cells + "filter id > 5", folder);
        assertEquals(List.of(ErrorCode.WRONG_TYPE), large.codes());
        assertTrue(large.diagnostics().getFirst().notes().getLast().contains("too large to be exact"));
        ScriptRun text = ScriptRun.of(cells + "filter clean", folder);
        assertEquals(List.of(ErrorCode.WRONG_TYPE), text.codes());
        assertEquals(List.of(), text.results(), "the check says it, before anything is loaded");
    }

    @Test
    void aRowKeepsItsSideOfASplit() {
        String split = MODEL + "data \"greater-than.csv\" limit=" + ROWS + " split=50%; ";
        ScriptRun whole = run(split + "rows; rows on=test");
        ScriptRun some = run(split + "filter noun != \"war\"; rows; rows on=test; rows on=all");
        Predicate<Integer> kept = row -> row % 3 != 0;
        for (int part = 0; part < 2; part++) {
            Set<Integer> expected = rows(whole.of("rows").get(part)).stream()
                    .filter(kept)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(expected, rows(some.of("rows").get(part)));
        }
        Value.Fields filtered = some.of("filter").getFirst();
        assertEquals(rows(some.of("rows").get(0)).size(), number(filtered, "train"));
        assertEquals(rows(some.of("rows").get(1)).size(), number(filtered, "test"));
        assertEquals(16, rows(some.of("rows").getLast()).size());
    }

    @Test
    void aSweepOfAGroupIsThatOfItsRows() {
        String swept = "attribute method=eap; sweep sizes=[5%, 20%] per=noun";
        Value.Fields whole = run(READY + swept).of("sweep").getFirst();
        // The same circuits, on the rows of one group alone.
        String alone = "attribute method=eap; greedy 23; prune; keep small; greedy 95; prune; keep large; "
                + "filter noun == \"siege\"; use small; evaluate; use large; evaluate";
        List<Value.Fields> evaluated = run(READY + alone).of("evaluate");
        List<Value.Fields> points = entries(whole, "group_points").stream()
                .filter(it -> it.field("group").orElseThrow().display().equals("siege"))
                .toList();
        assertEquals(4, points.size());
        double small = number(evaluated.get(0), "faithfulness");
        double large = number(evaluated.get(1), "faithfulness");
        assertEquals(small, number(points.get(0), "faithfulness"), 1e-7);
        assertEquals(large, number(points.get(1), "faithfulness"), 1e-7);
        Value.Fields group = entries(whole, "groups").get(1);
        assertEquals(0.15 * (small + large) / 2, number(group, "cpr"), 1e-7);
    }

    @Test
    void nothingIsChangedWhereNoRowIsLeft() {
        ScriptRun none = ScriptRun.of(READY + "filter metric > 5", folder);
        assertEquals(List.of(ErrorCode.NO_ROWS_LEFT), none.codes());
        String split = MODEL + "data \"greater-than.csv\" limit=" + ROWS + " split=50%; ";
        Set<Integer> train = rows(run(split + "rows").of("rows").getFirst());
        ScriptRun side = ScriptRun.of(split + "filter row in " + List.copyOf(train), folder);
        assertEquals(List.of(ErrorCode.NO_ROWS_LEFT), side.codes());
        assertTrue(side.mistakes().getFirst().contains("no row for testing"), side.mistakes() + "");
    }

    @Test
    void whatHoldsForEveryRowIsSaid() {
        ScriptRun run = run(READY + "filter metric > -2; filter row > 0");
        assertEquals(
                2,
                run.said().stream()
                        .filter(it -> it.contains("nothing is left out"))
                        .count());
        assertEquals(0, number(run.of("filter").getFirst(), "left_out"));
    }

    @Test
    void anotherModelHasTheSameRows() {
        ScriptRun run = run(
                READY
                        + "filter noun == \"war\"; rows; load demo dtype=float32; rows; evaluate per=noun; data \"greater-than.csv\" limit=9; rows");
        assertEquals(rows(run.of("rows").get(0)), rows(run.of("rows").get(1)));
        assertEquals(8, rows(run.of("rows").get(0)).size());
        assertEquals(9, rows(run.of("rows").get(2)).size());
    }

    @Test
    void columnsOfNumbersCompareAsNumbersAndWinOverVariables() {
        ScriptRun run = run(READY + "let start_year = 1000\ndef late(year) { year >= 30 }\n"
                + "filter late(start_year) and columns[\"odd name\"] != none and columns[\"odd name\"] > 9\nrows");
        for (Value.Fields row : entries(run.of("rows").getFirst(), "items")) {
            assertTrue(number(row, "start_year") >= 30 && number(row, "odd name") > 9, row + "");
        }
        ScriptRun empty = ScriptRun.of(READY + "filter columns[\"odd name\"] > 9", folder);
        assertEquals(List.of(ErrorCode.WRONG_TYPE), empty.codes());
        assertTrue(empty.diagnostics().getFirst().notes().getFirst().startsWith("in row 5 of greater-than.csv"));
    }

    @Test
    void rowsAreInTheOrderThatWasAskedFor() {
        ScriptRun run = run(
                READY
                        + "attribute method=eap; greedy 20; evaluate; rows; rows by=metric; rows by=circuit reverse=true top=3; rows by=noun top=9");
        assertEquals(
                IntStream.rangeClosed(1, ROWS).boxed().toList(),
                entries(run.of("rows").get(0), "items").stream()
                        .map(it -> (int) number(it, "row"))
                        .toList());
        List<Double> metric = entries(run.of("rows").get(1), "items").stream()
                .map(it -> number(it, "metric"))
                .toList();
        assertEquals(metric.stream().sorted(Comparator.reverseOrder()).toList(), metric);
        List<Double> values = numbers(run.of("evaluate").getFirst(), "values");
        assertEquals(
                values.stream().sorted().limit(3).toList(),
                entries(run.of("rows").get(2), "items").stream()
                        .map(it -> number(it, "circuit"))
                        .toList());
        List<Value.Fields> byNoun = entries(run.of("rows").get(3), "items");
        assertEquals(
                "[2, 5, 8, 11, 14, 17, 20, 23, 1]",
                byNoun.stream().map(it -> (int) number(it, "row")).toList() + "");
        assertEquals(ROWS, number(run.of("rows").get(3), "count"));
    }

    /** A group whose model does no better on clean texts has no faithfulness, and the others have theirs. */
    @Test
    void aGroupWithoutADifferenceHasNoFaithfulness() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("greater-than.csv"));
        List<String> wider = new ArrayList<>(List.of(lines.getFirst() + ",same"));
        for (int i = 1; i <= 6; i++) {
            String[] cells = lines.get(i).split(",", -1);
            if (i > 4) cells[1] = cells[0];
            wider.add(String.join(",", cells) + "," + (i > 4));
        }
        Files.write(folder.resolve("same.csv"), wider);
        ScriptRun run = run(
                MODEL
                        + "data \"same.csv\"; attribute method=eap; greedy 20; evaluate per=same; sweep sizes=[5%, 20%] per=same");
        for (String statement : List.of("evaluate", "sweep")) {
            List<Value.Fields> groups = entries(run.of(statement).getFirst(), "groups");
            String field = statement.equals("sweep") ? "cpr" : "faithfulness";
            assertTrue(groups.get(0).field(field).orElseThrow() instanceof Value.Number);
            assertEquals(new Value.None(), groups.get(1).field(field).orElseThrow());
        }
        assertTrue(
                run.said().stream().anyMatch(it -> it.contains("faithfulness has no value for same true")),
                run.said() + "");
        assertFalse(run.results().toString().contains("NaN"));
    }

    @Test
    void theWordsStayNames() {
        ScriptRun run = run(
                "let rows = [1, 2]\nlet filter = 3\nprint rows, filter\nfilter\nrows\nlet sum-of = sum(rows)\nprint filter * 2, rows[0]\n"
                        + MODEL.strip()
                        + "\ndata generate count=4 { rows = choose(1..3); filter = rows; clean = \"a {rows} b\"; corrupted = \"a {filter} c\" }\n"
                        + "metric m(rows, filter) = logit(\" a\") + rows + filter\nfilter rows == filter\nprint len((rows))");
        assertEquals(
                List.of("[1, 2] 3", "[1, 2]", "6 1"),
                run.printed().stream().filter(it -> it.contains(" ")).toList());
    }
}
