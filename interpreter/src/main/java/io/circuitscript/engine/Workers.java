package io.circuitscript.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;

/**
 * Other processes that work on parts of an analysis, as the executors of a cluster do. What is sent and what comes back is bytes: whoever has the
 * processes knows nothing of what they work on.
 */
public interface Workers {
    /**
     * Waits for the first places.
     *
     * @return whether they are there
     */
    default boolean await(long millis) throws InterruptedException {
        return true;
    }

    /** How many tasks run at once. More places may come later, and are used. */
    int places();

    /**
     * Has tasks run, each of them at some place, and what they give merged. A place that is lost costs its tasks another run.
     *
     * @throws io.circuitscript.source.UserError where nothing can be sent
     */
    Pending submit(Job job);

    /**
     * Tasks that belong together.
     *
     * @param name a few words, for whoever watches the places
     * @param setting what all tasks need
     * @param shared what tasks of several jobs need, by an id that is never used for anything else
     * @param tasks in order; what they give is merged in that order
     * @param large whether what a task gives is so large that it is merged where it is made, neighbours first, and only the end is sent back
     * @param progress is told units of work when they are done, from any thread; may be told late, or not at all
     */
    record Job(
            String name,
            byte[] setting,
            Map<String, byte[]> shared,
            List<Task> tasks,
            boolean large,
            LongConsumer progress) {
        public Job {
            shared = Map.copyOf(shared);
            tasks = List.copyOf(tasks);
        }
    }

    /** One task. @param home tasks of one home go to one place, if it has time: it knows what they need */
    record Task(byte[] content, int home) {}

    /** A job under way. */
    interface Pending {
        /**
         * Waits for the end.
         *
         * @return whether it has come in that time
         */
        boolean await(long millis) throws InterruptedException;

        /**
         * What the tasks gave, merged as far as it is; in order.
         *
         * @throws ExecutionException where a task failed again and again
         */
        List<byte[]> result() throws ExecutionException;

        /** Stops it soon. What it gave is lost. */
        void cancel();
    }
}
