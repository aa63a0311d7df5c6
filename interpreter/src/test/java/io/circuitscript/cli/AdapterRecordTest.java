package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model with an adapter, from the check to the record. */
final class AdapterRecordTest extends ScriptFolder {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final String WEIGHTS = "ad/adapter_model.safetensors";

    @BeforeEach
    void files() throws IOException {
        copy(RESOURCES.resolve("adapters/gpt2-plain"), "ad");
        file("x.circuit", """
                load "./base" adapter="./ad" dtype=float64
                predict "When Mary and John went" top=3
                """);
    }

    private void copy(Path from, String to) throws IOException {
        Files.createDirectories(folder.resolve(to));
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) Files.copy(file, folder.resolve(to).resolve(file.getFileName()));
        }
    }

    /** The last byte of one number's fraction: a change of a millionth. */
    private void changeOneWeight() throws IOException {
        Path file = folder.resolve(WEIGHTS);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 4] ^= 8;
        Files.write(file, bytes);
    }

    private CommandRun good(String command) {
        CommandRun run = circuit(command);
        assertEquals(0, run.exitCode(), run.err());
        return run;
    }

    @Test
    void aChangedWeightIsNoticed() throws IOException {
        copy(RESOURCES.resolve("fixtures/gpt2"), "base");
        good("check x.circuit");
        assertTrue(good("run x.circuit --record").out().contains("parameters with ad merged into them"));
        // The folder's name: a record holds in other places too.
        assertTrue(text("x.record.json").contains("\"adapter\" : \"ad\""), text("x.record.json"));
        assertTrue(good("verify x.record.json").out().startsWith("verified: 2 results"));
        good("lock x.circuit");
        assertTrue(text("x.lock.json").contains("\"" + WEIGHTS + "\" : "), text("x.lock.json"));
        changeOneWeight();
        CommandRun changed = circuit("verify x.record.json");
        assertEquals(65, changed.exitCode(), changed.err());
        assertTrue(changed.err().contains("the record was made with other inputs: " + WEIGHTS), changed.err());
        CommandRun locked = circuit("run x.circuit");
        assertEquals(65, locked.exitCode(), locked.err());
        assertTrue(locked.err().contains(WEIGHTS), locked.err());
    }

    @Test
    void aFileOfLlamaCppTakesOneToo() throws IOException {
        Files.copy(RESOURCES.resolve("gguf/models/gpt2.gguf"), folder.resolve("base.gguf"));
        Files.copy(RESOURCES.resolve("fixtures/gpt2/tokenizer.json"), folder.resolve("tokenizer.json"));
        file("plain.circuit", "load \"base.gguf\" dtype=float64\npredict \"When Mary and John went\" top=3\n");
        file("x.circuit", text("plain.circuit").replace(" dtype", " adapter=\"./ad\" dtype"));
        good("check x.circuit");
        String merged = good("run x.circuit").out();
        assertTrue(merged.contains("parameters from BF16 with ad merged into them"), merged);
        String[] lines = merged.split("\n");
        String last = lines[lines.length - 1];
        assertTrue(!good("run plain.circuit").out().contains(last), last);
    }
}
