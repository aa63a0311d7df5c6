package io.circuitscript.task;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the measured run is from a plain one, over the whole vocabulary: {@code kl(clean)}. A new one is a new constant here; metrics, help and
 * messages go by it.
 */
public enum RunFunction {
    /** {@code Σ p_plain (log p_plain − log p)} */
    KL(
            "the Kullback-Leibler divergence of the measured run from a plain one, clean or corrupted",
            TokenFunction.LOGPROB,
            true,
            (torch, scope, plain, current) -> torch.divergence(scope, plain, current));

    private interface OfRuns {
        Tensor apply(Torch torch, Scope scope, Tensor plain, Tensor current);
    }

    private final String doc;
    private final TokenFunction reads;
    private final boolean flatWhereEqual;
    private final OfRuns ofRuns;

    /**
     * @param reads what it reads of both runs
     * @param flatWhereEqual whether its gradient is zero where the runs are the same
     * @param ofRuns from twice {@code [row, dVocab]} to {@code [row]}
     */
    RunFunction(String doc, TokenFunction reads, boolean flatWhereEqual, OfRuns ofRuns) {
        this.doc = doc;
        this.reads = reads;
        this.flatWhereEqual = flatWhereEqual;
        this.ofRuns = ofRuns;
    }

    /** The function of a name. */
    public static Optional<RunFunction> named(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }

    /** As a metric has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String doc() {
        return doc;
    }

    TokenFunction reads() {
        return reads;
    }

    boolean flatWhereEqual() {
        return flatWhereEqual;
    }

    /** {@code [row]} */
    Tensor of(Torch torch, Scope scope, Tensor plain, Tensor current) {
        return ofRuns.apply(torch, scope, plain, current);
    }
}
