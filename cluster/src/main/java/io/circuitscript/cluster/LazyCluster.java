package io.circuitscript.cluster;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.engine.Workers;
import io.circuitscript.runtime.state.MachineShare;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A cluster that is started when it is first needed: not for a script with a mistake, or one that analyses nothing. */
final class LazyCluster implements Cluster {
    private static final long WAIT_MILLIS = 100;

    private final ClusterUrl url;
    private final Map<String, String> settings;
    private final Map<String, String> environment;
    private final Consumer<String> notes;
    private Optional<CompletableFuture<SparkCluster>> starting = Optional.empty();
    private Optional<SparkWorkers> workers = Optional.empty();
    private Optional<SparkCells> cells = Optional.empty();

    LazyCluster(ClusterUrl url, Map<String, String> settings, Map<String, String> environment, Consumer<String> notes) {
        this.url = url;
        this.settings = settings;
        this.environment = environment;
        this.notes = notes;
    }

    /** Starts it on a thread of its own: that takes seconds, and whoever waits may give up. */
    private synchronized CompletableFuture<SparkCluster> starting() {
        if (starting.isEmpty()) {
            starting = Optional.of(CompletableFuture.supplyAsync(
                    () -> SparkCluster.start(url, settings, environment),
                    task -> Thread.ofPlatform().daemon().name("spark start").start(task)));
        }
        return starting.get();
    }

    private boolean await(long millis) throws InterruptedException {
        try {
            starting().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
        return started().await(millis);
    }

    /** That has started. */
    private SparkCluster cluster() {
        try {
            return starting().join();
        } catch (CompletionException e) {
            throw thrown(e.getCause());
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof Error error) throw error;
        return cause instanceof RuntimeException mistake ? mistake : new IllegalStateException(cause);
    }

    private SparkWorkers started() {
        SparkCluster there = cluster();
        synchronized (this) {
            if (workers.isEmpty()) workers = Optional.of(new SparkWorkers(there.context(), notes));
            return workers.get();
        }
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
                return LazyCluster.this.await(millis);
            }

            @Override
            public Pending submit(Job job) {
                return started().submit(job);
            }
        };
    }

    @Override
    public int places() {
        try {
            while (!await(WAIT_MILLIS)) {} // until somebody interrupts it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
        SparkWorkers there = started();
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

    private SparkCells cells() {
        SparkCluster there = cluster();
        synchronized (this) {
            if (cells.isEmpty()) cells = Optional.of(new SparkCells(there.context()));
            return cells.get();
        }
    }

    /** One that is still starting is not waited for: it ends as soon as it has started, or with this process. */
    @Override
    public void close() {
        Optional<CompletableFuture<SparkCluster>> there;
        synchronized (this) {
            there = starting;
            workers.ifPresent(SparkWorkers::close);
        }
        there.ifPresent(it -> it.handle((cluster, failed) -> {
            if (cluster != null) cluster.close();
            return null;
        }));
        ExecutorWork.closeAll();
    }
}
