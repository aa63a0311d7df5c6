package io.circuitscript.cluster;

import io.circuitscript.analysis.FoldWorker;
import io.circuitscript.analysis.WorkPlace;
import io.circuitscript.cli.reproduce.SavedInputs;
import io.circuitscript.source.ErrorCode;
import io.circuitscript.source.UserError;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * What executors do for a job. An executor keeps its worker, with the model and batches, from task to task; where several tasks run at a time, as in
 * {@code local[4]}, each has one.
 *
 * @param program the hash of the driver's program
 * @param units counts what is done
 */
record ExecutorWork(String program, byte[] setting, Map<String, Broadcast<byte[]>> shared, LongAccumulator units)
        implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Workers of this process that have nothing to do. The last used comes first: its batches are the warmest. */
    private static final Deque<FoldWorker> IDLE = new ArrayDeque<>();

    Tuple2<Integer, byte[]> run(Tuple2<Integer, byte[]> task) {
        String ours = SavedInputs.programHash();
        if (!ours.equals(program)) return new Tuple2<>(task._1(), FoldWorker.failed(otherProgram()));
        Place place = new Place();
        return new Tuple2<>(task._1(), with(it -> it.run(setting, task._2(), place)));
    }

    /** Merges neighbours. */
    Tuple2<Integer, byte[]> merge(Tuple2<Integer, Iterable<Tuple2<Integer, byte[]>>> group) {
        List<Tuple2<Integer, byte[]>> parts = new ArrayList<>();
        group._2().forEach(parts::add);
        parts.sort(Comparator.comparing(Tuple2::_1));
        List<byte[]> bytes = parts.stream().map(Tuple2::_2).toList();
        Place place = new Place();
        return new Tuple2<>(group._1(), with(it -> it.merge(setting, bytes, place)));
    }

    private static byte[] with(Function<FoldWorker, byte[]> work) {
        FoldWorker worker = take();
        try {
            byte[] result = work.apply(worker);
            giveBack(worker);
            return result;
        } catch (RuntimeException | Error e) {
            worker.close(); // nobody knows what state it is in
            throw e;
        }
    }

    private static FoldWorker take() {
        synchronized (IDLE) {
            return IDLE.isEmpty() ? new FoldWorker() : IDLE.pop();
        }
    }

    private static void giveBack(FoldWorker worker) {
        synchronized (IDLE) {
            IDLE.push(worker);
        }
    }

    /** Gives back what this process holds for the driver that it is itself. */
    static void closeAll() {
        synchronized (IDLE) {
            IDLE.forEach(FoldWorker::close);
            IDLE.clear();
        }
    }

    private static UserError otherProgram() {
        return UserError.input(
                ErrorCode.CLUSTER_PROGRAM_DIFFERS,
                "executor " + org.apache.spark.SparkEnv.get().executorId() + " runs another version of this program",
                "put the same jars on all machines; or --cluster-conf " + ClusterSettings.SHIP
                        + "=true sends this program's along");
    }

    /** The task that runs now. */
    private final class Place implements WorkPlace {
        private final TaskContext task = TaskContext.get();

        @Override
        public byte[] shared(String id) {
            return shared.get(id).value();
        }

        @Override
        public boolean cancelled() {
            return task.isInterrupted();
        }

        @Override
        public void advanced(long by) {
            units.add(by);
        }

        @Override
        public String device() {
            return ExecutorDevice.of(task);
        }

        @Override
        public int threads() {
            return task.cpus();
        }

        @Override
        public Map<String, String> environment() {
            return System.getenv();
        }
    }
}
