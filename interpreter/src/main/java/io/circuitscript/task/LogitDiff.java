package io.circuitscript.task;

import io.circuitscript.engine.Scope;
import io.circuitscript.engine.Tensor;
import io.circuitscript.engine.Torch;
import io.circuitscript.model.Tokenizer;
import java.util.stream.IntStream;

/**
 * The logit of the correct token less that of the incorrect one.
 *
 * @param correctColumn holds the correct token of each pair: a text, or in a column of whole numbers an id
 * @param correct each pair's correct token
 */
record LogitDiff(String correctColumn, String incorrectColumn, int[] correct, int[] incorrect) implements Metric {
    static final String NAME = "logit_diff";

    static LogitDiff of(Pairs pairs, String correctColumn, String incorrectColumn, Tokenizer tokenizer) {
        return new LogitDiff(
                correctColumn,
                incorrectColumn,
                LabelTokens.ofColumn(pairs, correctColumn, tokenizer),
                LabelTokens.ofColumn(pairs, incorrectColumn, tokenizer));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String expression() {
        return "logit(" + correctColumn + ") - logit(" + incorrectColumn + ")";
    }

    @Override
    public boolean lessIsBetter() {
        return false;
    }

    @Override
    public Tensor apply(Scope scope, Torch torch, Tensor logits, int[] examples) {
        return torch.call(scope, "subtract", at(scope, torch, logits, correct, examples), at(scope, torch, logits, incorrect, examples)); // [batch]
    }

    private static Tensor at(Scope scope, Torch torch, Tensor logits, int[] tokens, int[] examples) {
        long[] ids = IntStream.of(examples).mapToLong(example -> tokens[example]).toArray();
        return torch.call(scope, "take_each", logits, torch.longs(scope, ids, ids.length)); // [batch]
    }
}
