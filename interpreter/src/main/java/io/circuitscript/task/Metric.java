package io.circuitscript.task;

import io.circuitscript.engine.Scope;
import io.circuitscript.engine.Tensor;
import io.circuitscript.engine.Torch;

/** A number for each example, from the logits at its last position; differentiable. Bound to the pairs it reads its columns from. */
public interface Metric {
    /** As {@code prob_diff}. */
    String name();

    /** Written in the language, as {@code logit(correct) - logit(incorrect)}. */
    String expression();

    boolean lessIsBetter();

    /**
     * @param scope owns what is made
     * @param logits {@code [batch, dVocab]} at each example's last position
     * @param examples which pairs these are, by index
     * @return {@code [batch]}
     */
    Tensor apply(Scope scope, Torch torch, Tensor logits, int[] examples);
}
