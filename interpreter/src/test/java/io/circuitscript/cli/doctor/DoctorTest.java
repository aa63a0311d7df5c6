package io.circuitscript.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.CommandRun;
import io.circuitscript.model.hub.HubSettings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code circuit doctor} says of a machine. */
final class DoctorTest {
    @TempDir
    private Path folder;

    @Test
    void hasALineForEachThing() {
        CommandRun run =
                CommandRun.of(folder, "", Map.of("HF_HUB_OFFLINE", "1", "CIRCUIT_MODELS", "nowhere"), "doctor");
        assertEquals(0, run.exitCode(), run.out() + run.err());
        for (String thing : new String[] {
            "program", "engine", "gpu", "memory", "cache", "models", "hub cache", "hub", "pictures", "fonts"
        }) {
            assertTrue(
                    run.out().lines().anyMatch(line -> line.matches("(ok|warn|fail) +" + thing + " +\\S.*")),
                    thing + "\n" + run.out());
        }
        assertTrue(run.out().contains("warn  models"), run.out());
        assertTrue(run.out().contains("mend: make it, or name another"), run.out());
        assertTrue(run.out().contains("not checked, "), run.out());
    }

    @Test
    void aHubThatDoesNotAnswerIsSaidWithinSeconds() {
        long start = System.nanoTime();
        DoctorFinding closed = HubCheck.of(HubSettings.of(Map.of("HF_ENDPOINT", "http://127.0.0.1:9")));
        assertEquals(DoctorFinding.Health.WARN, closed.health());
        assertTrue(System.nanoTime() - start < 8_000_000_000L);
    }
}
