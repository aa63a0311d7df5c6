package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

    @Test
    void twoProcessesOfThisMachine() throws Exception {
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
