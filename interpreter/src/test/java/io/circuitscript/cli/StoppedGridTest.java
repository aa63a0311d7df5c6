package io.circuitscript.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A grid whose processes are stopped or killed: it comes to the same table, and leaves no process behind. */
@Timeout(600)
final class StoppedGridTest extends ScriptFolder {
    private static final int KILLS = 3;

    private static final String SCRIPT = """
            param n = 10
            load demo
            set batch=1
            data "pairs.csv"
            attribute ig=30
            greedy n
            save "found.json"
            evaluate
            """;

    @BeforeEach
    void files() throws IOException {
        file("x.circuit", SCRIPT);
        pairs(IntStream.range(0, 12).map(i -> 20 + 3 * i).toArray());
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "--default-signal=INT",
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
                "--each",
                "n=[5, 10, 20]",
                "--jobs",
                "2"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("stderr").toFile());
        builder.environment().put("CIRCUIT_SAVE_SECONDS", "0.02");
        builder.environment().put("GOMP_SPINCOUNT", "1000");
        return builder.start();
    }

    private String said() {
        try {
            return text("stderr");
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void killedAtRandomItComesToTheSameTable() throws Exception {
        assertEquals(0, start("--out", "whole", "--table", "whole.csv").waitFor(), this::said);
        Random random = new Random(22);
        for (int kill = 0; kill < KILLS; kill++) {
            Process process = kill == 0 ? start() : start("--resume");
            awaitSaved(process);
            process.waitFor(random.nextInt(1500), TimeUnit.MILLISECONDS);
            List<ProcessHandle> cells = process.descendants().toList();
            process.destroyForcibly().waitFor();
            // The cells notice that nobody waits for them, save what they have, and end.
            for (ProcessHandle cell : cells) cell.onExit().get(60, TimeUnit.SECONDS);
        }
        assertEquals(0, start("--resume").waitFor(), this::said);
        assertEquals(text("whole.csv"), text("x.csv"));
        for (int n : List.of(5, 10, 20))
            assertEquals(text("whole/n=" + n + "/found.json"), text("out/n=" + n + "/found.json"));
    }

    /** Waits until a cell has saved something, or is finished. */
    private void awaitSaved(Process process) throws Exception {
        while (process.isAlive()) {
            for (int n : List.of(5, 10, 20))
                if (Files.exists(folder.resolve("out/n=" + n + "/x.resume/run.json"))) return;
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    @Test
    void askedToEndItStopsItsCellsAndSaysHowToGoOn() throws Exception {
        for (String signal : List.of("TERM", "INT")) {
            Process process = start("--out", signal, "--table", signal + ".csv");
            while (!Files.exists(folder.resolve(signal + "/n=5/x.log")) && process.isAlive())
                process.waitFor(20, TimeUnit.MILLISECONDS);
            process.waitFor(800, TimeUnit.MILLISECONDS);
            List<ProcessHandle> cells = process.descendants().toList();
            assertFalse(cells.isEmpty(), said());
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertEquals(130, process.waitFor(), this::said);
            for (ProcessHandle cell : cells) assertFalse(cell.isAlive(), "a cell still runs");
            assertTrue(
                    said().contains(
                                    " of 3 cells are finished; to go on: circuit run x.circuit --each 'n=[5, 10, 20]' --jobs 2 --out "
                                            + signal + " --table " + signal + ".csv --resume\n"),
                    said());
            assertFalse(Files.exists(folder.resolve(signal + ".csv")), "no table of half a grid");
        }
        assertEquals(
                0, start("--out", "TERM", "--table", "TERM.csv", "--resume").waitFor(), this::said);
        assertEquals(4, text("TERM.csv").lines().count());
    }

    /** A process that is killed is one failing cell. */
    @Test
    void aCellThatDiesDoesNotStopTheOthers() throws Exception {
        Process process = start();
        while (process.isAlive() && cell(process).isEmpty()) process.waitFor(20, TimeUnit.MILLISECONDS);
        cell(process).orElseThrow().destroyForcibly();
        assertEquals(70, process.waitFor(), this::said);
        assertTrue(said().contains("error[E0671]: 1 of 3 cells failed"), said());
        assertTrue(said().contains("the process was ended by signal 9"), said());
        assertEquals(3, text("x.csv").lines().count());
    }

    /** The process of a cell, and not the one that starts it, which is there for a moment before. */
    private static Optional<ProcessHandle> cell(Process grid) {
        return grid.children()
                .filter(it -> it.info()
                        .command()
                        .filter(path -> path.endsWith("/java"))
                        .isPresent())
                .findFirst();
    }
}
