package io.circuitscript.task;

import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.io.Serializable;

/**
 * A number for each example, from the logits at its last position, and at those of the answers behind it that it reads token by token;
 * differentiable. Bound to the pairs it reads its columns from.
 */
public interface Metric extends Serializable {
    /** As {@code prob_diff}. */
    String name();

    /** Written in the language, as {@code logit(correct) - logit(incorrect)}. */
    String expression();

    boolean lessIsBetter();

    /** Whether it compares with the plain runs, so that a batch should keep their logits. */
    boolean readsPlainRuns();

    /** Whether a small change of the logits changes it: not where it only compares or counts. */
    boolean differentiable();

    /** Whether its gradient at the clean run is zero whatever the model: a divergence from the clean run has its least value there. */
    boolean flatAtClean();

    /** What it reads behind an example's text. @param example which pair, by index */
    default Continuations continuations(int example) {
        return Continuations.NONE;
    }

    /**
     * @param scope owns what is made
     * @param logits of the run that is measured, a row for each point of {@code examples}
     * @param examples which pairs these are, by index: the batch's, once or several times over
     * @return {@code [example]}
     */
    Tensor apply(Scope scope, Torch torch, RunLogits logits, int[] examples);
}
