package io.circuitscript.render;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A time limit for drawing a picture.
 *
 * @param asked asked again and again meanwhile: what it throws ends the drawing
 */
record DrawingDeadline(Duration limit, Runnable asked) {
    private static final long ASK_EVERY_MILLIS = 50;

    /** The time limit for a picture of a script. */
    static DrawingDeadline usual(Runnable asked) {
        return new DrawingDeadline(Duration.ofMinutes(2), asked);
    }

    /** Something that is waited for with a time limit. */
    interface Work {
        /** @return whether it was done within so many milliseconds */
        boolean isDone(long millis) throws InterruptedException;
    }

    /** @return whether it was done within the limit @throws CancellationException where somebody does not want it any more */
    boolean until(Work work) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (work.isDone(Math.clamp(left, 1, ASK_EVERY_MILLIS))) return true;
                if (left <= 0) return false;
                asked.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while drawing");
        }
    }

    /**
     * Does work that cannot check the limit itself, in a thread of its own.
     *
     * @param stop makes the work end soon, where nobody waits for it any more
     * @return what it gave; empty where it took longer than the limit
     * @throws ExecutionException with what it threw
     * @throws CancellationException where somebody does not want it any more
     */
    <T> Optional<T> of(String thread, Callable<T> work, Runnable stop) throws ExecutionException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name(thread).start(task);
        boolean done = false;
        try {
            done = until(millis -> isDone(task, millis));
        } finally {
            if (!done) stop.run();
        }
        try {
            return done ? Optional.of(task.get()) : Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // cannot happen: the work is done
        }
    }

    private static boolean isDone(FutureTask<?> task, long millis) throws InterruptedException {
        try {
            task.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // its exception is reported where the result is taken
        }
    }

    String failure() {
        return "had not drawn the picture after " + limit.toSeconds() + " seconds";
    }
}
