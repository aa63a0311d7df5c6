package io.circuitscript.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model's folder says where it is as it should be. */
final class CheckpointTest extends TinyModelFolder {
    @Test
    void readsConfigurationAndWeights() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            ModelConfig config = checkpoint.config();
            assertEquals("gpt2", config.family().name());
            assertEquals(
                    List.of(3, 4, 4, 32, 8, 128, 527, 64),
                    List.of(
                            config.layers(),
                            config.heads(),
                            config.kvHeads(),
                            config.dModel(),
                            config.dHead(),
                            config.dMlp(),
                            config.dVocab(),
                            config.positions()));
            assertEquals(1e-5, config.normEpsilon());
            assertEquals(Activation.GELU_TANH, config.activation());
            assertEquals(
                    Collections.nCopies(3, new AttentionShape(1 / Math.sqrt(8), 0, 0, Optional.empty())),
                    config.attention());
            assertEquals(16, checkpoint.config().graph().sources());
            assertEquals(4 + 3 * 12, checkpoint.names().size());
            assertTrue(checkpoint.unembedding().isEmpty());
            Weight attention = checkpoint.weight("h.0.attn.c_attn.weight");
            assertArrayEquals(new long[] {32, 96}, attention.shape());
            assertArrayEquals(
                    floats(Safetensors.read(weights), "transformer.h.0.attn.c_attn.weight"), attention.toFloats());
            checkpoint.checkFinite();
        }
    }

    @Test
    void closingTwiceIsHarmless() {
        Checkpoint checkpoint = Checkpoint.open("tiny", folder);
        checkpoint.close();
        checkpoint.close();
    }

    @ParameterizedTest
    @CsvSource({"F16, 0x1p-11", "BF16, 0x1p-7"})
    void readsHalfPrecision(String format, double relative) throws IOException {
        float[] full = floats(Safetensors.read(weights), "transformer.wte.weight");
        Safetensors.read(weights).changeAll(tensor -> tensor.narrowed(format)).write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            Weight weight = checkpoint.weight("wte.weight");
            assertEquals(Weight.Format.valueOf(format), weight.format());
            float[] read = weight.toFloats();
            for (int i = 0; i < full.length; i++) assertEquals(full[i], read[i], Math.abs(full[i]) * relative + 1e-7);
            checkpoint.checkFinite();
        }
    }

    @Test
    void readsDoublePrecision() throws IOException {
        float[] full = floats(Safetensors.read(weights), "transformer.wte.weight");
        Safetensors.read(weights).changeAll(Safetensors.Tensor::widened).write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertArrayEquals(full, checkpoint.weight("wte.weight").toFloats());
            checkpoint.checkFinite();
        }
    }

    @Test
    void readsShardsByTheirIndex() throws IOException {
        float[] full = floats(Safetensors.read(weights), SCALE);
        shard();
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertArrayEquals(full, checkpoint.weight("h.1.ln_1.weight").toFloats());
            assertEquals(40, checkpoint.names().size());
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        shard();
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        UserError error = error(UserError.Kind.MISSING, ErrorCode.WEIGHTS_MISSING);
        assertContains(error, "model-00002-of-00002.safetensors");
    }

    @Test
    void anIndexNamesNoFileElsewhere() throws IOException {
        shard();
        Path index = folder.resolve("model.safetensors.index.json");
        Files.writeString(index, Files.readString(index).replace("model-00002", "../model-00002"));
        assertContains(error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_MALFORMED), "not a file beside it");
    }

    @Test
    void readsFromAnArchive(@TempDir Path other) throws IOException {
        float[] full = floats(Safetensors.read(weights), SCALE);
        Path archive = other.resolve("models.zip");
        try (var zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            for (String name : new String[] {"config.json", "model.safetensors"})
                Files.copy(folder.resolve(name), zip.getPath("/" + name));
        }
        Checkpoint checkpoint;
        try (var zip = FileSystems.newFileSystem(archive, Map.of())) {
            checkpoint = Checkpoint.open("zipped", zip.getPath("/"));
        }
        try (checkpoint) {
            assertArrayEquals(full, checkpoint.weight("h.1.ln_1.weight").toFloats());
        }
    }

    @Test
    void readsNamesWithoutThePrefixAndIgnoresWhatItDoesNotNeed() throws IOException {
        Safetensors file = Safetensors.read(weights);
        var bare = new Safetensors();
        file.tensors.forEach((name, tensor) -> bare.tensors.put(name.replace("transformer.", ""), tensor));
        bare.tensors.put("h.0.attn.bias", new Safetensors.Tensor("BOOL", List.of(1L, 1L, 2L, 2L), new byte[4]));
        bare.tensors.put("h.0.attn.masked_bias", new Safetensors.Tensor("F4_SOMETHING", List.of(3L), new byte[2]));
        bare.write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertEquals(40, checkpoint.names().size());
        }
    }

    @Test
    void anUnembeddingOfItsOwnIsUsedAndACopyIsNot() throws IOException {
        Safetensors file = Safetensors.read(weights);
        Safetensors.Tensor embedding = file.tensors.get("transformer.wte.weight");
        file.tensors.put("lm_head.weight", embedding);
        file.write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertTrue(checkpoint.unembedding().isEmpty());
        }
        file.tensors.put("lm_head.weight", embedding.with(5, 1));
        file.write(weights);
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertEquals(1, checkpoint.unembedding().orElseThrow().toFloats()[5]);
            assertTrue(checkpoint.names().contains("lm_head.weight"));
        }
    }

    @Test
    void anUnembeddingThatTheConfigurationDeniesIsNoted() throws IOException {
        Safetensors file = Safetensors.read(weights);
        file.tensors.put("lm_head.weight", file.tensors.get("transformer.wte.weight"));
        file.write(weights);
        assertEquals(List.of(), notes());
        file.tensors.put(
                "lm_head.weight", file.tensors.get("transformer.wte.weight").with(5, 1));
        file.write(weights);
        assertEquals(1, notes().size());
        assertTrue(
                notes().getFirst()
                        .contains(
                                "(tie_word_embeddings is true), but the weights have an lm_head.weight that differs from it; that one is used"),
                notes().toString());
        config(json -> json.put("tie_word_embeddings", false));
        assertEquals(List.of(), notes());
    }

    /** As torch.compile, DistributedDataParallel, FSDP and modules of one's own leave them. */
    @ParameterizedTest
    @CsvSource({
        "_orig_mod., ^, '\"_orig_mod.\"'",
        "module., ^, '\"module.\"'",
        "model., ^, '\"model.\"'",
        "model._orig_mod., ^, '\"_orig_mod.\" and \"model.\"'",
        "module.policy.net., ^, '\"module.policy.net.\"'",
        "_fsdp_wrapped_module., ^, '\"_fsdp_wrapped_module.\"'",
        "_orig_mod., '(?<=h\\.1\\.)', '\"_orig_mod.\"'",
    })
    void whatWrapsAModelIsLeftOutOfItsNames(String wrapper, String at, String said) throws IOException {
        Set<String> names;
        try (Checkpoint plain = Checkpoint.open("tiny", folder)) {
            names = plain.names();
            assertEquals(List.of(), plain.notes());
        }
        rename(name -> name.replaceFirst(at, wrapper));
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            assertEquals(names, checkpoint.names());
            assertEquals(1, checkpoint.notes().size());
            assertTrue(
                    checkpoint.notes().getFirst().startsWith("tensor names contain " + said + ", added by a wrapper"),
                    checkpoint.notes().toString());
        }
    }

    /** The family's own prefix may be the wrapper's word. */
    @Test
    void aWrapperMayBeCalledAsTheFamilysOwnModule() throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(Fixture.of("llama").resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        assertEquals(List.of(), notes());
        rename(name -> "model." + name);
        assertEquals(1, notes().size());
    }

    @Test
    void namesThatNotAllShareStayAndAreNamedAsTheyAre() throws IOException {
        rename(name -> name.contains("wte") ? name : "module." + name);
        assertContains(error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_MISSING_TENSOR), "wpe.weight");
    }

    @Test
    void anAdapterBesideTheWeightsIsNoted() throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        assertEquals(
                List.of(
                        "an adapter (LoRA) lies beside the weights, and is not applied: to study the two together, merge it first"),
                notes());
    }

    private List<String> notes() {
        try (Checkpoint checkpoint = Checkpoint.open("tiny", folder)) {
            return checkpoint.notes();
        }
    }

    private void rename(UnaryOperator<String> change) throws IOException {
        Safetensors renamed = new Safetensors();
        Safetensors.read(weights).tensors.forEach((name, tensor) -> renamed.tensors.put(change.apply(name), tensor));
        renamed.write(weights);
    }

    @Test
    void anUntiedModelNeedsItsUnembedding() throws IOException {
        config(json -> json.put("tie_word_embeddings", false));
        assertContains(error(UserError.Kind.INPUT, ErrorCode.WEIGHTS_MISSING_TENSOR), "lm_head.weight");
    }
}
