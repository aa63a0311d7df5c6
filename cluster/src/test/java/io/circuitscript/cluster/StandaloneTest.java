package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.circuitscript.source.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The cluster that {@code tools/cluster/standalone} starts: used, closed to others, and gone without a trace. */
@Timeout(180)
final class StandaloneTest {
    @TempDir
    private Path temporary;

    private record Said(int exitCode, String out) {}

    private Said standalone(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("../tools/cluster/standalone"));
        command.addAll(List.of(words));
        command.addAll(List.of("--folder", temporary.resolve("a cluster").toString()));
        Path out = temporary.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile()); // no pipe: what it starts would hold it open
        builder.environment().put("CIRCUIT_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        return new Said(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }

    private List<ProcessHandle> processes(Path folder) throws IOException {
        List<ProcessHandle> processes = new ArrayList<>();
        try (var files = Files.newDirectoryStream(folder, "*.pid")) {
            for (Path file : files)
                processes.add(
                        ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                                .orElseThrow());
        }
        return processes;
    }

    @Test
    void runsTasksForWhoHasTheSecretAndEndsWhole() throws Exception {
        Path folder = temporary.resolve("a cluster");
        Said started = standalone("start", "--workers", "2");
        List<ProcessHandle> processes = List.of();
        try {
            assertEquals(0, started.exitCode, started.out);
            processes = processes(folder);
            String url = Files.readString(folder.resolve("url")).strip();
            Path secret = folder.resolve("secret");
            assertTrue(
                    started.out.contains("CIRCUIT_CLUSTER_SECRET=" + secret + " circuit run FILE --cluster " + url),
                    started.out);
            for (Path closed : List.of(secret, folder.resolve("spark.conf")))
                assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(closed)));
            assertEquals(0, standalone("status").exitCode);
            assertEquals(65, standalone("start").exitCode, "one is there");

            ClusterUrl cluster = ClusterUrl.of(url);
            UserError refused = assertThrows(UserError.class, () -> SparkCluster.start(cluster, Map.of(), Map.of()));
            assertTrue(
                    refused.notes().getFirst().contains("it refuses this program"),
                    refused.notes().toString());

            Map<String, String> environment = Map.of("CIRCUIT_CLUSTER_SECRET", secret.toString());
            try (SparkCluster spark = SparkCluster.start(cluster, SparkClusterTest.QUICK_START, environment)) {
                assertEquals(Set.of("0", "1"), SparkClusterTest.executors(spark.context()));
                if (Listening.isKnown()) {
                    List<ProcessHandle> all = new ArrayList<>(processes);
                    all.add(ProcessHandle.current());
                    Listening.Found found = Listening.of(all);
                    assertEquals(Set.of(), found.reachableFromOutside());
                    assertTrue(found.sockets() >= 8, "master, workers, executors, driver: " + found.sockets());
                }
            }
        } finally {
            assertEquals(0, standalone("stop").exitCode);
        }
        assertFalse(Files.exists(folder));
        assertEquals(3, processes.size());
        for (ProcessHandle process : processes) assertFalse(process.isAlive());
        assertEquals(69, standalone("status").exitCode);
    }

    @Test
    void whatItDoesNotUnderstandStartsNothing() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("../tools/cluster/standalone")));
        assertEquals(64, standalone("begin").exitCode);
        assertEquals(64, standalone("start", "--workers", "many").exitCode);
        assertEquals(64, standalone("start", "--memory", "512").exitCode);
        assertEquals(64, standalone("start", "--wokers", "2").exitCode);
        Path folder = Files.createDirectory(temporary.resolve("a cluster"));
        Files.writeString(folder.resolve("thesis.tex"), "mine");
        assertEquals(65, standalone("stop").exitCode);
        assertTrue(Files.exists(folder.resolve("thesis.tex")));
    }
}
