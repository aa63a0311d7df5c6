package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.Progress;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.model.natives.UnpackingWatch;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EngineStartTest {
    @Test
    void whatSpeaksAgainstADeviceIsSaidToWhoWaitsForIt() {
        try (EngineStart start = EngineStart.begin("cuda:999", UnpackingWatch.NONE)) {
            assertEquals(
                    ErrorCode.NO_DEVICE,
                    assertThrows(UserError.class, start::await).code());
            assertEquals(
                    ErrorCode.NO_DEVICE,
                    assertThrows(UserError.class, () -> Torch.of(start, Precision.FLOAT32, note -> {}))
                            .code());
        }
    }

    @Test
    void theNotesOfAStartAreThoseOfTheChoiceThatItMade() {
        List<String> notes = new ArrayList<>();
        RunOptions options = new RunOptions(Progress.NONE, new CancelToken(), 0, 0, notes::add);
        try (EngineStart start = EngineStart.begin("auto", UnpackingWatch.NONE);
                Torch torch = Torch.of(start, Precision.FLOAT32, options.notes())) {
            assertEquals(start.await().notes(), notes);
            assertEquals(start.await().device(), torch.device());
        }
    }

    @Test
    void aStartThatNobodyWaitedForHasEndedOnceItIsClosed() {
        EngineStart.begin("cpu", UnpackingWatch.NONE).close();
        assertEquals("cpu", NativeStart.running().orElseThrow().device());
    }
}
