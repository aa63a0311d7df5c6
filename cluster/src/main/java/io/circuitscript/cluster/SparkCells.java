package io.circuitscript.cluster;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.cluster.CellPlaces.RunningCell;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.reproduce.SavedInputs;
import io.circuitscript.engine.CancelToken;
import io.circuitscript.engine.MemoryBudget;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.runtime.state.MachineShare;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Runs the cells of a grid on a Spark application's executors: each is a job of its own with one task. */
final class SparkCells {
    private static final long POLL_MILLIS = 100;
    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST_MEGABYTES = 64;

    /** The part of {@code spark.executor.memory} that a batch may take. PyTorch has as much beside it: together an eighth, as of a machine's. */
    private static final int PART = 4;

    private final JavaSparkContext spark;
    private final String program = SavedInputs.programHash();

    SparkCells(JavaSparkContext spark) {
        this.spark = spark;
    }

    /** What a cell may take: all cores of its task, and a part of the executor's memory. */
    static MachineShare share(ClusterUrl url, SparkConf conf) {
        int threads = conf.getInt("spark.task.cpus", 1);
        if (url instanceof ClusterUrl.Local local) return new MachineShare(threads, ofThisMachine(local.threads()), 1);
        long megabytes = conf.getSizeAsMb("spark.executor.memory", "1g") / PART;
        return new MachineShare(threads, Math.max(LEAST_MEGABYTES, megabytes) * MEGABYTE, 1);
    }

    private static long ofThisMachine(int runs) {
        RunOptions options = RunOptions.quiet();
        RunOptions shared = new RunOptions(
                options.progress(), new CancelToken(), 0, 0, options.notes(), options.checkpoints(), runs);
        return MemoryBudget.bytes(shared, "cpu") / MEGABYTE * MEGABYTE;
    }

    RunningCell start(CellJob job) {
        Running cell = new Running(job, "circuit-" + UUID.randomUUID(), new CompletableFuture<>());
        Thread.ofPlatform().daemon().name("cell " + job.name()).start(cell::run);
        return cell;
    }

    private final class Running implements RunningCell {
        private final CellJob job;
        private final String group;
        private final CompletableFuture<Integer> end;
        private volatile boolean stopped;

        Running(CellJob job, String group, CompletableFuture<Integer> end) {
            this.job = job;
            this.group = group;
            this.end = end;
        }

        void run() {
            try {
                spark.setJobGroup(group, job.name(), false);
                CellTask.End came = spark.parallelize(List.of(0), 1)
                        .map(new CellTask(program, job))
                        .collect()
                        .getFirst();
                if (came.mistake() != null) end.completeExceptionally(came.mistake());
                else end.complete(came.exitCode());
            } catch (Exception e) { // Scala throws checked ones as well
                failed(e);
            } catch (Error e) {
                end.completeExceptionally(e);
            }
        }

        private void failed(Exception e) {
            if (stopped) {
                awaitProcess();
                end.complete(ExitCode.RESUMABLE);
            } else if (spark.sc().isStopped()) {
                end.completeExceptionally(new UserError(
                        UserError.Kind.UNAVAILABLE,
                        ErrorCode.NO_CLUSTER,
                        "the cluster is gone: " + Reason.of(e),
                        List.of(),
                        "the finished cells are kept: run it again with --resume"));
            } else {
                end.completeExceptionally(UserError.failure(
                        ErrorCode.CLUSTER_FAILED,
                        "no executor could run it to its end: " + Reason.of(e),
                        "see the logs of the executors"));
            }
        }

        /** Spark calls a job cancelled before its task has ended. */
        private void awaitProcess() {
            try {
                while (job.isRunning()) Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public CompletableFuture<Integer> end() {
            return end;
        }

        @Override
        public void stop() {
            stopped = true;
            if (!spark.sc().isStopped()) spark.sc().cancelJobGroupAndFutureJobs(group);
        }

        @Override
        public void kill() {
            stop();
        }
    }
}
