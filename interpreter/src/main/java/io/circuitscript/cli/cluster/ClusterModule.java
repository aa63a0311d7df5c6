package io.circuitscript.cli.cluster;

import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** The module beside this one that has clusters. It names its class in {@code META-INF/services}. */
public interface ClusterModule {
    /**
     * What a user asks for.
     *
     * @param url as {@code local[4]} or {@code spark://host:7077}
     * @param settings of the cluster, each {@code KEY=VALUE} or the name of a file of them
     * @param folder that files' names start from
     * @param environment the process's variables
     * @param notes takes what the user should know
     */
    record Request(
            String url, List<String> settings, Path folder, Map<String, String> environment, Consumer<String> notes) {
        public Request {
            settings = List.copyOf(settings);
            environment = Map.copyOf(environment);
        }
    }

    /** Sees that what was asked for can be; nothing is started yet. @throws UserError where there is no such cluster */
    Cluster prepare(Request request);

    /** Prepares what was asked for. @throws UserError also where the module is not here */
    static Cluster open(Request request) {
        return ServiceLoader.load(ClusterModule.class)
                .findFirst()
                .orElseThrow(
                        () -> new UserError(
                                UserError.Kind.UNAVAILABLE,
                                ErrorCode.NO_CLUSTER,
                                "the part that works on clusters is not here",
                                List.of(),
                                "run it from the source folder: './circuit run FILE --cluster URL' builds that part first; or give its jar to spark-submit"))
                .prepare(request);
    }
}
