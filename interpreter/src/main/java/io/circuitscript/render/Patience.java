package io.circuitscript.render;

import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * For how long Graphviz may draw.
 *
 * @param asked asked again and again meanwhile: what it throws ends the drawing
 */
record Patience(Duration limit, Runnable asked) {
    private static final long ASK_EVERY_MILLIS = 50;

    /** Something that may be done within a time. */
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

    String failure() {
        return "had not drawn the picture after " + limit.toSeconds() + " seconds";
    }
}
