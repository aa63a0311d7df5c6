package io.circuitscript.cli.each;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine of a cluster that does not see the disk of the grid says so, and makes nothing of its own. */
final class CellProcessTest {
    @Test
    void aMachineWithoutTheSharedDiskIsNamed(@TempDir Path folder) throws IOException {
        Path script = folder.resolve("x.circuit");
        Path out = folder.resolve("out");
        CellProcess cell = new CellProcess(
                "n=1",
                folder.toString(),
                out.toString(),
                out.resolve("n=1").toString(),
                script.toString(),
                "x",
                List.of("run", "x.circuit"),
                false,
                false,
                Map.of());
        refused(cell, script);
        Files.writeString(script, "");
        refused(cell, out); // another machine's folder of that name
        Files.createDirectory(out);
        refused(cell, out);
        assertFalse(Files.exists(out.resolve("n=1")));
    }

    private static void refused(CellProcess cell, Path missing) {
        CellJob.Machine machine = new CellJob.Machine("node7", "", 0, Map.of());
        UserError error = assertThrows(UserError.class, () -> cell.start(machine));
        assertEquals(ErrorCode.NO_SUCH_FILE, error.code());
        assertEquals(missing + " is not on node7, or cannot be read there", error.getMessage());
    }
}
