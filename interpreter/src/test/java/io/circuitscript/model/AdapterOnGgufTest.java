package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An adapter on a GGUF file changes what it changes in a folder, whose logits {@code AdapterTest} holds to peft's. */
final class AdapterOnGgufTest {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private static double[] numbers(Weight weight) {
        ByteBuffer bytes = ByteBuffer.allocate((int) weight.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        weight.read(0, bytes);
        bytes.flip();
        double[] numbers = new double[(int) weight.elements()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = AdaptedWeight.next(bytes, weight.format());
        return numbers;
    }

    /** What an adapter adds to a tensor. */
    private static double[] added(Path base, Path adapter, String tensor, boolean turn) {
        try (Checkpoint plain = Checkpoint.open("plain", base);
                Checkpoint merged = Checkpoint.open("merged", base, Optional.of(adapter))) {
            double[] before = numbers(plain.weight(tensor));
            double[] after = numbers(merged.weight(tensor));
            long[] shape = plain.weight(tensor).shape();
            double[] added = new double[before.length];
            for (int i = 0; i < added.length; i++) {
                int columns = (int) shape[shape.length - 1];
                int at = turn ? i % columns * (int) shape[0] + i / columns : i;
                added[at] = after[i] - before[i];
            }
            return added;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2-rslora, gpt2, h.1.mlp.c_fc.weight, blk.1.ffn_up.weight, true",
        "llama-patterns, mistral, layers.0.self_attn.q_proj.weight, blk.0.attn_q.weight, false",
        "llama-patterns, mistral, layers.1.self_attn.v_proj.weight, blk.1.attn_v.weight, false",
        "llama-patterns, mistral, layers.1.mlp.down_proj.weight, blk.1.ffn_down.weight, false"
    })
    void itAddsTheSame(String adapter, String file, String tensor, String inFile, boolean turned) {
        Path folder = RESOURCES.resolve("fixtures").resolve(adapter.substring(0, adapter.indexOf('-')));
        Path with = RESOURCES.resolve("adapters").resolve(adapter);
        double[] expected = added(folder, with, tensor, turned);
        assertTrue(Arrays.stream(expected).anyMatch(it -> Math.abs(it) > 1e-3));
        Path gguf = RESOURCES.resolve("gguf/models").resolve(file + ".gguf");
        assertArrayEquals(expected, added(gguf, with, inFile, false), 1e-14);
    }

    @Test
    void aNormThatTheFileHasWithOneAddedIsNotTakenWhole() {
        Path adapter = RESOURCES.resolve("adapters/llama-saved");
        Path gguf = RESOURCES.resolve("gguf/models/gemma2.gguf");
        UserError error = assertThrows(
                UserError.class,
                () -> Checkpoint.open("tiny", gguf, Optional.of(adapter)).close());
        assertEquals(ErrorCode.ADAPTER, error.code());
        assertTrue(error.getMessage().contains("GGUF files keep in another way"), error.getMessage());
    }

    /** BLOOM's files have other rows of queries, keys and values than transformers has. */
    @Test
    void aTensorThatTheFileHasOtherwiseHasNoPlace() {
        Path gguf = RESOURCES.resolve("gguf/models/bloom.gguf");
        GgufBase base = GgufBase.of(ModelConfig.read("tiny", gguf));
        assertEquals(Optional.empty(), base.name("transformer.h.0.self_attention.query_key_value.weight"));
        assertEquals(Optional.of("blk.0.attn_output.weight"), base.name("transformer.h.0.self_attention.dense.weight"));
    }
}
