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
        assertSays(mixed, "1 more row has this too: 4\n");
        assertSays(mixed, "besides: 1 with clean and corrupted texts that are the same (row 3)\n");
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
}
