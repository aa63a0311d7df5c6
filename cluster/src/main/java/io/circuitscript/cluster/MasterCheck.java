package io.circuitscript.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEnv;

/** Whether a standalone cluster's master answers. Spark itself would try for a minute, and then not say what is wrong. */
final class MasterCheck {
    private static final String SCHEME = "spark://";
    private static final String WAIT = "10s";

    private MasterCheck() {}

    /** @throws UserError where none of the masters answers */
    static void require(ClusterUrl.Standalone cluster, SparkConf conf) {
        SparkConf brief = conf.clone().set("spark.rpc.askTimeout", WAIT).set("spark.rpc.lookupTimeout", WAIT);
        String host = conf.get("spark.driver.host", SparkCluster.LOOPBACK);
        RpcEnv asking = RpcEnv.create(
                "circuit-master-check",
                host,
                0,
                brief,
                new SecurityManager(
                        brief,
                        scala.Option.empty(),
                        org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE_DRIVER()),
                true);
        try {
            List<String> reasons = new ArrayList<>();
            for (String master : cluster.master().substring(SCHEME.length()).split(",")) {
                try {
                    asking.setupEndpointRef(RpcAddress.fromSparkURL(SCHEME + master), "Master");
                    return;
                } catch (Exception e) { // Scala throws checked ones as well
                    reasons.add(master + ": " + reason(e));
                }
            }
            throw unanswered(cluster, reasons, conf.getBoolean("spark.authenticate", false));
        } finally {
            asking.shutdown();
            asking.awaitTermination();
        }
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case ConnectException _ -> {
                    return "nothing listens there";
                }
                case UnknownHostException _, UnresolvedAddressException _ -> {
                    return "there is no such host";
                }
                case TimeoutException _ -> {
                    return "no answer within " + WAIT;
                }
                default -> {}
            }
        }
        return "it refuses this program: the secret may be another, or the version of Spark, which is "
                + org.apache.spark.package$.MODULE$.SPARK_VERSION() + " here";
    }

    private static UserError unanswered(ClusterUrl.Standalone cluster, List<String> reasons, boolean secret) {
        return new UserError(
                UserError.Kind.UNAVAILABLE,
                ErrorCode.NO_CLUSTER,
                "no master answers at " + cluster.master(),
                reasons,
                secret
                        ? "see that it runs, and that " + SecretFile.VARIABLE + " names the secret it was started with"
                        : "see that it runs; where it asks for a secret, " + SecretFile.VARIABLE
                                + " names the file that holds it");
    }
}
