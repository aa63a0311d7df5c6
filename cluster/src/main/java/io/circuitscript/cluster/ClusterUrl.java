package io.circuitscript.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which cluster is meant, in Spark's own notation. */
public sealed interface ClusterUrl {
    String HELP =
            "local[N], local-cluster[EXECUTORS,CORES,MB], spark://HOST:PORT, yarn, or k8s://HOST:PORT for Kubernetes";

    /** The least memory of an executor, in MB: Spark refuses to run with less than 450 MB for Java, and half is for PyTorch. */
    int LEAST_MEMORY = 1024;

    int MOST_THREADS = 1024;
    int MOST_EXECUTORS = 256;

    /** As Spark takes it. */
    String master();

    /** This process alone, with a worker on each of so many threads. */
    record Local(int threads) implements ClusterUrl {
        @Override
        public String master() {
            return "local[" + threads + "]";
        }
    }

    /**
     * Processes on this machine, started with the program and ended with it.
     *
     * @param cores of each
     * @param memory of each, in MB
     */
    record LocalCluster(int executors, int cores, int memory) implements ClusterUrl {
        @Override
        public String master() {
            return "local-cluster[" + executors + "," + cores + "," + memory + "]";
        }
    }

    /** Spark's own cluster manager, whose master listens there. */
    record Standalone(String master) implements ClusterUrl {}

    record Yarn() implements ClusterUrl {
        @Override
        public String master() {
            return "yarn";
        }
    }

    record Kubernetes(String master) implements ClusterUrl {}

    /** @throws UserError where it is none of these */
    static ClusterUrl of(String text) {
        return Reading.read(text);
    }

    /** How the text is taken apart. */
    final class Reading {
        private static final Pattern LOCAL = Pattern.compile("local(?:\\[\\s*(\\d{1,9}|\\*)\\s*])?");
        private static final Pattern LOCAL_CLUSTER =
                Pattern.compile("local-cluster\\[\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*]");
        private static final String HOST = "(?:[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])";
        private static final Pattern STANDALONE =
                Pattern.compile("spark://(" + HOST + ":\\d{1,5}(?:," + HOST + ":\\d{1,5})*)");
        private static final Pattern KUBERNETES = Pattern.compile("k8s://(?:https?://)?" + HOST + "(?::\\d{1,5})?");

        private Reading() {}

        private static ClusterUrl read(String text) {
            Matcher local = LOCAL.matcher(text);
            if (local.matches()) return new Local(threads(local.group(1), text));
            Matcher several = LOCAL_CLUSTER.matcher(text);
            if (several.matches()) return localCluster(several, text);
            if (STANDALONE.matcher(text).matches()) return new Standalone(text);
            if (text.equals("yarn")) return new Yarn();
            if (KUBERNETES.matcher(text).matches()) return new Kubernetes(text);
            throw wrong(
                    "'" + text + "' is no cluster",
                    text.startsWith("spark://") ? "name the master's host and port, as in spark://head:7077" : HELP);
        }

        private static int threads(String count, String text) {
            if (count == null) return 1;
            if (count.equals("*")) return Runtime.getRuntime().availableProcessors();
            return few(positive(count, "threads", text), MOST_THREADS, "threads", text);
        }

        private static LocalCluster localCluster(Matcher parts, String text) {
            int memory = positive(parts.group(3), "MB", text);
            if (memory < LEAST_MEMORY) {
                throw wrong(
                        "an executor needs " + LEAST_MEMORY + " MB, and '" + text + "' gives it " + memory,
                        "half of it is for Java and half for PyTorch; give it at least twice the model's size");
            }
            return new LocalCluster(
                    few(positive(parts.group(1), "executors", text), MOST_EXECUTORS, "executors", text),
                    positive(parts.group(2), "cores", text),
                    memory);
        }

        private static int positive(String digits, String what, String text) {
            int number = Integer.parseInt(digits);
            if (number == 0) throw wrong("'" + text + "' has 0 " + what, HELP);
            return number;
        }

        /** What this machine could not hold. */
        private static int few(int number, int most, String what, String text) {
            if (number > most)
                throw wrong("'" + text + "' has " + number + " " + what + ", and this machine takes " + most, HELP);
            return number;
        }

        private static UserError wrong(String message, String help) {
            return UserError.input(ErrorCode.NO_CLUSTER, message, help);
        }
    }
}
