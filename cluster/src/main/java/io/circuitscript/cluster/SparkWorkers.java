package io.circuitscript.cluster;

import io.circuitscript.cli.reproduce.SavedInputs;
import io.circuitscript.engine.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** The executors of a Spark application as workers: a job is a Spark job, and a task is a partition. */
final class SparkWorkers implements Workers, AutoCloseable {
    /** How many neighbours are merged at once. A power of two, so that each is a subtree. */
    private static final int MERGED_AT_ONCE = 16;

    /** What was sent for several jobs, of which so many are kept on the executors. */
    private static final int MOST_SHARED = 64;

    private static final long SETTLED_NANOS = 400_000_000L;
    private static final long SAID_AFTER_NANOS = 30_000_000_000L;

    private final JavaSparkContext spark;
    private final Consumer<String> notes;
    private final int cpus;
    private final String program = SavedInputs.programHash();
    private final JobProgress progress = new JobProgress();
    private final ExecutorService threads = Executors.newCachedThreadPool(
            task -> Thread.ofPlatform().daemon().name("spark job").unstarted(task));

    private final Map<String, Broadcast<byte[]>> shared = new LinkedHashMap<>(16, 0.75f, true);
    private final long started = System.nanoTime();
    private long lastCame = started;
    private boolean ready;
    private boolean said;
    private boolean gone;

    SparkWorkers(JavaSparkContext spark, Consumer<String> notes) {
        this.spark = spark;
        this.notes = notes;
        cpus = spark.getConf().getInt("spark.task.cpus", 1);
        spark.sc().addSparkListener(progress);
    }

    /** Cores that have registered by now, in places: more may come, and be used. */
    @Override
    public int places() {
        return Math.max(1, spark.defaultParallelism() / cpus);
    }

    /** Executors come one after the other, and not before the cluster has room for them: those that start together come within a moment of each other. */
    @Override
    public boolean await(long millis) throws InterruptedException {
        if (ready || spark.isLocal()) return true;
        int before = executorsNow();
        Thread.sleep(millis);
        int now = executorsNow();
        int wanted = Math.max(1, spark.getConf().getInt("spark.executor.instances", 1));
        boolean still = now == before && System.nanoTime() - lastCame > SETTLED_NANOS;
        if (now != before) lastCame = System.nanoTime();
        ready = now >= wanted && still;
        if (!said && now == 0 && System.nanoTime() - started > SAID_AFTER_NANOS) {
            said = true;
            notes.accept(
                    "no executor has come yet: the cluster may be full, or no worker as large as an executor is to be; Ctrl-C stops waiting");
        }
        return ready;
    }

    /** Says so where all executors are gone for long: Spark waits for others. Asked while a job is awaited. */
    private synchronized void watch() {
        if (spark.isLocal() || executorsNow() > 0) {
            lastCame = System.nanoTime();
            gone = false;
        } else if (!gone && System.nanoTime() - lastCame > SAID_AFTER_NANOS) {
            gone = true;
            notes.accept("all executors are gone: waiting for others; Ctrl-C stops, and what is done is saved");
        }
    }

    /** Without the driver. */
    private int executorsNow() {
        return spark.sc().statusTracker().getExecutorInfos().length - 1;
    }

    @Override
    public Pending submit(Job job) {
        String group = "circuit-" + UUID.randomUUID();
        LongAccumulator units = new LongAccumulator();
        units.register(spark.sc(), scala.Option.apply(group), false);
        progress.watch(units.id(), job.progress());
        var work = new ExecutorWork(program, job.setting(), broadcasts(job), units);
        Future<List<byte[]>> running = threads.submit(() -> {
            try {
                spark.setJobGroup(group, job.name(), true);
                return run(job, work);
            } finally {
                progress.forget(units.id());
            }
        });
        return new PendingJob(running, () -> spark.cancelJobGroup(group), this::watch);
    }

    private synchronized Map<String, Broadcast<byte[]>> broadcasts(Job job) {
        Map<String, Broadcast<byte[]>> used = new HashMap<>();
        job.shared().forEach((id, bytes) -> used.put(id, shared.computeIfAbsent(id, _ -> spark.broadcast(bytes))));
        var oldest = shared.values().iterator();
        while (shared.size() > MOST_SHARED) {
            oldest.next().unpersist();
            oldest.remove();
        }
        return used;
    }

    private List<byte[]> run(Job job, ExecutorWork work) {
        int count = job.tasks().size();
        JavaRDD<Tuple2<Integer, byte[]>> given = placed(job.tasks()).map(work::run);
        while (job.large() && count > 1) {
            int groups = Math.ceilDiv(count, MERGED_AT_ONCE);
            JavaPairRDD<Integer, Tuple2<Integer, byte[]>> grouped =
                    given.mapToPair(it -> new Tuple2<>(it._1() / MERGED_AT_ONCE, it));
            given = grouped.groupByKey(new HashPartitioner(groups)).map(work::merge);
            count = groups;
        }
        List<Tuple2<Integer, byte[]>> all = new ArrayList<>(given.collect());
        byte[][] ordered = new byte[count][];
        for (Tuple2<Integer, byte[]> each : all) ordered[each._1()] = each._2();
        return IntStream.range(0, count).mapToObj(i -> ordered[i]).toList();
    }

    /** A task for each partition, which prefers the executor that is its home. An executor's place is {@code executor_HOST_ID}, as Spark writes it. */
    private JavaRDD<Tuple2<Integer, byte[]>> placed(List<Task> tasks) {
        List<String> executors = executors();
        List<Tuple2<Tuple2<Integer, byte[]>, Seq<String>>> all = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            List<String> home =
                    executors.isEmpty() ? List.of() : List.of(executors.get(task.home() % executors.size()));
            all.add(new Tuple2<>(new Tuple2<>(i, task.content()), seq(home)));
        }
        ClassTag<Tuple2<Integer, byte[]>> tag = ClassTag$.MODULE$.apply(Tuple2.class);
        return spark.sc().makeRDD(seq(all), tag).toJavaRDD();
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }

    /** In a fixed order, so that an executor keeps its share of the tasks as long as none comes or goes. */
    private List<String> executors() {
        if (spark.isLocal()) return List.of();
        return CollectionConverters.asJava(
                        spark.sc().env().blockManager().master().getMemoryStatus())
                .keySet()
                .stream()
                .filter(it -> !it.isDriver())
                .sorted(Comparator.comparing(BlockManagerId::executorId))
                .map(it -> "executor_" + it.host() + "_" + it.executorId())
                .toList();
    }

    private record PendingJob(Future<List<byte[]>> running, Runnable stop, Runnable watch) implements Pending {
        @Override
        public boolean await(long millis) throws InterruptedException {
            try {
                running.get(millis, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                watch.run();
                return false;
            } catch (ExecutionException | CancellationException e) {
                return true;
            }
        }

        @Override
        public List<byte[]> result() throws ExecutionException {
            try {
                return running.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted");
            } catch (ExecutionException e) {
                throw new ExecutionException(new IllegalStateException(Reason.of(e.getCause()), e.getCause()));
            }
        }

        @Override
        public void cancel() {
            stop.run();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
