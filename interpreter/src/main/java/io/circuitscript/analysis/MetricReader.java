package io.circuitscript.analysis;

import io.circuitscript.engine.Batch;
import io.circuitscript.engine.EdgeAblations;
import io.circuitscript.engine.RunLogits;
import io.circuitscript.engine.RunOptions;
import io.circuitscript.engine.Transformer;
import io.circuitscript.engine.torch.Scope;
import io.circuitscript.task.Metric;
import io.circuitscript.task.Pairs;

/** The metric of some examples as numbers, all of them finite. */
public record MetricReader(Transformer model, Pairs pairs, Metric metric) {
    /** @param examples which pairs, by index: one for each row of the logits */
    double[] values(Scope scope, RunLogits logits, int[] examples) {
        return values(scope, logits, examples, "");
    }

    /** Of runs with one edge ablated, variant by variant of a batch. */
    EdgeAblations.Measure withOneEdgeAblated(Batch batch, int[] examples, RunOptions options) {
        return ofVariants(batch, examples, " with one edge ablated", options);
    }

    /** Of runs of circuits, alike. */
    public EdgeAblations.Measure ofCircuits(Batch batch, int[] examples, RunOptions options) {
        return ofVariants(batch, examples, " of a circuit", options);
    }

    private EdgeAblations.Measure ofVariants(Batch batch, int[] examples, String where, RunOptions options) {
        return (scope, logits, variants) -> {
            int[] rows = new int[variants * examples.length];
            for (int i = 0; i < rows.length; i++) rows[i] = examples[i % examples.length];
            return values(scope, new RunLogits(batch, logits, options.cancel()), rows, where);
        };
    }

    private double[] values(Scope scope, RunLogits logits, int[] examples, String where) {
        double[] values = model.torch().toHost(metric.apply(scope, model.torch(), logits, examples));
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i]))
                throw NotFinite.of("the metric " + metric.name() + where, pairs, examples[i]);
        }
        return values;
    }
}
