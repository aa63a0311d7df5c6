package io.circuitscript.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;

/** YARN and Kubernetes need parts of Spark that only a whole Spark has: there {@code spark-submit} starts the program. */
final class ManagerCheck {
    private ManagerCheck() {}

    /** @throws UserError where this class path has not the class */
    static void require(String master, String type) {
        try {
            Class.forName(type, false, ManagerCheck.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UserError(
                    UserError.Kind.UNAVAILABLE,
                    ErrorCode.NO_CLUSTER,
                    "this program has no part of Spark for " + master,
                    List.of(
                            "a whole Spark has it: its spark-submit starts the program",
                            "spark-submit --master " + master + " --class " + Submit.class.getName()
                                    + " circuitscript-cluster-submit.jar run FILE"),
                    "docs/cluster.md says how that jar is built");
        }
    }
}
