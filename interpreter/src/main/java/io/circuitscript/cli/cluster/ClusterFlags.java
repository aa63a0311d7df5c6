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
    private static final String EXAMPLE = "as in: --cluster local[2]";

    /** A wrong use, and the way out. */
    public record Wrong(String message, String help) {}

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

    public boolean asked() {
        return !url.isEmpty();
    }

    /** What is wrong with them, and the way out. */
    public Optional<Wrong> wrong() {
        if (url.isEmpty() && !settings.isEmpty())
            return Optional.of(
                    new Wrong("--cluster-conf is for a cluster", EXAMPLE + " --cluster-conf spark.executor.memory=4g"));
        if (url.size() > 1) return Optional.of(new Wrong("--cluster is given twice", "a run is on one cluster"));
        if (asked() && url.getFirst().isBlank())
            return Optional.of(new Wrong("--cluster needs a URL, and this one is empty", EXAMPLE));
        if (settings.stream().anyMatch(String::isBlank))
            return Optional.of(new Wrong(
                    "--cluster-conf needs KEY=VALUE or a file, and this one is empty",
                    "as in: --cluster-conf spark.executor.memory=4g"));
        return Optional.empty();
    }

    /** These options once more, as they are typed. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        for (String each : url) words.addAll(List.of("--cluster", each));
        for (String each : settings) words.addAll(List.of("--cluster-conf", each));
        return words;
    }

    /** Starts the cluster that was asked for, if one was. */
    public Optional<Cluster> open(ProcessEnvironment environment, Consumer<String> notes) {
        if (url.isEmpty()) return Optional.empty();
        return Optional.of(ClusterModule.open(new ClusterModule.Request(
                url.getLast(), settings, environment.folder(), environment.variables(), notes)));
    }
}
