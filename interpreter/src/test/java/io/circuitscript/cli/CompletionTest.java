package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The completion scripts, by the shells themselves where these are installed. */
final class CompletionTest {
    @TempDir
    private Path folder;

    private Path script(String shell) throws IOException {
        CommandRun run = CommandRun.of(folder, "completion", shell);
        assertEquals(0, run.exitCode(), run.err());
        return Files.writeString(folder.resolve("completion." + shell), run.out());
    }

    private String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out.strip();
    }

    private static boolean installed(String shell) {
        return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
                .anyMatch(path -> Files.isExecutable(Path.of(path, shell)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theScriptIsOneOfTheShell(String shell) throws Exception {
        Path script = script(shell);
        assertTrue(Files.readString(script).contains("doctor"), "no commands in it");
        Assumptions.assumeTrue(installed(shell));
        output(shell, "-n", script.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            circuit che          | check
            circuit help attr    | attribute
            circuit fmt --ch     | --check
            circuit --color al   | always
            circuit completion f | fish
            """)
    void bashCompletes(String line, String word) throws Exception {
        Assumptions.assumeTrue(installed("bash"));
        int last = line.split(" ").length - 1;
        String run = "source " + script("bash") + "; COMP_WORDS=(" + line + "); COMP_CWORD=" + last + "; COMP_LINE='"
                + line + "'; COMP_POINT=${#COMP_LINE}; _complete_circuit 2> /dev/null; echo \"${COMPREPLY[@]}\"";
        assertEquals(word, output("bash", "-c", run));
    }

    @Test
    void anotherShellIsAMistake() {
        CommandRun run = CommandRun.of(folder, "completion", "tcsh");
        assertEquals(64, run.exitCode());
        assertEquals("error: there is no completion for tcsh\n  = help: shells are bash, zsh and fish\n", run.err());
    }
}
