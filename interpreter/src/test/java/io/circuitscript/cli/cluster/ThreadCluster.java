package io.circuitscript.cli.cluster;

import io.circuitscript.analysis.ThreadWorkers;
import io.circuitscript.engine.Workers;
import java.util.List;

/** A cluster within this process, for tests: {@code threads[3]}. Its workers see nothing but bytes, as those of a real one do. */
public final class ThreadCluster implements ClusterModule {
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
            public RunningCell start(String name, List<String> command) {
                throw new UnsupportedOperationException(name);
            }

            @Override
            public void close() {
                workers.close();
            }
        };
    }
}
