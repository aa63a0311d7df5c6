package io.circuitscript.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Tells how far jobs are by what executors count: with their heartbeats, and when a task ends. A task that is run again counts from where it was. */
final class JobProgress extends SparkListener {
    private record Watched(LongConsumer told, Map<Long, Long> byTask) {
        /** @param count of one task so far */
        synchronized void count(long task, long count) {
            long before = byTask.getOrDefault(task, 0L);
            if (count <= before) return;
            byTask.put(task, count);
            told.accept(count - before);
        }
    }

    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();

    /** @param counter the number of the accumulator in which a job's tasks count */
    void watch(long counter, LongConsumer told) {
        watched.put(counter, new Watched(told, new ConcurrentHashMap<>()));
    }

    void forget(long counter) {
        watched.remove(counter);
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        CollectionConverters.asJava(heartbeat.accumUpdates())
                .forEach(task -> CollectionConverters.asJava(task._4()).forEach(it -> count((Long) task._1(), it)));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        CollectionConverters.asJava(end.taskInfo().accumulables())
                .forEach(it -> count(end.taskInfo().taskId(), it));
    }

    private void count(long task, AccumulableInfo info) {
        Watched job = watched.get(info.id());
        if (job != null && info.update().isDefined() && info.update().get() instanceof Long count)
            job.count(task, count);
    }
}
