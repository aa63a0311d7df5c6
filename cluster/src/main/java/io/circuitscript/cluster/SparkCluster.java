package io.circuitscript.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.Utils;

/** This process as the driver of a Spark application, until it is closed. */
public final class SparkCluster implements AutoCloseable {
    static final String LOOPBACK = "127.0.0.1";

    private final JavaSparkContext context;
    private final Optional<ExecutorFolders> folders;

    private SparkCluster(JavaSparkContext context, Optional<ExecutorFolders> folders) {
        this.context = context;
        this.folders = folders;
    }

    /**
     * Connects to the cluster, or starts it where it is of this machine alone. Takes seconds.
     *
     * @param settings the user's, as {@link ClusterSettings} gives them: they go before ours
     * @param environment the process's variables
     * @throws UserError where the cluster is not there, or refuses us
     */
    public static SparkCluster start(ClusterUrl url, Map<String, String> settings, Map<String, String> environment) {
        check(url, environment);
        SparkConf conf = ClusterConf.of(url, settings, environment);
        if (url instanceof ClusterUrl.Standalone standalone) MasterCheck.require(standalone, conf);
        // What Spark starts in this process asks for the machine's name, whatever the driver's is.
        if (conf.get("spark.driver.host", "").equals(LOOPBACK)) Utils.setCustomHostname(LOOPBACK);
        requireScratch(conf, url);
        Optional<ExecutorFolders> folders = Optional.of(url)
                .filter(ClusterUrl.LocalCluster.class::isInstance)
                .map(it -> new ExecutorFolders(environment.get(ClusterConf.HOME)));
        folders.ifPresent(ExecutorFolders::deleteAbandoned);
        return new SparkCluster(open(conf, url), folders);
    }

    /**
     * What can be said at once, before anything is started.
     *
     * @throws UserError where this process has not what it takes
     */
    static void check(ClusterUrl url, Map<String, String> environment) {
        switch (url) {
            case ClusterUrl.Local _ -> {}
            case ClusterUrl.LocalCluster _ -> requireHome(environment);
            case ClusterUrl.Standalone _ -> SecretFile.read(environment);
            case ClusterUrl.Yarn _ -> ManagerCheck.require("yarn", "org.apache.spark.deploy.yarn.Client");
            case ClusterUrl.Kubernetes it ->
                ManagerCheck.require(it.master(), "org.apache.spark.scheduler.cluster.k8s.KubernetesClusterManager");
        }
    }

    private static JavaSparkContext open(SparkConf conf, ClusterUrl url) {
        try {
            return new JavaSparkContext(conf);
        } catch (UserError e) {
            throw e;
        } catch (Exception e) { // Scala throws checked ones as well
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.NO_CLUSTER,
                    "Spark does not start on " + url.master() + ": " + Reason.of(e),
                    List.of(),
                    "CIRCUIT_CLUSTER_LOG=spark.log writes what Spark says to that file");
        }
    }

    /** Spark ends the process, without a word, where it can make none of its folders for what it moves. */
    private static void requireScratch(SparkConf conf, ClusterUrl url) {
        List<String> folders = Arrays.asList(Utils.getConfiguredLocalDirs(conf));
        if (folders.stream().map(File::new).anyMatch(SparkCluster::canHold)) return;
        throw UserError.failure(
                ErrorCode.NO_CLUSTER,
                "Spark needs a folder for what it moves, and cannot make one in " + String.join(", ", folders),
                "name another by the variable SPARK_LOCAL_DIRS, or for " + url.master()
                        + " by --cluster-conf spark.local.dir=DIR");
    }

    private static boolean canHold(File folder) {
        return (folder.isDirectory() || folder.mkdirs()) && folder.canWrite() && folder.canExecute();
    }

    private static void requireHome(Map<String, String> environment) {
        String home = environment.getOrDefault(ClusterConf.HOME, "");
        if (!home.isBlank() && new File(home, "jars").isDirectory()) return;
        throw new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.NO_CLUSTER,
                home.isBlank() ? ClusterConf.HOME + " is not set" : "there is no Spark in " + home,
                List.of("executors on this machine are started from it"),
                "start the program with its launcher, which sets it; or name the folder of a Spark "
                        + org.apache.spark.package$.MODULE$.SPARK_VERSION());
    }

    public JavaSparkContext context() {
        return context;
    }

    /** Ends all executors. */
    @Override
    public void close() {
        String application = context.sc().applicationId();
        context.close();
        folders.ifPresent(it -> it.delete(application));
    }
}
