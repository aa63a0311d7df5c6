package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import org.junit.jupiter.api.Test;

/** What a tokenizer may give that its model has no vector for. */
class EmbeddingTest {
    @Test
    void aTokenWithoutAnEmbeddingIsAMistakeOfTheText() {
        try (Fixture fixture = new Fixture("llama", Precision.FLOAT32)) {
            assertEquals(527, RunLogits.afterLast(fixture.model, new int[] {0, 526}, new CancelToken()).length);
            UserError error = assertThrows(
                    UserError.class, () -> RunLogits.afterLast(fixture.model, new int[] {0, 527}, new CancelToken()));
            assertEquals(ErrorCode.TOKEN_WITHOUT_EMBEDDING, error.code());
            assertTrue(error.getMessage().contains("527"), error.getMessage());
            assertEquals(0, fixture.model.liveTensors());
        }
    }
}
