package io.circuitscript.cli.cluster;

import io.circuitscript.cli.console.ProcessEnvironment;
import io.circuitscript.cli.console.WordsAsTyped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options of a run on a cluster. */
public final class ClusterFlags {
    @Option(
            names = "--cluster",
            paramLabel = "URL",
            parameterConsumer = WordsAsTyped.class,
            description =
                    "work on a cluster: local[N], local-cluster[EXECUTORS,CORES,MB], spark://HOST:PORT, yarn, or k8s://HOST:PORT")
    List<String> url = new ArrayList<>();

    @Option(
            names = "--cluster-conf",
            paramLabel = "KEY=VALUE",
            parameterConsumer = WordsAsTyped.class,
            description =
                    "with --cluster: a setting of Spark's, as spark.executor.cores=4, or a file of them; may be repeated")
    List<String> settings = new ArrayList<>();

    /** Whether settings were given for no cluster. */
    public boolean settingsAlone() {
        return url.isEmpty() && !settings.isEmpty();
    }

    public boolean asked() {
        return !url.isEmpty();
    }

    /** Starts the cluster that was asked for, if one was. */
    public Optional<Cluster> open(ProcessEnvironment environment, Consumer<String> notes) {
        if (url.isEmpty()) return Optional.empty();
        return Optional.of(ClusterModule.open(new ClusterModule.Request(
                url.getLast(), settings, environment.folder(), environment.variables(), notes)));
    }
}
