package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The greater-than task with a model whose tokenizer splits numbers into digits, as those of Qwen and Gemma do. */
final class DigitTokenizerTest extends ScriptFolder {
    @BeforeEach
    void splitDigits() throws IOException {
        model();
        String tokenizer = text("model/tokenizer.json");
        String digits = tokenizer.replaceAll("(\"Regex\"\\s*:\\s*)\"[^\"]*\"", "$1\" ?\\\\\\\\d\"");
        assertTrue(!digits.equals(tokenizer), "the bundled tokenizer has no pattern for numbers any more");
        file("model/tokenizer.json", digits);
    }

    private void saysSo(CommandRun run) {
        assertEquals(65, run.exitCode(), run.out() + run.err());
        assertTrue(
                run.err()
                        .contains(
                                "error[E0414]: this model's tokenizer splits numbers into digits: \"00\" is 2 tokens"),
                run.err());
        assertTrue(
                run.err().contains("prob_diff and the task greater-than need each of the years 00 … 99 as one token"),
                run.err());
        assertTrue(run.err().contains("GPT-2"), run.err());
    }

    @Test
    void theTaskSaysWhatIsWrong() {
        saysSo(CommandRun.of(folder, "-c", "load \"./model\"; task greater-than limit=5"));
    }

    @Test
    void dataOfYearsSaysWhatIsWrong() throws IOException {
        pairs(41, 11);
        saysSo(CommandRun.of(folder, "-c", "load \"./model\"; data \"pairs.csv\"; baseline"));
    }
}
