package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.circuitscript.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that is killed again and again, without a warning, comes to the same end. */
@Timeout(600)
final class KilledRunTest extends ScriptFolder {
    private static final int KILLS = 20;

    private static final String SCRIPT = """
            load demo
            set batch=1
            data "pairs.csv"
            baseline
            attribute ig=40
            top 40
            evaluate
            attribute method=exact
            greedy 40
            sweep sizes=[5, 10, 20, 40]
            save "found.json"
            """;

    @BeforeEach
    void files() throws IOException {
        file("x.circuit", SCRIPT);
        pairs(IntStream.range(0, 12).map(i -> 20 + 3 * i).toArray());
    }

    private Process run(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "io.circuitscript.cli.Main",
                "run",
                "x.circuit",
                "--json",
                "--record"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("CIRCUIT_SAVE_SECONDS", "0.02");
        builder.environment().put("GOMP_SPINCOUNT", "1000");
        return builder.start();
    }

    /** All that a run leaves, but times. */
    private List<String> left() throws IOException {
        ObjectNode record = (ObjectNode)
                new ObjectMapper().readTree(folder.resolve("x.record.json").toFile());
        record.remove("times");
        return List.of(
                Files.readString(folder.resolve("out")),
                Files.readString(folder.resolve("found.json")),
                record.toPrettyString());
    }

    @Test
    void twentyKillsChangeNoByte() throws Exception {
        assertEquals(0, run().waitFor(), this::said);
        List<String> whole = left();
        Random random = new Random(15);
        int ends = 0;
        boolean goesOn = false;
        for (int kills = 0; kills < KILLS; ) {
            Process process = goesOn ? run("--resume") : run();
            if (endsBefore(process, random)) {
                assertEquals(0, process.exitValue(), this::said);
                assertSame(whole);
                goesOn = false;
                ends++;
            } else {
                process.destroyForcibly().waitFor();
                goesOn = true;
                kills++;
            }
        }
        assertEquals(0, run("--resume").waitFor(), this::said);
        assertSame(whole);
        assertTrue(ends < KILLS, "too short a run");
        aRequestToEndSavesFirst();
        assertSame(whole);
    }

    private void aRequestToEndSavesFirst() throws Exception {
        Process process = run();
        assertFalse(endsBefore(process, new Random(1)));
        process.destroy();
        assertEquals(ExitCode.RESUMABLE, process.waitFor(), this::said);
        assertTrue(
                said().contains("note: saved in x.resume; to go on: circuit run x.circuit --json --record --resume"),
                said());
        assertEquals(0, run("--resume").waitFor(), this::said);
    }

    /** Waits until some work was saved, and then for a moment more. @return whether the run came to its end in this time */
    private boolean endsBefore(Process process, Random random) throws Exception {
        Path reached = folder.resolve("x.resume/reached");
        Object before = stamp(reached);
        while (before.equals(stamp(reached))) {
            if (process.waitFor(5, TimeUnit.MILLISECONDS)) return true;
        }
        return process.waitFor(random.nextInt(300), TimeUnit.MILLISECONDS);
    }

    private static Object stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return "none";
        }
    }

    private void assertSame(List<String> whole) throws IOException {
        assertEquals(whole, left());
        assertFalse(Files.exists(folder.resolve("x.resume")));
        for (String file : List.of("out", "found.json", "x.record.json")) Files.delete(folder.resolve(file));
    }

    private String said() {
        try {
            return text("err");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
