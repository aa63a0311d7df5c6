package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.console.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run whose terminal is closed, and one that is killed in a long stretch between two passes over the data. */
@Timeout(180)
final class HangUpTest extends ScriptFolder {
    /** Scores, then prints for longer than any test waits: a stretch without a batch or a pass. */
    private static final String SCRIPT = """
            param rows = 100000
            load demo
            data "pairs.csv"
            attribute
            for i in 1..rows { for j in 1..100 { print i, j } }
            top 20
            evaluate
            """;

    @BeforeEach
    void files() throws IOException {
        file("x.circuit", SCRIPT);
        pairs(41, 52, 63);
    }

    /** @param seconds after which a run is long enough to be saved */
    private ProcessBuilder run(String seconds, String... options) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=HUP",
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
                "--json"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().put("CIRCUIT_SAVE_SECONDS", seconds);
        return builder;
    }

    private static BufferedReader readTo(Process process, String statement) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine();
                !line.startsWith("{\"statement\":\"" + statement + "\"");
                line = out.readLine()) {}
        return out;
    }

    private static void hangUp(Process process) throws Exception {
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
    }

    @Test
    void aClosedTerminalSavesFirst() throws Exception {
        Process process = run("600").start();
        BufferedReader out = readTo(process, "print");
        hangUp(process);
        hangUp(process); // a shell that ends sends a second one to its jobs
        while (out.readLine() != null) {}
        assertEquals(ExitCode.RESUMABLE, process.waitFor(), text("err"));
        assertTrue(
                text("err")
                        .endsWith(
                                "note: asked to end; stopping after this batch\nnote: saved in x.resume; to go on: circuit run x.circuit --json --resume\n"),
                text("err"));
        assertTrue(Files.exists(folder.resolve("x.resume/run.json")));
    }

    /** The terminal, or what the output went through, is gone before the signal comes. */
    @Test
    void itSavesAlsoWhereNobodyReadsAnyMore() throws Exception {
        Process process = run("600", "-D", "rows=1000000").start();
        BufferedReader out = readTo(process, "attribute");
        hangUp(process);
        out.close();
        assertEquals(ExitCode.RESUMABLE, process.waitFor(), text("err"));
        assertTrue(Files.exists(folder.resolve("x.resume/run.json")));
    }

    @Test
    void aPassIsSavedSoonAfterItIsFinished() throws Exception {
        Process process = run("3").redirectOutput(Path.of("/dev/null").toFile()).start();
        Path pass = folder.resolve("x.resume/done-000001");
        for (int i = 0; i < 900 && !Files.exists(pass) && process.isAlive(); i++)
            process.waitFor(100, TimeUnit.MILLISECONDS);
        assertTrue(Files.exists(pass), "nothing was saved while no pass began");
        process.destroyForcibly().waitFor();
        assertTrue(Files.exists(folder.resolve("x.resume/run.json")), "what it depends on is saved with it");
        assertFalse(Files.exists(folder.resolve("x.resume/reached")), "the pass came to its end");
    }
}
