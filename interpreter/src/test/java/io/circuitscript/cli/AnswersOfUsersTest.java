package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files of answers as people have them: several in a cell, of several tokens, ids that pandas wrote as floats. */
final class AnswersOfUsersTest extends ScriptFolder {
    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

    private CommandRun run(String data, String script) throws IOException {
        Files.copy(RESOURCES.resolve("answers").resolve(data), folder.resolve(data));
        return on(data, script);
    }

    private CommandRun on(String data, String script) throws IOException {
        file(
                "script.circuit",
                "load \"" + RESOURCES.resolve("fixtures/gpt2") + "\" dtype=float64\ndata \"" + data + "\"\n" + script);
        return CommandRun.of(folder, "run", "script.circuit");
    }

    private static void succeeds(CommandRun run) {
        assertEquals(0, run.exitCode(), run.out() + run.err());
    }

    /** Texts as Python's lists, of several tokens each; and ids. The two rows have the same texts, and each the other's answers. */
    @Test
    void severalAnswersInACell() throws IOException {
        succeeds(run("hyper.csv", """
                metric texts(answers) = log(sum(prob(answers)))
                let texts = baseline
                metric written(answers) = log(sum([prob(answers[0]), prob(answers[1]), sum(prob(answers[2 .. count(answers) - 1]))]))
                let written = baseline
                expect abs(texts.clean - written.clean) < 1e-12 and texts.clean < -5
                attribute ig=2
                metric ids(answers_idx, corrupted_answers_idx) = sum(prob(answers_idx)) - sum(prob(corrupted_answers_idx))
                let both = baseline
                expect abs(both.clean) < 1e-15
                metric of-ids(answers_idx) = sum(prob(answers_idx))
                let ids = baseline
                metric by-hand(answers_idx) = (sum(prob([300, 301])) + sum(prob([310, 311, 312]))) / 2
                let by-hand = baseline
                expect abs(ids.clean - by-hand.clean) < 1e-15 and ids.clean > 0
                attribute ig=2
                """));
    }

    @Test
    void anAnswerOfSeveralTokens() throws IOException {
        CommandRun run = run("multi.csv", """
                metric logprob_diff
                let b = baseline
                print "{b.clean:.6}, {b.corrupted:.6}"
                attribute ig=2
                greedy 60
                prune
                evaluate
                metric bad(correct) = sqrt(logprob(correct))
                attribute
                """);
        assertEquals(70, run.exitCode(), run.out() + run.err());
        assertTrue(run.out().contains("evaluate"), run.out() + run.err());
        assertTrue(run.err().contains("a NaN or an infinity in the scores of row 1 of multi.csv"), run.err());
    }

    /** Without a metric that takes texts, the message names one. */
    @Test
    void theMessageNamesTheWayOut() throws IOException {
        CommandRun run = run("multi.csv", "baseline\n");
        assertEquals(65, run.exitCode(), run.out() + run.err());
        assertTrue(run.err().contains("\" Afghanistan\" is not one token but 10"), run.err());
        assertTrue(run.err().contains("logprob_diff"), run.err());
    }

    @Test
    void idsThatPandasWroteAsFloats() throws IOException {
        succeeds(run("float.csv", """
                let a = baseline
                metric by-hand() = logit(300) - logit(301)
                let b = baseline
                expect abs(a.clean - b.clean) < 1e-12
                """));
    }

    @Test
    void anAnswerThatTheModelHasNoRoomFor() throws IOException {
        file("long.csv", "clean,corrupted,correct\nJane gave,John gave," + " Afghanistan".repeat(7) + "\n");
        CommandRun run = on("long.csv", "metric answer_logprob\nbaseline\n");
        assertEquals(65, run.exitCode(), run.out() + run.err());
        assertTrue(
                run.err().contains("the texts of row 1 of long.csv have 4 tokens, and 69 of an answer")
                        && run.err().contains("the model takes 64"),
                run.err());
    }
}
