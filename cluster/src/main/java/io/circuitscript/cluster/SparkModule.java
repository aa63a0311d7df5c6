package io.circuitscript.cluster;

import io.circuitscript.cli.cluster.Cluster;
import io.circuitscript.cli.cluster.ClusterModule;
import java.util.Map;

/** Clusters by Apache Spark. */
public final class SparkModule implements ClusterModule {
    @Override
    public Cluster prepare(Request request) {
        ClusterUrl url = ClusterUrl.of(request.url());
        SparkCluster.check(url, request.environment());
        Map<String, String> settings = ClusterSettings.of(request.settings(), request.folder());
        return new LazyCluster(url, settings, request.environment(), request.notes());
    }
}
