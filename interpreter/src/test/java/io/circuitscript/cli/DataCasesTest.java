package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.circuitscript.model.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data files as users have them: with line ends in cells, columns that mean something else, and rows that cannot be used. */
final class DataCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases").toAbsolutePath();

    @TempDir
    private Path folder;

    private CommandRun run(String... arguments) {
        Map<String, String> models =
                Map.of("CIRCUIT_MODELS", Fixture.of("gpt2").getParent().toString());
        return CommandRun.of(folder, "", models, arguments);
    }

    private CommandRun data(String rest) {
        return run("-c", "load gpt2; data \"" + CASES + "/" + rest);
    }

    private static void assertSays(CommandRun run, String words) {
        assertTrue(run.err().contains(words), run.err());
    }

    /** The three formats give the same rows. */
    @Test
    void lineEndsInCells() throws IOException {
        for (String name : new String[] {"mcqa.csv", "mcqa.json", "mcqa.jsonl"}) {
            CommandRun run = run("--json", "-c", "load demo; data \"" + CASES + "/02/" + name + "\"");
            assertEquals(
                    name.equals("mcqa.csv") ? 1 : 2, last(run).get("examples").asInt(), name);
        }
        Files.writeString(folder.resolve("same.csv"), """
                clean,corrupted,correct,incorrect
                "Coal is black.
                A. red
                B. black
                Answer:","Coal is black.
                1. red
                2. black
                Answer:",A,1
                """);
        Files.writeString(folder.resolve("same.jsonl"), """
                {"clean": "Coal is black.\\nA. red\\nB. black\\nAnswer:", "corrupted": "Coal is black.\\n1. red\\n2. black\\nAnswer:", "correct": "A", "incorrect": "1"}
                """);
        Files.writeString(
                folder.resolve("same.json"),
                "[" + Files.readString(folder.resolve("same.jsonl")).strip() + "]");
        String expected = last(run("--json", "-c", "load gpt2; data \"same.csv\"; baseline"))
                .toString();
        for (String format : new String[] {"jsonl", "json"})
            assertEquals(
                    expected,
                    last(run("--json", "-c", "load gpt2; data \"same." + format + "\"; baseline"))
                            .toString()
                            .replace("same." + format, "same.csv"));
    }

    private static JsonNode last(CommandRun run) throws IOException {
        assertEquals(0, run.exitCode(), run.err());
        String line = run.out().lines().reduce((_, next) -> next).orElseThrow();
        return new ObjectMapper().readTree(line);
    }

    @Test
    void columnsThatTheStatementNamesDecide() throws IOException {
        CommandRun named =
                data("03/gender.csv\" correct_idx=clean_answer_idx incorrect_idx=corrupted_answer_idx; baseline");
        assertEquals(0, named.exitCode(), named.err());
        assertSays(named, "the metric is logit_diff, since the statement names correct_idx and incorrect_idx");
        CommandRun unnamed = data("03/gender.csv\"; baseline");
        assertEquals(65, unnamed.exitCode());
        assertSays(unnamed, "label is not taken for years, since the texts in row 1 do not end in a digit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "degenerate | 1 | 1 with clean and corrupted texts that are the same (row 2); 1 with correct and incorrect answers that are the same (row 3)",
                "mixed | 1 | 2 with an empty cell, or a missing value as nan (rows 4 and 5); 1 with texts of unequal token length (row 2); 1 with clean and corrupted texts that are the same (row 3); 1 with correct and incorrect answers that are the same (row 6)",
                "nan | 1 | 2 with an empty cell, or a missing value as nan (rows 2 and 3)",
                "unequal | 1 | 1 with texts of unequal token length (row 2)",
            })
    void badRowsAreLeftOut(String name, int examples, String left) throws IOException {
        CommandRun run = run("--json", "-c", "load gpt2; data \"" + CASES + "/09/" + name + ".csv\" skip=true");
        assertSays(run, name + ".csv: " + left + "\n");
        JsonNode result = last(run);
        assertEquals(examples, result.get("examples").asInt());
        int skipped = 0;
        for (JsonNode kind : result.get("skipped")) {
            assertEquals(kind.get("count").asInt(), kind.get("rows").size());
            skipped += kind.get("count").asInt();
        }
        long rows = Files.lines(CASES.resolve("09/" + name + ".csv")).count() - 1;
        assertEquals(rows, examples + skipped);
    }

    @Test
    void withoutSkipTheyAreReported() throws IOException {
        CommandRun degenerate = data("09/degenerate.csv\"");
        assertEquals(0, degenerate.exitCode(), degenerate.err());
        assertSays(degenerate, "the clean and corrupted texts are the same in row 2 of ");
        assertSays(degenerate, "the answers in correct and incorrect are the same in row 3 of ");
        CommandRun mixed = data("09/mixed.csv\"");
        assertEquals(65, mixed.exitCode());
        assertSays(mixed, "mixed.csv has 15 clean tokens and 18 corrupted ones");
        assertSays(mixed, "besides: 2 with an empty cell, or a missing value as nan (rows 4 and 5)\n");
        assertSays(mixed, "besides: 1 with clean and corrupted texts that are the same (row 3)\n");
        assertSays(mixed, "besides: 1 with correct and incorrect answers that are the same (row 6)\n");
        assertSays(mixed, "skip=true leaves such rows out");
        assertEquals(65, data("09/unequal.csv\"").exitCode());
        assertSays(data("09/nan.csv\""), "row 2");
        assertEquals(65, data("09/nan.csv\"").exitCode());
        assertSays(data("09/same.csv\""), "are the same in every row: patching changes nothing there");
    }

    @Test
    void idsThatPandasWroteAsFloats() throws IOException {
        CommandRun run = run("--json", "-c", "load gpt2; data \"" + CASES + "/09/float.csv\" skip=true");
        assertEquals("logit_diff", last(run).get("metric").asText());
    }

    @Test
    void nothingLeftIsAnError() {
        CommandRun same = data("09/same.csv\" skip=true");
        assertEquals(65, same.exitCode());
        assertSays(same, "error[E0422]: skip=true leaves no row of ");
        assertSays(same, "2 with clean and corrupted texts that are the same (rows 1 and 2)");
    }

    /** What an answer must be is up to the metric. */
    @Test
    void answersThatTheMetricCannotUse() throws IOException {
        Files.writeString(folder.resolve("answers.csv"), """
                clean,corrupted,correct,incorrect,other,place
                The war,The year, war, year,17,a
                The war,The year,the war, year,x,b
                The war,The year, war,99,y,c
                The war,The year, war, year,z,nan
                The war,The year,the war, year,z,e
                The war,The year, year, war,z,f
                """);
        CommandRun run = run("--json", "-c", "load gpt2; data \"answers.csv\" skip=true limit=4; baseline");
        assertSays(run, "left out 2 rows of answers.csv: 2 with an answer that the metric cannot use (rows 2 and 5)\n");
        CommandRun two = run("--json", "-c", "load gpt2; data \"answers.csv\" skip=true limit=2");
        assertSays(two, "left out 1 row of answers.csv: 1 with an answer that the metric cannot use (row 2)\n");
        CommandRun own = run(
                "--json", "-c", "load gpt2; metric m(incorrect) = logit(incorrect); data \"answers.csv\" skip=true");
        assertEquals(6, last(own).get("examples").asInt());
        CommandRun seeded = run("--json", "-c", "load gpt2; data \"answers.csv\" skip=true limit=3 seed=1");
        assertEquals(3, last(seeded).get("examples").asInt());
        CommandRun ids = run("--json", "-c", "load gpt2; data \"answers.csv\" skip=false limit=1");
        assertEquals("[]", last(ids).get("skipped").toString());
    }

    private static final String SEVERAL =
            "metric several(correct, incorrect) = sum(prob(correct)) - sum(prob(incorrect))";

    /** A row of the two answers as JSON. */
    private static String row(String correct, String incorrect) {
        return "{\"clean\": \"The war\", \"corrupted\": \"The year\", \"correct\": " + correct + ", \"incorrect\": "
                + incorrect + "}\n";
    }

    /** What is in brackets is a list of texts and ids, or no answer. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[\" war\", null] | is a list with a missing item",
                "[\" war\", [1]] | is in brackets, and is not a list of texts and ids",
                "\"[' war', None]\" | is a list with a missing item",
                "\"[ war]\" | is in brackets, and is not a list of texts and ids",
            })
    void cellsInBracketsAreNeverTexts(String cell, String fault) throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), row(cell, "\" year\"").repeat(2));
        CommandRun texts = run("-c", "load gpt2; data \"a.jsonl\"; metric logprob_diff; baseline");
        assertEquals(65, texts.exitCode());
        assertSays(texts, fault + " (row 1 of a.jsonl, column correct)");
        Files.writeString(
                folder.resolve("b.jsonl"), row("[\" war\", \" year\"]", "[\" year\"]") + row(cell, "[\" year\"]"));
        CommandRun lists = run("-c", "load gpt2; " + SEVERAL + "; data \"b.jsonl\"; baseline");
        assertEquals(65, lists.exitCode());
        assertSays(lists, fault + " (row 2 of b.jsonl, column correct)");
        CommandRun skipped = run("-c", "load gpt2; data \"b.jsonl\" skip=true; " + SEVERAL + "; baseline");
        assertEquals(0, skipped.exitCode(), skipped.err());
        assertSays(skipped, "left out 1 row of b.jsonl: 1 with an answer that the metric cannot use (row 2)");
    }

    @Test
    void listsOfAnswersNeedAMetric() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), row("[\" war\", \" year\"]", "[\" year\"]"));
        CommandRun none = run("-c", "load gpt2; data \"a.jsonl\"; baseline");
        assertSays(
                none,
                "no metric can be inferred from the columns of a.jsonl: correct and incorrect hold lists of answers");
        assertSays(none, "define a metric that takes all of them: " + SEVERAL);
        CommandRun named = run("-c", "load gpt2; data \"a.jsonl\"; metric logprob_diff; baseline");
        assertSays(named, "the metric logprob_diff reads one answer in each row, and correct and incorrect hold lists");
        assertSays(named, SEVERAL);
    }

    /** The metric that skip=true asks may stand before the data or right behind. */
    @Test
    void answersOfSeveralTokensAreNotLeftOutForTheMetricBehind() throws IOException {
        Files.writeString(
                folder.resolve("a.jsonl"), row("\" war year\"", "\" year war\"") + row("\" war\"", "\" year war\""));
        for (String script : new String[] {
            "metric logprob_diff; data \"a.jsonl\" skip=true; baseline",
            "data \"a.jsonl\" skip=true; metric logprob_diff; baseline",
            "data \"a.jsonl\" skip=true; let x = 1; metric m(correct) = logprob(correct); baseline"
        }) {
            CommandRun run = run("--json", "-c", "load gpt2; " + script);
            last(run);
            assertTrue(run.out().contains("\"examples\":2"), run.out());
        }
        CommandRun used = run("-c", "load gpt2; data \"a.jsonl\" skip=true; baseline; metric logprob_diff");
        assertSays(used, "skip=true leaves no row of a.jsonl");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a.csv | clean,corrupted;,The year;The war,The war year | data \"a.csv\" | row 1 of a.csv has an empty cell in the column clean",
                "a.csv | clean,corrupted;,The year;The war,The war year | data \"a.csv\" | besides: 1 with texts of unequal token length (row 2)",
                "a.csv | clean,corrupted;The,The year | data \"a.csv\" clean=\"\" | the name of the column for clean is empty",
                "a.json | {} | data \"a.json\" | a.json is not a valid JSON file: its rows have no fields",
                "a.jsonl | {\"a\\nb\": 1} | data \"a.jsonl\" | its columns: a\\nb",
                "a.csv | clean,corrupted;The,The | data \"mib-bench/ioi\" | data \"mib-bench/ioi\" hub=true",
            })
    void whatIsWrongIsSaid(String file, String content, String statement, String words) throws IOException {
        Files.writeString(folder.resolve(file), content.replace(';', '\n') + "\n");
        CommandRun run = run("-c", "load gpt2; " + statement);
        assertTrue(run.exitCode() == 65 || run.exitCode() == 66, run.err());
        assertSays(run, words);
    }

    /** As images and embeddings in data sets on the hub. */
    @Test
    void columnsThatNobodyUsesStopNothing() throws IOException {
        Files.writeString(
                folder.resolve("a.jsonl"),
                "{\"clean\": \"The war\", \"corrupted\": \"The year\", \"correct\": \" war\", \"incorrect\": \" year\", \"v\": Infinity, \"w\": [1, -Infinity]}\n");
        CommandRun run = run("-c", "load gpt2; data \"a.jsonl\"; baseline");
        assertEquals(0, run.exitCode(), run.err());
        assertSays(
                run,
                "left out 2 columns that cannot be read, v, w: row 1, column v of a.jsonl: the number is infinity");
        for (String use :
                new String[] {"data \"a.jsonl\" correct=v", "data \"a.jsonl\"; metric m(v) = v * logit(\" war\")"})
            assertSays(
                    run("-c", "load gpt2; " + use), "error[E0451]: row 1, column v of a.jsonl: the number is infinity");
    }
}
