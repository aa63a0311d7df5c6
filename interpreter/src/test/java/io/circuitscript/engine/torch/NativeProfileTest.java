package io.circuitscript.engine.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library's notes, and a temporary folder that has no room for them. */
final class NativeProfileTest {
    private static final String NOTES = """
            [{"name": "aten::linear", "ph": "X", "ts": 0, "dur": 10, "tid": 1, "pid": "CPU", "args": {"a": 1}},
             {"name": "aten::addmm", "ph": "X", "ts": 2, "dur": 6, "tid": 1, "pid": "CPU", "args": {}}]
            """;

    @TempDir
    private Path folder;

    @Test
    void anOperationHasItsOwnTime() throws IOException {
        Path notes = Files.writeString(folder.resolve("notes.json"), NOTES);
        List<NativeProfile.Operation> operations = NativeProfile.operations(notes);
        assertEquals(
                List.of("aten::addmm", "aten::linear"),
                operations.stream().map(NativeProfile.Operation::name).toList());
        assertEquals(6e-6, operations.getFirst().seconds(), 1e-12);
        assertEquals(4e-6, operations.getLast().seconds(), 1e-12);
    }

    @Test
    void notesThatAreCutOffAreNoDefect() throws IOException {
        for (int length = 1; length < NOTES.strip().length(); length++) {
            Path notes = Files.writeString(folder.resolve("notes.json"), NOTES.substring(0, length));
            UserError error = assertThrows(UserError.class, () -> NativeProfile.operations(notes));
            assertEquals(ErrorCode.CANNOT_WRITE, error.code());
        }
    }

    @Test
    void noTemporaryFolderIsNoDefect() {
        UserError error = assertThrows(UserError.class, () -> NativeProfile.start(folder.resolve("missing")));
        assertEquals(ErrorCode.CANNOT_WRITE, error.code());
        assertTrue(error.getMessage().contains("missing"), error.getMessage());
    }
}
