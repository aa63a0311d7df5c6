package io.circuitscript.analysis;

import io.circuitscript.engine.Ablation;
import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.ResumableSteps;
import io.circuitscript.engine.RunOptions;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An analysis as a fold over batches, so that it can be run in a loop, resumed from a partial result, or spread over machines. None may assume
 * that it sees all batches.
 *
 * @param <P> what some of the batches give together
 */
public interface Fold<P> extends Serializable {
    /** What no batch gives. */
    P zero();

    /** @param examples which pairs the batch holds, by index */
    P run(Batch batch, int[] examples, RunOptions options);

    /** The same step by step, where a batch can take long. What the steps give together is written and read as results are. */
    default P run(Batch batch, int[] examples, ResumableSteps<P> steps, RunOptions options) {
        return run(batch, examples, options);
    }

    /** How large a batch is. @param points how many of all its rows logits are read at */
    record Shape(int rows, int width, int points) {}

    /** How many steps of a batch can be computed apart from each other, as on several machines; 1 where it is all one. */
    default int steps(Shape batch) {
        return 1;
    }

    /** What some steps of a batch give, by themselves, with nothing in the place of the others. @param from the first, and the end of which is {@code to} */
    default P run(Batch batch, int[] examples, int from, int to, RunOptions options) {
        throw new UnsupportedOperationException(what() + " is all one");
    }

    /** What steps of a batch give with those that follow them. May change and return the first. */
    default P join(P first, P next) {
        return merge(first, next);
    }

    /** What a batch gives, from what all its steps gave. May change and return it. */
    default P joined(P steps) {
        return steps;
    }

    /** What two parts give together. May change and return the first. */
    P merge(P first, P second);

    /** Whether a result is so large that many of them are merged where they are made, rather than sent. */
    default boolean large() {
        return false;
    }

    /** Writes a result by its bits. */
    void write(P result, DataOutput out) throws IOException;

    /** Reads what so many examples gave. @throws IOException where it cannot be that */
    P read(DataInputStream in, int examples) throws IOException;

    /** Says what this is, beside model and data, to whoever has a result and asks whose it is. */
    Identity identify(Identity identity);

    /** Which pairs it is of, by index. @param all how many there are */
    default List<Integer> chosen(int all) {
        return IntStream.range(0, all).boxed().toList();
    }

    /** Numbers that a row of a batch takes beside what it takes in attribution. @param width how many positions it has */
    default long furtherNumbers(int width) {
        return 0;
    }

    /** Whether it takes less memory in a batch that saves it ({@link Batch#savesMemory}). */
    default boolean canSaveMemory() {
        return false;
    }

    /** What follows an example's texts in its runs. @param example which pair, by index */
    default Continuations continuations(int example) {
        return Continuations.NONE;
    }

    /** What an ablated edge carries. */
    default Ablation ablation() {
        return Ablation.PATCHING;
    }

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
