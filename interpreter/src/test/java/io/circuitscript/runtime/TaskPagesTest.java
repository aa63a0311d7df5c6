package io.circuitscript.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.runtime.metric.StandardLibrary;
import io.circuitscript.runtime.value.Value;
import io.circuitscript.source.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pages of the standard library's tasks say of the bundled model, and what the tasks make of the words of other tokenizers. */
class TaskPagesTest {
    private static final Path PAGES = Path.of("..", "docs", "tasks");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| \\d+ \\| \\d+ \\| -?[\\d.]+ \\|");
    private static final Pattern METRIC =
            Pattern.compile("the metric is (\\S+) on clean texts and (\\S+) on corrupted ones");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyNumberOfEveryPage() {
        return StandardLibrary.get().tasks().keySet().stream()
                .sorted()
                .filter(task -> !task.equals("hypernymy")) // which the bundled model has not learnt: no number is told
                .map(task -> DynamicTest.dynamicTest(task, () -> check(task)));
    }

    private void check(String task) throws Exception {
        String page = Files.readString(PAGES.resolve(task + ".md"));
        List<String> rows = ROW.matcher(page).results().map(row -> row.group()).toList();
        assertEquals(3, rows.size());
        ScriptRun run = ScriptRun.of(
                "load demo; task " + task
                        + "; baseline; attribute\nfor size in [20, 40, 80] { greedy size; prune; evaluate }",
                folder);
        assertEquals(List.of(), run.mistakes());

        List<String> found = new ArrayList<>();
        int asked = 20;
        for (Value.Fields result : run.of("evaluate")) {
            found.add(String.format(
                    Locale.ROOT,
                    "| %d | %.0f | %.0f | %.3f |",
                    asked,
                    number(result, "edges"),
                    number(result, "nodes"),
                    number(result, "faithfulness")));
            asked *= 2;
        }
        assertEquals(rows, found);

        Value.Fields baseline = run.of("baseline").getFirst();
        Matcher metric = METRIC.matcher(page);
        assertTrue(metric.find());
        assertEquals(shown(number(baseline, "clean")), metric.group(1));
        assertEquals(shown(number(baseline, "corrupted")), metric.group(2));
        String examples =
                String.format(Locale.ROOT, "%,.0f", number(run.of("task").getFirst(), "examples"));
        assertTrue(page.contains("| rows | " + examples + " |"), examples);
    }

    private static String shown(double number) {
        return String.format(Locale.ROOT, "%.2f", number).replace('-', '−');
    }

    private static double number(Value.Fields fields, String name) {
        return ((Value.Number) fields.field(name).orElseThrow()).value();
    }

    /** Rows are made for the words that the loaded tokenizer has; those that it cuts are left out and counted. */
    @ParameterizedTest
    @CsvSource({"demo, ioi, 0", "llama, greater-than, 0", "qwen2, ioi, 2"})
    void rowsFitTheTokenizer(String model, String task, int notes) {
        String from = model.equals("demo")
                ? "demo"
                : "\"" + Path.of("src/test/resources/fixtures", model).toAbsolutePath() + "\"";
        ScriptRun run =
                ScriptRun.of("set threads=1; load " + from + "; task " + task + "; print (baseline).examples", folder);
        assertEquals(
                List.of(),
                run.mistakes()); // every pair is checked for equal length, and every label for being one token
        assertEquals(List.of("1000"), run.printed());
        assertEquals(
                notes,
                run.said().stream()
                        .filter(it -> it.matches("[\\d,]+ draws were left out.*"))
                        .count(),
                run.said().toString());
    }

    @Test
    void wordsThatATokenizerLacksAreCountedWhereNothingIsLeft() {
        String folderOfModel =
                "\"" + Path.of("src/test/resources/fixtures/llama").toAbsolutePath() + "\"";
        ScriptRun run = ScriptRun.of("load " + folderOfModel + "; task gender", folder);
        assertEquals(List.of(ErrorCode.ROWS_TOO_RARE), run.codes());
        assertTrue(
                run.diagnostics()
                        .getFirst()
                        .notes()
                        .toString()
                        .contains("10,000 draws had labels that are not one token"),
                run.diagnostics().toString());
    }
}
