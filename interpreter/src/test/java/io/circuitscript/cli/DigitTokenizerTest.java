package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The greater-than task with a model whose tokenizer splits numbers into digits, as those of Qwen, Gemma and SmolLM2 do. */
final class DigitTokenizerTest extends ScriptFolder {
    @BeforeEach
    void splitDigits() throws IOException {
        model();
        String tokenizer = text("model/tokenizer.json");
        String digits = tokenizer.replaceAll("(\"Regex\"\\s*:\\s*)\"[^\"]*\"", "$1\" ?\\\\\\\\d\"");
        assertTrue(!digits.equals(tokenizer), "the bundled tokenizer has no pattern for numbers any more");
        file("model/tokenizer.json", digits);
    }

    private CommandRun run(String script) {
        return CommandRun.of(folder, "-c", "load \"./model\" dtype=float64; " + script);
    }

    /** A year is read digit by digit: its probability is that of its tens, times that of its ones after them. */
    @Test
    void theTaskReadsDigitByDigit() {
        String byDigits =
                "metric digits(year) = sum(d[year + 1 .. 99]) - sum(d[0 .. year]) where d = exp(logprob([\"00\" .. \"99\"]))";
        CommandRun run = run("task greater-than limit=4; let a = baseline; attribute ig=2; greedy 30; prune; evaluate; "
                + byDigits
                + "; let b = baseline; expect abs(a.clean - b.clean) < 1e-12; print \"{a.clean != 0}\"");
        assertEquals(0, run.exitCode(), run.out() + run.err());
        assertTrue(run.out().contains("true"), run.out());
    }

    @Test
    void dataOfYearsIsReadSo() throws IOException {
        pairs(41, 11);
        CommandRun run = run("data \"pairs.csv\"; baseline");
        assertEquals(0, run.exitCode(), run.out() + run.err());
    }

    @Test
    void aLogitSaysWhatIsWrong() {
        CommandRun run = run("task greater-than limit=5; metric odd(year) = logit(\"{year:02}\"); baseline");
        assertEquals(65, run.exitCode(), run.out() + run.err());
        assertTrue(run.err().contains("error[E0414]: this model's tokenizer splits numbers into digits"), run.err());
        assertTrue(run.err().contains("read the number with prob(t) or logprob(t)"), run.err());
    }
}
