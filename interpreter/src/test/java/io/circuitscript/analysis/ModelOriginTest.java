package io.circuitscript.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.torch.Precision;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A worker loads the files that the script loaded, and no others. */
final class ModelOriginTest {
    @Test
    void otherFilesAreRefused() {
        try (Fixture fixture = new Fixture("gpt2", Precision.FLOAT32)) {
            ModelOrigin origin = ModelOrigin.of(fixture.model);
            origin.load("cpu", 1, Map.of(), RunOptions.quiet()).close();
            ModelOrigin other =
                    new ModelOrigin(origin.name(), origin.folder(), origin.adapter(), origin.precision(), "0123");
            UserError error = assertThrows(UserError.class, () -> other.load("cpu", 1, Map.of(), RunOptions.quiet()));
            assertEquals(ErrorCode.MODEL_DIFFERS, error.code());
            assertTrue(error.getMessage().contains(origin.folder()), error.getMessage());
        }
    }
}
