package io.circuitscript.task;

import io.circuitscript.engine.torch.Scope;
import io.circuitscript.engine.torch.Tensor;
import io.circuitscript.engine.torch.Torch;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a metric reads of a token after the example: {@code logit(t)}. A new one is a new constant here; metrics, help and messages go by it. */
public enum TokenFunction {
    LOGIT("the logit of the token t after the example, or of each of a list of tokens", (torch, scope, x) -> x, null),
    PROB(
            "the probability of the text t after the example, or of each of a list of texts; of a text of several tokens, the product over them",
            (torch, scope, x) -> torch.softmax(scope, x),
            (torch, scope, sum) -> torch.exp(scope, sum)),
    LOGPROB(
            "the logarithm of the probability of the text t after the example, or of each of a list of texts; of a text of several tokens, the sum"
                    + " over them, each after those before it",
            (torch, scope, x) -> torch.logSoftmax(scope, x),
            (torch, scope, sum) -> sum);

    private interface OfLogits {
        Tensor apply(Torch torch, Scope scope, Tensor logits);
    }

    private final String doc;
    private final OfLogits ofLogits;
    private final OfLogits ofTexts;

    /** @param ofTexts what it is of a text, by the sum of its tokens' log-probabilities; null where it is of single tokens alone */
    TokenFunction(String doc, OfLogits ofLogits, OfLogits ofTexts) {
        this.doc = doc;
        this.ofLogits = ofLogits;
        this.ofTexts = ofTexts;
    }

    /** Whether a text of several tokens has it. */
    public boolean takesTexts() {
        return ofTexts != null;
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

    /** Of texts, by the sums of their tokens' log-probabilities, {@code [row, text]}. */
    Tensor ofSums(Torch torch, Scope scope, Tensor sums) {
        return ofTexts.apply(torch, scope, sums);
    }

    /** For every token of the vocabulary, {@code [row, dVocab]}. */
    Tensor of(Torch torch, Scope scope, Tensor logits) {
        return ofLogits.apply(torch, scope, logits);
    }
}
