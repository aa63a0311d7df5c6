package io.circuitscript.model.locate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KnownModelsTest {
    @ParameterizedTest
    @CsvSource({
        "gpt2-small, openai-community/gpt2, 124439808",
        "GPT2, openai-community/gpt2, 124439808",
        "pythia-125m, EleutherAI/pythia-160m, 162322944",
        "EleutherAI/gpt-j-6B, EleutherAI/gpt-j-6b, 6050882784",
        "meta-llama/Llama-3.2-1B, meta-llama/Llama-3.2-1B, 1235814400",
        "gemma-2-2b, google/gemma-2-2b, 2614341888",
        "qwen2.5-0.5b, Qwen/Qwen2.5-0.5B, 494032768"
    })
    void aModelByItsNames(String name, String repository, long parameters) {
        KnownModel model = KnownModels.named(name).orElseThrow();
        assertEquals(repository, model.repository().repository());
        assertEquals(parameters, model.parameters());
    }

    @Test
    void shapesAreThoseThatAModelCanHave() {
        for (KnownModel model : KnownModels.all()) {
            assertEquals(0, model.heads() % model.kvHeads(), model.name());
            assertTrue(model.graph().edgeCount() > 0 && model.parameters() > 0, model.name());
            assertEquals(Optional.of(model), KnownModels.named(model.name()));
            assertEquals(model.name(), model.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    @Test
    void nearestNames() {
        assertEquals("pythia-70m", KnownModels.nearest("pythia70m", List.of()).getFirst());
        assertEquals(
                List.of("mine"), KnownModels.nearest("mien", List.of("mine")).subList(0, 1));
        assertEquals(
                List.of("google/gemma-2-2b"),
                KnownModels.nearest("google/gema-2-2b", List.of()).subList(0, 1));
    }
}
