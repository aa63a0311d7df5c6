package io.circuitscript.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said where a cluster cannot be used. */
final class ClusterMistakesTest {
    @TempDir
    private Path folder;

    private static UserError mistake(Executable work) {
        UserError error = assertThrows(UserError.class, work);
        assertEquals(ErrorCode.NO_CLUSTER, error.code());
        return error;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "local | local[1]",
                "local[3] | local[3]",
                "local-cluster[2,1,2048] | local-cluster[2,1,2048]",
                "local-cluster[ 2, 1, 2048 ] | local-cluster[2,1,2048]",
                "spark://head:7077 | spark://head:7077",
                "spark://a.example:7077,b-2:7078 | spark://a.example:7077,b-2:7078",
                "spark://[::1]:7077 | spark://[::1]:7077",
                "yarn | yarn",
                "k8s://https://10.0.0.1:6443 | k8s://https://10.0.0.1:6443"
            })
    void urlsOfClusters(String url, String master) {
        assertEquals(master, ClusterUrl.of(url).master());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "LOCAL",
                "local[]",
                "local[0]",
                "local[-1]",
                "local[2",
                "local[99999999999]",
                "local-cluster[2]",
                "local-cluster[0,1,2048]",
                "local-cluster[2,0,2048]",
                "local-cluster[2,1,512]",
                "spark://",
                "spark://head",
                "spark://head:port",
                "spark:head:7077",
                "yarn-client",
                "k8s://",
                "mesos://head:5050",
                "head:7077",
                "local[1]\nlocal[2]"
            })
    void whatIsNoCluster(String url) {
        UserError error = mistake(() -> ClusterUrl.of(url));
        assertEquals(UserError.Kind.INPUT, error.kind());
        assertTrue(error.getMessage().contains("'" + url + "'"), error.getMessage());
    }

    @Test
    void settingsAreGivenOneByOneOrInAFile() throws IOException {
        Files.writeString(folder.resolve("spark.conf"), "# a comment\nspark.executor.memory   4g\nspark.a=b c\n");
        assertEquals(
                Map.of("spark.executor.memory", "8g", "spark.a", "b c", "circuit.ship", "true", "spark.x", "a=b"),
                ClusterSettings.of(
                        List.of("spark.conf", "spark.executor.memory=8g", "circuit.ship=true", "spark.x=a=b"), folder));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "executor.memory=4g | begin with 'spark.'",
                "=4g | begin with 'spark.'",
                "spark.master=local | --cluster says which cluster",
                "spark.authenticate.secret=x | CIRCUIT_CLUSTER_SECRET names a file",
                "no-such-file | takes KEY=VALUE"
            })
    void whatIsNoSetting(String given, String help) {
        UserError error = mistake(() -> ClusterSettings.of(List.of(given), folder));
        assertTrue(error.help().contains(help), error.help());
    }

    @Test
    void aSecretThatOthersCanReadIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "0123456789abcdef0123\n");
        Map<String, String> named = Map.of("CIRCUIT_CLUSTER_SECRET", file.toString());
        ClusterUrl url = ClusterUrl.of("spark://head:7077");
        for (String others : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(others));
            UserError error = mistake(() -> ClusterConf.of(url, Map.of(), named));
            assertTrue(error.getMessage().startsWith("others can read or write " + file), error.getMessage());
            assertTrue(error.help().startsWith("chmod 600 " + file), error.help());
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        SparkConf conf = ClusterConf.of(url, Map.of(), named);
        assertEquals("0123456789abcdef0123", conf.get("spark.authenticate.secret"));
        assertEquals("true", conf.get("spark.authenticate"));
        assertEquals("true", conf.get("spark.network.crypto.enabled"));
        Files.writeString(file, "short\n");
        assertTrue(mistake(() -> ClusterConf.of(url, Map.of(), named))
                .getMessage()
                .endsWith("has fewer than 16 characters"));
        Files.delete(file);
        assertEquals(
                UserError.Kind.MISSING,
                mistake(() -> ClusterConf.of(url, Map.of(), named)).kind());
    }

    /** A cluster that we start has a secret of its own, and no machine but this one can reach it. */
    @Test
    void aClusterOfThisMachineIsClosedToOthers() {
        SparkConf first = ClusterConf.of(ClusterUrl.of("local-cluster[2,3,2048]"), Map.of(), Map.of());
        SparkConf second = ClusterConf.of(ClusterUrl.of("local-cluster[2,3,2048]"), Map.of(), Map.of());
        assertEquals(64, first.get("spark.authenticate.secret").length());
        assertTrue(!first.get("spark.authenticate.secret").equals(second.get("spark.authenticate.secret")));
        assertEquals("127.0.0.1", first.get("spark.driver.host"));
        assertEquals("127.0.0.1", first.get("spark.driver.bindAddress"));
        assertEquals("false", first.get("spark.ui.enabled"));
        assertEquals("3", first.get("spark.task.cpus"), "one task at a time");
        assertEquals("3", first.get("spark.executorEnv.OMP_NUM_THREADS"));
    }

    @Test
    void theUsersSettingsGoBeforeOurs() {
        Map<String, String> given = Map.of(
                "spark.executor.cores", "4", "spark.ui.enabled", "true", "spark.executor.extraJavaOptions", "-Dx=y");
        SparkConf conf = ClusterConf.of(ClusterUrl.of("spark://head:7077"), given, Map.of("HF_HOME", "/models"));
        assertEquals("4", conf.get("spark.executor.cores"));
        assertEquals("4", conf.get("spark.task.cpus"));
        assertEquals("true", conf.get("spark.ui.enabled"));
        assertTrue(conf.get("spark.executor.extraJavaOptions").endsWith(" -Dx=y"));
        assertTrue(conf.get("spark.executor.extraJavaOptions").contains("-XX:+UseSerialGC"));
        assertEquals("/models", conf.get("spark.executorEnv.HF_HOME"));
    }

    /** Spark itself would ask for a minute. */
    @Test
    @Timeout(30)
    void aMasterThatIsNotThereIsMissedAtOnce() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        ClusterUrl url = ClusterUrl.of("spark://127.0.0.1:" + closed);
        UserError error = mistake(() -> SparkCluster.start(url, Map.of(), Map.of()));
        assertEquals("no master answers at spark://127.0.0.1:" + closed, error.getMessage());
        assertTrue(
                error.notes().getFirst().contains("nothing listens there"),
                error.notes().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yarn", "k8s://https://10.0.0.1:6443"})
    void managersOfWholeSparksAreForSparkSubmit(String url) {
        UserError error = mistake(() -> SparkCluster.start(ClusterUrl.of(url), Map.of(), Map.of()));
        assertEquals(UserError.Kind.UNAVAILABLE, error.kind());
        assertTrue(
                error.notes()
                        .get(1)
                        .startsWith("spark-submit --master " + url + " --class io.circuitscript.cluster.Submit"),
                error.notes().toString());
    }

    @Test
    void withoutSparksFolderNoProcessIsStarted() {
        ClusterUrl url = ClusterUrl.of("local-cluster[1,1,2048]");
        assertEquals(
                "SPARK_HOME is not set",
                mistake(() -> SparkCluster.start(url, Map.of(), Map.of())).getMessage());
        String empty = folder.toString();
        UserError error = mistake(() -> SparkCluster.start(url, Map.of(), Map.of("SPARK_HOME", empty)));
        assertEquals("there is no Spark in " + empty, error.getMessage());
    }
}
