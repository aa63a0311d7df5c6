package io.circuitscript.cluster;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.engine.Workers;
import io.circuitscript.runtime.state.MachineShare;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/** A cluster that is started when it is first needed: not for a script with a mistake, or one that analyses nothing. */
final class LazyCluster implements Cluster {
    private static final long WAIT_MILLIS = 100;

    private final ClusterUrl url;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final Consumer<String> notes;
    private Optional<SparkCluster> cluster = Optional.empty();
    private Optional<SparkWorkers> workers = Optional.empty();
    private Optional<SparkCells> cells = Optional.empty();

    LazyCluster(ClusterUrl url, Map<String, String> settings, Map<String, String> environment, Consumer<String> notes) {
        this.url = url;
        this.settings = settings;
        this.environment = environment;
        this.notes = notes;
    }

    private synchronized SparkCluster cluster() {
        if (cluster.isEmpty()) cluster = Optional.of(SparkCluster.start(url, settings, environment));
        return cluster.get();
    }

    private synchronized SparkWorkers started() {
        if (workers.isEmpty()) workers = Optional.of(new SparkWorkers(cluster().context(), notes));
        return workers.get();
    }

    @Override
    public Workers workers() {
        return new Workers() {
            @Override
            public int places() {
                return started().places();
            }

            @Override
            public boolean await(long millis) throws InterruptedException {
                return started().await(millis);
            }

            @Override
            public Pending submit(Job job) {
                return started().submit(job);
            }
        };
    }

    @Override
    public int places() {
        SparkWorkers there = started();
        try {
            while (!there.await(WAIT_MILLIS)) {} // until somebody interrupts it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
        // A context that has lost its cluster answers nothing; the cells say what happened.
        return cluster().context().sc().isStopped() ? 1 : there.places();
    }

    @Override
    public MachineShare share() {
        return SparkCells.share(url, ClusterConf.of(url, settings, environment));
    }

    @Override
    public RunningCell start(CellJob job) {
        return cells().start(job);
    }

    private synchronized SparkCells cells() {
        if (cells.isEmpty()) cells = Optional.of(new SparkCells(cluster().context()));
        return cells.get();
    }

    @Override
    public synchronized void close() {
        workers.ifPresent(SparkWorkers::close);
        cluster.ifPresent(SparkCluster::close);
        ExecutorWork.closeAll();
    }
}
