package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.cli.CircuitCommand;
import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.ResultStream;
import io.circuitscript.cli.console.Signals;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cells of a grid on executors: the same files as on one machine, also where a cell or an executor dies. */
@Timeout(300)
final class SparkCellsTest {
    private static final String SCRIPT = """
            param n = 10
            load demo
            set batch=1
            data "pairs.csv"
            attribute ig=20
            greedy n
            save "found.json"
            evaluate
            """;

    @TempDir
    private Path folder;

    private record Ran(int exitCode, String out, String err) {}

    private Ran run(String... options) {
        List<String> words = new ArrayList<>(List.of("run", "x.circuit", "--each", "n=[5, 10]"));
        words.addAll(List.of(options));
        Map<String, String> variables = new HashMap<>(System.getenv());
        variables.put("CIRCUIT_SAVE_SECONDS", "0.02");
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        ProcessEnvironment environment = new ProcessEnvironment(
                new ByteArrayInputStream(new byte[0]),
                new ResultStream(out),
                ProcessEnvironment.utf8(err),
                ProcessEnvironment.Terminals.NONE,
                folder,
                variables,
                Signals.NONE);
        int exitCode = CircuitCommand.run(words.toArray(String[]::new), environment);
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void files() throws IOException {
        Files.writeString(folder.resolve("x.circuit"), SCRIPT);
        StringBuilder rows = new StringBuilder("clean,corrupted,start_year\n");
        for (int year : IntStream.range(0, 8).map(it -> 20 + 7 * it).toArray()) {
            String war = "The war lasted from the year 17%02d to the year 17,";
            rows.append(war.formatted(year))
                    .append(war.formatted(1))
                    .append(year)
                    .append('\n');
        }
        Files.writeString(folder.resolve("pairs.csv"), rows);
    }

    /** Kills something as soon as a cell has saved its state. @param what of the cell's process */
    private CompletableFuture<Void> killed(
            CompletableFuture<Ran> running, int n, int index, UnaryOperator<ProcessHandle> what) {
        return CompletableFuture.runAsync(
                () -> {
                    while (!running.isDone()) {
                        if (Files.exists(folder.resolve("there/n=" + n + "/x.resume/run.json"))) {
                            Optional<ProcessHandle> cell = ProcessHandle.current()
                                    .descendants()
                                    .filter(it -> isCell(it, index))
                                    .findFirst();
                            cell.map(what).ifPresent(ProcessHandle::destroyForcibly);
                            if (cell.isPresent()) return;
                        }
                        LockSupport.parkNanos(10_000_000);
                    }
                    throw new IllegalStateException("the cell was never seen: " + running.join());
                },
                Executors.newVirtualThreadPerTaskExecutor());
    }

    private static boolean isCell(ProcessHandle process, int index) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .contains("\0--cell\0" + index + "\0");
        } catch (IOException gone) {
            return false;
        }
    }

    /** An executor that dies costs its cell another run. A cell that dies has failed, as on one machine. */
    @Test
    void whateverDiesTheFilesAreThoseOfOneMachine() throws Exception {
        files();
        String[] cluster = {
            "--cluster",
            "local-cluster[2,1,2048]",
            "--cluster-conf",
            "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1",
            "--json",
            "--out",
            "there",
            "--table",
            "there.csv"
        };
        CompletableFuture<Ran> running =
                CompletableFuture.supplyAsync(() -> run(cluster), Executors.newVirtualThreadPerTaskExecutor());
        var cell = killed(running, 5, 0, it -> it);
        var executor = killed(running, 10, 1, it -> it.parent().orElseThrow());
        CompletableFuture.allOf(cell, executor).get();
        Ran ran = running.get();
        assertEquals(70, ran.exitCode, ran.out + ran.err);
        assertTrue(ran.err.contains("error[E0671]: 1 of 2 cells failed"), ran.err);
        assertTrue(ran.err.contains("n=5: the process was ended by signal 9"), ran.err);
        assertTrue(ran.out.contains("{\"cell\":\"n=10\",\"exit_code\":0,"), ran.out);

        List<String> resumed = new ArrayList<>(List.of(cluster));
        resumed.set(1, "local[2]");
        resumed.add("--resume");
        ran = run(resumed.toArray(String[]::new));
        assertEquals(0, ran.exitCode, ran.out + ran.err);
        assertEquals("note: 1 of 2 cells are finished already\n", ran.err);

        ran = run(
                "--jobs", "2", "--threads", "1", "--memory", "256MB", "--json", "--out", "here", "--table", "here.csv");
        assertEquals(0, ran.exitCode, ran.out + ran.err);
        assertEquals(Files.readString(folder.resolve("here.csv")), Files.readString(folder.resolve("there.csv")));
        for (int n : List.of(5, 10))
            for (String name : List.of("found.json", "x.cell.json", "x.jsonl"))
                assertEquals(
                        Files.readString(folder.resolve("here/n=" + n + "/" + name)),
                        Files.readString(folder.resolve("there/n=" + n + "/" + name)),
                        name);
    }

    /** A job that no machine can run. */
    private record Failing() implements CellJob {
        private static final long serialVersionUID = 1L;

        @Override
        public String name() {
            return "n=1";
        }

        @Override
        public Process start() {
            throw new IllegalStateException("not here");
        }

        @Override
        public void clear() {}

        @Override
        public Process start(Machine machine) {
            throw new IllegalStateException("this machine is broken");
        }

        @Override
        public boolean isRunning() {
            return false;
        }
    }

    @Test
    void whatNoExecutorCanRunIsSaid() throws Exception {
        try (SparkCluster cluster = SparkCluster.start(ClusterUrl.of("local[1]"), Map.of(), System.getenv())) {
            SparkCells cells = new SparkCells(cluster.context());
            CompletableFuture<Integer> end = cells.start(new Failing()).end();
            UserError failed = (UserError)
                    assertThrows(CompletionException.class, end::join).getCause();
            assertEquals(ErrorCode.CLUSTER_FAILED, failed.code());
            assertTrue(failed.getMessage().contains("this machine is broken"), failed.getMessage());

            CellTask.End other = cluster.context()
                    .parallelize(List.of(0), 1)
                    .map(new CellTask("another program", new Failing()))
                    .collect()
                    .getFirst();
            assertEquals(ErrorCode.CLUSTER_PROGRAM_DIFFERS, other.mistake().code());
        }
    }
}
