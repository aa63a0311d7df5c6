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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        assertLogits(name, adapter(name));
    }

    /** peft sees by the base model how its matrices lie; attn.c_proj and q_proj are square, and fit either way. */
    @ParameterizedTest
    @CsvSource({"gpt2-plain, false", "gpt2-plain, null", "llama-patterns, true"})
    void whatFanInFanOutSaysMakesNoDifference(String name, String value) throws IOException {
        copy(name);
        set("fan_in_fan_out", value);
        assertLogits(name, temporary);
    }

    private static void assertLogits(String name, Path folder) throws IOException {
        JsonNode expected =
                MAPPER.readTree(adapter(name).resolve("expected.json").toFile());
        int[] tokens = MAPPER.convertValue(expected.get("tokens"), int[].class);
        double[] logits = MAPPER.convertValue(expected.get("logits"), double[].class);
        Checkpoint checkpoint = Checkpoint.open(name, base(name), Optional.of(folder));
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
                "use_dora @ true @ has use_dora=true, which is not supported @ merge it in peft",
                "peft_type @ \"IA3\" @ of the type IA3; only LoRA is merged here @ merge it in peft",
                "init_lora_weights @ \"pissa_niter_4\" @ changes the base model too @ merge it in peft",
                "r @ 7 @ is of rank 4; adapter_config.json says 7 @ the adapter again",
                "rank_pattern @ {\"(a+)+b\": 4} @ a regular expression, which @ merge it in peft",
                "layer_replication @ [[0, 1]] @ has layer_replication=[[0,1]], which @ merge it in peft",
                "lora_alpha @ 1e999 @ lora_alpha is Infinity, not a finite number @ the adapter again",
                "lora_alpha @ null @ lora_alpha is null, not a number @ the adapter again",
                "lora_alpha @ \"16\" @ lora_alpha is \"16\", not a number @ the adapter again",
                "alpha_pattern @ \"x\" @ alpha_pattern is \"x\", not an object @ the adapter again",
                "alpha_pattern @ null @ alpha_pattern is null, not an object @ the adapter again",
                "alpha_pattern @ {\"c_fc\": null} @ alpha_pattern of c_fc is null, not a number @ the adapter again",
                "rank_pattern @ [] @ rank_pattern is [], not an object @ the adapter again",
                "rank_pattern @ {\"c_fc\": 4.5} @ rank_pattern of c_fc is 4.5, not a whole @ the adapter again",
                "use_rslora @ \"yes\" @ use_rslora is \"yes\", not true or false @ the adapter again",
                "use_dora @ 1 @ use_dora is 1, not true or false @ the adapter again",
                "fan_in_fan_out @ [] @ fan_in_fan_out is [], not true or false @ the adapter again",
                "r @ \"4\" @ r is \"4\", not a whole number from 1 on @ the adapter again",
                "r @ 4.5 @ r is 4.5, not a whole number from 1 on @ the adapter again",
                "r @ [4] @ r is [4], not a whole number from 1 on @ the adapter again",
                "r @ true @ r is true, not a whole number from 1 on @ the adapter again",
                "r @ 0 @ r is 0, not a whole number from 1 on @ the adapter again",
                "r @ -1 @ r is -1, not a whole number from 1 on @ the adapter again",
                "r @ 1099511627776 @ r is 1099511627776, more than any adapter has @ the adapter again"
            })
    void whatItsConfigurationSaysIsHeldTo(String key, String value, String message, String help) throws IOException {
        copy("gpt2-plain");
        set(key, value);
        UserError error = refused(key, base("gpt2-plain"));
        assertEquals(ErrorCode.ADAPTER, error.code());
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertTrue(error.help().contains(help), error.help());
    }

    private void set(String key, String value) throws IOException {
        Path file = temporary.resolve(Adapter.CONFIG);
        ObjectNode json = (ObjectNode) MAPPER.readTree(file.toFile());
        json.put(key, "VALUE");
        // As it is written: a mapper writes an infinity as a text.
        Files.writeString(file, json.toString().replace("\"VALUE\"", value));
    }

    @Test
    void aTensorWithoutAPlaceIsNamed() throws IOException {
        copy("gpt2-plain");
        UserError error = refused("another base", base("llama-saved"));
        assertTrue(error.getMessage().contains("base_model.model.transformer.h."), error.getMessage());
        assertTrue(error.getMessage().contains("has no place in the base model"), error.getMessage());
    }

    @Test
    void aNumberThatIsNoneIsDamage() throws IOException {
        copy("gpt2-plain");
        Path file = temporary.resolve(Adapter.WEIGHTS);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode header = MAPPER.readTree(bytes, 8, (int) all.getLong(0));
        String name = "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight";
        long at = header.path(name).path("data_offsets").path(0).asLong();
        all.putFloat((int) (8 + all.getLong(0) + at), Float.NaN);
        Files.write(file, bytes);
        UserError error = refused("NaN", base("gpt2-plain"));
        assertTrue(error.getMessage().contains(name + " has NaN in it"), error.getMessage());
        assertTrue(error.help().contains("the adapter again"), error.help());
    }

    @Test
    void aPickleIsRefused() throws IOException {
        Files.copy(adapter("gpt2-plain").resolve(Adapter.CONFIG), temporary.resolve(Adapter.CONFIG));
        Files.writeString(temporary.resolve("adapter_model.bin"), "x");
        assertEquals(
                ErrorCode.WEIGHTS_PICKLED, refused("pickle", base("gpt2-plain")).code());
    }
}
