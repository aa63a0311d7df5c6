package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.circuitscript.io.FileHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What locks and records hash of a model that is one file. */
final class ModelFilesTest {
    @Test
    void aModelOfOneFileIsThatFileAndATokenizerBesideIt(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tiny.gguf"), "GGUF");
        Files.writeString(folder.resolve("config.json"), "{}"); // of something else
        var parts = ModelFiles.hashes(file, new FileHashes());
        assertEquals(List.of("configuration", "weights", "tokenizer"), List.copyOf(parts.keySet()));
        assertEquals(Map.of(), parts.get("configuration"));
        assertEquals(Set.of("tiny.gguf"), parts.get("weights").keySet());
        assertEquals(new FileHashes().of(file), parts.get("weights").get("tiny.gguf"));
        assertEquals(Map.of(), parts.get("tokenizer"));
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertEquals(
                Map.of("tokenizer.json", new FileHashes().of(tokenizer)),
                ModelFiles.hashes(file, new FileHashes()).get("tokenizer"));
        List<String> names = ModelFiles.names(file);
        assertEquals("tiny.gguf", names.getFirst());
        assertFalse(names.contains("config.json"));
        assertEquals(tokenizer, ModelFiles.file(file, "tokenizer.json"));
        assertEquals(file, ModelFiles.file(file, "tiny.gguf"));
    }
}
