package io.circuitscript.cli.cluster;

import io.circuitscript.analysis.ThreadWorkers;
import io.circuitscript.engine.Workers;
import io.circuitscript.runtime.state.MachineShare;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A cluster within this process, for tests: {@code threads[3]}. Its workers see nothing but bytes, as those of a real one do. In
 * {@code twice[3]} each cell is started a second time while the first attempt may still run, as a cluster does for one that is slow.
 */
public final class ThreadCluster implements ClusterModule {
    private static final long MEMORY = 256L << 20;
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    private static Process attempt(CellJob job, int number) {
        return job.start(new CellJob.Machine("here", CLASS_PATH, number, Map.of()));
    }

    private record Cell(List<Process> attempts) implements CellPlaces.RunningCell {
        /** The worst of the attempts' codes. */
        @Override
        public CompletableFuture<Integer> end() {
            return CompletableFuture.supplyAsync(() -> attempts.stream()
                    .mapToInt(it -> it.onExit().join().exitValue())
                    .max()
                    .orElseThrow());
        }

        @Override
        public void stop() {
            attempts.forEach(Process::destroy);
        }

        @Override
        public void kill() {
            attempts.forEach(Process::destroyForcibly);
        }
    }

    @Override
    public Cluster prepare(Request request) {
        ThreadWorkers workers = new ThreadWorkers(Integer.parseInt(request.url().replaceAll("\\D", "")));
        return new Cluster() {
            @Override
            public Workers workers() {
                return workers;
            }

            @Override
            public int places() {
                return workers.places();
            }

            @Override
            public MachineShare share() {
                return new MachineShare(1, MEMORY, 1);
            }

            @Override
            public RunningCell start(CellJob job) {
                Process first = attempt(job, 0);
                if (request.url().startsWith("threads")) return new Cell(List.of(first));
                return new Cell(List.of(first, attempt(job, 1)));
            }

            @Override
            public void close() {
                workers.close();
            }
        };
    }
}
