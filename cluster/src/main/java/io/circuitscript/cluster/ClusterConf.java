package io.circuitscript.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/** Spark's settings for this program on each kind of cluster. */
final class ClusterConf {
    /** Names the folder from which Spark starts processes on this machine. */
    static final String HOME = "SPARK_HOME";

    private static final String EXECUTOR_JAVA = "spark.executor.extraJavaOptions";
    private static final String ENVIRONMENT = "spark.executorEnv.";

    /** As the launcher starts this process. */
    private static final List<String> JAVA = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-XX:+DisplayVMOutputToStderr",
            "-Djava.awt.headless=true");

    /** The class path of an executor of ours has two places for log lines: this one writes them to its standard error. */
    private static final List<String> LOGGING = List.of(
            "-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider",
            "-Dslf4j.internal.verbosity=WARN",
            "-Dlog4j2.configurationFile=io/circuitscript/cluster/executor-log4j2.properties");

    /** What says where models and libraries are; without the hub's token. */
    private static final List<String> PASSED_ON = List.of(
            "CIRCUIT_CACHE",
            "CIRCUIT_MODELS",
            "CIRCUIT_PYTORCH",
            "PYTORCH_LIBRARY_PATH",
            "HF_HOME",
            "HF_HUB_CACHE",
            "HF_ENDPOINT",
            "HF_HUB_OFFLINE",
            "XDG_CACHE_HOME");

    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, String> given;

    private ClusterConf(Map<String, String> given) {
        this.given = given;
    }

    /**
     * @param given the user's settings, which go before ours
     * @param environment the process's variables
     */
    static SparkConf of(ClusterUrl url, Map<String, String> given, Map<String, String> environment) {
        // Where spark-submit started this process, it has said more in system properties.
        SparkConf conf = new SparkConf(true);
        Map<String, String> user = new TreeMap<>();
        for (scala.Tuple2<String, String> submitted : conf.getAll()) user.put(submitted._1(), submitted._2());
        user.putAll(given);
        ClusterConf ours = new ClusterConf(user);
        ours.common();
        switch (url) {
            case ClusterUrl.Local _ -> ours.local();
            case ClusterUrl.LocalCluster cluster -> ours.localCluster(cluster, environment);
            case ClusterUrl.Standalone cluster -> ours.standalone(cluster, environment);
            case ClusterUrl.Yarn _, ClusterUrl.Kubernetes _ -> ours.managed();
        }
        ours.engine();
        ours.settings.forEach(conf::set);
        user.forEach((key, value) -> {
            if (!key.equals(EXECUTOR_JAVA) && !key.equals(ClusterSettings.SHIP)) conf.set(key, value);
        });
        return requireNumbers(conf.set("spark.master", url.master()));
    }

    /** Settings that this program reads itself. Spark says what is wrong with the others. */
    private static SparkConf requireNumbers(SparkConf conf) {
        for (String key : List.of("spark.executor.cores", "spark.executor.instances", "spark.task.cpus")) {
            if (!conf.get(key, "1").strip().matches("[1-9][0-9]{0,5}"))
                throw wrong(key, conf.get(key), "a whole number from 1 on");
        }
        String memory = conf.get("spark.executor.memory", "1g").strip();
        if (!memory.matches("(?i)[1-9][0-9]{0,8}[kmgt]?b?"))
            throw wrong("spark.executor.memory", memory, "a size as 4g");
        return conf;
    }

    private static UserError wrong(String key, String value, String needs) {
        return UserError.input(
                ErrorCode.NO_CLUSTER, key + " is " + needs + ", not '" + value + "'", "change it in --cluster-conf");
    }

    private void common() {
        set("spark.app.name", "circuit");
        set("spark.ui.enabled", "false");
        set("spark.ui.showConsoleProgress", "false");
        set(EXECUTOR_JAVA, String.join(" ", JAVA));
        // An executor that is killed costs its task one of these: a long run outlives several.
        set("spark.task.maxFailures", "8");
        set("spark.stage.maxConsecutiveAttempts", "8");
        // Progress comes with the heartbeats.
        set("spark.executor.heartbeatInterval", "2s");
        // No task is better off on one machine than on another: none waits for one.
        set("spark.locality.wait", "0s");
        // Several processes share a machine: a thread that waits gives its core away.
        set(ENVIRONMENT + "GOMP_SPINCOUNT", "1000");
    }

    /** An executor holds one engine: it runs one task at a time, on all its cores. */
    private void engine() {
        setIfMissing("spark.executor.cores", "1");
        String cores = value("spark.executor.cores");
        setIfMissing("spark.task.cpus", cores);
        setIfMissing(ENVIRONMENT + "OMP_NUM_THREADS", cores);
    }

    private void local() {
        loopback();
        set("spark.executor.cores", "1"); // a worker on each of its threads
    }

    private void localCluster(ClusterUrl.LocalCluster cluster, Map<String, String> environment) {
        loopback();
        secret(randomSecret());
        set("spark.executor.cores", Integer.toString(cluster.cores()));
        // The other half is for PyTorch, which takes its memory beside Java's.
        set("spark.executor.memory", cluster.memory() / 2 + "m");
        // Two runs that start in one second would share a folder.
        set(
                "spark.deploy.appIdPattern",
                "app-%s-%04d-" + ProcessHandle.current().pid());
        set(ENVIRONMENT + "SPARK_SCALA_VERSION", "2.13");
        set(ENVIRONMENT + "JAVA_HOME", System.getProperty("java.home"));
        ourClasses(environment);
    }

    private void standalone(ClusterUrl.Standalone cluster, Map<String, String> environment) {
        if (cluster.master().matches("spark://(127\\.0\\.0\\.1|localhost):\\d+")) loopback();
        SecretFile.read(environment).ifPresent(this::secret);
        ourClasses(environment);
    }

    /** Executors start from what the cluster manager gives them. The program's own jar goes there by {@code spark-submit}. */
    private void managed() {
        // As much for PyTorch as for Java: Spark's own factor leaves it a tenth, and the manager ends an executor that
        // takes more.
        set("spark.executor.memoryOverheadFactor", "1.0");
        if (Boolean.parseBoolean(given.get(ClusterSettings.SHIP))) ship();
    }

    private void ourClasses(Map<String, String> environment) {
        for (String name : PASSED_ON) {
            String value = environment.getOrDefault(name, "");
            if (!value.isBlank()) set(ENVIRONMENT + name, value);
        }
        if (given.containsKey("spark.jars")) return; // spark-submit gave it one
        if (Boolean.parseBoolean(given.get(ClusterSettings.SHIP))) {
            ship();
            return;
        }
        List<String> options = new ArrayList<>(JAVA);
        options.addAll(LOGGING);
        set(EXECUTOR_JAVA, String.join(" ", options));
        set("spark.executor.extraClassPath", String.join(File.pathSeparator, ProgramJars.classPath()));
    }

    private void ship() {
        set("spark.jars", String.join(",", ProgramJars.toShip()));
    }

    /** Nothing outside this machine can reach what Spark opens. */
    private void loopback() {
        set("spark.driver.host", SparkCluster.LOOPBACK);
        set("spark.driver.bindAddress", SparkCluster.LOOPBACK);
    }

    /** Whoever does not know it can neither send a task nor read a result. */
    private void secret(String secret) {
        set("spark.authenticate", "true");
        set("spark.authenticate.secret", secret);
        set("spark.network.crypto.enabled", "true");
        set("spark.network.crypto.authEngineVersion", "2");
    }

    private static String randomSecret() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private String value(String key) {
        return given.getOrDefault(key, settings.get(key));
    }

    private void set(String key, String value) {
        boolean more = key.equals(EXECUTOR_JAVA) && given.containsKey(key);
        settings.put(key, more ? value + " " + given.get(key) : value);
    }

    private void setIfMissing(String key, String value) {
        settings.putIfAbsent(key, value);
    }
}
