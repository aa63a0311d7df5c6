package io.circuitscript.task;

import ai.djl.ndarray.NDArray;
import io.circuitscript.engine.Transformer;
import java.util.List;

/** A number for each example, from the logits at its last position; differentiable. */
public interface Metric {
    /** As {@code prob_diff}. */
    String name();

    /** Written in the language, as {@code sum(p[start_year + 1 .. 99]) - …}. */
    String expression();

    boolean lessIsBetter();

    /**
     * @param logits {@code [batch, dVocab]} at each example's last position
     * @param batch the examples, in the order of the rows
     * @return {@code [batch]}
     */
    NDArray apply(Transformer model, NDArray logits, List<Pair> batch);
}
