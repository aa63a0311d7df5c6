package io.circuitscript.task;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a metric reads of a token after the example: {@code logit(t)}. A new one is a new constant here; metrics, help and messages go by it. */
public enum TokenFunction {
    LOGIT("the logit of the token t after the example, or of each of a list of tokens", (torch, scope, x) -> x),
    PROB(
            "the probability of the token t after the example, or of each of a list of tokens",
            (torch, scope, x) -> torch.softmax(scope, x)),
    LOGPROB(
            "the logarithm of the probability of the token t after the example, or of each of a list of tokens",
            (torch, scope, x) -> torch.logSoftmax(scope, x));

    private interface OfLogits {
        Tensor apply(Torch torch, Scope scope, Tensor logits);
    }

    private final String doc;
    private final OfLogits ofLogits;

    TokenFunction(String doc, OfLogits ofLogits) {
        this.doc = doc;
        this.ofLogits = ofLogits;
    }

    /** The function of a name. */
    public static Optional<TokenFunction> named(String word) {
        return Arrays.stream(values()).filter(it -> it.word().equals(word)).findFirst();
    }

    /** As a metric has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String doc() {
        return doc;
    }

    /** For every token of the vocabulary, {@code [row, dVocab]}. */
    Tensor of(Torch torch, Scope scope, Tensor logits) {
        return ofLogits.apply(torch, scope, logits);
    }
}
