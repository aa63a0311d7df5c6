package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** That executors run the program: each loads a model and computes what this process computes. */
final class SparkClusterTest {
    /** What is compiled in haste starts in half the time. */
    static final Map<String, String> QUICK_START = Map.of("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1");

    private static final int TASKS = 8;

    /** @return the executors that ran the tasks */
    static Set<String> executors(JavaSparkContext spark) {
        List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
        List<String> found =
                spark.parallelize(numbers, TASKS).map(new DemoLogit()).collect();
        assertEquals(TASKS, found.size());
        assertEquals(
                Set.of(DemoLogit.value("cpu")),
                found.stream().map(it -> it.split(" ")[1]).collect(Collectors.toSet()));
        return found.stream().map(it -> it.split(" ")[0]).collect(Collectors.toSet());
    }

    @Test
    void thisProcessAlone() {
        try (SparkCluster cluster = SparkCluster.start(ClusterUrl.of("local[2]"), Map.of(), System.getenv())) {
            assertEquals(Set.of("driver"), executors(cluster.context()));
        }
    }

    /** Also what a run has left that was killed. */
    @Test
    void twoProcessesOfThisMachine() throws Exception {
        Process killed = new ProcessBuilder("true").start();
        killed.waitFor();
        Path work = Path.of(System.getenv("SPARK_HOME"), "work");
        Path left = Files.createDirectories(work.resolve("app-20260101000000-0000-" + killed.pid()));
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(7200)));
        try {
            runTwoProcesses();
        } finally {
            assertFalse(Files.exists(left));
            try (Stream<Path> folders = Files.list(work)) {
                String end = "-" + ProcessHandle.current().pid();
                assertEquals(
                        List.of(),
                        folders.filter(it -> it.toString().endsWith(end)).toList());
            }
        }
    }

    private void runTwoProcesses() throws IOException {
        try (SparkCluster cluster =
                SparkCluster.start(ClusterUrl.of("local-cluster[2,1,2048]"), QUICK_START, System.getenv())) {
            assertEquals(Set.of("0", "1"), executors(cluster.context()));
            if (!Listening.isKnown()) return;
            Listening.Found found = Listening.of(List.of(ProcessHandle.current()));
            assertEquals(Set.of(), found.reachableFromOutside());
            assertTrue(found.sockets() >= 6, "master, workers, executors, driver: " + found.sockets());
        }
    }
}
