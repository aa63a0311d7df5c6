package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A copy of a tiny model's folder, for a test to read and to spoil. */
abstract class TinyModelFolder {
    static final ObjectMapper MAPPER = new ObjectMapper();
    static final String SCALE = "transformer.h.1.ln_1.weight";

    @TempDir
    Path folder;

    Path weights;

    @BeforeEach
    void copyFixture() throws IOException {
        weights = folder.resolve("model.safetensors");
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Fixture.of("gpt2").resolve(name), folder.resolve(name));
        }
    }

    void config(Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("config.json");
        var json = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(json);
        MAPPER.writeValue(file.toFile(), json);
    }

    void shard() throws IOException {
        Safetensors all = Safetensors.read(weights);
        ObjectNode map = MAPPER.createObjectNode();
        for (int shard = 1; shard <= 2; shard++) {
            String file = "model-0000" + shard + "-of-00002.safetensors";
            boolean second = shard == 2;
            Safetensors part = all.only(name -> name.contains(".h.1.") == second);
            part.tensors.keySet().forEach(name -> map.put(name, file));
            part.write(folder.resolve(file));
        }
        Files.delete(weights);
        MAPPER.writeValue(
                folder.resolve("model.safetensors.index.json").toFile(),
                MAPPER.createObjectNode().set("weight_map", map));
    }

    UserError error(UserError.Kind kind, ErrorCode code) {
        UserError error = assertThrows(UserError.class, () -> {
            try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
                throw new UncheckedIOException(new IOException("opened " + checkpoint.names()));
            }
        });
        assertEquals(code, error.code(), error.getMessage());
        assertEquals(kind, error.kind());
        return error;
    }

    static void assertContains(UserError error, String part) {
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }

    static float[] floats(Safetensors file, String name) {
        var bytes = java.nio.ByteBuffer.wrap(file.tensors.get(name).bytes())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] floats = new float[bytes.remaining()];
        bytes.get(floats);
        return floats;
    }
}
