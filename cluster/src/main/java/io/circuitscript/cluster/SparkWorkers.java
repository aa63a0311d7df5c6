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

    private static final long POLL_MILLIS = 100;
    private static final long SAID_AFTER_MILLIS = 15_000;

    private final JavaSparkContext spark;
    private final Consumer<String> notes;
    private final int cpus;
    private final String program = SavedInputs.programHash();
    private final JobProgress progress = new JobProgress();
    private final ExecutorService threads = Executors.newCachedThreadPool(
            task -> Thread.ofPlatform().daemon().name("spark job").unstarted(task));

    private final Map<String, Broadcast<byte[]>> shared = new LinkedHashMap<>(16, 0.75f, true);

    SparkWorkers(JavaSparkContext spark, Consumer<String> notes) {
        this.spark = spark;
        this.notes = notes;
        cpus = spark.getConf().getInt("spark.task.cpus", 1);
        spark.sc().addSparkListener(progress);
        awaitExecutors();
    }

    /** Cores that have registered by now, in places: more may come, and be used. */
    @Override
    public int places() {
        return Math.max(1, spark.defaultParallelism() / cpus);
    }

    /** Executors come one after the other, and not before the cluster has room for them. */
    private void awaitExecutors() {
        if (spark.isLocal()) return;
        long start = System.nanoTime();
        boolean said = false;
        int wanted = spark.getConf().getInt("spark.executor.instances", 1);
        int before = 0;
        try {
            while (true) {
                int now = spark.sc().statusTracker().getExecutorInfos().length - 1; // one is the driver
                long waited = (System.nanoTime() - start) / 1_000_000;
                // Those that start together come within a moment of each other.
                if (now >= wanted && now == before) return;
                before = now;
                if (!said && now == 0 && waited > SAID_AFTER_MILLIS) {
                    said = true;
                    notes.accept("no executor has come yet: the cluster may be full; Ctrl-C stops waiting");
                }
                Thread.sleep(now > 0 ? 4 * POLL_MILLIS : POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
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
        return new PendingJob(running, () -> spark.cancelJobGroup(group));
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

    private record PendingJob(Future<List<byte[]>> running, Runnable stop) implements Pending {
        @Override
        public boolean await(long millis) throws InterruptedException {
            try {
                running.get(millis, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
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
