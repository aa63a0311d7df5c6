package io.circuitscript.cluster;

import io.circuitscript.cli.cluster.CellJob;
import io.circuitscript.cli.console.ExitCode;
import io.circuitscript.cli.reproduce.SavedInputs;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.File;
import java.io.Serializable;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.resource.ResourceInformation;

/**
 * What an executor does for a cell: it starts the cell's process and waits for it. A task that is killed ends the process too; the process itself
 * ends where its executor is gone.
 *
 * @param program the hash of the driver's program
 */
record CellTask(String program, CellJob job) implements Function<Integer, CellTask.End> {
    private static final long serialVersionUID = 1L;
    private static final long POLL_MILLIS = 100;

    /** So long after a process that was asked to end its task, or its executor, may be too. */
    private static final long GRACE_MILLIS = 2_000;

    /**
     * How it went.
     *
     * @param mistake why there was no process; null where there was one
     */
    record End(int exitCode, UserError mistake) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public End call(Integer number) throws InterruptedException {
        TaskContext task = TaskContext.get();
        String host = SparkEnv.get().blockManager().blockManagerId().host();
        if (!SavedInputs.programHash().equals(program)) return new End(0, otherProgram(host));
        Process process;
        try {
            process = job.start(new CellJob.Machine(host, classPath(), task.attemptNumber(), devices(task)));
        } catch (UserError mistake) {
            return new End(0, mistake);
        }
        try {
            int code = await(process, task);
            if (wasStopped(code) && !isLocal()) awaitOwnEnd(task);
            return new End(code, null);
        } finally {
            process.destroy();
        }
    }

    private static int await(Process process, TaskContext task) throws InterruptedException {
        boolean asked = false;
        while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            if (asked || !task.isInterrupted()) continue;
            asked = true;
            process.destroy(); // it saves what it has
        }
        if (asked) throw new TaskKilledException();
        return process.exitValue();
    }

    private static boolean wasStopped(int code) {
        return code == ExitCode.RESUMABLE || code == ExitCode.INTERRUPTED;
    }

    private static boolean isLocal() {
        return SparkEnv.get().conf().get("spark.master", "").startsWith("local[");
    }

    /** Somebody took the machine away, as a cluster does for more important work: the cell goes on elsewhere. */
    private static void awaitOwnEnd(TaskContext task) throws InterruptedException {
        for (long waited = 0; waited < GRACE_MILLIS; waited += POLL_MILLIS) {
            if (task.isInterrupted()) throw new TaskKilledException();
            Thread.sleep(POLL_MILLIS);
        }
        throw new IllegalStateException("the process of the cell was asked to end, and not by this program");
    }

    /** What this executor's classes come from, also where it has fetched them. */
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (ClassLoader loader = Thread.currentThread().getContextClassLoader();
                loader != null;
                loader = loader.getParent())
            if (loader instanceof URLClassLoader fetched)
                for (URL url : fetched.getURLs()) file(url).ifPresent(places::add);
        places.addAll(Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator)));
        List<String> whole = new ArrayList<>();
        // A process elsewhere in the file system means the same files.
        for (String place : places) if (!place.isEmpty()) whole.add(absolute(place));
        return String.join(File.pathSeparator, whole);
    }

    private static String absolute(String place) {
        String path = Path.of(place.replaceFirst("\\*$", "")).toAbsolutePath().toString();
        return place.endsWith("*") ? path + File.separator + "*" : path;
    }

    private static Optional<String> file(URL url) {
        try {
            return url.getProtocol().equals("file")
                    ? Optional.of(Path.of(url.toURI()).toString())
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Of GPUs the process sees those that Spark has assigned. */
    private static Map<String, String> devices(TaskContext task) {
        ResourceInformation gpus = task.resourcesJMap().get("gpu");
        return gpus == null ? Map.of() : Map.of("CUDA_VISIBLE_DEVICES", String.join(",", gpus.addresses()));
    }

    private static UserError otherProgram(String host) {
        return UserError.input(
                ErrorCode.CLUSTER_PROGRAM_DIFFERS,
                "the executor on " + host + " runs another version of this program",
                "put the same jars on all machines; or --cluster-conf " + ClusterSettings.SHIP
                        + "=true sends this program's along");
    }
}
