package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.Transformer;
import io.circuitscript.source.UserError;
import io.circuitscript.task.Pairs;
import java.io.Serializable;
import java.util.List;

/** What is sent to workers, and what they send back. */
final class WorkMessages {
    private WorkMessages() {}

    /**
     * What all tasks of a job need.
     *
     * @param job tells jobs apart
     * @param pairs those of the fold
     * @param batch examples at once that the script asked for; 0 for none
     * @param memory bytes that a batch may take
     */
    record Setting(String job, Fold<?> fold, Transformer model, Pairs pairs, int batch, long memory)
            implements Serializable {}

    /**
     * A batch, or steps of one.
     *
     * @param batch its number
     * @param start the first position of its window
     * @param savesMemory see {@link Batch#savesMemory}
     * @param past what earlier analyses changed in it
     * @param keptBytes what it holds between analyses
     * @param from the first step, and where they end; 0 and 0 for all of it
     */
    record Task(
            int batch,
            int[] examples,
            int start,
            boolean savesMemory,
            List<PastChange> past,
            long keptBytes,
            int from,
            int to)
            implements Serializable {
        boolean apart() {
            return to > 0;
        }
    }

    /**
     * What some tasks gave.
     *
     * @param parts of subtrees, or of steps, in order
     * @param batches in order
     * @param failure the mistake of the first task that failed; null where none did
     */
    record Result(List<Part> parts, List<Done> batches, List<String> notes, UserError failure)
            implements Serializable {}

    /**
     * What the batches of a subtree gave, or some steps of a batch.
     *
     * @param level see {@link MergeTree.Node}; 0 and the batch's number for steps
     * @param to where the steps end; 0 where it is whole batches
     * @param value packed
     */
    record Part(int level, int index, int to, int examples, byte[] value) implements Serializable {}

    /**
     * What became of a batch.
     *
     * @param changes what was changed in it
     * @param most how many of its examples the device had memory for at once
     */
    record Done(int batch, int examples, List<Batch.Change> changes, int most) implements Serializable {}
}
