package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ProcessEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What somebody sees of a model whose tokenizer has a pattern that the native library panics at. */
@Timeout(180)
final class HostileTokenizerRunTest extends ScriptFolder {
    /** On 3,000 letters a, it tries more ways than the library allows. */
    private static final String PATTERN = "a.*a.*a.*a.*a.*a.*b";

    @BeforeEach
    void hostileModel() throws IOException {
        model();
        pattern(PATTERN);
    }

    private void pattern(String pattern) throws IOException {
        Path file = folder.resolve("model/tokenizer.json");
        var mapper = new ObjectMapper();
        var json = (ObjectNode) mapper.readTree(file.toFile());
        ObjectNode split = json.putObject("pre_tokenizer")
                .put("type", "Split")
                .put("behavior", "Isolated")
                .put("invert", false);
        split.putObject("pattern").put("Regex", pattern);
        mapper.writeValue(file.toFile(), json);
    }

    @Test
    void aScriptEndsWithAMessage() throws IOException {
        file(
                "script.circuit",
                "load \"./model\"\ntokens \"a war\"\ntokens \"" + "a".repeat(3000) + "\"\nprint \"after\"\n");
        CommandRun run = circuit("run script.circuit");
        assertEquals(65, run.exitCode());
        assertTrue(run.out().contains("tokens: ") && !run.out().contains("after"), run.out());
        assertTrue(
                run.err().contains("error[E0538]: the tokenizer ")
                        && run.err().contains("failed on a text of 3000 characters, which begins \"aaa"),
                run.err());
        assertTrue(run.err().contains("retry-limit-in-match"), run.err());
    }

    @Test
    void thePromptGoesOn() {
        String typed = "load \"./model\"\ntokens \"a war\"\ntokens \"" + "a".repeat(3000)
                + "\"\ntokens \"a war\"\nprint 6 * 7\n";
        var terminals = new ProcessEnvironment.Terminals(true, true, true);
        CommandRun run = CommandRun.of(folder, typed.getBytes(StandardCharsets.UTF_8), terminals, Map.of());
        assertEquals(0, run.exitCode());
        assertTrue(run.err().contains("E0538"), run.err());
        assertEquals(
                2, run.out().lines().filter(line -> line.contains("tokens: ")).count(), run.out());
        assertTrue(run.out().contains("42"), run.out());
    }

    /** Also while the library hangs, and whatever ended the session. */
    @Test
    void noProcessIsLeftBehind() throws Exception {
        pattern("a+(?!a|$)"); // tried from each letter to the text's end and back
        file("script.circuit", "load \"./model\"\nprint \"loaded\"\ntokens \"" + "a".repeat(1_000_000) + "\"\n");
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.circuitscript.cli.Main",
                "--quiet",
                "run",
                "script.circuit"));
        Process session = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        List<ProcessHandle> children = List.of();
        for (int i = 0; i < 1200 && children.isEmpty(); i++) {
            Thread.sleep(50);
            // The time that loading takes has gone by where it has been busy for seconds.
            children = session.children()
                    .filter(it -> it.info()
                            .totalCpuDuration()
                            .map(spent -> spent.toSeconds() >= 3)
                            .orElse(false))
                    .toList();
        }
        assertEquals(1, children.size(), text("err"));
        session.destroyForcibly().waitFor();
        children.getFirst().onExit().get(60, TimeUnit.SECONDS);
    }
}
