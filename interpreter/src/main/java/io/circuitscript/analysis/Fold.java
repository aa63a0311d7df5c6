package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.RunOptions;

/**
 * An analysis as a fold over batches, so that it can be run in a loop, resumed from a partial result, or spread over machines. None may assume
 * that it sees all batches.
 *
 * @param <P> what some of the batches give together
 */
interface Fold<P> {
    /** What no batch gives. */
    P zero();

    /** @param examples which pairs the batch holds, by index */
    P run(Batch batch, int[] examples, RunOptions options);

    /** What two parts give together. May change and return the first. */
    P merge(P first, P second);

    /** A few words for the progress display. */
    String what();

    /** Of what {@link #run} tells the progress that it advances, as {@code examples}. */
    default String unit() {
        return "examples";
    }

    /** How many of those an example is. */
    default long units() {
        return 1;
    }

    /** Whether positions before the first difference of clean and corrupted are the same in every run. */
    boolean sharesPrefix();
}
