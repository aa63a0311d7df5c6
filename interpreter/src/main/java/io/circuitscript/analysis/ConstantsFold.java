package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.ConstantGradients;
import io.circuitscript.engine.Continuations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.graph.Circuit;
import io.circuitscript.graph.SourceConstants;
import io.circuitscript.source.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The metric, a loss, summed over the examples where ablated edges carry constants, and its gradient at them: of a circuit, or of each source
 * ablated alone.
 *
 * @param circuit runs as it stands; empty where sources are ablated alone
 */
record ConstantsFold(Analyses of, Optional<Circuit> circuit, SourceConstants constants) implements SumFold {
    /** How many losses stand before the gradient. */
    int losses() {
        return circuit.isPresent() ? 1 : constants.graph().sources();
    }

    @Override
    public double[] zero() {
        return new double[losses() + constants.values().length];
    }

    @Override
    public double[] run(Batch batch, int[] examples, RunOptions options) {
        ConstantGradients.Loss loss = (scope, logits, variants) -> {
            int[] rows = new int[variants * examples.length];
            for (int i = 0; i < rows.length; i++) rows[i] = examples[i % examples.length];
            RunLogits read = new RunLogits(batch, logits, options.cancel());
            return of.metric().apply(scope, of.model().torch(), read, rows); // [variant * example]
        };
        double[] sums = circuit.isPresent()
                ? ConstantGradients.ofCircuit(batch, circuit.get(), constants, loss, options)
                : ConstantGradients.ofEachSource(batch, constants, loss, options);
        if (Arrays.stream(sums).allMatch(Double::isFinite)) return sums;
        throw NotFinite.of("the loss of the ablated run", of.pairs(), bad(examples, options));
    }

    /** The example that made a sum NaN or infinite. */
    private int bad(int[] examples, RunOptions options) {
        if (examples.length == 1) return examples[0];
        for (int example : examples) {
            try (Batch alone = Batch.of(
                    of.model(),
                    List.of(of.pairs().pairs().get(example).clean()),
                    List.of(of.pairs().pairs().get(example).corrupted()),
                    List.of(continuations(example)),
                    0)) {
                run(alone, new int[] {example}, options);
            } catch (UserError e) {
                return example;
            }
        }
        return examples[0];
    }

    @Override
    public Identity identify(Identity identity) {
        throw new IllegalStateException("a step of learning is not saved by itself");
    }

    @Override
    public Continuations continuations(int example) {
        return of.metric().continuations(example);
    }

    @Override
    public String what() {
        return "constants";
    }

    @Override
    public boolean sharesPrefix() {
        return false;
    }
}
