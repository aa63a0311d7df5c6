package io.circuitscript.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.CommandRun;
import io.circuitscript.model.RandomGpt2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published circuits of the standard library fit a model of GPT-2 small's shape, and no node of theirs is a dead end. */
class PublishedCircuitsTest {
    @TempDir
    private Path folder;

    private String ran(String script) throws IOException {
        RandomGpt2.write(folder.resolve("twelve"), RandomGpt2.TWELVE_LAYERS);
        Files.writeString(folder.resolve("script.circuit"), "load \"./twelve\"\n" + script);
        CommandRun run = CommandRun.of(folder, "", Map.of("HF_HUB_OFFLINE", "1"), "run", "--json", "script.circuit");
        assertEquals(0, run.exitCode(), run.out() + run.err());
        return run.out();
    }

    @Test
    void indirectObjects() throws IOException {
        // The paper's 26 heads, 12 MLPs and the input.
        String out = ran("import \"std/gpt2-ioi\"\nuse ioi\nlet whole = prune\nexpect whole.nodes == 39\n");
        assertTrue(out.contains("\"holds\":true"), out);
    }

    @Test
    void greaterThan() throws IOException {
        // 11 heads, 8 MLPs and the input.
        String out = ran(
                "import \"std/gpt2-greater-than\"\nuse greater-than\nlet whole = prune\nexpect whole.nodes == 20\n");
        assertTrue(out.contains("\"holds\":true"), out);
    }
}
