package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.model.Adapter;
import io.circuitscript.model.Checkpoint;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LoRA adapters merged on load, against what peft merges (tools/adapters/make_adapters.py). */
final class AdapterTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private Path temporary;

    private static Path adapter(String name) {
        return Fixture.resource("/adapters/" + name);
    }

    private static Path base(String adapter) {
        return Fixture.resource("/fixtures/" + adapter.substring(0, adapter.indexOf('-')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2-plain", "gpt2-rslora", "llama-patterns", "llama-saved"})
    void givesTheLogitsThatPeftMerges(String name) throws IOException {
        JsonNode expected =
                MAPPER.readTree(adapter(name).resolve("expected.json").toFile());
        int[] tokens = MAPPER.convertValue(expected.get("tokens"), int[].class);
        double[] logits = MAPPER.convertValue(expected.get("logits"), double[].class);
        Checkpoint checkpoint = Checkpoint.open(name, base(name), Optional.of(adapter(name)));
        checkpoint.checkFinite();
        try (Transformer transformer = Transformer.load(checkpoint, "cpu", Precision.FLOAT64, RunOptions.quiet())) {
            assertArrayEquals(logits, RunLogits.afterLast(transformer, tokens, new CancelToken()), 1e-9);
        }
    }

    private UserError refused(String name, Path base) {
        return assertThrows(
                UserError.class,
                () -> Checkpoint.open("tiny", base, Optional.of(temporary)).close(),
                name);
    }

    private void copy(String name) throws IOException {
        for (String file : new String[] {Adapter.CONFIG, Adapter.WEIGHTS})
            Files.copy(adapter(name).resolve(file), temporary.resolve(file));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "use_dora @ true @ uses use_dora (true) which is not supported",
                "peft_type @ \"IA3\" @ of the type IA3; only LORA is merged here",
                "init_lora_weights @ \"pissa_niter_4\" @ changes the base model too",
                "r @ 7 @ is of rank 4; adapter_config.json says 7",
                "fan_in_fan_out @ false @ change a matrix of the shape",
                "rank_pattern @ {\"(a+)+b\": 4} @ a regular expression",
                "lora_alpha @ 1e999 @ lora_alpha is Infinity",
                "layer_replication @ [[0, 1]] @ uses layer_replication"
            })
    void whatItsConfigurationSaysIsHeldTo(String key, String value, String message) throws IOException {
        copy("gpt2-plain");
        Path file = temporary.resolve(Adapter.CONFIG);
        ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
        json.set(key, MAPPER.readTree(value));
        MAPPER.writeValue(file.toFile(), json);
        UserError error = refused(key, base("gpt2-plain"));
        assertEquals(ErrorCode.ADAPTER, error.code());
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Test
    void aTensorWithoutAPlaceIsNamed() throws IOException {
        copy("gpt2-plain");
        UserError error = refused("another base", base("llama-saved"));
        assertTrue(error.getMessage().contains("base_model.model.transformer.h."), error.getMessage());
        assertTrue(error.getMessage().contains("has no place in the base model"), error.getMessage());
    }

    @Test
    void aPickleIsRefused() throws IOException {
        Files.copy(adapter("gpt2-plain").resolve(Adapter.CONFIG), temporary.resolve(Adapter.CONFIG));
        Files.writeString(temporary.resolve("adapter_model.bin"), "x");
        assertEquals(
                ErrorCode.WEIGHTS_PICKLED, refused("pickle", base("gpt2-plain")).code());
    }
}
