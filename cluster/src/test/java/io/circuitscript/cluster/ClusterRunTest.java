package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.CircuitCommand;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.Signals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts on Spark: the same results and files as alone, byte for byte. */
@Timeout(300)
final class ClusterRunTest {
    private static final Path EXAMPLES = Path.of("../examples");
    private static final String SETTINGS = "set threads=1 memory=1GB\n";

    /** Some of every kind of fold: a few batches, many circuits, slots, rounds, steps, and large results. */
    private static final String EVERYTHING = """
            set threads=1 memory=64MB
            load demo
            data "greater-than.csv" limit=30
            baseline
            attribute ig=5
            greedy 40
            evaluate
            sweep sizes=[5, 20, 80]
            attribute method=exact
            top 40
            evaluate with=mean
            save "exact.json"
            attribute method=acdc threshold=0.05
            attribute method=ugs steps=5
            top 30
            evaluate with=zero
            save "ugs.json"
            """;

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String out, String err) {}

    private Ran run(String name, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "x.circuit", "--json", "--out", name));
        words.addAll(List.of(options));
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        ProcessEnvironment environment = new ProcessEnvironment(
                new ByteArrayInputStream(new byte[0]),
                new ResultStream(out),
                ProcessEnvironment.utf8(err),
                ProcessEnvironment.Terminals.NONE,
                folder,
                System.getenv(),
                Signals.NONE);
        int exitCode = CircuitCommand.run(words.toArray(String[]::new), environment);
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void files(String script) throws IOException {
        Files.writeString(folder.resolve("x.circuit"), script);
        for (String data : List.of("greater-than.csv", "ioi.csv"))
            Files.copy(EXAMPLES.resolve(data), folder.resolve(data));
    }

    private Map<String, byte[]> written(String name) throws IOException {
        Map<String, byte[]> written = new TreeMap<>();
        if (!Files.isDirectory(folder.resolve(name))) return written;
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            for (Path file : files.filter(Files::isRegularFile).toList())
                written.put(file.getFileName().toString(), Files.readAllBytes(file));
        }
        return written;
    }

    private void assertSame(Ran alone, Ran there, String name) throws IOException {
        assertEquals(0, alone.exitCode, alone.err);
        assertEquals(0, there.exitCode, there.err);
        assertFalse(alone.out.isEmpty());
        assertEquals(alone.out, there.out);
        Map<String, byte[]> expected = written("alone");
        Map<String, byte[]> found = written(name);
        assertEquals(expected.keySet(), found.keySet());
        for (var each : expected.entrySet())
            assertArrayEquals(each.getValue(), found.get(each.getKey()), each.getKey());
    }

    @ParameterizedTest
    @ValueSource(strings = {"greater-than", "sweep", "methods"})
    void anExampleGivesTheSameBytes(String name) throws IOException {
        String fewer = Files.readString(EXAMPLES.resolve(name + ".circuit"))
                .replaceAll("(?m)^data (\"[^\"]*\")( limit=\\d+)?", "data $1 limit=24")
                .replaceAll("(?m)^(\\s*task \\S+)( limit=\\d+)?", "$1 limit=24")
                .replaceAll("(?m)^expect .*\n", ""); // those hold of all rows
        files(SETTINGS + "set batch=8\n" + fewer);
        assertSame(run("alone"), run("there", "--cluster", "local[2]"), "there");
    }

    /** The executors of this process, which starts nothing else. Their arguments are too long for the system to tell. */
    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(it -> it.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** One of two executors is killed as soon as both are at work: what it was doing is done again. */
    @Test
    void aKilledExecutorCostsItsTasksAlone() throws Exception {
        files(EVERYTHING);
        Ran alone = run("alone");
        CompletableFuture<Ran> running = CompletableFuture.supplyAsync(() -> run(
                "there",
                "--cluster",
                "local-cluster[2,1,2048]",
                "--cluster-conf",
                "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1"));
        while (executors().size() < 2 && !running.isDone()) Thread.sleep(50);
        Thread.sleep(6_000); // by then each has had a task, on a machine that is not too busy
        List<ProcessHandle> there = executors();
        boolean killed = !there.isEmpty() && there.getFirst().destroyForcibly();
        assertTrue(killed, "no executor was there to be killed");
        assertSame(alone, running.get(), "there");
    }
}
